import type { Agent, AgentStatus, TranscriptionStatus } from "../../protocol/agent.ts";
import type { Turn } from "../../protocol/messages.ts";

/** The types that an embedding program uses. Times are epoch milliseconds on the hub's clock, except where noted. */

export interface AgentClientOptions {
  /** Origin of the hub without a path, e.g. `https://vigia.example.workers.dev`. */
  url: string;
  instanceId: string;
  /**
   * Returns a ticket, which opens one socket within 60 s. Called before every attempt and before a session ends. The client
   * waits 15 s for it. `fetchTicket` is one that asks the hub or your server.
   */
  getTicket: (request: TicketRequest) => string | PromiseLike<string>;
  /** The agents to begin with, for server rendering: the answer of `GET …/agents`. The client resumes from there. */
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

export interface TicketRequest {
  /** The hub's address for tickets of this instance. A page with a server of its own asks that instead. */
  url: string;
  /** Aborts when the client no longer waits for this ticket. */
  signal: AbortSignal;
  reason: "connect" | "refresh" | "poll";
  /** Failed attempts since the last success. */
  attempt: number;
}

/** The answer of `GET /v1/instances/{id}/agents`. */
export interface InitialData {
  epoch: string;
  seq: number;
  serverTime: number;
  data: readonly Agent[];
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
  /** Whether the code of the page is most likely wrong. Without `onError`, the client logs such a problem. */
  mistake: boolean;
}

export interface Clock {
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

export type ConnectionStatus = "idle" | "connecting" | "live" | "reconnecting" | "offline" | "unauthorized" | "closed";

export interface Connection {
  status: ConnectionStatus;
  /** When this status began (this machine's clock). */
  since: number;
  attempt: number;
  /** When the next attempt starts (this machine's clock). */
  nextRetryAt: number | null;
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

export interface TrendPoint {
  at: number;
  score: number;
}

export interface Transcript {
  contactId: string;
  /** `refused`: the hub sends nothing, `error` says why. */
  status: "loading" | "live" | "complete" | "refused";
  /** The hub's word (`not_allowed`, `too_many_watched`), or `timeout`, `polling` (there is no socket) and `revoked`. */
  error: string | null;
  /** In the order of `beginMs`. A final turn takes the place of its partial one. */
  turns: readonly Turn[];
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
  /** What the server rendered, so that the browser's first rendering is the same: the agents of `initialData` at its time. */
  readonly initial: { readonly agents: readonly AgentView[]; readonly now: number };

  connect(): void;
  /** Closes the connection without another attempt. `connect()` opens a new one. */
  close(): void;
  /** Starts a new attempt at once, also after `unauthorized`. */
  reconnect(): void;

  /** Returns all agents in an arbitrary order. The array is the same object until something changes. */
  agents(): readonly AgentView[];
  /** Returns the same object until this agent changes. */
  agent(agentId: string): AgentView | undefined;
  /** Calls the listener once per frame, after all changes of the frame are applied. Returns the function that stops it. */
  subscribe(listener: () => void): () => void;
  subscribeAgent(agentId: string, listener: () => void): () => void;
  /** Calls the listener for every agent that a frame has changed. The agents of the first list are no changes. */
  onAgentChange(listener: (change: AgentChange) => void): () => void;

  connection(): Connection;
  subscribeConnection(listener: () => void): () => void;

  transcript(contactId: string): Transcript;
  /** Asks the hub for the live transcript while there is at least one listener. */
  watch(contactId: string, listener: () => void): () => void;

  /** Returns the current time on the hub's clock. */
  now(): number;
  /** Stops showing changes until `resume`, which shows all changes that arrived in between. */
  pause(): void;
  resume(): void;
  readonly paused: boolean;
}

export interface Thresholds {
  /** Seconds in a status until the alert is a warning or critical. */
  status: { [Status in AgentStatus]?: { warnSeconds: number; criticalSeconds: number } | undefined };
  /** Customer score at or below which the alert is a warning or critical. */
  score: { warn: number; critical: number };
  /** The customer's score drops by `points` within `seconds`. */
  drop: { points: number; seconds: number };
}

export interface Alert {
  /** Stays the same while the alert lasts. */
  id: string;
  agentId: string;
  agentName: string;
  kind: "status" | "score" | "drop" | "missed" | "error";
  level: "warn" | "critical";
  since: number;
  acknowledged: boolean;
  /** For the text of the alert: the status and its limit in seconds, the score, or the drop in points. */
  status?: AgentStatus;
  limitSeconds?: number;
  score?: number;
  points?: number;
}
