import type { AlarmScheduler } from "./alarm-scheduler.ts";
import type { Polls } from "./polls.ts";
import type { SqliteStore } from "./sqlite-store.ts";

/** Minimum time between two deletions of remembered posts and tickets. */
const CLEAN_UP_EVERY_MS = 10 * 60_000;
/** By then every id that is remembered now has expired: posts after 15 min, tickets and revocations after a minute. */
const ALL_EXPIRED_AFTER_MS = 16 * 60_000;

/** Empties what nobody would read again: ids of posts and tickets, old entries of the audit, expired display links, and the whole storage of an instance that is gone. */
export class StorageCleaner {
  readonly #ctx: DurableObjectState;
  readonly #store: SqliteStore;
  readonly #alarms: AlarmScheduler;
  readonly #polls: Polls;
  readonly #auditKeptMs: number;
  #cleanedUpAt = 0;

  constructor(ctx: DurableObjectState, store: SqliteStore, alarms: AlarmScheduler, polls: Polls, auditKeptMs: number) {
    this.#auditKeptMs = auditKeptMs;
    this.#ctx = ctx;
    this.#store = store;
    this.#alarms = alarms;
    this.#polls = polls;
  }

  /** Deletes ids, entries of the audit and display links that have expired, every ten minutes at most. */
  cleanUp(now: number): void {
    if (now - this.#cleanedUpAt < CLEAN_UP_EVERY_MS) return;
    this.#cleanedUpAt = now;
    this.#store.cleanUp(now);
    this.#store.actions.cleanUp(now);
    this.#store.audit.deleteBefore(now - this.#auditKeptMs);
    this.#store.displays.deleteExpired(now);
    this.#polls.cleanUp(now);
  }

  /** Call after the id of a post was stored. */
  postStored(now: number): void {
    this.idStored(now);
    this.cleanUp(now);
  }

  /** Call after an id was stored. Nobody may come for years, and it must go all the same. */
  idStored(now: number): void {
    this.#alarms.wakeBy(now + ALL_EXPIRED_AFTER_MS, now);
  }

  /** Asks for an alarm if there are ids, and for the end of the oldest entry of the audit, the oldest action and the next display link. */
  wakeForRows(now: number): void {
    if (this.#store.hasIds()) this.idStored(now);
    const { audit, actions, displays } = this.#store;
    const oldest = audit.oldestAt();
    const auditEnds = oldest === null ? null : oldest + this.#auditKeptMs;
    for (const at of [auditEnds, actions.nextCleanUp(), displays.nextExpiry()])
      if (at !== null) this.#alarms.wakeBy(Math.max(at, now + CLEAN_UP_EVERY_MS), now);
  }

  /**
   * Deletes the storage of an instance that the settings no longer list, once its agents, calls and ids have expired. Returns
   * whether it did. An instance without storage costs nothing, and begins anew if it is listed again.
   */
  async forgetInstance(): Promise<boolean> {
    if (!this.#store.isEmpty()) return false;
    this.#alarms.alarmFired();
    await this.#ctx.storage.deleteAlarm();
    await this.#ctx.storage.deleteAll();
    // This object still counts on its tables. After the alarm, because a broken alarm would run again.
    setTimeout(() => this.#ctx.abort("instance_forgotten"), 0);
    return true;
  }
}
