import type { Clock } from "./contract.ts";
import { PING } from "./wire.ts";

/** Below the 30 s after which some company proxies close a silent connection. */
const HEARTBEAT_MS = 25_000;
/** After this time without an answer the connection is dead, even if the operating system still shows it as open. */
const PONG_DEADLINE_MS = 10_000;
/** After sleep or a change of network the connection is probably dead, so this deadline is shorter. */
export const WAKE_DEADLINE_MS = 3_000;

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
  #next: unknown = null;
  #deadline: unknown = null;
  #pingedAt = 0;

  constructor(clock: Clock, port: HeartbeatPort) {
    this.#clock = clock;
    this.#port = port;
    this.probe(PONG_DEADLINE_MS);
  }

  /** Sends a ping. The connection is dead if no message arrives within `deadlineMs`. */
  probe(deadlineMs: number): void {
    this.stop();
    this.#pingedAt = this.#clock.now();
    this.#deadline = this.#clock.setTimeout(() => this.#port.onDead(), deadlineMs);
    this.#port.send(PING);
  }

  /** Call for every message from the hub. Any message proves that the connection lives. A pong also gives the latency. */
  messageReceived(pong: boolean): void {
    if (this.#deadline === null) return;
    this.stop();
    if (pong) this.#port.onLatency(Math.max(0, this.#clock.now() - this.#pingedAt));
    this.#next = this.#clock.setTimeout(() => this.probe(PONG_DEADLINE_MS), HEARTBEAT_MS);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#next);
    this.#clock.clearTimeout(this.#deadline);
    this.#deadline = null;
  }
}
