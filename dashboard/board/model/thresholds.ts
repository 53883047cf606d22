import type { AgentStatus } from "../../../protocol/agent.ts";
import type { Thresholds } from "./threshold-alerts.ts";

/** The statuses with a threshold. An agent can be available or offline for any time. */
export const LIMITED: readonly AgentStatus[] = ["ringing", "on a call", "on hold", "after call work", "away"];

export type Level = "calm" | "warn" | "critical";

/** Compares the time in a status with the thresholds of that status. */
export function timeLevel(thresholds: Thresholds, status: AgentStatus, seconds: number): Level {
  const limits = thresholds.status[status];
  if (limits === undefined) return "calm";
  if (seconds >= limits.criticalSeconds) return "critical";
  return seconds >= limits.warnSeconds ? "warn" : "calm";
}
