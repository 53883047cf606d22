import type { TextKey } from "../../text/messages.ts";
import type { Text } from "../../text/text.ts";
import type { ActionEnd } from "./action-answer.ts";

/** The words for each code that needs its own; codes about faults of the installation share the rest. */
const WORDS: Readonly<Record<string, TextKey>> = {
  unknown: "actions.code.unknown",
  unanswered: "actions.code.unanswered",
  contact_moved_on: "actions.code.contact_moved_on",
  not_found: "actions.code.not_found",
  agent_gone: "actions.code.agent_gone",
  not_allowed: "actions.code.not_allowed",
  switched_off: "actions.code.not_allowed",
  nothing_to_free: "actions.code.nothing_to_free",
  not_listenable: "actions.code.not_listenable",
  supervisor_not_named: "actions.code.supervisor_not_named",
  supervisor_unknown: "actions.code.supervisor_unknown",
  listen_refused: "actions.code.listen_refused",
  too_many_listeners: "actions.code.too_many_listeners",
  status_refused: "actions.code.status_refused",
  status_unknown: "actions.code.status_unknown",
  free_refused: "actions.code.free_refused",
  stop_refused: "actions.code.stop_refused",
  busy: "actions.code.busy",
  too_many_requests: "actions.code.too_many_requests",
  connect_unavailable: "actions.code.connect_unavailable",
  not_permitted: "actions.code.not_permitted",
  not_configured: "actions.code.not_configured",
  function_refused: "actions.code.not_configured",
};

/** What somebody did, and to what: enough of a press for its words. */
interface Deed {
  readonly action: "status" | "free" | "listen" | "barge" | "stop";
  readonly name: string;
  readonly contactWords: string | null;
  readonly statusName: string | null;
}

/** Names the deed, for example `Status Lunch`, or `Listen (Chat: Web)`. */
export function deedWords({ action, contactWords, statusName }: Deed, text: Text): string {
  if (statusName !== null) return text.text("actions.set", { status: statusName });
  const word = text.text(`actions.${action}`);
  return contactWords === null ? word : text.text("actions.about", { action: word, contact: contactWords });
}

/**
 * Says what became of a deed. A code of a newer hub gets a general sentence with the code, because the hub's own sentence is English.
 * @param isBusy whether the agent had a contact, so that a status follows it
 * @param end null = it is on its way
 */
export function endWords(action: Deed["action"], end: ActionEnd | null, isBusy: boolean, text: Text): string {
  if (end === null) return text.text("actions.pending");
  if (end.kind === "done") {
    return text.text(action === "status" && isBusy ? "actions.done.statusNext" : `actions.done.${action}`);
  }
  // The hub refuses a reader by this word, and the function refuses the hub by the same one. Only the second has a sentence.
  if (end.code === "unauthorized") {
    return text.text(end.message === "" ? "actions.code.unauthorized_reader" : "actions.code.not_configured");
  }
  const key = WORDS[end.code];
  return key === undefined ? text.text("actions.code.other", { code: end.code }) : text.text(key);
}
