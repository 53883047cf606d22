import type { AgentChange, AgentView } from "./contract.ts";
import { type Listener, Listeners } from "./listeners.ts";
import { type ApplyResult, Roster, type RosterMessage } from "./roster.ts";

/** The agents that the page shows: those of the roster, or while paused those at the moment of the pause. */
export class AgentStore {
  readonly roster = new Roster();
  readonly #listeners = new Listeners();
  readonly #changeListeners = new Listeners<[AgentChange]>();
  readonly #byAgent = new Map<string, Listeners>();
  /** Each agent that has changed since it was last shown, as it was shown. */
  readonly #unpublished = new Map<string, AgentView | undefined>();
  #shown: ReadonlyMap<string, AgentView> = this.roster.agents;
  #list: readonly AgentView[] = [];
  #paused = false;

  get paused(): boolean {
    return this.#paused;
  }

  readonly agents = (): readonly AgentView[] => this.#list;

  readonly agent = (agentId: string): AgentView | undefined => this.#shown.get(agentId);

  readonly subscribe = (listener: Listener): (() => void) => this.#listeners.add(listener);

  readonly onAgentChange = (listener: Listener<[AgentChange]>): (() => void) => this.#changeListeners.add(listener);

  readonly subscribeAgent = (agentId: string, listener: Listener): (() => void) => {
    const listeners = this.#byAgent.get(agentId) ?? new Listeners();
    this.#byAgent.set(agentId, listeners);
    const remove = listeners.add(listener);
    return () => {
      remove();
      if (listeners.size === 0 && this.#byAgent.get(agentId) === listeners) this.#byAgent.delete(agentId);
    };
  };

  /** Applies a frame. Notifies the listeners once, when all of its changes are applied. */
  applyFrame(message: RosterMessage, now: number): ApplyResult {
    const first = this.roster.position === null;
    const outcome = this.roster.applyFrame(message, now);
    if (outcome.kind === "applied") {
      for (const [agentId, before] of outcome.changed) {
        if (!this.#unpublished.has(agentId)) this.#unpublished.set(agentId, before);
      }
      if (!this.#paused) this.#publish(!first);
    }
    return outcome;
  }

  /** Forgets all agents, also those that a pause shows. */
  clear(): void {
    this.roster.clear();
    this.#shown = this.roster.agents;
    this.#list = [];
    for (const agentId of this.#byAgent.keys()) this.#unpublished.set(agentId, undefined);
    this.#publish(false);
  }

  readonly pause = (): void => {
    if (this.#paused) return;
    this.#paused = true;
    this.#shown = new Map(this.roster.agents);
    this.#listeners.notify();
  };

  readonly resume = (): void => {
    if (!this.#paused) return;
    this.#paused = false;
    this.#shown = this.roster.agents;
    this.#publish(true);
  };

  /** @param news false for agents that were there before the client looked, which are no changes. */
  #publish(news: boolean): void {
    const changed = [...this.#unpublished];
    this.#unpublished.clear();
    if (changed.length > 0) this.#list = [...this.#shown.values()];
    for (const [agentId] of changed) this.#byAgent.get(agentId)?.notify();
    this.#listeners.notify();
    for (const [agentId, before] of news ? changed : []) {
      const after = this.#shown.get(agentId);
      if (before !== after) this.#changeListeners.notify({ agentId, before, after });
    }
  }
}
