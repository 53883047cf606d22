import type { AgentStatus } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";
import { teamOf } from "./grouping.ts";
import { type StatusTile, TILE_OF } from "./summary.ts";

export type StatusCounts = Readonly<Record<StatusTile, number>>;

/** Counts the agents by status. The counts add up to the number of agents. */
export function statusCounts(agents: readonly AgentView[]): StatusCounts {
  const counts = noCounts();
  for (const { status } of agents) addStatus(counts, status);
  return counts;
}

export interface TeamCounts {
  /** Empty = the agents have no team. */
  name: string;
  total: number;
  counts: StatusCounts;
}

/**
 * Counts the agents of each team by status, in the order of the names. With more than `most` teams, it counts the first levels of
 * the hierarchy instead.
 */
export function teamCounts(
  agents: readonly AgentView[],
  most: number,
  compare: (a: string, b: string) => number,
): readonly TeamCounts[] {
  const teams = countedBy(agents, teamOf);
  const counted = teams.length <= most ? teams : countedBy(agents, ({ groups }) => groups[0] ?? "");
  return counted.sort((a, b) => Number(a.name === "") - Number(b.name === "") || compare(a.name, b.name));
}

function countedBy(agents: readonly AgentView[], nameOf: (agent: AgentView) => string): TeamCounts[] {
  const teams = new Map<string, { name: string; total: number; counts: Record<StatusTile, number> }>();
  for (const agent of agents) {
    const name = nameOf(agent);
    const team = teams.get(name) ?? { name, total: 0, counts: noCounts() };
    teams.set(name, team);
    team.total += 1;
    addStatus(team.counts, agent.status);
  }
  return [...teams.values()];
}

function addStatus(counts: Record<StatusTile, number>, status: AgentStatus): void {
  counts[TILE_OF[status]] += 1;
}

function noCounts(): Record<StatusTile, number> {
  return { available: 0, ringing: 0, onContact: 0, onHold: 0, acw: 0, away: 0, missed: 0, error: 0, offline: 0 };
}
