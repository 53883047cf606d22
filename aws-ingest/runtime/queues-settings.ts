import { SettingsReader } from "../../protocol/settings-reader.ts";
import { checked, type Environment, FROM_STACK, type HubSettings, hubSettings } from "./settings.ts";

export interface QueuesSettings extends HubSettings {
  /** How often the figures of the queues are read within one run, which takes a minute. */
  readsPerMinute: number;
  /** Name or id of a queue, or `*` for all others -> the seconds of its service level. */
  serviceLevelSeconds: ReadonlyMap<string, number>;
}

/** The console of Amazon Connect reads its own figures as often. */
const MAX_READS_PER_MINUTE = 4;
/** A week: the range of a service level's threshold in GetMetricDataV2 (API reference, read 2026-11-25). */
const MAX_TARGET_SECONDS = 604_800;

/** @throws ConfigError */
export function readQueuesSettings(environment: Environment): QueuesSettings {
  const reader = new SettingsReader(environment);
  const readsPerMinute = reader.wholeNumber("READS_PER_MINUTE", 1, 1, MAX_READS_PER_MINUTE);
  const settings = { ...hubSettings(reader), readsPerMinute, serviceLevelSeconds: serviceLevels(reader) };
  return checked(reader, settings, FROM_STACK);
}

function serviceLevels(reader: SettingsReader): ReadonlyMap<string, number> {
  const name = "SERVICE_LEVEL_SECONDS";
  const given = [...reader.textMap(name, 'Set it to a JSON object such as {"Ventas":"20"}.')];
  const wrong = given.findIndex(([, text]) => !/^\d{1,6}$/.test(text) || Number(text) < 1 || Number(text) > MAX_TARGET_SECONDS);
  if (wrong >= 0) {
    const problem = `has no whole number of seconds from 1 to ${MAX_TARGET_SECONDS} in entry ${wrong + 1}`;
    reader.refuse(name, problem, "Correct serviceLevelSeconds in the settings of the instance.");
  }
  return new Map(given.map(([queue, text]) => [queue, Number(text)]));
}
