import type { Agent, AgentStatus, TranscriptionStatus } from "../../protocol/agent.ts";
import type { Turn } from "../../protocol/messages.ts";

/** The types that an embedding program uses. Times are epoch milliseconds on the hub's clock, except where noted. */

export interface AgentClientOptions {
  /** Origin of the hub, e.g. `https://vigia.example.workers.dev`. */
  url: string;
  instanceId: string;
  /** Returns a ticket, which opens one socket within 60 s. Called before every attempt and before a session ends. */
  getTicket: (request: TicketRequest) => Promise<string>;
  /** Defaults to the global one. The next three are for tests and other runtimes. */
  WebSocket?: typeof WebSocket;
  clock?: Clock;
  random?: () => number;
}

export interface TicketRequest {
  reason: "connect" | "refresh";
  /** Failed attempts since the last success. */
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
  /** Round trip of the last keepalive in milliseconds. */
  latencyMs: number | null;
  /** The reason why the connection is not live: a stable word (`ticket_expired`, `revoked`, `network`, …) to translate. */
  error: string | null;
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
  status: "loading" | "live" | "complete";
  /** In the order of `beginMs`. A final turn takes the place of its partial one. */
  turns: readonly Turn[];
}

/** No member needs `this`, so each can be passed on alone (`subscribe={client.subscribe}`). */
export interface AgentClient {
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
  status: Partial<Record<AgentStatus, { warnSeconds: number; criticalSeconds: number }>>;
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
