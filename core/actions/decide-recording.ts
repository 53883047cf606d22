import { type ActionOrder, NO_RECORDING_KEPT, OUTCOME_UNKNOWN } from "../../protocol/actions.ts";
import type { AgentContactRow } from "../../protocol/agent.ts";
import type { DayContact } from "../../protocol/agent-day.ts";
import { type GroupFilter, mayView } from "../board/visibility.ts";
import type { AgentRow } from "../state/agent-row.ts";
import { type ActionResult, refusal } from "./action-result.ts";

/** Recordings appear some minutes after the end of a contact: Amazon Connect writes its own when the agent is done. */
const READY_AFTER_MS = 10 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Who asks for a recording, as the identity says. */
export interface RecordingAsker {
  readonly roles: readonly string[];
  readonly filter: GroupFilter;
}

/** What the hub knows when somebody asks for a recording. */
export interface RecordingScene {
  readonly instanceId: string;
  /** The role that may hear recordings; null = nobody may. */
  readonly role: "supervisor" | "admin" | null;
  /** The agent on the board; null = there is none. */
  readonly agent: Pick<AgentRow, "groups" | "contacts"> | null;
  /** The contacts of the agent on the day that was asked for. */
  readonly contacts: readonly DayContact[];
  /** Epoch ms. */
  readonly now: number;
}

export type RecordingDecision =
  | { ok: true; order: Extract<ActionOrder, { action: "recording" }>; mayComeYet: boolean }
  | { ok: false; refused: ActionResult };

/**
 * Decides whether somebody may hear the recording of a contact. The order of the checks matters: nobody without the right learns
 * anything about agents, and an agent out of sight is the same as an unknown one, and as one without this contact.
 */
export function decideRecording(
  { agentId, contactId }: { readonly agentId: string; readonly contactId: string },
  asker: RecordingAsker,
  { instanceId, role, agent, contacts, now }: RecordingScene,
): RecordingDecision {
  if (role === null) return { ok: false, refused: switchedOff };
  if (!asker.roles.includes(role)) return { ok: false, refused: noRole };
  if (agent === null || !mayView(asker.filter, agent.groups)) return { ok: false, refused: unknownContact };
  const times = timesOf(
    contacts.find((contact) => contact.contactId === contactId),
    agent.contacts.find((contact) => contact.contactId === contactId),
    now,
  );
  if (times === null) return { ok: false, refused: unknownContact };
  // The audio may begin long before the agent: in the flow, or in the queue.
  const days = [...new Set([times.begin, times.begin - DAY_MS].map((time) => new Date(time).toISOString().slice(0, 10)))];
  const mayComeYet = times.end === null || now - times.end < READY_AFTER_MS;
  return { ok: true, order: { action: "recording", instanceId, agentId, contactId, days }, mayComeYet };
}

/** What becomes of the function's answer. To look is harmless, so an answer that was lost is no riddle: one asks again. */
export function recordingResult(result: ActionResult, mayComeYet: boolean): ActionResult {
  if (result.ok) return result.recording === undefined ? answeredLate : result;
  if (result.code === OUTCOME_UNKNOWN) return answeredLate;
  if (result.code === NO_RECORDING_KEPT) return mayComeYet ? notReady : noneKept;
  return refusal(503, result.code, result.message);
}

/** When the agent's contact began and ended; null = the agent has no such contact. A contact on the board goes on. */
function timesOf(
  ofDay: DayContact | undefined,
  onBoard: AgentContactRow | undefined,
  now: number,
): { begin: number; end: number | null } | null {
  if (ofDay !== undefined) return { begin: ofDay.begin, end: onBoard === undefined ? ofDay.end : null };
  return onBoard === undefined ? null : { begin: Math.min(onBoard.since, onBoard.startedAt ?? now), end: null };
}

const switchedOff = refusal(
  403,
  "switched_off",
  "Recordings cannot be heard from the board. Ask whoever runs the hub to set RECORDING_ROLE.",
);
const noRole = refusal(403, "not_allowed", "Your identity may not hear recordings. Ask whoever manages your identities.");
const unknownContact = refusal(
  404,
  "not_found",
  "There is no such contact of an agent on your board on that day. Check the agentId, the contactId and the date.",
);
const noneKept = refusal(
  404,
  NO_RECORDING_KEPT,
  "No recording of this contact is kept. Check in Amazon Connect whether the flow records it.",
);
const notReady = refusal(
  409,
  "recording_not_ready",
  "The recording is not there yet. Try again some minutes after the contact has ended.",
);
const answeredLate: ActionResult = {
  status: 504,
  ok: false,
  code: "too_slow",
  message: "The recordings did not answer in time, so there is no link. Try again.",
};
