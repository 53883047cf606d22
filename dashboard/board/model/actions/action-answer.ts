import type { HubReply } from "../../../client/contract.ts";
import { member, text } from "../../../client/guards.ts";

/**
 * What became of a press. `unknown`: nobody knows whether it happened. `unanswered`: the board could not hear the answer, and the hub
 * gives it to whoever asks again with the same id.
 */
export type ActionEnd = {
  readonly kind: "done" | "refused" | "unknown" | "unanswered";
  readonly code: string;
  readonly message: string;
};

/** Reads the hub's answer to an action (ACT-1 to ACT-8). null = nothing was heard: the same id may be sent again at once. */
export function readActionAnswer({ status, body }: HubReply): ActionEnd | null {
  const wordOf = (name: string) => {
    const word = member(body, name);
    return text(word) ? word : undefined;
  };
  const code = wordOf("code");
  const message = wordOf("message") ?? "";
  const word = code ?? wordOf("error") ?? "";
  if (status === 200 && member(body, "ok") === true) return { kind: "done", code: word, message };
  if (word === "unknown") return { kind: "unknown", code: word, message };
  // Only an answer to the action has a code. A hub that restarts, or a gateway before it, says nothing of the action.
  if (code !== undefined || (status >= 400 && status < 500)) return { kind: "refused", code: word || String(status), message };
  return null;
}
