import type { Clock } from "./contract.ts";
import { InvalidTicketError } from "./ticket-request.ts";
import { ANSWER_DEADLINE_MS, noAnswer, Timer } from "./timer.ts";

/** The client extends a session after this part of the remaining time, which leaves time for a second attempt. */
const REFRESH_AT = 0.8;
/** Above this a browser's `setTimeout` wraps around and fires at once (HTML, timers: a signed 32-bit number of ms). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** The hub reads messages of 4,096 bytes at most, and the ticket of a person in many groups is longer (docs/protocol.md, SES-9). */
const LONGEST_TICKET = 4096 - '{"type":"refresh","ticket":""}'.length;
/** With less time than this, another attempt would arrive too late. */
const SHORTEST_LEFT_MS = 1_000;

export interface SessionPort {
  /** Returns a ticket or throws. `attempt` counts the failures of this refresh. */
  ticket(stop: AbortSignal, attempt: number): Promise<string>;
  sendRefresh(ticket: string): void;
  /** Called with what {@link ticket} has thrown. */
  onFailure(error: unknown, willRetry: boolean): void;
}

/** Extends a session with a new ticket, until `stop`: call it when the connection ends. If every attempt fails, the hub closes with 4401 and the client reconnects. */
export class SessionRefresh {
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #port: SessionPort;
  #attempt = new AbortController();

  constructor(clock: Clock, port: SessionPort) {
    this.#clock = clock;
    this.#timer = new Timer(clock);
    this.#port = port;
  }

  /** Plans the next refresh of a session that ends in `leftMs`. */
  schedule(leftMs: number, attempt = 0): void {
    this.stop();
    const wait = Math.min(leftMs * REFRESH_AT, LONGEST_TIMER_MS);
    const endsAt = this.#clock.now() + leftMs;
    this.#timer.start(wait, () => void this.#refresh(endsAt, attempt));
  }

  stop(): void {
    this.#timer.stop();
    this.#attempt.abort();
    this.#attempt = new AbortController();
  }

  async #refresh(endsAt: number, attempt: number): Promise<void> {
    const { signal } = this.#attempt;
    const failed = (error: unknown) => {
      if (signal.aborted) return;
      const leftMs = endsAt - this.#clock.now();
      const willRetry = leftMs > SHORTEST_LEFT_MS && !(error instanceof InvalidTicketError);
      this.stop();
      if (willRetry) this.schedule(leftMs, attempt + 1);
      // The last step, because the page may close the client.
      this.#port.onFailure(error, willRetry);
    };
    this.#timer.start(ANSWER_DEADLINE_MS, () => failed(noAnswer("getTicket")));
    try {
      const ticket = await this.#port.ticket(signal, attempt);
      if (signal.aborted) return;
      this.#timer.stop();
      // Otherwise the session ends with 4401, and the client comes back with a new ticket.
      if (ticket.length <= LONGEST_TICKET) this.#port.sendRefresh(ticket);
    } catch (error) {
      failed(error);
    }
  }
}
