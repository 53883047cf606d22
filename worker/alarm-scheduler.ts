/** An alarm that is so late has been lost: the platform gives up after six failed runs (Cloudflare docs, Alarms). */
const LOST_AFTER_MS = 60_000;

/**
 * Schedules the one alarm of a Durable Object. It sets the alarm only to an earlier time, because that costs a row. An alarm is for
 * a whole run, or only for deadlines, whose work is cheap.
 */
export class AlarmScheduler {
  readonly #storage: DurableObjectStorage;
  #setFor: number | null = null;
  /** Whether the alarm is known to be lost, or could not be set. */
  #isLost = false;
  /** When a whole run is due; null = none is. After the object's sleep nobody knows what the alarm is for, so it is for one. */
  #runAt: number | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Reads the alarm that was set before the object hibernated. Call it before anything else. */
  async load(): Promise<void> {
    this.#setFor = await this.#storage.getAlarm();
    this.#runAt = this.#setFor;
  }

  /** Whether an alarm is set and not overdue. If not, the caller knows best what is due, and calls {@link wakeBy}. */
  isSet(now: number): boolean {
    return this.#setFor !== null && !this.#isLost && now - this.#setFor < LOST_AFTER_MS;
  }

  /** Asks for a whole run at `at` (epoch milliseconds) at the latest; null asks for none. */
  wakeBy(at: number | null, now = Date.now()): void {
    if (at === null) return;
    this.#runAt = Math.min(this.#runAt ?? at, at);
    this.#setBy(at, now);
  }

  /** Asks for an alarm for a deadline at `at` (epoch milliseconds) at the latest; null asks for none. */
  wakeForDeadline(at: number | null, now = Date.now()): void {
    if (at !== null) this.#setBy(at, now);
  }

  /** Call after an alarm that was only for deadlines, of which the next is at `deadline` (infinity = there is none). It sets the next alarm with one write. */
  wakeAgain(deadline: number, now = Date.now()): void {
    const next = Math.min(deadline, this.#runAt ?? Number.POSITIVE_INFINITY);
    if (Number.isFinite(next)) this.#setBy(next, now);
  }

  /** Whether the alarm that fired is for a whole run. */
  isRunDue(now: number): boolean {
    return this.#runAt !== null && this.#runAt <= now;
  }

  /** Notes that a whole run has begun: what it finds for later is asked for anew. */
  runBegun(): void {
    this.#runAt = null;
  }

  #setBy(at: number, now: number): void {
    // What a lost alarm was for is overdue, so its successor runs at once.
    const due = this.#setFor !== null && !this.isSet(now) ? Math.min(at, now) : at;
    if (this.isSet(now) && this.#setFor !== null && this.#setFor <= due) return;
    this.#setFor = due;
    this.#isLost = false;
    this.#storage.setAlarm(due).catch(() => {
      // The storage is full. The next call tries again.
      this.#isLost = true;
    });
  }

  /** Notes that the alarm has fired and is no longer set. */
  alarmFired(): void {
    this.#setFor = null;
    this.#isLost = false;
  }

  /** Deletes the alarm if none is needed. Without it, an alarm that was set for safety would fire and be set again for ever. */
  async deleteUnneeded(): Promise<void> {
    if (this.#setFor === null) await this.#storage.deleteAlarm();
  }
}
