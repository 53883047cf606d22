import type { CenterFacts } from "../../protocol/center.ts";
import { PendingAcknowledgements } from "./acknowledgements.ts";
import type { BoardFrame } from "./client-board.ts";
import { HubClock, systemClock } from "./clock.ts";
import { HubConnection } from "./connection.ts";
import type { AgentClient, AgentClientOptions, ClientProblem } from "./contract.ts";
import { ABOUT_NOTHING } from "./failed-attempt.ts";
import { type HubFrame, readFrame } from "./frames.ts";
import { askHub } from "./hub-questions.ts";
import { Listeners } from "./listeners.ts";
import { Pace } from "./pace.ts";
import { WatchedQueues } from "./queue-contacts.ts";
import { SessionRefresh } from "./session-refresh.ts";
import { BoardStore } from "./store.ts";
import { ANSWER_DEADLINE_MS, Timer } from "./timer.ts";
import { WatchedTranscripts } from "./transcripts.ts";

/**
 * The hub's sessions last at least 90 s (docs/protocol.md, SES-8), so less is most likely a clock that somebody has just set. One
 * ticket after the other would not help against that.
 */
const SHORTEST_SESSION_MS = 10_000;

/** The times (epoch ms) and the center that some kinds of frames carry. */
type FrameHead = Pick<HubFrame, "type"> & {
  serverTime?: number | undefined;
  sessionExpiresAt?: number | undefined;
  center?: CenterFacts | undefined;
};

/**
 * Creates a client that holds the agents, queues and alerts of one contact center. It opens no connection before `connect()`.
 * @throws TypeError when an option is missing or wrong.
 */
export function createAgentClient(options: AgentClientOptions): AgentClient {
  const base = instanceAddress(options);
  const clock = options.clock ?? systemClock;
  const hubClock = new HubClock(clock);
  const store = new BoardStore();
  const transcripts = new WatchedTranscripts(clock, (message) => connection.send(message));
  // A hub that knows no queues would count the message as a mistake, and end the connection after ten.
  const queueContacts = new WatchedQueues(clock, (message) => store.board.knowsQueues && connection.send(message));
  const acknowledgements = new PendingAcknowledgements(
    clock,
    // Also during a pause, the answer is what the hub says now.
    (alertId) => store.board.alerts.rows.get(alertId),
    (message) => connection.send(message),
  );
  const pace = new Pace((message) => connection.compact && connection.send(message));
  const connectionListeners = new Listeners();
  const problemListeners = new Listeners<[ClientProblem]>();
  problemListeners.add(options.onError ?? logMistake);
  const report = (problem: ClientProblem) => problemListeners.notify(problem);
  const { instanceId, initialData, onAgentChange } = options;
  const addAgentListener: AgentClient["onAgentChange"] = (listener) =>
    store.agents.onChange((agentId, before, after) => listener({ agentId, before, after }));
  if (onAgentChange !== undefined) addAgentListener(onAgentChange);
  const resyncDeadline = new Timer(clock);
  let resyncing = false;
  let center: CenterFacts | null = initialData?.center ?? null;

  if (initialData !== undefined) {
    const list = readFrame({ ...initialData, type: "initialAgentList" });
    if (list?.type !== "initialAgentList" || list.serverTime === undefined) {
      throw new TypeError("initialData must be an answer of GET agents.");
    }
    store.applyFrame(list, initialData.serverTime);
  }
  const initial = {
    agents: store.agents.list(),
    queues: store.queues.list(),
    alerts: store.alerts.list(),
    now: initialData?.serverTime ?? 0,
  };

  const connection: HubConnection = new HubConnection(options, clock, {
    address: (resource) => {
      if (resource !== "live") return `${base}/${resource}`;
      const { position } = store.board;
      const query = position === null ? "" : `?epoch=${encodeURIComponent(position.epoch)}&seq=${position.seq}`;
      return `${base.replace("http", "ws")}/live${query}`;
    },
    applyFrame,
    onLive: (transport) => {
      if (transport === "socket") {
        transcripts.rewatch();
        acknowledgements.repeat();
        pace.connected();
      } else {
        transcripts.refuse(null, transport);
        acknowledgements.refuse(null, transport);
      }
      watchQueues();
    },
    onRelease: () => {
      session.stop();
      transcripts.stopWaiting();
      queueContacts.stopWaiting();
      endResync();
    },
    onStop: (revoked) => {
      // The next person to sign in may see other agents.
      store.board.forgetPosition();
      const reason = revoked ? "revoked" : "closed";
      acknowledgements.refuse(null, reason);
      if (revoked) store.clear();
      // Who has closed the client knows why nothing comes.
      if (connection.snapshot.error === null) return;
      transcripts.refuse(null, reason, revoked);
      queueContacts.refuse(null, reason, revoked);
    },
    onVisibility: () => pace.update(),
    onChange: () => connectionListeners.notify(),
    onProblem: report,
  });
  const session = new SessionRefresh(clock, {
    ticket: (stop, attempt) => connection.ticket("refresh", stop, attempt),
    sendRefresh: (ticket) => connection.send({ type: "refresh", ticket }),
    onFailure: (cause, willRetry) => report({ error: "ticket_failed", cause, willRetry, ...ABOUT_NOTHING, mistake: !willRetry }),
  });

  function applyFrame(message: HubFrame): void {
    const { serverTime, sessionExpiresAt, center: newCenter }: FrameHead = message;
    if (serverTime !== undefined) hubClock.observeServerTime(serverTime);
    if (sessionExpiresAt !== undefined) session.schedule(Math.max(SHORTEST_SESSION_MS, sessionExpiresAt - hubClock.now()));
    if (newCenter !== undefined && JSON.stringify(newCenter) !== JSON.stringify(center)) {
      center = newCenter;
      connectionListeners.notify();
    }
    if (message.type === "transcript") transcripts.applyFrame(message);
    else if (message.type === "queueContacts") queueContacts.applyFrame(message, store.paused);
    else if (message.type === "error") applyError(message);
    else if (message.type !== "refreshed") applyRows(message);
  }

  function applyError(message: Extract<HubFrame, { type: "error" }>): void {
    const { code, contactId = null, queueId = null, alertId = null } = message;
    if (contactId !== null) transcripts.refuse(contactId, code);
    if (queueId !== null) queueContacts.refuse(queueId, code);
    if (alertId !== null) acknowledgements.refuse(alertId, code);
    const mistake = contactId === null && queueId === null && alertId === null;
    report({ error: code, cause: new Error(message.message), willRetry: false, contactId, queueId, alertId, mistake });
  }

  function applyRows(message: BoardFrame): void {
    if (message.type !== "agentStatusBatch") endResync();
    const { knowsQueues } = store.board;
    const { kind } = store.applyFrame(message, hubClock.now());
    acknowledgements.check();
    if (!knowsQueues && connection.snapshot.status === "live") watchQueues();
    if (kind !== "gap" || resyncing) return;
    resyncing = connection.send({ type: "resync" });
    // A new connection is another way to the missed changes.
    if (resyncing) resyncDeadline.start(ANSWER_DEADLINE_MS, () => connection.timedOut("A resync"));
  }

  /** Asks for the watched queues, or shows why they cannot come. A poll brings only rows. */
  function watchQueues(): void {
    if (connection.snapshot.transport === "polling") queueContacts.refuse(null, "polling");
    else if (store.board.knowsQueues) queueContacts.rewatch();
    else queueContacts.refuse(null, "old_hub");
  }

  /** Refuses what the hub cannot be asked: there is no socket, or the connection has ended with an error. */
  function refuseUnasked(asked: { refuse(id: string, error: string): void }, id: string): void {
    const { status, transport, error } = connection.snapshot;
    if (transport === "polling") asked.refuse(id, transport);
    else if (error !== null && (status === "closed" || status === "unauthorized")) asked.refuse(id, "closed");
  }

  function endResync(): void {
    resyncing = false;
    resyncDeadline.stop();
  }

  return {
    instanceId,
    initial,
    connect: () => connection.connect(),
    close: () => connection.close(),
    reconnect: () => connection.reconnect(),
    agents: store.agents.list,
    agent: store.agents.row,
    subscribe: store.subscribe,
    subscribeAgent: store.agents.subscribeRow,
    onAgentChange: addAgentListener,
    queues: store.queues.list,
    queue: store.queues.row,
    subscribeQueues: store.queues.subscribe,
    subscribeQueue: store.queues.subscribeRow,
    queueContacts: queueContacts.view,
    watchQueue: (queueId, listener) => {
      const stop = queueContacts.watch(queueId, listener);
      refuseUnasked(queueContacts, queueId);
      if (connection.snapshot.transport === "socket" && !store.board.knowsQueues) queueContacts.refuse(queueId, "old_hub");
      return stop;
    },
    alerts: store.alerts.list,
    subscribeAlerts: store.alerts.subscribe,
    onAlertChange: (listener) => store.alerts.onChange((alertId, before, after) => listener({ alertId, before, after })),
    acknowledge: (alertId) => {
      const answer = acknowledgements.request(alertId);
      refuseUnasked(acknowledgements, alertId);
      return answer;
    },
    ask: (question) => askHub(base, question, (stop) => connection.ticket("poll", stop)),
    center: () => center,
    connection: () => connection.snapshot,
    subscribeConnection: (listener) => connectionListeners.add(listener),
    transcript: transcripts.view,
    watch: (contactId, listener) => {
      const stop = transcripts.watch(contactId, listener);
      refuseUnasked(transcripts, contactId);
      return stop;
    },
    now: () => hubClock.now(),
    setPace: (intervalMs) => pace.setPace(intervalMs),
    pause: store.pause,
    resume: () => {
      store.resume();
      queueContacts.release();
    },
    get paused() {
      return store.paused;
    },
  };
}

/** Without `onError`, nobody would see a mistake of the page. */
function logMistake({ error, cause, mistake }: ClientProblem): void {
  if (mistake) console.error("vigia:", error, cause);
}

/** Returns the address of the instance's resources. @throws TypeError when an option is missing or wrong. */
function instanceAddress({ url, instanceId, ...more }: AgentClientOptions): string {
  const refuse = (message: string) => {
    throw new TypeError(message);
  };
  if (!/^https?:\/\/[^/?#@\s\\]+\/?$/i.test(url)) refuse("url must start with http:// or https:// and have no path.");
  // A path ignores dots.
  if (typeof instanceId !== "string" || !/[^.\s]/.test(instanceId)) refuse("instanceId must be a text.");
  const { getTicket = null, onError, onAgentChange, WebSocket, random } = more;
  for (const [name, value] of Object.entries({ getTicket, onError, onAgentChange, WebSocket, random })) {
    if (value !== undefined && typeof value !== "function") refuse(`${name} must be a function.`);
  }
  return new URL(`/v1/instances/${encodeURIComponent(instanceId)}`, url).href;
}
