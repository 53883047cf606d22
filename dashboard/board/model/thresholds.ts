import type { AgentStatus } from "../../../protocol/agent.ts";
import type { Thresholds } from "../../client/contract.ts";

/** The statuses worth a limit: nobody overstays being available, and being offline is no overrun. */
export const LIMITED: readonly AgentStatus[] = ["ringing", "on a call", "on hold", "after call work", "away"];

export type Level = "calm" | "warn" | "critical";

/** How long `seconds` in `status` is against the limits. */
export function timeLevel(thresholds: Thresholds, status: AgentStatus, seconds: number): Level {
  const limits = thresholds.status[status];
  if (limits === undefined) return "calm";
  if (seconds >= limits.criticalSeconds) return "critical";
  return seconds >= limits.warnSeconds ? "warn" : "calm";
}
