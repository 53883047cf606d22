import type { AgentStatus } from "../../../../protocol/agent.ts";
import type { AgentToday } from "../../../../protocol/agent-today.ts";
import type { AgentView } from "../../../client/contract.ts";
import { STATUS_ORDER } from "../status-order.ts";
import { teamKey } from "../team-path.ts";

/** What a heading says of its agents. */
export interface TeamFigures {
  /** The statuses that somebody has, in the order of urgency. */
  statuses: { status: AgentStatus; count: number }[];
  /** Null = the hub tells of no day. */
  today: Pick<AgentToday, "handled" | "missed" | "averageHandleMs" | "occupancy"> | null;
}

/**
 * Sums up agents. The average handle time weighs each agent by its contacts, and the occupancy by its signed-in time, because the
 * figures on the board do not have the times behind them.
 */
export function teamFigures(agents: readonly Pick<AgentView, "status" | "today">[]): TeamFigures {
  const counts = new Map<AgentStatus, number>();
  for (const { status } of agents) counts.set(status, (counts.get(status) ?? 0) + 1);
  const days = agents.flatMap(({ today }) => today ?? []);
  return {
    statuses: STATUS_ORDER.flatMap((status) => {
      const count = counts.get(status) ?? 0;
      return count === 0 ? [] : [{ status, count }];
    }),
    today:
      days.length === 0
        ? null
        : {
            handled: days.reduce((sum, { handled }) => sum + handled, 0),
            missed: days.reduce((sum, { missed }) => sum + missed, 0),
            averageHandleMs: weighted(days.map(({ averageHandleMs, handled }) => [averageHandleMs, handled])),
            occupancy: weighted(days.map(({ occupancy, signedInMs }) => [occupancy, signedInMs])),
          },
  };
}

/** The mean of values by their weights; null = none has a value and a weight. */
function weighted(values: readonly (readonly [value: number | null, weight: number])[]): number | null {
  let [sum, weights] = [0, 0];
  for (const [value, weight] of values) {
    if (value === null || weight <= 0) continue;
    sum += value * weight;
    weights += weight;
  }
  return weights === 0 ? null : sum / weights;
}

/** The figures of each team by the key of its heading. */
export function figuresByTeam(agents: readonly AgentView[]): ReadonlyMap<string, TeamFigures> {
  const members = new Map<string, AgentView[]>();
  for (const agent of agents) {
    const team = teamKey(agent.groups);
    const known = members.get(team);
    if (known === undefined) members.set(team, [agent]);
    else known.push(agent);
  }
  return new Map([...members].map(([team, its]) => [team, teamFigures(its)]));
}

/** The medians of today's figures over agents; null = none has any. */
export function medianFigures(agents: readonly Pick<AgentView, "today">[]): AgentToday | null {
  const days = agents.flatMap(({ today }) => today ?? []);
  if (days.length === 0) return null;
  const median = (of: (today: AgentToday) => number | null) => middle(days.flatMap((today) => of(today) ?? []));
  return {
    handled: median(({ handled }) => handled) ?? 0,
    missed: median(({ missed }) => missed) ?? 0,
    averageHandleMs: median(({ averageHandleMs }) => averageHandleMs),
    occupancy: median(({ occupancy }) => occupancy),
    signedInMs: median(({ signedInMs }) => signedInMs) ?? 0,
  };
}

function middle(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [lower, upper] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
