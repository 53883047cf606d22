import { Listeners } from "../client/listeners.ts";

const SECOND_MS = 1_000;
/** Browsers run the timers of a hidden page about once a minute (Chrome 88, "Heavy throttling of chained JS timers"). */
const HIDDEN_PERIOD_MS = 60_000;

/**
 * One timer for any number of listeners. It runs only while somebody listens. A ticker that stops on a hidden page ticks at
 * once when the page is visible again.
 */
export class Ticker {
  readonly #periodMs: number;
  readonly #onHiddenPage: "stops" | "goes on";
  readonly #listeners = new Listeners();
  #timer: ReturnType<typeof setInterval> | null = null;
  #hiddenRequests = 0;

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

  /** Until the returned function is called, this ticker ticks once a minute on a hidden page. Alerts that notify need it. */
  tickOnHiddenPage(): () => void {
    this.#hiddenRequests += 1;
    this.#reschedule();
    return () => {
      this.#hiddenRequests -= 1;
      this.#reschedule();
    };
  }

  #start(): void {
    if (this.#onHiddenPage === "stops") document.addEventListener("visibilitychange", this.#visibilityChanged);
    this.#schedule();
  }

  #stop(): void {
    if (this.#onHiddenPage === "stops") document.removeEventListener("visibilitychange", this.#visibilityChanged);
    this.#cancel();
  }

  readonly #visibilityChanged = (): void => {
    this.#reschedule();
    if (document.visibilityState === "visible") this.#listeners.notify();
  };

  #reschedule(): void {
    this.#cancel();
    if (this.#listeners.size > 0) this.#schedule();
  }

  #schedule(): void {
    const periodMs = this.#currentPeriodMs();
    if (periodMs !== null) this.#timer = setInterval(() => this.#listeners.notify(), periodMs);
  }

  #currentPeriodMs(): number | null {
    if (this.#onHiddenPage === "goes on" || document.visibilityState === "visible") return this.#periodMs;
    return this.#hiddenRequests > 0 ? HIDDEN_PERIOD_MS : null;
  }

  #cancel(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** The one timer of everything on a page that counts seconds, however many rows there are. */
export const secondTicker = new Ticker(SECOND_MS, "stops");
