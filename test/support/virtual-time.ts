/**
 * Time for simulations of hours: `setTimeout` and `performance.now` of this process follow it while {@link VirtualTime.run} runs. It
 * jumps to the next timer, and lets everything that the timer started come to rest first. So a run is deterministic.
 */
export class VirtualTime {
  readonly #timers = new Map<number, { at: number; call: () => void }>();
  #nextId = 1;
  #now = 0;

  /** Milliseconds since the start. */
  get now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#addTimer(resolve, ms));
  }

  /** Starts `work` and runs until no timer is left. */
  async run(work: () => void): Promise<void> {
    const real = { set: globalThis.setTimeout, clear: globalThis.clearTimeout, now: performance.now };
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    Reflect.set(globalThis, "setTimeout", (call: () => void, ms = 0) => this.#addTimer(call, ms));
    Reflect.set(globalThis, "clearTimeout", (timer: unknown) => void this.#timers.delete(Number(timer)));
    performance.now = () => this.#now;
    try {
      work();
      await settled();
      for (let next = this.#first(); next !== null; next = this.#first()) {
        this.#timers.delete(next.id);
        this.#now = next.at;
        next.call();
        await settled();
      }
    } finally {
      Object.assign(globalThis, { setTimeout: real.set, clearTimeout: real.clear });
      performance.now = real.now;
    }
  }

  #addTimer(call: () => void, ms: number) {
    const id = this.#nextId;
    this.#nextId += 1;
    // Whole milliseconds, as Node's timers have them. A remainder that is too small to move the clock would wait for ever.
    this.#timers.set(id, { at: this.#now + Math.max(1, Math.ceil(ms)), call });
    return { unref() {}, ref() {}, [Symbol.toPrimitive]: () => id };
  }

  /** Of two timers of one moment the older one is first. */
  #first(): { id: number; at: number; call: () => void } | null {
    let first: { id: number; at: number; call: () => void } | null = null;
    for (const [id, { at, call }] of this.#timers) if (first === null || at < first.at) first = { id, at, call };
    return first;
  }
}
