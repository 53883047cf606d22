/** The one alarm of a Durable Object, set only when it must ring earlier: setting it costs a row. */
export class AlarmScheduler {
  readonly #storage: DurableObjectStorage;
  #setFor: number | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Learns what was set before the object slept. Call it before anything else happens. */
  async load(): Promise<void> {
    this.#setFor = await this.#storage.getAlarm();
  }

  /** Rings at `at` (epoch milliseconds) at the latest; null asks for nothing. */
  wakeBy(at: number | null): void {
    if (at === null || (this.#setFor !== null && this.#setFor <= at)) return;
    this.#setFor = at;
    void this.#storage.setAlarm(at);
  }

  /** The alarm has rung and is no longer set. */
  alarmFired(): void {
    this.#setFor = null;
  }
}
