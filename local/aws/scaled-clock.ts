/** Time that runs faster than real time, so that nobody has to wait the minutes that a service waits. */
export class ScaledClock {
  #speed: number;
  /** Time passed until `#from`, ms. */
  #passed = 0;
  #from = performance.now();
  readonly #sleepers = new Set<() => void>();

  /** @param speed how many times faster than real time. Infinity: waits take no time. */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Milliseconds of this clock since its start. Time that was skipped by an infinite speed does not count. */
  now(): number {
    const speed = Number.isFinite(this.#speed) ? this.#speed : 1;
    return this.#passed + (performance.now() - this.#from) * speed;
  }

  /** Changes the speed, also for those that wait now. */
  setSpeed(speed: number): void {
    this.#passed = this.now();
    this.#from = performance.now();
    this.#speed = speed;
    for (const wake of this.#sleepers) wake();
  }

  /** Waits `ms` of this clock, or until `signal` aborts. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (ms > 0 && !Number.isFinite(this.#speed)) return this.#sleepOnce(SHORTEST_MS, signal);
    const until = this.now() + ms;
    for (let left = ms; left > 0 && !signal.aborted && Number.isFinite(this.#speed); left = until - this.now()) {
      await this.#sleepOnce(left / this.#speed, signal);
    }
  }

  #sleepOnce(realMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(realMs, MAX_TIMER_MS));
      signal.addEventListener("abort", wake, { once: true });
      this.#sleepers.add(wake);
    });
  }
}

/** A wait that is to take no time still lets other work run. */
const SHORTEST_MS = 2;
/** setTimeout fires at once for a longer time. */
const MAX_TIMER_MS = 2 ** 31 - 1;
