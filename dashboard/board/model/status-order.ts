import type { AgentStatus } from "../../../protocol/agent.ts";

/** All statuses, the most urgent one first. */
export const STATUS_ORDER: readonly AgentStatus[] = [
  "error",
  "missed",
  "on hold",
  "on a call",
  "on a contact",
  "ringing",
  "after call work",
  "away",
  "available",
  "offline",
];

const RANKS: ReadonlyMap<string, number> = new Map(STATUS_ORDER.map((status, index) => [status, index]));

/** The place of `status` in the order, 0 being the most urgent. An unknown status comes last. */
export function statusRank(status: string): number {
  return RANKS.get(status) ?? STATUS_ORDER.length;
}
