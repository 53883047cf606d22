import type { Update } from "../../protocol/updates.ts";
import type { Board } from "../board/board.ts";
import { AGENTS } from "../state/agent-row.ts";
import { ContactCenterState } from "../state/contact-center-state.ts";
import type { AppliedBatch } from "../state/touched-by-batch.ts";
import { CenterAlerts } from "./center-alerts.ts";
import type { CenterEvents, CenterSettings, CenterStores, SavedCenter } from "./ports.ts";

/**
 * All that one contact center knows: agents and contacts, and what follows from them, on one board. Each method belongs into one
 * transaction of the storage. It holds no clock: `now` is epoch milliseconds.
 */
export class CenterCore {
  readonly state: ContactCenterState;
  readonly alerts: CenterAlerts;
  /** Agents whose rows changed since the alerts looked. */
  readonly #changedAgents = new Set<string>();

  constructor(saved: SavedCenter, stores: CenterStores, events: CenterEvents, { times, timeZone }: CenterSettings) {
    const noted: CenterEvents = {
      ...events,
      rowChanged: (change) => {
        if (change.collection.definition.name === AGENTS.name) this.#changedAgents.add(change.row.key);
        events.rowChanged(change);
      },
    };
    this.state = new ContactCenterState(saved.state, stores.state, noted, times);
    this.alerts = new CenterAlerts(saved.alerts, {
      board: this.state.board,
      store: stores.alerts,
      events,
      timeZone,
      agentIds: this.state.agentIds(),
      evidenceOf: (agentId) => ({ ...this.state.evidenceOf(agentId), missedInRow: this.state.missedInRow(agentId) }),
    });
  }

  get board(): Board {
    return this.state.board;
  }

  /** Applies a batch in order. `watched` = the contact ids that some viewer watches. */
  applyBatch(updates: readonly Update[], watched: ReadonlySet<string>, now: number): AppliedBatch {
    const applied = this.state.applyBatch(updates, watched, now);
    const agentIds = new Set([...this.#drainChangedAgents(), ...applied.agents]);
    this.alerts.applyNews(agentIds, [], true, now);
    for (const agentId of applied.agents) {
      const { storedAt, confirmedAt } = this.state.sightingsOf(agentId);
      if (this.alerts.needsNews(agentId, storedAt, confirmedAt)) this.state.saveSighting(agentId);
    }
    return applied;
  }

  /** Lets everything that is over expire. It visits every agent. */
  expire(now: number): void {
    this.state.expire(now);
    this.alerts.applyNews(this.#drainChangedAgents(), [], false, now);
    this.alerts.dropOld(now);
  }

  /** When {@link expire} has something to do next, epoch ms; null = never. It visits every agent. */
  nextWake(): number | null {
    return earliest(this.state.nextWake(), this.alerts.nextDrop());
  }

  #drainChangedAgents(): string[] {
    const changed = [...this.#changedAgents];
    this.#changedAgents.clear();
    return changed;
  }
}

function earliest(...times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
