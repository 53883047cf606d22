import type { ServerMessage } from "../../protocol/messages.ts";
import { HubClock, systemClock } from "./clock.ts";
import { HubConnection } from "./connection.ts";
import type { AgentClient, AgentClientOptions } from "./contract.ts";
import { Listeners } from "./listeners.ts";
import type { RosterMessage } from "./roster.ts";
import { SessionRefresh } from "./session-refresh.ts";
import { AgentStore } from "./store.ts";
import { WatchedTranscripts } from "./transcripts.ts";

/** After this time without an answer to `resync`, the next gap sends another one. */
const RESYNC_TIMEOUT_MS = 10_000;

/** The times that some kinds of frames carry (epoch ms). */
type FrameTimes = Pick<ServerMessage, "type"> & { serverTime?: number | undefined; sessionExpiresAt?: number | undefined };

/**
 * Creates a live copy of the agents of one contact center. It opens no connection before `connect()`.
 * @throws TypeError when `options.url` is not an absolute http or https URL.
 */
export function createAgentClient(options: AgentClientOptions): AgentClient {
  const base = socketAddress(options);
  const clock = options.clock ?? systemClock;
  const hubClock = new HubClock(clock);
  const store = new AgentStore();
  const transcripts = new WatchedTranscripts((message) => connection.send(message));
  const connectionListeners = new Listeners();
  let resyncAskedAt: number | null = null;

  const connection = new HubConnection(options, clock, {
    address: () => {
      const { position } = store.roster;
      if (position === null) return base;
      return `${base}?${new URLSearchParams({ epoch: position.epoch, seq: String(position.seq) })}`;
    },
    applyFrame,
    onLive: () => transcripts.rewatch(),
    onStop: () => {
      session.stop();
      // The next person to sign in may see other agents.
      store.roster.forgetPosition();
    },
    onChange: () => connectionListeners.notify(),
  });
  const session = new SessionRefresh(clock, {
    getTicket: options.getTicket,
    live: () => connection.live,
    sendRefresh: (ticket) => connection.send({ type: "refresh", ticket }),
  });

  function applyFrame(message: ServerMessage): void {
    const { serverTime, sessionExpiresAt }: FrameTimes = message;
    if (serverTime !== undefined) hubClock.observeServerTime(serverTime);
    if (sessionExpiresAt !== undefined) session.schedule(sessionExpiresAt - hubClock.now());
    if (message.type === "transcript") transcripts.applyFrame(message);
    else if (message.type !== "refreshed" && message.type !== "error") applyAgents(message);
  }

  function applyAgents(message: RosterMessage): void {
    if (message.type === "initialAgentList" || message.type === "resumed") resyncAskedAt = null;
    if (store.applyFrame(message, hubClock.now()).kind !== "gap") return;
    if (resyncAskedAt !== null && clock.now() - resyncAskedAt < RESYNC_TIMEOUT_MS) return;
    resyncAskedAt = clock.now();
    connection.send({ type: "resync" });
  }

  return {
    connect: () => connection.connect(),
    close: () => connection.close(),
    reconnect: () => connection.reconnect(),
    agents: store.agents,
    agent: store.agent,
    subscribe: store.subscribe,
    subscribeAgent: store.subscribeAgent,
    connection: () => connection.snapshot,
    subscribeConnection: (listener) => connectionListeners.add(listener),
    transcript: transcripts.transcript,
    watch: transcripts.watch,
    now: () => hubClock.now(),
    pause: store.pause,
    resume: store.resume,
    get paused() {
      return store.paused;
    },
  };
}

function socketAddress({ url, instanceId }: AgentClientOptions): string {
  if (!/^https?:\/\/./.test(url)) throw new TypeError(`url "${url}" must start with http:// or https://.`);
  return new URL(`/v1/instances/${encodeURIComponent(instanceId)}/live`, url).href.replace("http", "ws");
}
