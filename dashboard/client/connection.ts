import type { ClientMessage, ServerMessage } from "../../protocol/messages.ts";
import type { AgentClientOptions, Clock, Connection, ConnectionStatus } from "./contract.ts";
import { parseFrame } from "./frames.ts";
import { Heartbeat, WAKE_DEADLINE_MS } from "./heartbeat.ts";
import { listenToPage } from "./page-events.ts";
import { type ConnectionEnd, decideRetry, FRESH, type RetryState } from "./retry-policy.ts";
import { PONG, SUBPROTOCOL, TICKET_PREFIX } from "./wire.ts";

/** The longest wait from opening a socket to the first list of agents. */
const OPEN_DEADLINE_MS = 15_000;
/** `lastMessageAt` changes at most this often. Otherwise every frame would redraw each component that shows the connection. */
const LAST_MESSAGE_STEP_MS = 1_000;

/** A page may send only this code (RFC 6455 section 7.4.1) and 3000-4999. */
const NORMAL_CLOSURE = 1000;

export interface ConnectionPort {
  /** Returns the address of the socket. Each attempt asks again, because the address contains the position to resume from. */
  address(): string;
  applyFrame(message: ServerMessage): void;
  /** Called when a new connection is live, after {@link applyFrame} has had its first frame. */
  onLive(): void;
  /** Called when the connection has ended and does not retry. */
  onStop(): void;
  /** Called after every change of the snapshot. */
  onChange(): void;
}

/** Keeps one connection: ticket, socket, keepalive, and the next attempt when `retry-policy.ts` decides on one. */
export class HubConnection {
  readonly #options: AgentClientOptions;
  readonly #clock: Clock;
  readonly #port: ConnectionPort;
  #snapshot: Connection;
  #retry: RetryState = FRESH;
  /** As the hub said last. */
  #comeBackWithinMs = 0;
  #socket: WebSocket | null = null;
  #liveAt: number | null = null;
  #heartbeat: Heartbeat | null = null;
  #timer: unknown = null;
  #unlisten: (() => void) | null = null;
  /** Grows with every attempt and every end, so that events of an earlier attempt are ignored. */
  #attempt = 0;

  constructor(options: AgentClientOptions, clock: Clock, port: ConnectionPort) {
    this.#options = options;
    this.#clock = clock;
    this.#port = port;
    this.#snapshot = {
      status: "idle",
      since: clock.now(),
      attempt: 0,
      nextRetryAt: null,
      lastMessageAt: null,
      latencyMs: null,
      error: null,
    };
  }

  get snapshot(): Connection {
    return this.#snapshot;
  }

  get live(): boolean {
    return this.#liveAt !== null;
  }

  connect(): void {
    if (this.#unlisten === null) this.reconnect();
  }

  reconnect(): void {
    this.#unlisten ??= listenToPage(
      () => this.#wake(),
      () => this.#connectionEnded({ kind: "offline" }),
    );
    this.#retry = FRESH;
    void this.#open(this.#snapshot.status === "live" ? "reconnecting" : "connecting");
  }

  close(): void {
    if (this.#unlisten !== null) this.#stop("closed", null);
  }

  /** Sends a message. Drops it while there is no live connection. */
  send(message: ClientMessage): void {
    if (this.#liveAt !== null) this.#socket?.send(JSON.stringify(message));
  }

  async #open(status: ConnectionStatus): Promise<void> {
    this.#releaseSocket();
    const attempt = this.#attempt;
    this.#set({ status, attempt: this.#retry.failures, nextRetryAt: null });
    try {
      const ticket = await this.#options.getTicket({ reason: "connect", attempt: this.#retry.failures });
      if (attempt !== this.#attempt) return;
      const Socket = this.#options.WebSocket ?? WebSocket;
      this.#attach(new Socket(this.#port.address(), [SUBPROTOCOL, TICKET_PREFIX + ticket]), attempt);
    } catch (error) {
      if (attempt === this.#attempt) this.#connectionEnded({ kind: "ticket", status: httpStatus(error) });
    }
  }

  #attach(socket: WebSocket, attempt: number): void {
    this.#socket = socket;
    this.#timer = this.#clock.setTimeout(() => this.#timedOut(), OPEN_DEADLINE_MS);
    socket.onmessage = ({ data }) => {
      if (attempt === this.#attempt) this.#received(data);
    };
    socket.onclose = ({ code }) => {
      if (attempt === this.#attempt) this.#connectionEnded({ kind: "close", code, liveMs: this.#liveMs() });
    };
  }

  #received(data: unknown): void {
    this.#heartbeat?.messageReceived(data === PONG);
    const now = this.#clock.now();
    if (now - (this.#snapshot.lastMessageAt ?? 0) >= LAST_MESSAGE_STEP_MS) this.#set({ lastMessageAt: now });
    const message = parseFrame(data);
    if (message === null) return;
    const whole = message.type === "initialAgentList" || message.type === "resumed";
    if (whole) this.#comeBackWithinMs = message.comeBackWithinMs ?? 0;
    const first = this.#liveAt === null && whole;
    if (first) this.#liveAt = now;
    this.#port.applyFrame(message);
    if (first) this.#wentLive();
  }

  #wentLive(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#heartbeat = new Heartbeat(this.#clock, {
      send: (text) => this.#socket?.send(text),
      onDead: () => this.#timedOut(),
      onLatency: (latencyMs) => this.#set({ latencyMs }),
    });
    this.#set({ status: "live", attempt: 0, error: null });
    this.#port.onLive();
  }

  #timedOut(): void {
    this.#connectionEnded({ kind: "timeout", liveMs: this.#liveMs() });
  }

  #connectionEnded(end: ConnectionEnd): void {
    const decision = decideRetry(this.#retry, end, (this.#options.random ?? Math.random)(), this.#comeBackWithinMs);
    if (decision.kind === "stop") {
      this.#stop(decision.status, decision.error);
      return;
    }
    this.#releaseSocket();
    this.#retry = decision.state;
    this.#timer = this.#clock.setTimeout(() => void this.#open("reconnecting"), decision.delayMs);
    this.#set({
      status: end.kind === "offline" ? "offline" : "reconnecting",
      attempt: decision.state.failures,
      nextRetryAt: this.#clock.now() + decision.delayMs,
      error: decision.error,
    });
  }

  #wake(): void {
    if (this.#snapshot.nextRetryAt !== null) void this.#open("reconnecting");
    else this.#heartbeat?.probe(WAKE_DEADLINE_MS);
  }

  #stop(status: ConnectionStatus, error: string | null): void {
    this.#releaseSocket();
    this.#unlisten?.();
    this.#unlisten = null;
    this.#set({ status, attempt: 0, nextRetryAt: null, error });
    this.#port.onStop();
  }

  /** Releases socket and timers. Later events of this attempt are ignored. */
  #releaseSocket(): void {
    this.#attempt += 1;
    this.#liveAt = null;
    this.#clock.clearTimeout(this.#timer);
    this.#heartbeat?.stop();
    this.#heartbeat = null;
    this.#socket?.close(NORMAL_CLOSURE);
    this.#socket = null;
  }

  #liveMs(): number {
    return this.#liveAt === null ? 0 : this.#clock.now() - this.#liveAt;
  }

  #set(change: Partial<Connection>): void {
    const next = { ...this.#snapshot, ...change };
    if (next.status !== this.#snapshot.status) next.since = this.#clock.now();
    this.#snapshot = next;
    this.#port.onChange();
  }
}

/** Returns the `status` of an error. The errors of most HTTP clients have one. */
function httpStatus(error: unknown): unknown {
  return error instanceof Error && "status" in error ? error.status : null;
}
