import type { Broadcaster } from "../core/broadcast/broadcaster.ts";
import type { AlarmScheduler } from "./alarm-scheduler.ts";
import type { AlertDelivery } from "./alerts/alert-delivery.ts";
import type { StorageCleaner } from "./storage-cleaner.ts";
import type { StoredCenter } from "./stored-center.ts";

/** Minimum time between two expiry runs. A run visits every agent (20 ms for 2,000), and much expires in a busy center. */
const EXPIRE_EVERY_MS = 10_000;
/** Minimum time between two looks at deadlines. A limit is met within a second, and an alarm costs a row. */
const DEADLINES_EVERY_MS = 500;
/** A run that could not be stored is tried again so much later. */
const AGAIN_MS = 30_000;

/** What a contact center wakes for. */
interface WakeReasons {
  readonly alarms: AlarmScheduler;
  readonly center: StoredCenter;
  readonly broadcaster: Broadcaster;
  readonly cleaner: StorageCleaner;
  readonly delivery: Pick<AlertDelivery, "nextWake">;
  /** Sends what a run changed, to viewers and to the targets of alerts. */
  readonly sendChanges: () => void;
}

/** Sets the alarm of a contact center for whatever is due next. */
export class CenterWakes {
  readonly #alarms: AlarmScheduler;
  readonly #center: StoredCenter;
  readonly #broadcaster: Broadcaster;
  readonly #cleaner: StorageCleaner;
  readonly #delivery: Pick<AlertDelivery, "nextWake">;
  readonly #sendChanges: () => void;

  constructor({ alarms, center, broadcaster, cleaner, delivery, sendChanges }: WakeReasons) {
    this.#delivery = delivery;
    this.#sendChanges = sendChanges;
    this.#alarms = alarms;
    this.#center = center;
    this.#broadcaster = broadcaster;
    this.#cleaner = cleaner;
  }

  /**
   * Sets the alarm when the object wakes: it may have been lost while the object slept, and alerts may have a deadline that the
   * version before knew nothing of.
   */
  restoreAlarm(now: number): void {
    if (this.#alarms.isSet(now)) this.wakeForDeadlines(now);
    else this.wakeForAll(now);
  }

  /** Sets the alarm for everything. It visits every agent, so it is for whole runs and for a lost alarm. */
  wakeForAll(now: number): void {
    const due = this.#center.core.nextWake();
    this.#alarms.wakeBy(due === null ? null : Math.max(due, now + EXPIRE_EVERY_MS), now);
    this.#alarms.wakeBy(this.#broadcaster.nextWake(now), now);
    this.#cleaner.wakeForRows(now);
    this.#wakeForOldDays(now);
    this.#alarms.wakeBy(this.#center.replay.nextDeletion(now), now);
    this.wakeForDeadlines(now);
  }

  /** Sets the alarm for the next limit of an alert, or the next message about one. */
  wakeForDeadlines(now: number): void {
    const due = this.#nextDeadline();
    if (Number.isFinite(due)) this.#alarms.wakeForDeadline(Math.max(due, now), now);
  }

  /** Call after alerts changed between two posts. */
  noteChanges(now: number): void {
    this.#sendChanges();
    this.wakeForDeadlines(now);
  }

  /**
   * Begins the work of an alarm that fired. Returns whether a whole run is due. If not, the alarm was for deadlines alone: then alerts are
   * brought up to `now`, and the next alarm is set.
   */
  beginRun(now: number): boolean {
    this.#alarms.alarmFired();
    // An alarm that came early is for a whole run too.
    if (!this.#alarms.isRunDue(now) && this.#nextDeadline() <= now) {
      const isStored = this.#advanceAlerts(now);
      this.#sendChanges();
      this.#alarms.wakeAgain(isStored ? Math.max(this.#nextDeadline(), now + DEADLINES_EVERY_MS) : now + AGAIN_MS, now);
      return false;
    }
    this.#alarms.runBegun();
    // First, so that no failure below ends the chain of alarms.
    this.#alarms.wakeBy(now + AGAIN_MS, now);
    return true;
  }

  /** Lets everything expire that is over. Returns false when the storage did not take it: nothing has expired, and the log says why. */
  expireAll(now: number): boolean {
    this.#broadcaster.expireSessions(now);
    try {
      this.#center.expire(now);
      this.#cleaner.cleanUp(now);
      this.#center.deleteOldDays(now);
      return true;
    } catch {
      return false;
    }
  }

  /** Ends a whole run: sets the alarm for what is due next, or deletes it. */
  async endRun(now: number): Promise<void> {
    this.#sendChanges();
    this.#alarms.alarmFired();
    this.#alarms.runBegun();
    this.wakeForAll(now);
    await this.#alarms.deleteUnneeded();
  }

  /** Days are deleted some rows at a time, so the next time may be soon. */
  #wakeForOldDays(now: number): void {
    const due = this.#center.oldDaysDueAt(now);
    this.#alarms.wakeBy(due === null ? null : Math.max(due, now + EXPIRE_EVERY_MS), now);
  }

  /** Returns whether it was stored. It is synchronous and catches, so the next alarm is always set. */
  #advanceAlerts(now: number): boolean {
    try {
      this.#center.advanceAlerts(now);
      return true;
    } catch {
      return false; // No alert has changed, and the log says why.
    }
  }

  /** When the next limit of an alert or the next message about one is due, epoch ms; infinity = never. */
  #nextDeadline(): number {
    const due = [this.#center.core.alerts.nextDeadline(), this.#delivery.nextWake()];
    return Math.min(Number.POSITIVE_INFINITY, ...due.filter((time) => time !== null));
  }
}
