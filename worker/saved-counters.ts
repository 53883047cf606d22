import type { CounterTotals } from "./metrics.ts";

/** Time between two writes of the counters while something is counted all the time. A write costs a row. */
const SAVE_EVERY_MS = 10_000;
/** After so long without anything to count, the last counts are written. Their timer keeps the object awake. */
const SAVE_WHEN_QUIET_MS = 1_000;

/** Where the counters outlive the object's memory. */
export interface CounterStore {
  counters(): Partial<CounterTotals>;
  saveCounters(totals: CounterTotals): void;
}

/** The totals of the metrics. They go on after the object's sleep: a counter that falls looks like a restart to Prometheus. */
export class SavedCounters {
  readonly #store: CounterStore;
  readonly #sinceWaking: () => CounterTotals;
  readonly #beforeWaking: Partial<CounterTotals>;
  /** The totals as storage has them. */
  #saved: CounterTotals;
  #savedAt = 0;
  /** Something was counted after the timer was set. */
  #countedMore = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `sinceWaking` returns what was counted since this object is in memory. */
  constructor(store: CounterStore, sinceWaking: () => CounterTotals) {
    this.#store = store;
    this.#sinceWaking = sinceWaking;
    this.#beforeWaking = store.counters();
    this.#saved = { ...sinceWaking() };
    for (const name of namesOf(this.#saved)) this.#saved[name] = this.#beforeWaking[name] ?? 0;
  }

  #totals(): CounterTotals {
    const totals = { ...this.#sinceWaking() };
    for (const name of namesOf(totals)) totals[name] += this.#beforeWaking[name] ?? 0;
    return totals;
  }

  /** Call after something may have been counted. The first call after a pause saves at once, so that the object may sleep. */
  saveSoon(now: number): void {
    this.#countedMore = true;
    if (this.#timer === null) this.#saveOrWait(now);
  }

  #saveOrWait(now: number): void {
    if (!this.#countedMore || Math.abs(now - this.#savedAt) >= SAVE_EVERY_MS) {
      this.save(now);
      return;
    }
    this.#countedMore = false;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#saveOrWait(Date.now());
    }, SAVE_WHEN_QUIET_MS);
  }

  /**
   * Saves the totals if they have changed. Returns them as storage has them: what a scrape sees must outlive the object's memory,
   * so that no total ever falls.
   */
  save(now: number): CounterTotals {
    const totals = this.#totals();
    // The write itself counts as a row, which is no reason for the next one.
    if (namesOf(totals).every((name) => name === "rowsWritten" || totals[name] === this.#saved[name])) return this.#saved;
    this.#savedAt = now;
    try {
      this.#store.saveCounters(totals);
      this.#saved = totals;
    } catch {
      // The storage is full. The operator needs the figures now more than ever.
      return totals;
    }
    return totals;
  }
}

function namesOf(totals: CounterTotals): (keyof CounterTotals)[] {
  const names: string[] = Object.keys(totals);
  return names.filter((name): name is keyof CounterTotals => name in totals);
}
