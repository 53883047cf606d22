import type { Update } from "../../protocol/updates.ts";
import type { Board } from "../board/board.ts";
import { CenterHistory } from "../history/center-history.ts";
import { CenterQueues } from "../queues/center-queues.ts";
import { AGENTS } from "../state/agent-row.ts";
import { ContactCenterState } from "../state/contact-center-state.ts";
import type { AppliedBatch } from "../state/touched-by-batch.ts";
import { AgentDays } from "./agent-days.ts";
import { CenterAlerts } from "./center-alerts.ts";
import type { CenterEvents, CenterSettings, CenterStores, SavedCenter } from "./ports.ts";
import { queueFacts } from "./queue-facts.ts";

/** What became of a batch for the whole center. */
export interface AppliedPost extends AppliedBatch {
  /** Contacts that the sender of a `queue.snapshot` should ask Amazon Connect about; null = the batch has no snapshot. */
  suspects: string[] | null;
}

/**
 * All that one contact center knows: agents and contacts, and what follows from them, on one board. Each method belongs into one
 * transaction of the storage. It holds no clock: `now` is epoch milliseconds.
 */
export class CenterCore {
  readonly state: ContactCenterState;
  readonly queues: CenterQueues;
  readonly alerts: CenterAlerts;
  readonly history: CenterHistory;
  readonly days: AgentDays;
  /** Agents whose rows changed since queues and alerts looked. */
  readonly #changedAgents = new Set<string>();
  /** Whether the queues have yet to look at all agents. */
  #hasNewQueues = true;

  constructor(saved: SavedCenter, stores: CenterStores, events: CenterEvents, settings: CenterSettings) {
    const noted: CenterEvents = {
      ...events,
      rowChanged: (change) => {
        if (change.collection.definition.name === AGENTS.name) this.#changedAgents.add(change.row.key);
        events.rowChanged(change);
      },
      contactExpired: (record) => {
        this.days.keepNote(record);
        events.contactExpired?.(record);
      },
    };
    const agents = [...saved.state.agents];
    const figures = agents.map(({ record, row }) => [record.agentId, row?.value?.today ?? null] as const);
    this.history = new CenterHistory(stores.history, settings, figures);
    const todayOf = (agentId: string) => this.history.today(agentId);
    this.state = new ContactCenterState({ ...saved.state, agents }, stores.state, noted, settings.times, todayOf);
    this.days = new AgentDays(this.history, this.state, stores.history);
    this.queues = new CenterQueues(saved.queues, this.state.board, stores.queues, events, settings);
    this.alerts = new CenterAlerts(saved.alerts, {
      board: this.state.board,
      store: stores.alerts,
      events,
      timeZone: settings.timeZone,
      agentIds: this.state.agentIds(),
      evidenceOf: (agentId) => this.state.evidenceOf(agentId),
      queueFacts: this.queues.news().map(queueFacts),
    });
  }

  get board(): Board {
    return this.state.board;
  }

  /** Applies a batch in order. `watched` = the contact ids that some viewer watches. */
  applyBatch(updates: readonly Update[], watched: ReadonlySet<string>, now: number): AppliedPost {
    // First, because the rows of the agents show its figures.
    const counted = this.history.applyUpdates(updates, now);
    const applied = this.state.applyBatch(updates, watched, now);
    this.state.settleAgents(counted, now);
    const agentIds = new Set([...this.#drainChangedAgents(), ...applied.agents]);
    // First, because a contact that rings at an agent is doubted by no snapshot.
    this.#noteAgents(agentIds, now);
    const { accepted: ofQueues, suspects } = this.queues.applyUpdates(updates, now);
    this.queues.settle(now);
    this.alerts.applyNews(agentIds, this.queues.drainNews().map(queueFacts), true, now);
    const raised = updates.filter((update) => update.type === "alert.raised");
    const accepted = ofQueues + raised.filter((update) => this.alerts.applyRaised(update, now)).length;
    for (const agentId of applied.agents) {
      const { storedAt, confirmedAt } = this.state.sightingsOf(agentId);
      if (this.alerts.needsNews(agentId, storedAt, confirmedAt)) this.state.saveSighting(agentId);
    }
    return {
      ...applied,
      accepted: applied.accepted + accepted,
      stale: applied.stale - accepted,
      wakeAt: earliest(applied.wakeAt, this.queues.nextWake()),
      suspects,
    };
  }

  /** Lets everything that is over expire. It visits every agent. */
  expire(now: number): void {
    this.history.beginDay(now);
    const ofContacts = this.state.expire(now);
    const agentIds = new Set([...this.#drainChangedAgents(), ...ofContacts]);
    this.#noteAgents(agentIds, now);
    this.queues.expire(now);
    this.alerts.applyNews(agentIds, this.queues.drainNews().map(queueFacts), false, now);
    this.alerts.dropOld(now);
  }

  /** When {@link expire} has something to do next, epoch ms; null = never. It visits every agent. */
  nextWake(): number | null {
    return earliest(this.state.nextWake(), this.queues.nextWake(), this.alerts.nextDrop(), this.history.nextWake());
  }

  /** Tells the queues what became of agents; the first time of all. */
  #noteAgents(changed: Iterable<string>, now: number): void {
    const agentIds = this.#hasNewQueues ? this.state.agentIds() : changed;
    this.#hasNewQueues = false;
    for (const agentId of agentIds) this.queues.noteAgent({ agentId, ...this.state.presenceOf(agentId) }, now);
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
