import { Listeners } from "../../client/listeners.ts";
import { secondTicker } from "../../react/ticker.ts";

/** The part of the client that the clock reads: the hub's time, and whether the board is paused. */
export interface TimeSource {
  now(): number;
  readonly paused: boolean;
}

/**
 * The hub's time for every clock on the board. It changes once a second for all of them, and stands still while the board is
 * paused.
 */
export class BoardClock {
  readonly #source: TimeSource;
  readonly #listeners = new Listeners();
  #stopTicks: (() => void) | null = null;
  #now: number;

  constructor(source: TimeSource) {
    this.#source = source;
    this.#now = source.now();
  }

  /** Epoch milliseconds on the hub's clock at the last tick. */
  readonly now = (): number => this.#now;

  readonly subscribe = (listener: () => void): (() => void) => {
    const remove = this.#listeners.add(listener);
    if (this.#stopTicks === null) {
      this.#readTime();
      this.#stopTicks = secondTicker.subscribe(() => this.advance());
    }
    return () => {
      remove();
      if (this.#listeners.size > 0) return;
      this.#stopTicks?.();
      this.#stopTicks = null;
    };
  };

  /** Moves every clock to the present, unless the board is paused. */
  advance(): void {
    if (this.#readTime()) this.#listeners.notify();
  }

  #readTime(): boolean {
    if (this.#source.paused) return false;
    this.#now = this.#source.now();
    return true;
  }
}
