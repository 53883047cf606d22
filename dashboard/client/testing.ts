import type { Agent, AgentPatch } from "../../protocol/agent.ts";
import type { Turn } from "../../protocol/messages.ts";
import type { AgentClient, Connection } from "./contract.ts";
import { FakeClock } from "./fake-clock.ts";
import { Listeners } from "./listeners.ts";
import { AgentStore } from "./store.ts";
import { mergeTurns, WatchedTranscripts } from "./transcripts.ts";

/** What happens at one moment of a scripted day. */
export interface Step {
  /** Milliseconds after the client was made. */
  atMs: number;
  /** New agents whole, known ones with what changed. */
  agents?: readonly AgentPatch[];
  removed?: readonly string[];
  connection?: Partial<Connection>;
  transcript?: { contactId: string; turns: readonly Turn[]; complete?: boolean };
}

export interface FakeAgentClient extends AgentClient {
  /** Makes it happen now. */
  play(happening: Omit<Step, "atMs">): void;
  /** Lets `ms` of the scripted day go by. */
  advance(ms: number): void;
  /** The contacts whose transcripts somebody looks at. */
  watched(): readonly string[];
}

export interface FakeAgentClientOptions {
  agents?: readonly Agent[];
  script?: readonly Step[];
  /** Epoch milliseconds at the start; default 2026-01-05T15:00Z, a Monday morning in Mexico City. */
  now?: number;
  /** `live` unless said otherwise. */
  connection?: Partial<Connection>;
}

const MONDAY_MORNING = Date.UTC(2026, 0, 5, 15);
const EPOCH = "fake";

/**
 * A client without hub, socket or running time, for tests and galleries. Agents, trends and transcripts are kept by the same
 * code as in the real one. `connect()` changes nothing but an `idle` or `closed` connection.
 */
export function createFakeAgentClient(options: FakeAgentClientOptions = {}): FakeAgentClient {
  const start = options.now ?? MONDAY_MORNING;
  const clock = new FakeClock(start);
  const store = new AgentStore();
  const watched = new Set<string>();
  const turnsByContact = new Map<string, { turns: readonly Turn[]; complete: boolean }>();
  const transcripts = new WatchedTranscripts((message) => {
    if (message.type === "unwatch") watched.delete(message.contactId);
    if (message.type !== "watch") return;
    watched.add(message.contactId);
    sendTranscript(message.contactId);
  });
  const connectionListeners = new Listeners();
  let connection: Connection = {
    status: "live",
    since: start,
    attempt: 0,
    nextRetryAt: null,
    lastMessageAt: start,
    latencyMs: null,
    error: null,
    ...options.connection,
  };
  let seq = 0;

  function sendTranscript(contactId: string): void {
    const { turns, complete } = turnsByContact.get(contactId) ?? { turns: [], complete: false };
    transcripts.apply({ type: "transcript", contactId, turns: [...turns], complete });
  }

  function setConnection(change: Partial<Connection>): void {
    const since = change.status === undefined || change.status === connection.status ? connection.since : clock.now();
    connection = { ...connection, since, ...change };
    connectionListeners.notify();
  }

  function play({ agents = [], removed = [], connection: change, transcript }: Omit<Step, "atMs">): void {
    const unknown = agents.find(({ agentId, name }) => !store.roster.agents.has(agentId) && name === undefined);
    if (unknown !== undefined)
      throw new Error(`The fake client does not know agent "${unknown.agentId}" yet: give all its fields.`);
    if (agents.length > 0 || removed.length > 0) {
      seq += 1;
      store.apply(
        {
          type: "agentStatusBatch",
          epoch: EPOCH,
          from: seq - 1,
          to: seq,
          serverTime: clock.now(),
          data: [...agents],
          removed: [...removed],
        },
        clock.now(),
      );
    }
    if (transcript !== undefined) {
      const { contactId, turns, complete = false } = transcript;
      turnsByContact.set(contactId, { turns: mergeTurns(turnsByContact.get(contactId)?.turns ?? [], turns), complete });
      sendTranscript(contactId);
    }
    if (change !== undefined) setConnection(change);
  }

  store.apply({ type: "initialAgentList", epoch: EPOCH, seq, data: [...(options.agents ?? [])] }, start);
  for (const { atMs, ...happening } of options.script ?? []) clock.setTimeout(() => play(happening), atMs);

  return {
    connect: () => {
      if (connection.status === "idle" || connection.status === "closed") setConnection({ status: "live", error: null });
    },
    close: () => setConnection({ status: "closed", error: null }),
    reconnect: () => setConnection({ status: "live", attempt: 0, nextRetryAt: null, error: null }),
    agents: store.agents,
    agent: store.agent,
    subscribe: store.subscribe,
    subscribeAgent: store.subscribeAgent,
    connection: () => connection,
    subscribeConnection: (listener) => connectionListeners.add(listener),
    transcript: transcripts.get,
    watch: transcripts.watch,
    now: () => clock.now(),
    pause: store.pause,
    resume: store.resume,
    get paused() {
      return store.paused;
    },
    play,
    advance: (ms) => clock.advance(ms),
    watched: () => [...watched],
  };
}

/** An agent with all its fields: available, off contact, since the start of the fake day. */
export function fakeAgent(fields: AgentPatch): Agent {
  return {
    name: `Agent ${fields.agentId}`,
    status: "available",
    duration: null,
    sentimentScore: null,
    statusName: "Available",
    since: MONDAY_MORNING,
    contactId: null,
    channel: null,
    queue: null,
    routingProfile: null,
    groups: [],
    sentiment: null,
    categories: [],
    stale: false,
    ...fields,
  };
}
