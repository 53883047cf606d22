import type { ClientMessage } from "../../protocol/messages.ts";

/** The hub has no viewer served oftener than this, and none slower than the second (docs/protocol.md). */
const FASTEST_MS = 100;
const SLOWEST_MS = 10_000;
/** Nobody looks at a hidden page. Its alerts still come within a second. */
const HIDDEN_MS = 1_000;

/** Tells the hub how often this page wants news. A new connection gets every flush until it says something else. */
export class Pace {
  readonly #send: (message: ClientMessage) => boolean;
  #asked = FASTEST_MS;
  #sent = FASTEST_MS;

  /** @param send returns false when the message cannot be sent, or the hub would not understand it. */
  constructor(send: (message: ClientMessage) => boolean) {
    this.#send = send;
  }

  /** @param intervalMs null = as often as the hub sends. */
  setPace(intervalMs: number | null): void {
    this.#asked = Math.min(SLOWEST_MS, Math.max(FASTEST_MS, Math.round(intervalMs ?? FASTEST_MS) || FASTEST_MS));
    this.update();
  }

  /** Call when a socket is live. */
  connected(): void {
    this.#sent = FASTEST_MS;
    this.update();
  }

  /** Call when the page was hidden or shown. */
  update(): void {
    const hidden = typeof document !== "undefined" && document.visibilityState === "hidden";
    const intervalMs = Math.max(this.#asked, hidden ? HIDDEN_MS : FASTEST_MS);
    if (intervalMs !== this.#sent && this.#send({ type: "pace", intervalMs })) this.#sent = intervalMs;
  }
}
