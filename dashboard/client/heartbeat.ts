import type { Clock } from "./contract.ts";
import { PING } from "./wire.ts";

/** Below the 30 s after which some company proxies drop a silent connection. */
const HEARTBEAT_MS = 25_000;
/** No answer for so long: the connection is dead, whatever the operating system believes. */
const PONG_DEADLINE_MS = 10_000;
/** After a sleep or a change of network the connection is probably dead: find out sooner. */
export const WAKE_DEADLINE_MS = 3_000;

export interface HeartbeatPort {
  send(text: string): void;
  /** The other side has not answered in time. */
  dead(): void;
  /** An answer to a ping came after so many milliseconds. */
  latency(ms: number): void;
}

/** Text pings on one live connection, which the hub's runtime answers without waking the hub. */
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

  /** Pings now. Anything that comes in within `deadlineMs` proves that the connection lives. */
  probe(deadlineMs: number): void {
    this.stop();
    this.#pingedAt = this.#clock.now();
    this.#deadline = this.#clock.setTimeout(() => this.#port.dead(), deadlineMs);
    this.#port.send(PING);
  }

  /** Call for every message from the hub. Any message proves that the connection lives; a pong also gives the latency. */
  messageReceived(pong: boolean): void {
    if (this.#deadline === null) return;
    this.stop();
    if (pong) this.#port.latency(Math.max(0, this.#clock.now() - this.#pingedAt));
    this.#next = this.#clock.setTimeout(() => this.probe(PONG_DEADLINE_MS), HEARTBEAT_MS);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#next);
    this.#clock.clearTimeout(this.#deadline);
    this.#deadline = null;
  }
}
