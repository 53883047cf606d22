import type { AgentView } from "./contract.ts";
import { type Listener, Listeners } from "./listeners.ts";
import { type ApplyResult, Roster, type RosterMessage } from "./roster.ts";

/** The agents that the page shows: those of the roster, or while paused those at the moment of the pause. */
export class AgentStore {
  readonly roster = new Roster();
  readonly #listeners = new Listeners();
  readonly #byAgent = new Map<string, Listeners>();
  readonly #unpublished = new Set<string>();
  #shown: ReadonlyMap<string, AgentView> = this.roster.agents;
  #list: readonly AgentView[] = [];
  #paused = false;

  get paused(): boolean {
    return this.#paused;
  }

  readonly agents = (): readonly AgentView[] => this.#list;

  readonly agent = (agentId: string): AgentView | undefined => this.#shown.get(agentId);

  readonly subscribe = (listener: Listener): (() => void) => this.#listeners.add(listener);

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
    const outcome = this.roster.applyFrame(message, now);
    if (outcome.kind === "applied") {
      for (const agentId of outcome.changed) this.#unpublished.add(agentId);
      if (!this.#paused) this.#publish();
    }
    return outcome;
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
    this.#publish();
  };

  #publish(): void {
    const changed = [...this.#unpublished];
    this.#unpublished.clear();
    if (changed.length > 0) this.#list = [...this.roster.agents.values()];
    for (const agentId of changed) this.#byAgent.get(agentId)?.notify();
    this.#listeners.notify();
  }
}
