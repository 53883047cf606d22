import { Listeners } from "../client/listeners.ts";

const SECOND_MS = 1_000;

/**
 * One timer for any number of listeners. It runs only while somebody listens. A ticker that stops on a hidden page ticks at
 * once when the page is visible again.
 */
export class Ticker {
  readonly #periodMs: number;
  readonly #onHiddenPage: "stops" | "goes on";
  readonly #listeners = new Listeners();
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(periodMs: number, onHiddenPage: "stops" | "goes on") {
    this.#periodMs = periodMs;
    this.#onHiddenPage = onHiddenPage;
  }

  /** Calls `listener` at each tick, the first one a whole period after the ticker started. Returns the way to stop. */
  readonly subscribe = (listener: () => void): (() => void) => {
    const remove = this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#start();
    return () => {
      remove();
      if (this.#listeners.size === 0) this.#stop();
    };
  };

  #start(): void {
    if (this.#onHiddenPage === "stops") document.addEventListener("visibilitychange", this.#visibilityChanged);
    this.#schedule();
  }

  #stop(): void {
    if (this.#onHiddenPage === "stops") document.removeEventListener("visibilitychange", this.#visibilityChanged);
    this.#cancel();
  }

  readonly #visibilityChanged = (): void => {
    this.#cancel();
    this.#schedule();
    if (document.visibilityState === "visible") this.#listeners.notify();
  };

  #schedule(): void {
    if (this.#onHiddenPage === "stops" && document.visibilityState !== "visible") return;
    this.#timer = setInterval(() => this.#listeners.notify(), this.#periodMs);
  }

  #cancel(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** The one timer of everything on a page that counts seconds, however many rows there are. */
export const secondTicker = new Ticker(SECOND_MS, "stops");
