import type { Agent, AgentPatch } from "../../protocol/agent.ts";
import type { AlertPatch, CenterAlert } from "../../protocol/alert.ts";
import type { CenterFacts } from "../../protocol/center.ts";
import type { Turn } from "../../protocol/messages.ts";
import type { CenterQueue, QueuePatch, QueueQuarter, WaitingContact } from "../../protocol/queue.ts";
import type { AgentClient, Connection } from "./contract.ts";
import { FakeClock } from "./fake-clock.ts";
import { Listeners } from "./listeners.ts";
import { WatchedQueues } from "./queue-contacts.ts";
import { BoardStore } from "./store.ts";
import { mergeTurns, WatchedTranscripts } from "./transcripts.ts";

/** The changes at one moment of a script. */
export interface Step {
  /** Milliseconds after the creation of the client. */
  atMs: number;
  /** A new agent needs all fields, a known one only those that change. */
  agents?: readonly AgentPatch[] | undefined;
  removed?: readonly string[] | undefined;
  /** A new queue or alert needs all fields, a known one only those that change. */
  queues?: readonly QueuePatch[] | undefined;
  removedQueues?: readonly string[] | undefined;
  alerts?: readonly AlertPatch[] | undefined;
  removedAlerts?: readonly string[] | undefined;
  connection?: Partial<Connection> | undefined;
  /** `refused` is the hub's word for a refusal, for example `not_allowed`. */
  transcript?:
    | { contactId: string; turns: readonly Turn[]; complete?: boolean | undefined; refused?: string | undefined }
    | undefined;
  /** All contacts that wait in a queue. `refused` is the hub's word for a refusal. */
  queueContacts?:
    | {
        queueId: string;
        contacts: readonly WaitingContact[];
        quarters?: readonly QueueQuarter[] | undefined;
        refused?: string | undefined;
      }
    | undefined;
}

/** A client whose connection, rows and time a test sets. */
export interface FakeAgentClient extends AgentClient {
  /** Applies a step now. */
  play(step: Omit<Step, "atMs">): void;
  /** Moves the client's clock by `ms` and applies the steps of the script that are due. */
  advance(ms: number): void;
  /** Returns the contacts whose transcripts have a listener. */
  watched(): readonly string[];
  /** Returns the queues whose waiting contacts have a listener. */
  watchedQueues(): readonly string[];
}

/** What `createFakeAgentClient` takes. */
export interface FakeAgentClientOptions {
  agents?: readonly Agent[] | undefined;
  queues?: readonly CenterQueue[] | undefined;
  alerts?: readonly CenterAlert[] | undefined;
  /** The name under which `acknowledge` works. Null: it is refused with `not_allowed`. The default is "Test". */
  acknowledgeAs?: string | null | undefined;
  /** Answers questions over HTTP. Without it each gets 404. */
  ask?: AgentClient["ask"] | undefined;
  script?: readonly Step[] | undefined;
  /** Epoch milliseconds at the start. The default is 2026-01-05T15:00Z, a Monday morning in Mexico City. */
  now?: number | undefined;
  /** What the hub says of the contact center. The default is nothing, as from an older hub. */
  center?: CenterFacts | undefined;
  /** Changes to the initial connection, which is `live`. */
  connection?: Partial<Connection> | undefined;
}

const MONDAY_MORNING = Date.UTC(2026, 0, 5, 15);

/**
 * Creates a client without hub, socket and running clock, for tests and stories. The code of the real client keeps its agents,
 * trends and transcripts. `connect()` only changes a connection that is `idle` or `closed`.
 */
export function createFakeAgentClient(options: FakeAgentClientOptions = {}): FakeAgentClient {
  const start = options.now ?? MONDAY_MORNING;
  const clock = new FakeClock(start);
  const store = new BoardStore();
  const watched = new Set<string>();
  const turnsByContact = new Map<string, { turns: readonly Turn[]; complete: boolean; refused: string | null }>();
  const transcripts = new WatchedTranscripts(clock, (message) => {
    if (message.type === "unwatch") watched.delete(message.contactId);
    if (message.type !== "watch") return false;
    watched.add(message.contactId);
    sendTranscript(message.contactId);
    return false;
  });
  const watchedQueues = new Set<string>();
  const contactsByQueue = new Map<string, NonNullable<Step["queueContacts"]>>();
  const queueContacts = new WatchedQueues(clock, (message) => {
    if (message.type === "unwatchQueue") watchedQueues.delete(message.queueId);
    if (message.type !== "watchQueue") return false;
    watchedQueues.add(message.queueId);
    sendQueueContacts(message.queueId);
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
  };
  setConnection(options.connection ?? {});
  let seq = 0;

  function sendTranscript(contactId: string): void {
    const { turns, complete, refused } = turnsByContact.get(contactId) ?? { turns: [], complete: false, refused: null };
    if (refused === null) transcripts.applyFrame({ type: "transcript", contactId, turns: [...turns], complete });
    else transcripts.refuse(contactId, refused);
  }

  function sendQueueContacts(queueId: string): void {
    const { contacts, quarters, refused } = contactsByQueue.get(queueId) ?? { contacts: [] };
    const lists = { contacts: [...contacts], ...(quarters && { quarters: [...quarters] }) };
    const frame = { type: "queueContacts" as const, queueId, ...lists };
    if (refused === undefined) queueContacts.applyFrame(frame, store.paused);
    else queueContacts.refuse(queueId, refused);
  }

  function setConnection(change: Partial<Connection>): void {
    const since = change.status === undefined || change.status === connection.status ? connection.since : clock.now();
    const transport = change.status === undefined ? connection.transport : change.status === "live" ? "socket" : null;
    connection = { ...connection, since, transport, ...change };
    connectionListeners.notify();
  }

  function play(step: Omit<Step, "atMs">): void {
    const { agents = [], removed = [], queues = [], removedQueues = [], alerts = [], removedAlerts = [] } = step;
    const { connection: change, transcript, queueContacts: waiting } = step;
    const { board } = store;
    for (const row of agents) refusePart("agent", row.agentId, board.agents.misses({ data: [row], removed }));
    for (const row of queues) refusePart("queue", row.queueId, board.queues.misses({ data: [row], removed }));
    for (const row of alerts) refusePart("alert", row.alertId, board.alerts.misses({ data: [row], removed }));
    store.applyFrame(
      {
        type: "agentStatusBatch",
        epoch: "fake",
        from: seq,
        to: seq + 1,
        serverTime: clock.now(),
        data: agents,
        removed,
        queues: { data: queues, removed: removedQueues },
        alerts: { data: alerts, removed: removedAlerts },
      },
      clock.now(),
    );
    seq += 1;
    if (transcript !== undefined) {
      const { contactId, turns, complete = false, refused = null } = transcript;
      const merged = mergeTurns(turnsByContact.get(contactId)?.turns ?? [], turns);
      turnsByContact.set(contactId, { turns: merged, complete, refused });
      sendTranscript(contactId);
    }
    if (waiting !== undefined) {
      contactsByQueue.set(waiting.queueId, waiting);
      sendQueueContacts(waiting.queueId);
    }
    if (change !== undefined) setConnection(change);
  }

  const { agents = [], queues = [], alerts = [], acknowledgeAs = "Test" } = options;
  store.applyFrame({ type: "initialAgentList", epoch: "fake", seq, data: agents, queues, alerts }, start);
  for (const { atMs, ...step } of options.script ?? []) clock.setTimeout(() => play(step), atMs);

  return {
    instanceId: "fake",
    initial: { agents: [], queues: [], alerts: [], now: start },
    connect: () => {
      if (connection.status === "idle" || connection.status === "closed")
        setConnection({ status: "live", error: null, cause: null });
    },
    close: () => setConnection({ status: "closed", error: null, cause: null }),
    reconnect: () => setConnection({ status: "live", attempt: 0, nextRetryAt: null, error: null, cause: null }),
    agents: store.agents.list,
    agent: store.agents.row,
    subscribe: store.subscribe,
    subscribeAgent: store.agents.subscribeRow,
    onAgentChange: (listener) => store.agents.onChange((agentId, before, after) => listener({ agentId, before, after })),
    queues: store.queues.list,
    queue: store.queues.row,
    subscribeQueues: store.queues.subscribe,
    subscribeQueue: store.queues.subscribeRow,
    queueContacts: queueContacts.view,
    watchQueue: queueContacts.watch,
    alerts: store.alerts.list,
    subscribeAlerts: store.alerts.subscribe,
    onAlertChange: (listener) => store.alerts.onChange((alertId, before, after) => listener({ alertId, before, after })),
    acknowledge: async (alertId) => {
      const alert = store.board.alerts.rows.get(alertId);
      const error = alert?.state !== "firing" ? "gone" : acknowledgeAs === null ? "not_allowed" : null;
      if (error !== null) return { alertId, status: "refused", error };
      if (alert?.acknowledgedAt == null)
        play({ alerts: [{ alertId, acknowledgedBy: acknowledgeAs, acknowledgedAt: clock.now() }] });
      return { alertId, status: "acknowledged", error: null };
    },
    ask: options.ask ?? (async () => ({ status: 404, body: null })),
    center: () => options.center ?? null,
    connection: () => connection,
    subscribeConnection: (listener) => connectionListeners.add(listener),
    transcript: transcripts.view,
    watch: transcripts.watch,
    now: () => clock.now(),
    setPace: () => {},
    pause: store.pause,
    resume: () => {
      store.resume();
      queueContacts.release();
    },
    get paused() {
      return store.paused;
    },
    play,
    advance: (ms) => clock.advance(ms),
    watched: () => [...watched],
    watchedQueues: () => [...watchedQueues],
  };
}

function refusePart(what: "agent" | "queue" | "alert", id: string, isPart: boolean): void {
  if (isPart) throw new Error(`The fake client has no ${what} "${id}". Add the ${what} with all its fields first.`);
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

/** Returns a queue with all fields, in which nobody waits and nothing has happened today. `fields` replace these. */
export function fakeQueue(fields: QueuePatch): CenterQueue {
  return {
    name: `Queue ${fields.queueId}`,
    waiting: 0,
    ringing: 0,
    scheduled: 0,
    oldestSince: null,
    estimatedWaitMs: null,
    staffed: null,
    available: null,
    silent: null,
    channels: {},
    serviceLevelSeconds: 20,
    profiles: [],
    today: {
      queued: 0,
      answered: 0,
      abandoned: 0,
      callbacks: 0,
      withinTarget: 0,
      serviceLevel: null,
      averageAnswerMs: null,
      longestWaitMs: null,
    },
    ...fields,
  };
}

/** Returns a warning about the hub with all fields, which fires since the default start time. `fields` replace these. */
export function fakeAlert(fields: AlertPatch): CenterAlert {
  return {
    rule: "hub-silent",
    severity: "warning",
    subject: "hub",
    groups: [],
    since: MONDAY_MORNING,
    state: "firing",
    value: 0,
    limit: 0,
    acknowledgedBy: null,
    acknowledgedAt: null,
    resolvedAt: null,
    ...fields,
  };
}
