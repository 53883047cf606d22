import type { AgentStatus } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";
import type { AlertsByAgent } from "./alerts-by-agent.ts";
import type { BoardAlert } from "./board-alert.ts";
import { secondsSince } from "./format.ts";
import { STATUS_ORDER } from "./status-order.ts";
import { sameItems, type View } from "./view.ts";

/** The counts by status, those who can take a contact first. Each status is in one of them, so that they add up. */
export const STATUS_TILES = ["available", "ringing", "onContact", "onHold", "acw", "away", "missed", "error", "offline"] as const;
export type StatusTile = (typeof STATUS_TILES)[number];
export const TILES = ["all", ...STATUS_TILES] as const;
export type Tile = (typeof TILES)[number];

/** The count in which each status is. */
export const TILE_OF: Readonly<Record<AgentStatus, StatusTile>> = {
  available: "available",
  ringing: "ringing",
  "on a call": "onContact",
  "on a contact": "onContact",
  "on hold": "onHold",
  "after call work": "acw",
  away: "away",
  missed: "missed",
  error: "error",
  offline: "offline",
};

export interface Summary {
  /** The number of agents by status; `all` is their sum. */
  counts: Readonly<Record<Tile, number>>;
  /** How many of the counted agents are over a limit of the rules on the time in their status or on their contact. */
  overLimit: Readonly<Record<Tile, number>>;
  /** Seconds since the first of the available agents became available. Null when nobody is available. */
  longestAvailable: number | null;
  /** Mean length in seconds of the conversations in progress. Null without any. */
  averageCall: number | null;
  averageAcw: number | null;
  /** Names of the custom statuses, the most frequent one first. */
  awayNames: readonly string[];
  /** Agents of whom the board has no recent data. */
  stale: number;
}

/** Counts the agents. `now` is epoch milliseconds on the hub's clock. */
export function summarise(agents: readonly AgentView[], alerts: AlertsByAgent, now: number): Summary {
  const counts = noCounts();
  const overLimit = noCounts();
  const waits: number[] = [];
  const calls: number[] = [];
  const acw: number[] = [];
  const away = new Map<string, number>();
  let stale = 0;
  for (const agent of agents) {
    const tile = TILE_OF[agent.status];
    counts.all += 1;
    counts[tile] += 1;
    if (isOverLimit(alerts.get(agent.agentId))) {
      overLimit.all += 1;
      overLimit[tile] += 1;
    }
    if (agent.stale) stale += 1;
    if (agent.callStartedAt !== null) calls.push(secondsSince(agent.callStartedAt, now));
    if (tile === "available") waits.push(secondsSince(agent.since, now));
    if (tile === "acw") acw.push(secondsSince(agent.since, now));
    if (tile === "away" && agent.statusName !== null) away.set(agent.statusName, (away.get(agent.statusName) ?? 0) + 1);
  }
  return {
    counts,
    overLimit,
    longestAvailable: waits.length === 0 ? null : waits.reduce((a, b) => Math.max(a, b)),
    averageCall: mean(calls),
    averageAcw: mean(acw),
    awayNames: [...away].sort(([, a], [, b]) => b - a).map(([name]) => name),
    stale,
  };
}

function noCounts(): Record<Tile, number> {
  return { all: 0, available: 0, ringing: 0, onContact: 0, onHold: 0, acw: 0, away: 0, missed: 0, error: 0, offline: 0 };
}

/** Whether a limit on a time is passed. A rule without one, such as that on the status error, counts nobody. */
function isOverLimit(alerts: readonly BoardAlert[] | undefined): boolean {
  return alerts?.some(({ watch, limit }) => (watch === "statusTime" || watch === "contactTime") && limit > 0) ?? false;
}

function statusesOf(tile: Tile): readonly AgentStatus[] {
  return tile === "all" ? [] : STATUS_ORDER.filter((status) => TILE_OF[status] === tile);
}

/** Returns true if the view's status filter is exactly the tile's. */
export function isPressed(tile: Tile, view: View): boolean {
  return sameItems(view.statuses, statusesOf(tile));
}

/** Returns the view after a press on the tile: the agents that it counts, or all agents after the second press. */
export function pressed(tile: Tile, view: View): View {
  return { ...view, statuses: isPressed(tile, view) ? [] : statusesOf(tile) };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
