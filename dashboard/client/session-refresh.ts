import type { AgentClientOptions, Clock } from "./contract.ts";

/** The client extends a session after this part of the remaining time, which leaves time for a second attempt. */
const REFRESH_AT = 0.8;
/** Above this a browser's `setTimeout` wraps around and fires at once (HTML, timers: a signed 32-bit number of ms). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface SessionPort {
  getTicket: AgentClientOptions["getTicket"];
  live(): boolean;
  sendRefresh(ticket: string): void;
}

/** Extends a session with a new ticket. If every attempt fails, the hub closes with 4401 and the client reconnects. */
export class SessionRefresh {
  readonly #clock: Clock;
  readonly #port: SessionPort;
  #timer: unknown = null;

  constructor(clock: Clock, port: SessionPort) {
    this.#clock = clock;
    this.#port = port;
  }

  /** Plans the next refresh of a session that ends in `leftMs`. */
  schedule(leftMs: number, attempt = 0): void {
    this.stop();
    const wait = Math.min(leftMs * REFRESH_AT, LONGEST_TIMER_MS);
    this.#timer = this.#clock.setTimeout(() => void this.#refresh(leftMs - wait, attempt), wait);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #refresh(leftMs: number, attempt: number): Promise<void> {
    if (!this.#port.live()) return;
    const timer = this.#timer;
    try {
      const ticket = await this.#port.getTicket({ reason: "refresh", attempt });
      if (this.#timer === timer && this.#port.live()) this.#port.sendRefresh(ticket);
    } catch {
      if (this.#timer === timer && leftMs > SHORTEST_LEFT_MS) this.schedule(leftMs, attempt + 1);
    }
  }
}

/** With less time than this, another attempt would arrive too late. */
const SHORTEST_LEFT_MS = 1_000;
