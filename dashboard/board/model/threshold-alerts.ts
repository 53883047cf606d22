import type { AgentStatus } from "../../../protocol/agent.ts";
import type { AgentView, TrendPoint } from "../../client/contract.ts";

export interface Thresholds {
  /** Seconds in a status until the alert is a warning or critical. */
  status: { [Status in AgentStatus]?: { warnSeconds: number; criticalSeconds: number } | undefined };
  /** Customer score at or below which the alert is a warning or critical. */
  score: { warn: number; critical: number };
  /** The customer's score drops by `points` within `seconds`. */
  drop: { points: number; seconds: number };
}

export interface Alert {
  /** Stays the same while the alert lasts. */
  id: string;
  agentId: string;
  agentName: string;
  kind: "status" | "score" | "drop" | "missed" | "error";
  level: "warn" | "critical";
  since: number;
  acknowledged: boolean;
  /** For the text of the alert: the status and its limit in seconds, the score, or the drop in points. */
  status?: AgentStatus;
  limitSeconds?: number;
  score?: number;
  points?: number;
}

type Limits = NonNullable<Thresholds["status"][AgentStatus]>;
type Level = Alert["level"];

/** The limits to start with. Each contact center can set its own. */
export const DEFAULT_THRESHOLDS: Thresholds = {
  status: {
    "after call work": { warnSeconds: 120, criticalSeconds: 300 },
    away: { warnSeconds: 900, criticalSeconds: 1800 },
    "on a call": { warnSeconds: 600, criticalSeconds: 1200 },
    "on hold": { warnSeconds: 60, criticalSeconds: 180 },
  },
  score: { warn: -2, critical: -3.5 },
  drop: { points: 3, seconds: 60 },
};

/** The level at which each alert was acknowledged, by alert id. An alert that becomes more severe shows again. */
export type Acknowledged = ReadonlyMap<string, Level>;

/**
 * Returns the alerts at `now` (epoch ms on the hub's clock), the most severe first, then the newest. The function is pure: the
 * same agents at the same moment give the same alerts, with the same ids.
 */
export function findAlerts(
  agents: Iterable<AgentView>,
  thresholds: Thresholds,
  now: number,
  acknowledged: Acknowledged = new Map(),
): Alert[] {
  const alerts: Alert[] = [];
  for (const agent of agents) {
    for (const found of [statusAlert(agent, thresholds, now), scoreAlert(agent, thresholds), dropAlert(agent, thresholds, now)]) {
      if (found === null) continue;
      const seen = acknowledged.get(found.id);
      alerts.push({
        ...found,
        agentId: agent.agentId,
        agentName: agent.name,
        acknowledged: seen === found.level || seen === "critical",
      });
    }
  }
  return alerts.sort(
    (a, b) => Number(b.level === "critical") - Number(a.level === "critical") || b.since - a.since || (a.id < b.id ? -1 : 1),
  );
}

type Found = Omit<Alert, "agentId" | "agentName" | "acknowledged">;

function statusAlert(agent: AgentView, thresholds: Thresholds, now: number): Found | null {
  const { agentId, status, since } = agent;
  if (status === "missed" || status === "error") {
    return { id: `${status}:${agentId}:${since}`, kind: status, level: status === "error" ? "critical" : "warn", since, status };
  }
  const limits = thresholds.status[status];
  const limitSeconds = limits && exceeded(limits, (now - since) / 1000);
  if (limits === undefined || limitSeconds === undefined) return null;
  const level = limitSeconds === limits.criticalSeconds ? "critical" : "warn";
  return { id: `status:${agentId}:${since}`, kind: "status", level, since: since + limitSeconds * 1000, status, limitSeconds };
}

function exceeded(limits: Limits, seconds: number): number | undefined {
  return [limits.criticalSeconds, limits.warnSeconds].find((limit) => seconds >= limit);
}

function scoreAlert(agent: AgentView, thresholds: Thresholds): Found | null {
  const score = agent.sentimentScore;
  const { warn, critical } = thresholds.score;
  if (score === null || score > Math.max(warn, critical)) return null;
  const level = score <= critical ? "critical" : "warn";
  const limit = level === "critical" ? critical : warn;
  const recovered = agent.trend.findLastIndex((point) => point.score > limit);
  const since = agent.trend[recovered + 1]?.at ?? agent.since;
  return { id: `score:${agent.agentId}:${agent.contactId}`, kind: "score", level, since, score };
}

/** Returns an alert from the moment the score has dropped far enough. It lasts as long as the window of the drop. */
function dropAlert(agent: AgentView, thresholds: Thresholds, now: number): Found | null {
  const windowMs = thresholds.drop.seconds * 1000;
  let since: number | null = null;
  let latest = 0;
  let points = 0;
  for (const [index, point] of agent.trend.entries()) {
    const drop = highestScore(agent.trend, index, point.at - windowMs) - point.score;
    if (drop < thresholds.drop.points) continue;
    if (since === null || point.at - latest > windowMs) since = point.at;
    latest = point.at;
    points = drop;
  }
  if (since === null || now - latest > windowMs) return null;
  return { id: `drop:${agent.agentId}:${agent.contactId}:${since}`, kind: "drop", level: "warn", since, points };
}

/** Returns the highest score between `start` and the point at `index`. A score is valid until the next one. */
function highestScore(trend: readonly TrendPoint[], index: number, start: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = index; i >= 0; i -= 1) {
    const point = trend[i];
    if (point === undefined) break;
    highest = Math.max(highest, point.score);
    if (point.at <= start) break;
  }
  return highest;
}
