import type { AgentStatus } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";
import { teamOf } from "./grouping.ts";

/** One line of the counts of a team: statuses that one word stands for. */
export const STATUS_GROUPS = {
  available: ["available"],
  ringing: ["ringing"],
  onContact: ["on a call", "on a contact"],
  onHold: ["on hold"],
  wrapUp: ["after call work"],
  away: ["away"],
  missed: ["missed"],
  error: ["error"],
  offline: ["offline"],
} as const satisfies Readonly<Record<string, readonly AgentStatus[]>>;
export type StatusGroup = keyof typeof STATUS_GROUPS;

export type StatusCounts = Readonly<Record<StatusGroup, number>>;

const GROUP_OF: ReadonlyMap<AgentStatus, StatusGroup> = new Map(
  groupNames().flatMap((group) => STATUS_GROUPS[group].map((status) => [status, group] as const)),
);

/** The groups in the order in which they are shown. */
export function groupNames(): readonly StatusGroup[] {
  return ["available", "ringing", "onContact", "onHold", "wrapUp", "away", "missed", "error", "offline"];
}

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
  const teams = new Map<string, { name: string; total: number; counts: Record<StatusGroup, number> }>();
  for (const agent of agents) {
    const name = nameOf(agent);
    const team = teams.get(name) ?? { name, total: 0, counts: noCounts() };
    teams.set(name, team);
    team.total += 1;
    addStatus(team.counts, agent.status);
  }
  return [...teams.values()];
}

function addStatus(counts: Record<StatusGroup, number>, status: AgentStatus): void {
  const group = GROUP_OF.get(status);
  if (group !== undefined) counts[group] += 1;
}

function noCounts(): Record<StatusGroup, number> {
  return { available: 0, ringing: 0, onContact: 0, onHold: 0, wrapUp: 0, away: 0, missed: 0, error: 0, offline: 0 };
}
