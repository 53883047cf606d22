import type { Agent, AgentPatch } from "../../protocol/agent.ts";
import type { Turn } from "../../protocol/messages.ts";
import type { AgentClient, Connection } from "./contract.ts";
import { FakeClock } from "./fake-clock.ts";
import { Listeners } from "./listeners.ts";
import { AgentStore } from "./store.ts";
import { mergeTurns, WatchedTranscripts } from "./transcripts.ts";

/** The changes at one moment of a script. */
export interface Step {
  /** Milliseconds after the creation of the client. */
  atMs: number;
  /** A new agent needs all fields, a known one only those that change. */
  agents?: readonly AgentPatch[] | undefined;
  removed?: readonly string[] | undefined;
  connection?: Partial<Connection> | undefined;
  /** `refused` is the hub's word for a refusal, for example `not_allowed`. */
  transcript?:
    | { contactId: string; turns: readonly Turn[]; complete?: boolean | undefined; refused?: string | undefined }
    | undefined;
}

export interface FakeAgentClient extends AgentClient {
  /** Applies a step now. */
  play(step: Omit<Step, "atMs">): void;
  /** Moves the client's clock by `ms` and applies the steps of the script that are due. */
  advance(ms: number): void;
  /** Returns the contacts whose transcripts have a listener. */
  watched(): readonly string[];
}

export interface FakeAgentClientOptions {
  agents?: readonly Agent[] | undefined;
  script?: readonly Step[] | undefined;
  /** Epoch milliseconds at the start. The default is 2026-01-05T15:00Z, a Monday morning in Mexico City. */
  now?: number | undefined;
  /** Changes to the initial connection, which is `live`. */
  connection?: Partial<Connection> | undefined;
}

const MONDAY_MORNING = Date.UTC(2026, 0, 5, 15);
const EPOCH = "fake";

/**
 * Creates a client without hub, socket and running clock, for tests and stories. The code of the real client keeps its agents,
 * trends and transcripts. `connect()` only changes a connection that is `idle` or `closed`.
 */
export function createFakeAgentClient(options: FakeAgentClientOptions = {}): FakeAgentClient {
  const start = options.now ?? MONDAY_MORNING;
  const clock = new FakeClock(start);
  const store = new AgentStore();
  const watched = new Set<string>();
  const turnsByContact = new Map<string, { turns: readonly Turn[]; complete: boolean; refused: string | null }>();
  const transcripts = new WatchedTranscripts(clock, (message) => {
    if (message.type === "unwatch") watched.delete(message.contactId);
    if (message.type !== "watch") return false;
    watched.add(message.contactId);
    sendTranscript(message.contactId);
    return false;
  });
  const connectionListeners = new Listeners();
  let connection: Connection = {
    status: "live",
    since: start,
    attempt: 0,
    nextRetryAt: null,
    lastMessageAt: start,
    latencyMs: null,
    transport: "socket",
    error: null,
    cause: null,
    ...options.connection,
  };
  let seq = 0;

  function sendTranscript(contactId: string): void {
    const { turns, complete, refused } = turnsByContact.get(contactId) ?? { turns: [], complete: false, refused: null };
    if (refused === null) transcripts.applyFrame({ type: "transcript", contactId, turns: [...turns], complete });
    else transcripts.refuse(contactId, refused);
  }

  function setConnection(change: Partial<Connection>): void {
    const since = change.status === undefined || change.status === connection.status ? connection.since : clock.now();
    connection = { ...connection, since, ...change };
    connectionListeners.notify();
  }

  function play({ agents = [], removed = [], connection: change, transcript }: Omit<Step, "atMs">): void {
    const unknown = agents.find(({ agentId, name }) => !store.roster.agents.has(agentId) && name === undefined);
    if (unknown !== undefined)
      throw new Error(
        `The fake client has no agent "${unknown.agentId}". Add the agent with all its fields first: fakeAgent(…).`,
      );
    if (agents.length > 0 || removed.length > 0) {
      seq += 1;
      store.applyFrame(
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
      const { contactId, turns, complete = false, refused = null } = transcript;
      const merged = mergeTurns(turnsByContact.get(contactId)?.turns ?? [], turns);
      turnsByContact.set(contactId, { turns: merged, complete, refused });
      sendTranscript(contactId);
    }
    if (change !== undefined) setConnection(change);
  }

  store.applyFrame({ type: "initialAgentList", epoch: EPOCH, seq, data: [...(options.agents ?? [])] }, start);
  for (const { atMs, ...step } of options.script ?? []) clock.setTimeout(() => play(step), atMs);

  return {
    instanceId: "fake",
    initial: { agents: [], now: start },
    connect: () => {
      if (connection.status === "idle" || connection.status === "closed") setConnection({ status: "live", error: null });
    },
    close: () => setConnection({ status: "closed", error: null }),
    reconnect: () => setConnection({ status: "live", attempt: 0, nextRetryAt: null, error: null }),
    agents: store.agents,
    agent: store.agent,
    subscribe: store.subscribe,
    subscribeAgent: store.subscribeAgent,
    onAgentChange: store.onAgentChange,
    connection: () => connection,
    subscribeConnection: (listener) => connectionListeners.add(listener),
    transcript: transcripts.transcript,
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

/** Returns an agent with all fields: available, without a contact, since the default start time. `fields` replace these. */
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
