import type { Agent, AgentStatus } from "../../protocol/agent.ts";
import type { Turn } from "../../protocol/messages.ts";

/** What a program that embeds the board holds in its hands. Times are epoch milliseconds on the hub's clock unless said otherwise. */

export interface AgentClientOptions {
  /** Origin of the hub, e.g. `https://vigia.example.workers.dev`. */
  url: string;
  instanceId: string;
  /** Called before every attempt to connect and before a session ends; a ticket opens one socket within 60 s. */
  getTicket: (request: TicketRequest) => Promise<string>;
  /** For tests and other runtimes. */
  WebSocket?: typeof WebSocket;
  clock?: Clock;
  random?: () => number;
}

export interface TicketRequest {
  reason: "connect" | "refresh";
  /** 0 for the first attempt after a success. */
  attempt: number;
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
  /** Round trip of the last keepalive. */
  latencyMs: number | null;
  /** Why the connection is not live: a stable word (`ticket_expired`, `revoked`, `network`, …), for the page to translate. */
  error: string | null;
}

/** An agent as the client keeps it: the public agent, the start of its current call and the trend of its score. */
export interface AgentView extends Agent {
  /** Exact when the hub sends it. For an older hub an estimate from `duration`, right to the second. Null off call. */
  callStartedAt: number | null;
  /** The customer's score over the current call, oldest first; the newest at most 120. */
  trend: readonly TrendPoint[];
}

export interface TrendPoint {
  at: number;
  score: number;
}

export interface Transcript {
  contactId: string;
  status: "loading" | "live" | "complete";
  /** In the order of `beginMs`; a partial turn is replaced in place by its final one. */
  turns: readonly Turn[];
}

/** Every member may be handed on by itself (`subscribe={client.subscribe}`): none needs `this`. */
export interface AgentClient {
  connect(): void;
  /** Ends for good; the client can be connected again. */
  close(): void;
  /** Tries again at once, also after `unauthorized`. */
  reconnect(): void;

  /** All agents, in no order worth relying on. The array is the same object until something changes. */
  agents(): readonly AgentView[];
  /** The same object until this agent changes. */
  agent(agentId: string): AgentView | undefined;
  /** Called once per frame of changes, after all of them are applied. */
  subscribe(listener: () => void): () => void;
  subscribeAgent(agentId: string, listener: () => void): () => void;

  connection(): Connection;
  subscribeConnection(listener: () => void): () => void;

  transcript(contactId: string): Transcript;
  /** Asks the hub for the live transcript while at least one listener is there. */
  watch(contactId: string, listener: () => void): () => void;

  /** Now, on the hub's clock. */
  now(): number;
  /** Holds changes back (they keep coming in) until `resume`. */
  pause(): void;
  resume(): void;
  readonly paused: boolean;
}

export interface Thresholds {
  /** Seconds in a status before it is worth a look (`warn`) or a hand (`critical`). */
  status: Partial<Record<AgentStatus, { warnSeconds: number; criticalSeconds: number }>>;
  /** Customer score at or below which a call is worth a look or a hand. */
  score: { warn: number; critical: number };
  /** A fall of the customer's score by `points` within `seconds`. */
  drop: { points: number; seconds: number };
}

export interface Alert {
  /** Stable while the same thing goes on. */
  id: string;
  agentId: string;
  agentName: string;
  kind: "status" | "score" | "drop" | "missed" | "error";
  level: "warn" | "critical";
  since: number;
  acknowledged: boolean;
  /** What the words need: the status and its limit in seconds, the score, or the fall in points. */
  status?: AgentStatus;
  limitSeconds?: number;
  score?: number;
  points?: number;
}
