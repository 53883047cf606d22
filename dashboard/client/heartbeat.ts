import type { Clock } from "./contract.ts";
import { Timer } from "./timer.ts";
import { PING } from "./wire.ts";

/** Below the 30 s after which some company proxies close a silent connection. */
const HEARTBEAT_MS = 25_000;
/** After this time without an answer the connection is dead, even if the operating system still shows it as open. */
const PONG_DEADLINE_MS = 10_000;
/** After sleep or a change of network the connection is probably dead, so this deadline is shorter. */
const WAKE_DEADLINE_MS = 3_000;

export interface HeartbeatPort {
  send(text: string): void;
  /** Called when the hub has not answered in time. */
  onDead(): void;
  /** Called with the round trip of a ping in milliseconds. */
  onLatency(ms: number): void;
}

/** Sends text pings on one live connection. The hub's runtime answers them without waking the hub. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #port: HeartbeatPort;
  readonly #next: Timer;
  readonly #deadline: Timer;
  #waiting = false;
  #pingedAt = 0;
  /** Pings without a pong. The hub answers each, in order. */
  #unanswered = 0;
  #waking = false;

  constructor(clock: Clock, port: HeartbeatPort) {
    this.#clock = clock;
    this.#port = port;
    this.#next = new Timer(clock);
    this.#deadline = new Timer(clock);
    this.#probe(PONG_DEADLINE_MS);
  }

  /**
   * Call after sleep or a change of network. The connection is dead if nothing arrives for 3 s. It lives only with the pong of
   * this ping: a message that arrives before may have been on its way since before the sleep.
   */
  wake(): void {
    this.#waking = true;
    this.#probe(WAKE_DEADLINE_MS);
  }

  /** Call for every message from the hub. A message proves that the connection lives. A pong also gives the latency. */
  messageReceived(pong: boolean): void {
    if (pong) this.#unanswered = Math.max(0, this.#unanswered - 1);
    if (!this.#waiting) return;
    const answered = pong && this.#unanswered === 0;
    if (this.#waking && !answered) {
      this.#startDeadline(WAKE_DEADLINE_MS);
      return;
    }
    this.stop();
    this.#next.start(HEARTBEAT_MS, () => this.#probe(PONG_DEADLINE_MS));
    // The last step: whoever hears of it may stop this heartbeat.
    if (answered) this.#port.onLatency(Math.max(0, this.#clock.now() - this.#pingedAt));
  }

  stop(): void {
    this.#next.stop();
    this.#deadline.stop();
    this.#waiting = false;
    this.#waking = false;
  }

  /** Sends a ping. The connection is dead if no message arrives within `deadlineMs`. */
  #probe(deadlineMs: number): void {
    this.#next.stop();
    this.#pingedAt = this.#clock.now();
    this.#unanswered += 1;
    this.#waiting = true;
    this.#startDeadline(deadlineMs);
    this.#port.send(PING);
  }

  #startDeadline(ms: number): void {
    this.#deadline.start(ms, () => this.#port.onDead());
  }
}
