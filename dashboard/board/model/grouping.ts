import type { AgentView } from "../../client/contract.ts";

/**
 * An agent's place in the hierarchy as one name, `Mexico · Ventas`. Amazon Connect sends the levels from the top down, so
 * an agent stands in exactly one team and counts add up. A level that the next one repeats (`Ventas`, `Ventas · MX`) is
 * said once. Empty for an agent without groups.
 */
export function teamOf(agent: AgentView): string {
  return agent.groups.filter((group, index) => !agent.groups[index + 1]?.startsWith(group)).join(" · ");
}

/** All the different values of one field, sorted by `compare`; empty ones left out. */
export function choices(values: Iterable<string | null>, compare: (a: string, b: string) => number): string[] {
  const found = new Set<string>();
  for (const value of values) if (value !== null && value !== "") found.add(value);
  return [...found].sort(compare);
}
