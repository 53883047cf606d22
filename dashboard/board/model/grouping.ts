import type { AgentView } from "../../client/contract.ts";
import { teamName } from "./team-path.ts";

/**
 * Returns the agent's place in the hierarchy as one name, for example `México · Ventas`. Amazon Connect sends the levels from
 * the top down, so each agent is in one team, and the counts of all teams add up. An agent without groups has an empty name.
 */
export function teamOf(agent: Pick<AgentView, "groups">): string {
  return teamName(agent.groups);
}

/** Returns the different values of a field without empty ones, sorted by `compare`. */
export function choices(values: Iterable<string | null>, compare: (a: string, b: string) => number): string[] {
  const found = new Set<string>();
  for (const value of values) if (value !== null && value !== "") found.add(value);
  return [...found].sort(compare);
}
