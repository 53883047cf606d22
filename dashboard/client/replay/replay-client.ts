import { systemClock } from "../clock.ts";
import type { AgentClient, Connection } from "../contract.ts";
import { Listeners } from "../listeners.ts";
import { WatchedQueues } from "../queue-contacts.ts";
import { WatchedTranscripts } from "../transcripts.ts";
import { pastQuestions } from "./past-questions.ts";
import type { ReplaySession } from "./replay-session.ts";

/** The word of everything that a board of the past refuses. */
const NOT_LIVE = "replay";

/**
 * Returns a client whose board is that of the past, for the same hooks and parts as the live one. Its clock is the shown moment. It
 * has no words of calls and changes nothing at the hub: what it refuses has the word "replay".
 */
export function createReplayClient(live: AgentClient, session: ReplaySession): AgentClient {
  const { store } = session;
  const transcripts = new WatchedTranscripts(systemClock, () => false);
  const queueContacts = new WatchedQueues(systemClock, () => false);
  const connectionListeners = new Listeners();
  const now = () => session.state().shownAt ?? session.state().at;
  let connection = connectionOf(null);
  const stopSession = session.subscribe(() => {
    const shown = session.state().shownAt;
    if ((connection.lastMessageAt === null) === (shown === null)) return;
    connection = connectionOf(shown);
    connectionListeners.notify();
  });
  return {
    instanceId: live.instanceId,
    initial: { agents: [], queues: [], alerts: [], now: session.state().at },
    connect: () => {},
    close: () => {
      stopSession();
      session.close();
    },
    reconnect: () => {},
    agents: store.agents.list,
    agent: store.agents.row,
    subscribe: store.subscribe,
    subscribeAgent: store.agents.subscribeRow,
    onAgentChange: () => () => {},
    queues: store.queues.list,
    queue: store.queues.row,
    subscribeQueues: store.queues.subscribe,
    subscribeQueue: store.queues.subscribeRow,
    queueContacts: queueContacts.view,
    watchQueue: (queueId, listener) => {
      const stop = queueContacts.watch(queueId, listener);
      queueContacts.refuse(queueId, NOT_LIVE);
      return stop;
    },
    alerts: store.alerts.list,
    subscribeAlerts: store.alerts.subscribe,
    onAlertChange: () => () => {},
    acknowledge: async (alertId) => ({ alertId, status: "refused", error: NOT_LIVE }),
    ask: pastQuestions(live, now),
    center: live.center,
    connection: () => connection,
    subscribeConnection: (listener) => {
      const stops = [connectionListeners.add(listener), live.subscribeConnection(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    transcript: transcripts.view,
    watch: (contactId, listener) => {
      const stop = transcripts.watch(contactId, listener);
      transcripts.refuse(contactId, NOT_LIVE);
      return stop;
    },
    now,
    pause: () => {},
    resume: () => {},
    setPace: () => {},
    paused: false,
  };
}

/** It is as good as live for the parts that ask whether there are rows. */
function connectionOf(shownAt: number | null): Connection {
  return {
    status: "live",
    since: 0,
    attempt: 0,
    nextRetryAt: null,
    lastMessageAt: shownAt,
    latencyMs: null,
    transport: "socket",
    error: null,
    cause: null,
  };
}
