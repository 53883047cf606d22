/** Schedules the one alarm of a Durable Object. It sets the alarm only to an earlier time, because that costs a row. */
export class AlarmScheduler {
  readonly #storage: DurableObjectStorage;
  #setFor: number | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Reads the alarm that was set before the object hibernated. Call it before anything else. */
  async load(): Promise<void> {
    this.#setFor = await this.#storage.getAlarm();
  }

  /** Asks for an alarm at `at` (epoch milliseconds) at the latest; null asks for none. */
  wakeBy(at: number | null): void {
    if (at === null || (this.#setFor !== null && this.#setFor <= at)) return;
    this.#setFor = at;
    void this.#storage.setAlarm(at);
  }

  /** Notes that the alarm has fired and is no longer set. */
  alarmFired(): void {
    this.#setFor = null;
  }
}
