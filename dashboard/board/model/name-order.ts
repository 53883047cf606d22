import type { AgentView } from "../../client/contract.ts";
import type { AgentComparison } from "../columns/column.ts";

type Compare = (a: string, b: string) => number;
interface Place {
  readonly name: string;
  readonly place: number;
}

/** The places of the agents by the language that compares their names. */
const known = new WeakMap<Compare, ReadonlyMap<string, Place>>();

/**
 * Compares agents by name, and by id where the names are equal, so that no two are equal. The agents are put into their order
 * once, and again when one of them is new or has another name: to compare two names by a language costs more than all else.
 * @param agents all that will be compared, or more
 */
export function nameOrder(agents: readonly AgentView[], compare: Compare): AgentComparison {
  const before = known.get(compare);
  const isKnown = before !== undefined && agents.every(({ agentId, name }) => before.get(agentId)?.name === name);
  const places = isKnown ? before : placesOf(agents, compare);
  known.set(compare, places);
  const placeOf = ({ agentId }: AgentView) => places.get(agentId)?.place ?? 0;
  return (a, b) => placeOf(a) - placeOf(b);
}

function placesOf(agents: readonly AgentView[], compare: Compare): ReadonlyMap<string, Place> {
  const sorted = [...agents].sort((a, b) => compare(a.name, b.name) || (a.agentId < b.agentId ? -1 : 1));
  return new Map(sorted.map(({ agentId, name }, place) => [agentId, { name, place }]));
}
