import type { Agent, TranscriptionStatus } from "../../protocol/agent.ts";
import type { CenterAlert } from "../../protocol/alert.ts";
import type { CenterFacts } from "../../protocol/center.ts";
import type { Turn } from "../../protocol/messages.ts";
import type { CenterQueue, QueueQuarter, WaitingContact } from "../../protocol/queue.ts";

/** The types that an embedding program uses. Times are epoch milliseconds on the hub's clock, except where noted. */

/** What `createAgentClient` takes. Every option that may be left out may also be `undefined`. */
export interface AgentClientOptions {
  /** Origin of the hub without a path, e.g. `https://vigia.example.workers.dev`. */
  url: string;
  instanceId: string;
  /**
   * Returns a ticket, which opens one socket within 60 s. Called before every attempt and before a session ends. The client
   * waits 15 s for it. `fetchTicket` is one that asks the hub or your server.
   */
  getTicket: (request: TicketRequest) => string | PromiseLike<string>;
  /** The rows to begin with, for server rendering: the whole answer of `GET …/agents`. The client resumes from there. */
  initialData?: InitialData | undefined;
  /** Called with everything that goes wrong, for a log or an error tracker. */
  onError?: ((problem: ClientProblem) => void) | undefined;
  /** A first listener for `AgentClient.onAgentChange`. */
  onAgentChange?: ((change: AgentChange) => void) | undefined;
  /** Defaults to the global one. The next three are for tests and other runtimes. */
  WebSocket?: typeof WebSocket | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
}

/** What `getTicket` gets. */
export interface TicketRequest {
  /** The hub's address for tickets of this instance. A page with a server of its own asks that instead. */
  url: string;
  /** Aborts when the client no longer waits for this ticket. */
  signal: AbortSignal;
  /** `poll`: for one question over HTTP. */
  reason: "connect" | "refresh" | "poll";
  /** Failed attempts since the last success. */
  attempt: number;
}

/** The answer of `GET /v1/instances/{id}/agents`. */
export interface InitialData {
  epoch: string;
  seq: number;
  serverTime: number;
  /** An older hub sends none. */
  center?: CenterFacts | undefined;
  data: readonly Agent[];
  /** An older hub sends agents only. */
  queues?: readonly CenterQueue[] | undefined;
  alerts?: readonly CenterAlert[] | undefined;
}

/** What went wrong. Contains no ticket and nothing that anybody said. */
export interface ClientProblem {
  /** The word of `Connection.error`, or the hub's word for a refused message (`not_allowed`, `too_many_watched`, …). */
  error: string;
  /** What was thrown, or an Error whose message says what happened. */
  cause: unknown;
  /** Whether the client tries again by itself. */
  willRetry: boolean;
  /** The contact of a refused watch. */
  contactId: string | null;
  /** The queue of a refused watch. */
  queueId: string | null;
  /** The alert of a refused acknowledgement. */
  alertId: string | null;
  /** Whether the code of the page is most likely wrong. Without `onError`, the client logs such a problem. */
  mistake: boolean;
}

/** The time and the timers of a client. `now` returns epoch milliseconds, and waits are in milliseconds. */
export interface Clock {
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** How it stands with the connection. docs/embed.md says what each word means. */
export type ConnectionStatus = "idle" | "connecting" | "live" | "reconnecting" | "offline" | "unauthorized" | "closed";

/** The state of the connection. It is a new object after every change. */
export interface Connection {
  status: ConnectionStatus;
  /** When this status began (this machine's clock). */
  since: number;
  /** Failed attempts since the last success. */
  attempt: number;
  /** When the next attempt starts (this machine's clock). Null while none is planned. */
  nextRetryAt: number | null;
  /** When the hub last sent something (this machine's clock), to the second. */
  lastMessageAt: number | null;
  /** Round trip of the last keepalive in milliseconds. */
  latencyMs: number | null;
  /** How the agents come: by a socket, or by polling where no socket gets through. Null while the connection is not live. */
  transport: "socket" | "polling" | null;
  /** The reason why the connection is not live: a stable word (`ticket_expired`, `revoked`, `network`, …) to translate. */
  error: string | null;
  /** What caused the error, for developers: what `getTicket` threw, or an Error whose message says what happened. */
  cause: unknown;
}

/** An agent as the client keeps it: the public agent, the start of its current call and the trend of its score. */
export interface AgentView extends Agent {
  /** When the current call began: exact, or for an older hub estimated from `duration` to the second. Null off call. */
  callStartedAt: number | null;
  /** Whether somebody listens to the call. Null: nothing is known (also from an older hub), or there is no call. */
  transcription: TranscriptionStatus | null;
  /** The customer's score over the current call, oldest first. Keeps the newest 120 points. */
  trend: readonly TrendPoint[];
}

/** One point of a trend. */
export interface TrendPoint {
  /** When the hub sent it, or an estimate for the time before this client looked. */
  at: number;
  /** -5 to +5, with one decimal. */
  score: number;
}

/** What has been said on a contact, as far as the hub has sent it. */
export interface Transcript {
  contactId: string;
  /** `refused`: the hub sends nothing, `error` says why. */
  status: "loading" | "live" | "complete" | "refused";
  /** The hub's word (`not_allowed`, `too_many_watched`), or `timeout`, `polling` (there is no socket), `revoked` and `closed`. */
  error: string | null;
  /** In the order of `beginMs`. A final turn takes the place of its partial one. */
  turns: readonly Turn[];
}

/** Who waits in a queue. */
export interface QueueContacts {
  queueId: string;
  /** `refused`: the hub sends nothing, `error` says why. */
  status: "loading" | "live" | "refused";
  /** The hub's word (`not_allowed`, …), or `timeout`, `polling` (there is no socket), `old_hub` (it knows no queues), `revoked`, `closed`. */
  error: string | null;
  /** Those who have waited longest, at most 200. */
  contacts: readonly WaitingContact[];
  /** The last hours, oldest first. Empty when the hub sends none. */
  quarters: readonly QueueQuarter[];
}

/** How the hub has answered an acknowledgement. */
export interface AcknowledgeAnswer {
  alertId: string;
  status: "acknowledged" | "refused";
  /** The hub's word (`not_allowed`, …), or `timeout`, `polling` (there is no socket), `gone` (the alert is over) and `closed`. */
  error: string | null;
}

/** What happened to one alert of the center. `before` is undefined for a new alert, `after` for one that has left the list. */
export interface CenterAlertChange {
  alertId: string;
  before: CenterAlert | undefined;
  after: CenterAlert | undefined;
}

/** What to ask the hub over HTTP. */
export interface HubQuestion {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** The resource of the instance, for example `rules` or `alerts?state=all`. */
  resource: string;
  /** Sent as JSON. */
  body?: unknown;
}

/** What the hub answered over HTTP. */
export interface HubReply {
  /** The HTTP status; 0 = there was no answer, or no ticket to ask with. */
  status: number;
  /** The JSON of the answer, or the list of its lines when it is lines of JSON; null = it had none. */
  body: unknown;
  /** When the hub wants to be asked again, in milliseconds from now. Absent = it has not said. */
  retryAfterMs?: number | undefined;
}

/** What happened to one agent. `before` is undefined for a new agent, `after` for one that left. */
export interface AgentChange {
  agentId: string;
  before: AgentView | undefined;
  after: AgentView | undefined;
}

/** No member needs `this`, so each can be passed on alone (`subscribe={client.subscribe}`). */
export interface AgentClient {
  readonly instanceId: string;
  /** What the server rendered, so that the browser's first rendering is the same: the rows of `initialData` at its time. */
  readonly initial: {
    readonly agents: readonly AgentView[];
    readonly queues: readonly CenterQueue[];
    readonly alerts: readonly CenterAlert[];
    readonly now: number;
  };

  connect(): void;
  /** Closes the connection without another attempt. `connect()` opens a new one. */
  close(): void;
  /** Starts a new attempt at once, also after `unauthorized`. */
  reconnect(): void;

  /** Returns all agents in an arbitrary order. The array is the same object until something changes. */
  agents(): readonly AgentView[];
  /** Returns the same object until this agent changes. */
  agent(agentId: string): AgentView | undefined;
  /**
   * Calls the listener once per frame that changes an agent, a queue or an alert, after all changes of the frame are applied.
   * Returns the function that stops it.
   */
  subscribe(listener: () => void): () => void;
  subscribeAgent(agentId: string, listener: () => void): () => void;
  /** Calls the listener for every agent that a frame has changed. The agents of the first list are no changes. */
  onAgentChange(listener: (change: AgentChange) => void): () => void;

  /** Returns all queues in an arbitrary order, none from an older hub. The array is the same object until a queue changes. */
  queues(): readonly CenterQueue[];
  /** Returns the same object until this queue changes. */
  queue(queueId: string): CenterQueue | undefined;
  /** Calls the listener once per frame that changes a queue. */
  subscribeQueues(listener: () => void): () => void;
  subscribeQueue(queueId: string, listener: () => void): () => void;
  queueContacts(queueId: string): QueueContacts;
  /** Asks the hub for the waiting contacts while there is at least one listener. */
  watchQueue(queueId: string, listener: () => void): () => void;

  /** Returns the center's alerts: those that fire first, then the most severe, then the newest. */
  alerts(): readonly CenterAlert[];
  /** Calls the listener once per frame that changes an alert. */
  subscribeAlerts(listener: () => void): () => void;
  /** Calls the listener for every alert that a frame has changed. The alerts of the first list are no changes. */
  onAlertChange(listener: (change: CenterAlertChange) => void): () => void;
  /** Acknowledges an alert for everybody. The promise says how it went, within 15 s; it is never rejected. */
  acknowledge(alertId: string): Promise<AcknowledgeAnswer>;

  /** Asks the hub over HTTP, with a fresh ticket. The promise says how it went, within 15 s; it is never rejected. */
  ask(question: HubQuestion): Promise<HubReply>;

  /** Returns the name and the time zone of the contact center; null = the hub has not said. `subscribeConnection` tells of a change. */
  center(): CenterFacts | null;
  connection(): Connection;
  subscribeConnection(listener: () => void): () => void;

  transcript(contactId: string): Transcript;
  /** Asks the hub for the live transcript while there is at least one listener. */
  watch(contactId: string, listener: () => void): () => void;

  /** Returns the current time on the hub's clock. */
  now(): number;
  /**
   * Asks the hub for news at most once in so many milliseconds (100 to 10,000). Null: as often as it sends. While the page is
   * hidden, the client asks for one a second by itself. Older hubs send as often as they do.
   */
  setPace(intervalMs: number | null): void;
  /** Stops showing changes until `resume`, which shows all changes that arrived in between. */
  pause(): void;
  resume(): void;
  readonly paused: boolean;
}
