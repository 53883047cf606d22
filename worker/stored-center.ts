import type { GroupFilter } from "../core/board/visibility.ts";
import { type AppliedPost, CenterCore } from "../core/center/center-core.ts";
import { type CenterRules, changedRules } from "../core/center/center-rules.ts";
import type { CenterEvents } from "../core/center/ports.ts";
import { forgetAgentSentiment, withoutAgentSentiment } from "../core/state/agent-sentiment.ts";
import { DEFAULT_EXPIRY } from "../core/state/expiry.ts";
import { forgetListeners } from "../core/state/forgotten-listeners.ts";
import { withoutListeners } from "../core/state/monitored-contacts.ts";
import type { AlertRules } from "../protocol/alert-rules.ts";
import type { CenterFacts } from "../protocol/center.ts";
import type { Update } from "../protocol/updates.ts";
import { idsOf } from "./alert-tables.ts";
import type { Actor } from "./audit-table.ts";
import { centerFactsOf } from "./center-name.ts";
import { StoredReplay } from "./replay/stored-replay.ts";
import type { Settings } from "./settings.ts";
import type { SqliteStore } from "./sqlite-store.ts";
import { StorageGuard } from "./storage-guard.ts";

/** 2,000 rows are deleted in some 20 ms, and no post waits longer. */
const OLD_ROWS_AT_ONCE = 2_000;

/** One contact center in memory and in its storage, which change together or not at all. */
export class StoredCenter {
  readonly guard: StorageGuard;
  readonly replay: StoredReplay;
  readonly #store: SqliteStore;
  readonly #settings: Settings;
  readonly #events: CenterEvents;
  #core: CenterCore;

  /** What viewers learn of the center. */
  readonly facts: CenterFacts;

  /** @param restored runs after the memory was read from storage anew, because it was ahead. */
  constructor(
    storage: DurableObjectStorage,
    store: SqliteStore,
    instance: string,
    settings: Settings,
    events: CenterEvents,
    restored: (now: number) => void,
  ) {
    this.#store = store;
    this.#settings = settings;
    this.facts = centerFactsOf(settings, instance);
    this.#events = {
      ...events,
      rowChanged: (change) => {
        this.replay.noteChange(change);
        events.rowChanged(change);
      },
    };
    this.guard = new StorageGuard(storage, store, instance, (now) => {
      this.replay.forgetMemory();
      this.#core = this.#read();
      restored(now);
      // After the transaction that replaced the storage. Nobody may post for hours, and the board of these hours is to be known.
      setTimeout(() => this.#beginLog(), 0);
    });
    const { historyDays, timeZone } = settings;
    this.replay = new StoredReplay(store.replay, historyDays, timeZone, (change) => this.guard.transaction(Date.now(), change));
    this.#core = this.#read();
  }

  /** Figures for the metrics. */
  get figures() {
    const { board, queues, state } = this.#core;
    return {
      agents: state.visibleAgents(null).length,
      seq: board.seq,
      ...queues.counts,
      storageWritable: this.guard.problem === null,
    };
  }

  /** The center as it is in memory now. Do not keep it: it is replaced when the memory is read anew. */
  get core(): CenterCore {
    return this.#core;
  }

  /**
   * Stores a post and what it changes. null = the post was stored before, and nothing is applied.
   * @throws Error when the storage does not take it. Then nothing of it is applied.
   */
  applyPost(webhookId: string, updates: readonly Update[], watched: ReadonlySet<string>, now: number): AppliedPost | null {
    return this.#transaction(now, (changesMemory) => {
      // Full storage fails here, before the memory is touched.
      if (!this.#store.rememberPost(webhookId, now)) return null;
      changesMemory();
      return this.#core.applyBatch(this.#permitted(updates), watched, now);
    });
  }

  /** Lets time pass for the alerts alone. @throws Error when the storage does not take it. Then no alert has changed. */
  advanceAlerts(now: number): void {
    this.#transaction(now, (changesMemory) => {
      changesMemory();
      this.#core.alerts.advance(now);
    });
  }

  /**
   * Acknowledges an alert in a person's name. Returns false when no such alert fires within the filter.
   * @throws Error when the storage does not take it. Then the alert is as before.
   */
  acknowledge(alertId: string, { subject, name }: Actor, filter: GroupFilter, now: number): boolean {
    return this.#transaction(now, (changesMemory) => {
      changesMemory();
      const alert = this.#core.alerts.acknowledge(alertId, name, filter, now);
      if (alert === null) return false;
      const isFirst = alert.acknowledgedBy === name && alert.acknowledgedAt === now;
      const entry = { at: now, who: subject, name, what: "alert.acknowledge", subject: alertId, result: "ok" };
      if (isFirst) this.#store.audit.addEntry({ ...entry, ...idsOf(alert.subject) });
      return true;
    });
  }

  /** Puts other rules in force. @throws Error when the storage does not take it. Then the old ones stay. */
  saveRules(rules: AlertRules, { subject, name }: Actor, now: number): CenterRules {
    return this.#transaction(now, (changesMemory) => {
      changesMemory();
      const before = this.#core.alerts.rules;
      const saved = this.#core.alerts.replaceRules(rules, name, now);
      const detail = JSON.stringify({ version: saved.version, ...changedRules(before, saved) });
      this.#store.audit.addEntry({ at: now, who: subject, name, what: "rules.save", subject: "", result: "ok", detail });
      return saved;
    });
  }

  /** Lets everything expire that is over. @throws Error when the storage does not take it. Then nothing has expired. */
  expire(now: number): void {
    this.#transaction(now, (changesMemory) => {
      changesMemory();
      this.#core.expire(now);
      this.replay.deleteOld(now);
    });
  }

  #beginLog(): void {
    const now = Date.now();
    try {
      this.guard.transaction(now, () => this.replay.beginChain(this.#core.board, now));
    } catch {
      this.replay.forgetMemory(); // The log says why. The next post begins it.
    }
  }

  /** Writes what `change` decides, all or nothing, and what it does to the board into the log. */
  #transaction<Result>(now: number, change: (changesMemory: () => void) => Result): Result {
    return this.guard.transaction(now, (changesMemory) => {
      const result = change(() => {
        changesMemory();
        this.replay.beginChanges(this.#core.board, now);
      });
      this.replay.saveChanges(this.#core.board, now);
      return result;
    });
  }

  /** Deletes days of agents that are no longer kept, some rows at a time. Returns whether none of them is left. */
  deleteOldDays(now: number): boolean {
    return this.#store.history.deleteBefore(this.#core.history.keptFrom(now), OLD_ROWS_AT_ONCE);
  }

  /** When the oldest day that is stored is to be deleted, epoch ms; null = none is stored. */
  oldDaysDueAt(now: number): number | null {
    const oldest = this.#store.history.oldestAt();
    return oldest === null ? null : this.#core.history.endOfKeeping(oldest, now);
  }

  /** Leaves out what the settings do not let the hub know. */
  #permitted(updates: readonly Update[]): readonly Update[] {
    const { showAgentSentiment, showListeners } = this.#settings;
    const kept = showAgentSentiment ? updates : updates.map(withoutAgentSentiment);
    return showListeners ? kept : kept.map(withoutListeners);
  }

  #read(): CenterCore {
    const stored = this.#store.load(crypto.randomUUID());
    const { showAgentSentiment, showListeners } = this.#settings;
    this.#store.logContent.forbid([
      ...(showAgentSentiment ? [] : ["agent-sentiment" as const]),
      ...(showListeners ? [] : ["listeners" as const]),
    ]);
    const known = showAgentSentiment ? stored : forgetAgentSentiment(stored, this.#store);
    const state = showListeners ? known : forgetListeners(known, this.#store);
    const { forgetTurnsAfterMs: turnsExpireAfterMs, forgetAgentsAfterMs: agentForgottenAfterMs, timeZone } = this.#settings;
    const times = { ...DEFAULT_EXPIRY, turnsExpireAfterMs, agentForgottenAfterMs };
    const { serviceLevelFormula: formula } = this.#settings;
    const { alerts, queues, history } = this.#store;
    const saved = { state, alerts: alerts.load(), queues: queues.load() };
    const stores = { state: this.#store, alerts, queues, history };
    return new CenterCore(saved, stores, this.#events, { times, timeZone, formula, historyDays: this.#settings.historyDays });
  }
}
