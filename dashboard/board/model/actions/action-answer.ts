import * as v from "valibot";
import type { HubReply } from "../../../client/contract.ts";

/**
 * What became of a press. `unknown`: nobody knows whether it happened. `unanswered`: the board could not hear the answer, and the hub
 * gives it to whoever asks again with the same id.
 */
export type ActionEnd = {
  readonly kind: "done" | "refused" | "unknown" | "unanswered";
  readonly code: string;
  readonly message: string;
};

const bodySchema = v.object({
  ok: v.fallback(v.boolean(), false),
  code: v.optional(v.string()),
  error: v.optional(v.string()),
  message: v.fallback(v.string(), ""),
});

/** Reads the hub's answer to an action (ACT-1 to ACT-8). null = nothing was heard: the same id may be sent again at once. */
export function readActionAnswer({ status, body }: HubReply): ActionEnd | null {
  const parsed = v.safeParse(bodySchema, body);
  const { ok, code, error, message } = parsed.success
    ? parsed.output
    : { ok: false, code: undefined, error: undefined, message: "" };
  const word = code ?? error ?? "";
  if (status === 200 && ok) return { kind: "done", code: word, message };
  if (word === "unknown") return { kind: "unknown", code: word, message };
  // Only an answer to the action has a code. A hub that restarts, or a gateway before it, says nothing of the action.
  if (code !== undefined || (status >= 400 && status < 500)) return { kind: "refused", code: word || String(status), message };
  return null;
}
