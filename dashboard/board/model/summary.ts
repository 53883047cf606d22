import type { AgentStatus } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";
import type { AlertsByAgent } from "./alerts-by-agent.ts";
import type { BoardAlert } from "./board-alert.ts";
import { secondsSince } from "./format.ts";
import { isFalling } from "./sentiment-label.ts";
import { STATUS_ORDER } from "./status-order.ts";
import { sameItems, type View } from "./view.ts";

export const TILES = ["loggedIn", "available", "onCall", "onHold", "wrapUp", "away", "falling"] as const;
export type Tile = (typeof TILES)[number];

const TILE_STATUSES: Readonly<Record<Exclude<Tile, "falling">, readonly AgentStatus[]>> = {
  loggedIn: STATUS_ORDER.filter((status) => status !== "offline"),
  available: ["available"],
  onCall: ["on a call", "on a contact"],
  onHold: ["on hold"],
  wrapUp: ["after call work"],
  away: ["away"],
};

const COUNTED_BY_STATUS = ["loggedIn", "available", "onCall", "onHold", "wrapUp", "away"] as const;

export interface Summary {
  total: number;
  counts: Readonly<Record<Tile, number>>;
  /** Seconds since the first of the available agents became available. Null when nobody is available. */
  longestAvailable: number | null;
  /** Mean length in seconds of the conversations in progress. Null without any. */
  averageCall: number | null;
  averageWrapUp: number | null;
  /** How many of the counted agents are over a limit of the rules on the time in their status or on their contact. */
  overLimit: Readonly<Record<Tile, number>>;
  /** Names of the custom statuses, the most frequent one first. */
  awayNames: readonly string[];
  stale: number;
}

/** Counts the agents. */
export function summarise(agents: readonly AgentView[], alerts: AlertsByAgent, now: number): Summary {
  const counts = noCounts();
  const overLimit = noCounts();
  const waits: number[] = [];
  const calls: number[] = [];
  const wrapUps: number[] = [];
  const away = new Map<string, number>();
  let stale = 0;
  for (const agent of agents) {
    const seconds = secondsSince(agent.since, now);
    if (agent.status !== "offline") counts.loggedIn += 1;
    if (agent.stale) stale += 1;
    if (isFalling(alerts.get(agent.agentId))) counts.falling += 1;
    if (isOverLimit(alerts.get(agent.agentId))) {
      for (const tile of COUNTED_BY_STATUS) if (TILE_STATUSES[tile].includes(agent.status)) overLimit[tile] += 1;
    }
    if (agent.callStartedAt !== null) calls.push(secondsSince(agent.callStartedAt, now));
    switch (agent.status) {
      case "available":
        counts.available += 1;
        waits.push(seconds);
        break;
      case "on a call":
      case "on a contact":
        counts.onCall += 1;
        break;
      case "on hold":
        counts.onHold += 1;
        break;
      case "after call work":
        counts.wrapUp += 1;
        wrapUps.push(seconds);
        break;
      case "away":
        counts.away += 1;
        if (agent.statusName !== null) away.set(agent.statusName, (away.get(agent.statusName) ?? 0) + 1);
        break;
      case "ringing":
      case "missed":
      case "error":
      case "offline":
        break;
    }
  }
  return {
    total: agents.length,
    counts,
    longestAvailable: waits.length === 0 ? null : waits.reduce((a, b) => Math.max(a, b)),
    averageCall: mean(calls),
    averageWrapUp: mean(wrapUps),
    overLimit,
    awayNames: [...away].sort(([, a], [, b]) => b - a).map(([name]) => name),
    stale,
  };
}

function noCounts(): Record<Tile, number> {
  return { loggedIn: 0, available: 0, onCall: 0, onHold: 0, wrapUp: 0, away: 0, falling: 0 };
}

function isOverLimit(alerts: readonly BoardAlert[] | undefined): boolean {
  return alerts?.some(({ watch }) => watch === "statusTime" || watch === "contactTime") ?? false;
}

/** Returns true if the view shows exactly the agents that the tile counts. */
export function isPressed(tile: Tile, view: View): boolean {
  return tile === "falling" ? view.sentiments.includes("falling") : sameItems(view.statuses, TILE_STATUSES[tile]);
}

/** Returns the view after a press on the tile: the agents that it counts, or all agents after the second press. */
export function pressed(tile: Tile, view: View): View {
  const on = isPressed(tile, view);
  if (tile === "falling") return { ...view, sentiments: on ? [] : ["falling"] };
  return { ...view, statuses: on ? [] : TILE_STATUSES[tile] };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
