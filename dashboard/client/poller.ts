import type { Clock } from "./contract.ts";
import { type HubFrame, readFrame } from "./frames.ts";
import { askedWaitMs } from "./hub-questions.ts";
import { ANSWER_DEADLINE_MS, noAnswer, Timer } from "./timer.ts";

/** How often the agents are asked for. Each time costs a ticket, and a person gets 60 a minute: enough for five tabs. */
const POLL_MS = 5_000;

export interface PollerPort {
  /** Returns a fresh ticket. @throws what `getTicket` throws */
  ticket(stop: AbortSignal): Promise<string>;
  /** Called with the list of agents, or with null when nothing has changed. `signal` aborts when the poller stops. */
  onAnswer(list: HubFrame | null, signal: AbortSignal): void;
  /**
   * Called once. The poller has stopped. `hasTicket`: the hub did not answer or refused, else `ticket` failed. The error carries
   * the HTTP `status` and `retryAfterMs` if there were any.
   */
  onFailure(error: unknown, hasTicket: boolean): void;
}

/** Asks for the agents again and again, where no WebSocket gets through. */
export class Poller {
  readonly #timer: Timer;
  readonly #address: string;
  readonly #port: PollerPort;
  #stop: AbortController | null = null;
  #etag = "";

  /** @param address of the agents: `…/v1/instances/{id}/agents`. */
  constructor(clock: Clock, address: string, port: PollerPort) {
    this.#timer = new Timer(clock);
    this.#address = address;
    this.#port = port;
  }

  /** Polls at once, and then every 5 s. Does nothing while it runs. */
  start(): void {
    if (this.#stop !== null) return;
    this.#etag = "";
    this.#stop = new AbortController();
    void this.#poll(this.#stop);
  }

  stop(): void {
    this.#timer.stop();
    this.#stop?.abort();
    this.#stop = null;
  }

  async #poll(stop: AbortController): Promise<void> {
    let hasTicket = false;
    const failed = (error: unknown) => {
      if (this.#stop !== stop) return;
      this.stop();
      this.#port.onFailure(error, hasTicket);
    };
    this.#timer.start(ANSWER_DEADLINE_MS, () => failed(noAnswer("A poll")));
    try {
      const ticket = await this.#port.ticket(stop.signal);
      hasTicket = true;
      const list = await this.#ask(ticket, stop.signal);
      if (this.#stop !== stop) return;
      this.#timer.start(POLL_MS, () => void this.#poll(stop));
      this.#port.onAnswer(list, stop.signal);
    } catch (error) {
      failed(error);
    }
  }

  async #ask(ticket: string, signal: AbortSignal): Promise<HubFrame | null> {
    const headers = { authorization: `Bearer ${ticket}`, "if-none-match": this.#etag };
    const answer = await fetch(this.#address, { headers, signal });
    const { status } = answer;
    if (status === 304) return null;
    const list = answer.ok ? readFrame({ ...(await answer.json()), type: "initialAgentList" }) : null;
    if (list === null) {
      throw Object.assign(new Error(`A poll got ${status}.`), { status, retryAfterMs: askedWaitMs(answer) });
    }
    this.#etag = answer.headers.get("etag") ?? "";
    return list;
  }
}
