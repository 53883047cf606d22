import type { ClientMessage } from "../../protocol/messages.ts";
import type { ConnectionPort } from "./connection-port.ts";
import type { AgentClientOptions, Clock, Connection, ConnectionStatus } from "./contract.ts";
import { ABOUT_NOTHING, attemptEnd, NO_ANSWER, USED_TICKET } from "./failed-attempt.ts";
import { type HubFrame, parseFrame } from "./frames.ts";
import { Heartbeat } from "./heartbeat.ts";
import { idleConnection } from "./idle-connection.ts";
import { listenToPage } from "./page-events.ts";
import { Poller } from "./poller.ts";
import { type ConnectionEnd, decideRetry, FRESH, type RetryDecision, type RetryState } from "./retry-policy.ts";
import { listenToSocket, subprotocols } from "./socket-frames.ts";
import { requestTicket } from "./ticket-request.ts";
import { ANSWER_DEADLINE_MS, noAnswer, Timer } from "./timer.ts";
import { COMPACT_SUBPROTOCOL } from "./wire.ts";

/** An attempt that is older than this when the page wakes has most likely slept, so a new one is quicker. */
const OLD_ATTEMPT_MS = 3_000;
/** `lastMessageAt` changes at most this often. Otherwise every frame would redraw each component that shows the connection. */
const LAST_MESSAGE_STEP_MS = 1_000;
/** So many sockets in a row got a ticket and no frame: something on the way lets requests through, but no sockets. */
const SOCKETS_WITHOUT_FRAMES = 3;
/** While the client polls, it tries a socket so often. The network may be another one by then. */
const SOCKET_RETRY_MS = 60_000;

/** A page may send only this code (RFC 6455 section 7.4.1) and 3000-4999. */
const NORMAL_CLOSURE = 1000;

/** Keeps one connection: ticket, socket, keepalive, and the next attempt when `retry-policy.ts` decides on one. */
export class HubConnection {
  readonly #options: AgentClientOptions;
  readonly #clock: Clock;
  readonly #port: ConnectionPort;
  readonly #poller: Poller;
  readonly #timer: Timer;
  #snapshot: Connection;
  #retry: RetryState = FRESH;
  /** As the hub said last. */
  #comeBackWithinMs = 0;
  #socket: WebSocket | null = null;
  #liveAt: number | null = null;
  #heartbeat: Heartbeat | null = null;
  #unlisten: (() => void) | null = null;
  /** Aborts with the end of the attempt, so that its later events are ignored. */
  #attempt = new AbortController();
  #attemptedAt = 0;
  #socketsWithoutFrames = 0;
  /** Whether to offer packed frames. Something on the way may break them. */
  #offersCompact = true;

  constructor(options: AgentClientOptions, clock: Clock, port: ConnectionPort) {
    this.#options = options;
    this.#clock = clock;
    this.#port = port;
    this.#timer = new Timer(clock);
    this.#snapshot = idleConnection(clock.now());
    this.#poller = new Poller(clock, port.address("agents"), {
      ticket: (stop) => this.ticket("poll", stop),
      onAnswer: (list, signal) => this.#polled(list, signal),
      onFailure: (error, hasTicket) => this.#pollFailed(error, hasTicket),
    });
  }

  get snapshot(): Connection {
    return this.#snapshot;
  }

  /** Whether the hub knows the messages that came with compact rows. An older one would count them as mistakes. */
  get compact(): boolean {
    return this.#socket?.protocol === COMPACT_SUBPROTOCOL;
  }

  connect(): void {
    if (this.#unlisten === null) this.reconnect();
  }

  reconnect(): void {
    this.#unlisten ??= listenToPage(
      () => this.#wake(),
      () => this.#connectionEnded({ kind: "offline" }, null),
      () => this.#port.onVisibility(),
    );
    this.#retry = FRESH;
    this.#stopPolling();
    void this.#open(this.#snapshot.status === "live" ? "reconnecting" : "connecting");
  }

  close(): void {
    if (this.#unlisten !== null) this.#stop("closed", null, null);
  }

  /** Sends a message. Drops it and returns false while there is no live socket. */
  send(message: ClientMessage): boolean {
    if (this.#liveAt === null) return false;
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  /** Asks the page for a ticket. @throws what `getTicket` throws, and InvalidTicketError when that is none. */
  ticket(reason: "connect" | "refresh" | "poll", stop: AbortSignal, attempt = this.#retry.failures): Promise<string> {
    return requestTicket(this.#options.getTicket, { reason, attempt, url: this.#port.address("tickets"), signal: stop });
  }

  /** Ends a connection that owes an answer to `question`, and starts another one. */
  timedOut(question: string): void {
    this.#connectionEnded({ kind: "timeout", liveMs: this.#liveMs() }, noAnswer(question));
  }

  async #open(status: ConnectionStatus): Promise<void> {
    this.#releaseSocket();
    const { signal } = this.#attempt;
    this.#attemptedAt = this.#clock.now();
    if (!this.#polling) this.#set({ status, attempt: this.#retry.failures, nextRetryAt: null });
    // Here and below: a listener, or `getTicket`, may have closed the client or started another attempt.
    if (signal.aborted) return;
    const Socket = this.#Socket;
    if (Socket === undefined) return this.#poller.start();
    let hasTicket = false;
    const failed = (error: unknown) => {
      if (!signal.aborted) this.#connectionEnded(attemptEnd(error, hasTicket, this.#retry), error);
    };
    this.#timer.start(ANSWER_DEADLINE_MS, () => failed(noAnswer("getTicket")));
    try {
      const ticket = await this.ticket("connect", signal);
      hasTicket = true;
      if (signal.aborted) return;
      // The last attempt before polling, and those beside it, are without.
      const compact = this.#offersCompact && this.#socketsWithoutFrames < SOCKETS_WITHOUT_FRAMES - 1;
      this.#attach(new Socket(this.#port.address("live"), subprotocols(ticket, compact)), signal);
    } catch (error) {
      failed(error);
    }
  }

  #attach(socket: WebSocket, signal: AbortSignal): void {
    this.#socket = socket;
    this.#timer.start(ANSWER_DEADLINE_MS, () => this.timedOut("The socket"));
    listenToSocket(socket, signal, {
      onMessage: (pong) => this.#heartbeat?.messageReceived(pong),
      onText: (text) => this.#received(text, signal),
      onClose: (code) => this.#connectionEnded({ kind: "close", code, liveMs: this.#liveMs() }, new Error(`Close code ${code}.`)),
      onBroken: (error) => {
        this.#offersCompact = false;
        this.#connectionEnded({ kind: "unreadable_frame", liveMs: this.#liveMs() }, error);
      },
    });
  }

  #received(data: unknown, signal: AbortSignal): void {
    this.#noteMessage();
    const message = parseFrame(data);
    if (message === null || signal.aborted) return;
    const whole = message.type === "initialAgentList" || message.type === "resumed";
    if (whole) this.#comeBackWithinMs = message.comeBackWithinMs ?? 0;
    const first = this.#liveAt === null && whole;
    if (first) this.#liveAt = this.#clock.now();
    this.#port.applyFrame(message);
    if (first && !signal.aborted) this.#wentLive();
  }

  #noteMessage(): void {
    const now = this.#clock.now();
    // A clock that was set back is no reason to show the old time for hours.
    if (Math.abs(now - (this.#snapshot.lastMessageAt ?? 0)) >= LAST_MESSAGE_STEP_MS) this.#set({ lastMessageAt: now });
  }

  #wentLive(): void {
    this.#timer.stop();
    this.#stopPolling();
    this.#heartbeat = new Heartbeat(this.#clock, {
      send: (text) => this.#socket?.send(text),
      onDead: () => this.timedOut("A ping"),
      onLatency: (latencyMs) => this.#set({ latencyMs }),
    });
    this.#setLive("socket");
  }

  #setLive(transport: "socket" | "polling"): void {
    this.#set({ status: "live", transport, attempt: 0, nextRetryAt: null, latencyMs: null, error: null, cause: null });
    this.#port.onLive(transport);
  }

  #connectionEnded(end: ConnectionEnd, thrown: unknown): void {
    const decision = decideRetry(this.#retry, end, (this.#options.random ?? Math.random)(), this.#comeBackWithinMs);
    const { error } = decision;
    const willRetry = decision.kind === "retry";
    const isUsed = error === "ticket_expired" && this.#retry.ticketRenewed && this.#liveAt === null;
    const cause = isUsed ? USED_TICKET : thrown;
    // A retry soon fails in the same way, so the first failure of a row is enough.
    const isFirst = isUsed ? cause !== this.#snapshot.cause : error === "ticket_failed" && this.#retry.failures === 0;
    const mistake = end.kind === "ticket_invalid" || isFirst;
    // Without a network there is no polling either.
    if (end.kind === "offline") this.#stopPolling();
    const isReported = !this.#polling || !willRetry;
    if (decision.kind === "retry") this.#retryLater(decision, end, cause);
    else {
      const signedOut = end.kind === "ticket" && end.status === 401;
      this.#stop(decision.status, error, cause, decision.status === "unauthorized" && !signedOut);
    }
    // The last step, because the page may answer with `close` or `reconnect`.
    if (isReported) this.#port.onProblem({ error, cause, willRetry, ...ABOUT_NOTHING, mistake });
  }

  #retryLater(
    { state, error, delayMs: asked }: Extract<RetryDecision, { kind: "retry" }>,
    end: ConnectionEnd,
    cause: unknown,
  ): void {
    if (this.#liveAt === null && (error === "network" || error === "timeout")) this.#socketsWithoutFrames += 1;
    this.#releaseSocket();
    const { signal } = this.#attempt;
    this.#retry = state;
    const delayMs = this.#polling ? SOCKET_RETRY_MS : asked;
    this.#timer.start(delayMs, () => void this.#open("reconnecting"));
    if (!this.#polling) {
      this.#set({
        status: end.kind === "offline" ? "offline" : "reconnecting",
        transport: null,
        attempt: state.failures,
        nextRetryAt: this.#clock.now() + delayMs,
        error,
        cause,
      });
    }
    if (this.#socketsWithoutFrames >= SOCKETS_WITHOUT_FRAMES && !signal.aborted) this.#poller.start();
  }

  get #polling(): boolean {
    return this.#snapshot.transport === "polling";
  }

  /** Undefined where there is none, as in Node before version 22. */
  get #Socket(): typeof WebSocket | undefined {
    return this.#options.WebSocket ?? globalThis.WebSocket;
  }

  #polled(list: HubFrame | null, signal: AbortSignal): void {
    this.#noteMessage();
    if (list !== null) this.#port.applyFrame(list);
    if (this.#polling || signal.aborted) return;
    this.#retry = FRESH;
    this.#setLive("polling");
  }

  /** While sockets are tried, only a refusal counts. After polls that worked, the next attempt begins with a socket. */
  #pollFailed(error: unknown, hasTicket: boolean): void {
    const end = attemptEnd(error, hasTicket, this.#retry);
    const isRefused = hasTicket && (end.kind !== "close" || end.code !== NO_ANSWER.code);
    if (this.#polling || this.#Socket === undefined || isRefused) {
      this.#stopPolling();
      this.#connectionEnded(end, error);
    }
    this.#socketsWithoutFrames = SOCKETS_WITHOUT_FRAMES - 1;
  }

  /** Call before a change of the snapshot: it tells nobody. */
  #stopPolling(): void {
    this.#poller.stop();
    this.#socketsWithoutFrames = 0;
    this.#snapshot = { ...this.#snapshot, transport: null };
  }

  #wake(): void {
    const old = this.#heartbeat === null && this.#clock.now() - this.#attemptedAt > OLD_ATTEMPT_MS;
    if (this.#snapshot.nextRetryAt !== null || old) void this.#open("reconnecting");
    else this.#heartbeat?.wake();
  }

  #stop(status: ConnectionStatus, error: string | null, cause: unknown, revoked = false): void {
    this.#releaseSocket();
    this.#poller.stop();
    this.#unlisten?.();
    this.#unlisten = null;
    this.#set({ status, transport: null, attempt: 0, nextRetryAt: null, error, cause });
    this.#port.onStop(revoked);
  }

  /** Releases socket and timers. Later events of this attempt are ignored. */
  #releaseSocket(): void {
    this.#attempt.abort();
    this.#attempt = new AbortController();
    this.#liveAt = null;
    this.#timer.stop();
    this.#heartbeat?.stop();
    this.#heartbeat = null;
    this.#socket?.close(NORMAL_CLOSURE);
    this.#socket = null;
    this.#port.onRelease();
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
