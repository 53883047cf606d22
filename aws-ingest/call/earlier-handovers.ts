import * as v from "valibot";

/**
 * A deploy replaces the transcriber while calls go on, so a hand-over may come from the version before. This file maps the
 * field names of earlier versions to today's, and is the only place that knows them.
 */

/** Names of version 0.1.0 -> names of today, for the fields of a call's state. */
const STATE_NAMES: Readonly<Record<string, string>> = {
  hop: "handoverCount",
  t0: "t0Ms",
  heard: "transcribedUntil",
  claims: "pendingTurns",
  losses: "incompleteReasons",
};
/** The same for the recording inside the state. Version 0.1.0 called a frame a sample. The number is the same. */
const RECORDING_NAMES: Readonly<Record<string, string>> = { nextSample: "nextFrame" };

const objectSchema = v.record(v.string(), v.unknown());

/** Returns the state with today's field names, unchecked. A state that has today's names, or is no object, comes back as it is. */
export function withCurrentNames(state: unknown): unknown {
  if (!v.is(objectSchema, state)) return state;
  const renamed = renameFields(state, STATE_NAMES);
  const { recording } = renamed;
  return v.is(objectSchema, recording) ? { ...renamed, recording: renameFields(recording, RECORDING_NAMES) } : renamed;
}

function renameFields(
  fields: Readonly<Record<string, unknown>>,
  names: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [names[name] ?? name, value]));
}
