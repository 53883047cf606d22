import {
  type ActionName,
  type ActionOutcome,
  CONTACT_MOVED_ON,
  NO_RECORDING_KEPT,
  OUTCOME_UNKNOWN,
} from "../../protocol/actions.ts";

/** What the function answers about an order. Each code has one sentence, which says what to do. */
const SENTENCES = {
  agent_gone: "Amazon Connect has no such agent any more. Look for the user in Amazon Connect.",
  busy: "Amazon Connect has too much to do, so this was not done. Try again in some seconds.",
  connect_refused: "Amazon Connect refused this. Tell whoever runs the hub.",
  connect_unavailable: "Amazon Connect did not answer, so this was not done. Try again.",
  [CONTACT_MOVED_ON]: "The contact has ended or is no longer with this agent. Choose a contact that the agent has now.",
  free_refused:
    "Amazon Connect could not clear this contact. It may no longer be missed, failed or finished. Look at the agent's row before you try again.",
  listen_refused: "Amazon Connect could not ring you. Open your control panel, and try again while an agent is on the contact.",
  [NO_RECORDING_KEPT]: "No recording of this contact is kept. Check in Amazon Connect whether the flow records it.",
  not_permitted:
    "Amazon Connect does not permit this. Ask whoever runs the hub to run npm run preflight, which names the missing permission.",
  recordings_unavailable: "The recordings could not be looked up. Try again.",
  status_refused:
    "Amazon Connect refused this status for the agent now. Choose another one, or try again when the agent is off the contact.",
  status_unknown: "Amazon Connect has no status with this name. Choose one of its agent statuses.",
  stop_refused:
    "Amazon Connect cannot end this contact. Only the agent ends transferred calls and calls to outside: ask the agent.",
  supervisor_unknown: "Amazon Connect has no user with the name of your sign-in, so nothing can ring. Tell whoever runs the hub.",
  switched_off: "This action is switched off in the stack of this instance. Tell whoever runs the hub.",
  too_many_listeners: "As many people listen to this contact as Amazon Connect allows. Try again when one has left.",
  [OUTCOME_UNKNOWN]: "Nobody knows whether this was done. Watch the agent on the board before you try again.",
  bad_order: "The function does not understand the hub. Deploy both from one release.",
  unauthorized: "The function did not accept the signature of the hub. Tell whoever runs the hub.",
} as const;
export type OutcomeCode = keyof typeof SENTENCES;

const DONE: Readonly<Record<ActionName, string>> = {
  status: "Amazon Connect has the new status. On a contact it follows the contact.",
  free: "The contact is cleared.",
  listen: "Your control panel rings. Accept the contact to listen.",
  barge: "Your control panel rings. Accept the contact, and switch to barge there.",
  stop: "Amazon Connect ends the contact.",
};

export function done(action: ActionName): ActionOutcome {
  return { ok: true, code: "done", message: DONE[action] };
}

/** @param recording where the recording can be heard, and until when (epoch ms) */
export function linkMade(recording: NonNullable<ActionOutcome["recording"]>): ActionOutcome {
  return { ok: true, code: "done", message: "The link works for five minutes.", recording };
}

export function notDone(code: OutcomeCode): ActionOutcome {
  return { ok: false, code, message: SENTENCES[code] };
}

/** What Amazon Connect means when it calls a request of this action invalid. */
const INVALID: Readonly<Record<ActionName, OutcomeCode>> = {
  status: "status_refused",
  free: "free_refused",
  listen: "listen_refused",
  barge: "listen_refused",
  stop: "stop_refused",
};

/**
 * Returns what an error of the one call means (API reference, errors of PutUserStatus, DismissUserContact, MonitorContact and
 * StopContact, read 2026-11-26). Amazon Connect answers 409 to MonitorContact also when the contact has just ended.
 * @param name the name of the exception in the SDK
 * @param status the HTTP status; undefined = there was no answer
 */
export function failureOf(action: ActionName, name: string, status: number | undefined): ActionOutcome {
  switch (name) {
    case "ThrottlingException":
    case "TooManyRequestsException":
      return notDone("busy");
    case "AccessDeniedException":
      return notDone("not_permitted");
    case "InvalidParameterException":
    case "InvalidRequestException":
      return notDone(INVALID[action]);
    case "ResourceNotFoundException":
      return notDone(action === "status" ? "agent_gone" : CONTACT_MOVED_ON);
    case "ContactNotFoundException":
    case "IdempotencyException":
      return notDone(CONTACT_MOVED_ON);
    case "ServiceQuotaExceededException":
      return notDone("too_many_listeners");
  }
  // A server that fails may have begun. Only a refusal says that nothing was done.
  return notDone(isRefusal(status) ? "connect_refused" : OUTCOME_UNKNOWN);
}

/** Returns what an error of a question means that comes before the one call. Nothing was done in any case. */
export function questionFailureOf(name: string, status: number | undefined): ActionOutcome {
  if (name === "ThrottlingException" || name === "TooManyRequestsException") return notDone("busy");
  if (name === "AccessDeniedException") return notDone("not_permitted");
  return notDone(isRefusal(status) ? "connect_refused" : "connect_unavailable");
}

function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500;
}
