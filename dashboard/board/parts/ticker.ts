/** What the ticker needs of the client: the hub's time, and whether the reader has stopped the board. */
export interface Timepiece {
  now(): number;
  readonly paused: boolean;
}

/** A clock on a page moves once a second; more would only cost. */
const TICK_MS = 1000;

/**
 * One clock for everything on the board that counts: all move together, and one timer runs however many there are. It runs
 * only while somebody listens, and stands still while the board is paused.
 */
export class Ticker {
  readonly #time: Timepiece;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #now: number;

  constructor(time: Timepiece) {
    this.#time = time;
    this.#now = time.now();
  }

  /** Epoch milliseconds on the hub's clock at the last tick: the same between ticks. */
  readonly now = (): number => this.#now;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#timer === null) {
      this.#read();
      this.#wait();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0 && this.#timer !== null) {
        clearTimeout(this.#timer);
        this.#timer = null;
      }
    };
  };

  /** Moves everything to the present, unless the board is paused. */
  beat(): void {
    if (!this.#read()) return;
    for (const listener of [...this.#listeners]) listener();
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#wait();
      this.beat();
    }, TICK_MS);
  }

  #read(): boolean {
    if (this.#time.paused) return false;
    this.#now = this.#time.now();
    return true;
  }
}
