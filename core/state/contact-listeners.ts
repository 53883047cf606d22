import { type ContactListener, MAX_SHOWN_LISTENERS } from "../../protocol/agent.ts";
import type { AgentContact, AgentStateBody, MonitoredContact } from "../../protocol/updates.ts";
import { Multimap } from "../board/multimap.ts";
import { sameJson } from "../board/same-json.ts";
import { type ContactIds, keysOf } from "./contact-index.ts";

/** Somebody who listens, as far as others may see it. */
interface Supervisor {
  readonly name: string;
  readonly groups: readonly string[];
  readonly monitoring: readonly MonitoredContact[];
}

/** Knows who listens to which contacts now. */
export class ContactListeners {
  readonly #supervisors = new Map<string, Supervisor>();
  readonly #idsByKey = new Multimap<string, string>();

  /**
   * Replaces what an agent listens to.
   * @param state what counts of the agent; null = nothing does
   * @returns the contacts whose listeners may look different now
   */
  assign(agentId: string, state: AgentStateBody | null): readonly ContactIds[] {
    const before = this.#supervisors.get(agentId);
    const monitoring = state?.signedIn ? (state.monitoring ?? []) : [];
    const after = state === null || monitoring.length === 0 ? undefined : { name: state.name, groups: state.groups, monitoring };
    if (sameJson(before, after)) return [];
    for (const key of (before?.monitoring ?? []).flatMap(keysOf)) this.#idsByKey.deleteValue(key, agentId);
    for (const key of monitoring.flatMap(keysOf)) this.#idsByKey.addValue(key, agentId);
    if (after === undefined) this.#supervisors.delete(agentId);
    else this.#supervisors.set(agentId, after);
    return [...(before?.monitoring ?? []), ...monitoring];
  }

  /**
   * Returns who listens to these contacts of an agent, the longest first. A listener has a name only if everybody who may see the
   * agent may see the listener too: no viewer learns of somebody outside of its groups.
   * @param groups those of the agent
   */
  listenersOf(agentId: string, groups: readonly string[], contacts: readonly AgentContact[]): ContactListener[] {
    const keys = new Set(contacts.flatMap(keysOf));
    const ids = new Set([...keys].flatMap((key) => [...this.#idsByKey.valuesOf(key)]));
    ids.delete(agentId);
    const found = [...ids].flatMap((id) => {
      const supervisor = this.#supervisors.get(id);
      return supervisor === undefined ? [] : [{ id, supervisor, since: since(supervisor, keys) }];
    });
    found.sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
    return found.slice(0, MAX_SHOWN_LISTENERS).map(({ id, supervisor, since }) => {
      const mayBeNamed = groups.every((group) => supervisor.groups.includes(group));
      return { agentId: mayBeNamed ? id : null, name: mayBeNamed ? supervisor.name || null : null, since };
    });
  }
}

function since({ monitoring }: Supervisor, keys: ReadonlySet<string>): number {
  return Math.min(
    ...monitoring.filter((monitored) => keysOf(monitored).some((key) => keys.has(key))).map((found) => found.since),
  );
}
