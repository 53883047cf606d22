import { type ActionOutcome, CONTACT_MOVED_ON, OUTCOME_UNKNOWN } from "../../protocol/actions.ts";

/** What the hub answers to an action, and keeps for when the same id comes again. */
export interface ActionResult extends ActionOutcome {
  readonly status: 200 | 403 | 404 | 409 | 503 | 504;
}

/** Makes a refusal of the hub. Nothing was sent. */
export function refusal(status: 403 | 404 | 409 | 503, code: string, message: string): ActionResult {
  return { status, ok: false, code, message };
}

export const MOVED_ON = refusal(
  409,
  CONTACT_MOVED_ON,
  "The contact has ended or is no longer with this agent. Choose a contact that the agent has now.",
);

/** Nobody may learn that an agent exists whom it may not see, so both get this. */
export const NOT_FOUND = refusal(
  404,
  "not_found",
  "There is no such agent on your board. Check the agentId, and that the agent is in one of your groups.",
);

export const UNKNOWN: ActionResult = {
  status: 504,
  ok: false,
  code: OUTCOME_UNKNOWN,
  message: "Nobody knows whether this was done. Watch the agent on the board before you try again.",
};

/** Returns how the hub answers to what the function said. */
export function resultOf(outcome: ActionOutcome): ActionResult {
  if (outcome.code === OUTCOME_UNKNOWN) return UNKNOWN;
  if (outcome.code === CONTACT_MOVED_ON) return MOVED_ON;
  return { status: 200, ...outcome };
}
