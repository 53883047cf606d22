import type { AgentClientOptions, Clock } from "./contract.ts";

/** A session is extended when this part of what is left of it has gone by: time enough for a second try. */
const REFRESH_AT = 0.8;
/** Above this a browser's `setTimeout` wraps around and fires at once (HTML, timers: a signed 32-bit number of ms). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface SessionPort {
  getTicket: AgentClientOptions["getTicket"];
  /** Whether there is a session to extend. */
  live(): boolean;
  refresh(ticket: string): void;
}

/** Asks for a new ticket before the session ends. If that fails until the end, the hub closes with 4401 and a new connection starts. */
export class SessionRefresh {
  readonly #clock: Clock;
  readonly #port: SessionPort;
  #timer: unknown = null;

  constructor(clock: Clock, port: SessionPort) {
    this.#clock = clock;
    this.#port = port;
  }

  /** The session has `leftMs` to go. */
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
      if (this.#timer === timer && this.#port.live()) this.#port.refresh(ticket);
    } catch {
      if (this.#timer === timer && leftMs > SHORTEST_LEFT_MS) this.schedule(leftMs, attempt + 1);
    }
  }
}

/** With less than this left, another try would hardly arrive in time. */
const SHORTEST_LEFT_MS = 1_000;
