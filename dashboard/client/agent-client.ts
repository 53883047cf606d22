import { HubClock, systemClock } from "./clock.ts";
import { HubConnection } from "./connection.ts";
import type { AgentClient, AgentClientOptions, ClientProblem } from "./contract.ts";
import { type HubFrame, readFrame } from "./frames.ts";
import { Listeners } from "./listeners.ts";
import type { RosterMessage } from "./roster.ts";
import { SessionRefresh } from "./session-refresh.ts";
import { AgentStore } from "./store.ts";
import { ANSWER_DEADLINE_MS, Timer } from "./timer.ts";
import { WatchedTranscripts } from "./transcripts.ts";

/** The times that some kinds of frames carry (epoch ms). */
type FrameTimes = Pick<HubFrame, "type"> & { serverTime?: number | undefined; sessionExpiresAt?: number | undefined };

/**
 * Creates a live copy of the agents of one contact center. It opens no connection before `connect()`.
 * @throws TypeError when an option is missing or wrong.
 */
export function createAgentClient(options: AgentClientOptions): AgentClient {
  const base = instanceAddress(options);
  const clock = options.clock ?? systemClock;
  const hubClock = new HubClock(clock);
  const store = new AgentStore();
  const transcripts = new WatchedTranscripts(clock, (message) => connection.send(message));
  const connectionListeners = new Listeners();
  const problemListeners = new Listeners<[ClientProblem]>();
  problemListeners.add(options.onError ?? logMistake);
  const report = (problem: ClientProblem) => problemListeners.notify(problem);
  const { instanceId, initialData, onAgentChange } = options;
  if (onAgentChange !== undefined) store.onAgentChange(onAgentChange);
  const resyncDeadline = new Timer(clock);
  let resyncing = false;

  if (initialData !== undefined) {
    const list = readFrame({ ...initialData, type: "initialAgentList" });
    if (list?.type !== "initialAgentList") {
      throw new TypeError("initialData must be an answer of GET agents.");
    }
    store.applyFrame(list, initialData.serverTime);
  }
  const initial = { agents: store.agents(), now: initialData?.serverTime ?? 0 };

  const connection: HubConnection = new HubConnection(options, clock, {
    address: (resource) => {
      if (resource !== "live") return `${base}/${resource}`;
      const { position } = store.roster;
      const query = position === null ? "" : `?epoch=${encodeURIComponent(position.epoch)}&seq=${position.seq}`;
      return `${base.replace("http", "ws")}/live${query}`;
    },
    applyFrame,
    onLive: (transport) => (transport === "socket" ? transcripts.rewatch() : transcripts.refuse(null, "polling")),
    onRelease: () => {
      session.stop();
      transcripts.stopWaiting();
      endResync();
    },
    onStop: (revoked) => {
      // The next person to sign in may see other agents.
      store.roster.forgetPosition();
      if (!revoked) return;
      store.clear();
      transcripts.refuse(null, "revoked", true);
    },
    onChange: () => connectionListeners.notify(),
    onProblem: report,
  });
  const session = new SessionRefresh(clock, {
    ticket: (stop, attempt) => connection.ticket("refresh", stop, attempt),
    sendRefresh: (ticket) => connection.send({ type: "refresh", ticket }),
    onFailure: (cause, willRetry) => report({ error: "ticket_failed", cause, willRetry, contactId: null, mistake: !willRetry }),
  });

  function applyFrame(message: HubFrame): void {
    const { serverTime, sessionExpiresAt }: FrameTimes = message;
    if (serverTime !== undefined) hubClock.observeServerTime(serverTime);
    if (sessionExpiresAt !== undefined) session.schedule(sessionExpiresAt - hubClock.now());
    if (message.type === "transcript") transcripts.applyFrame(message);
    else if (message.type === "error") {
      const { code, contactId = null } = message;
      if (contactId !== null) transcripts.refuse(contactId, code);
      report({ error: code, cause: new Error(message.message), willRetry: false, contactId, mistake: contactId === null });
    } else if (message.type !== "refreshed" && message.type !== "queueContacts") {
      applyAgents(message);
    }
  }

  function applyAgents(message: RosterMessage): void {
    if (message.type === "initialAgentList" || message.type === "resumed") {
      endResync();
    }
    if (store.applyFrame(message, hubClock.now()).kind !== "gap" || resyncing) return;
    resyncing = connection.send({ type: "resync" });
    // A new connection is another way to the missed changes.
    resyncDeadline.start(ANSWER_DEADLINE_MS, () => connection.timedOut("A resync"));
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
    agents: store.agents,
    agent: store.agent,
    subscribe: store.subscribe,
    subscribeAgent: store.subscribeAgent,
    onAgentChange: store.onAgentChange,
    connection: () => connection.snapshot,
    subscribeConnection: (listener) => connectionListeners.add(listener),
    transcript: transcripts.transcript,
    watch: (contactId, listener) => {
      const stop = transcripts.watch(contactId, listener);
      if (connection.snapshot.transport === "polling") transcripts.refuse(null, "polling");
      return stop;
    },
    now: () => hubClock.now(),
    pause: store.pause,
    resume: store.resume,
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
function instanceAddress({ url, instanceId, getTicket, onError = logMistake }: AgentClientOptions): string {
  for (const [wrong, message] of [
    [!/^https?:\/\/[^/?#@\s\\]+\/?$/i.test(url), "url must start with http:// or https:// and have no path."],
    [typeof instanceId !== "string" || instanceId === "", "instanceId must be a text."],
    [typeof getTicket !== "function", "getTicket must be a function."],
    [typeof onError !== "function", "onError must be a function."],
  ] as const) {
    if (wrong) throw new TypeError(message);
  }
  return new URL(`/v1/instances/${encodeURIComponent(instanceId)}`, url).href;
}
