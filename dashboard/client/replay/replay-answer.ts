import type { HubReply } from "../contract.ts";
import { member } from "../guards.ts";

/**
 * Why the board of a moment is not shown. `not_kept`: it is older than what is kept. `hole`: the hub was not writing then.
 * `no_history`: this hub keeps none. `old_hub`: it knows no history yet. `busy` and `network` end by themselves.
 */
export type ReplayProblem = "not_kept" | "hole" | "no_history" | "old_hub" | "not_allowed" | "busy" | "network" | "refused";

/** Milliseconds after which the hub is asked again when it has not said when. */
const ASK_AGAIN_MS: Readonly<Partial<Record<ReplayProblem, number>>> = { busy: 2_000, network: 3_000 };

/** Returns why there is no board in the answer, and after how many milliseconds to ask again; null = never. */
export function problemOf({ status, body, retryAfterMs }: HubReply): { problem: ReplayProblem; againMs: number | null } {
  const problem = wordOf(status, member(body, "error"));
  const usual = ASK_AGAIN_MS[problem] ?? null;
  return { problem, againMs: usual === null ? null : (retryAfterMs ?? usual) };
}

function wordOf(status: number, error: unknown): ReplayProblem {
  if (status === 429) return "busy";
  if (status === 0 || status >= 500) return "network";
  if (status === 401 || status === 403) return "not_allowed";
  if (status !== 404) return "refused";
  if (error === "not_kept" || error === "no_history") return error;
  // A hub that has no such page says "not_found".
  return "old_hub";
}
