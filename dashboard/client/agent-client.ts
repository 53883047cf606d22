import type { ServerMessage } from "../../protocol/messages.ts";
import { HubClock, systemClock } from "./clock.ts";
import { HubConnection } from "./connection.ts";
import type { AgentClient, AgentClientOptions } from "./contract.ts";
import { Listeners } from "./listeners.ts";
import type { RosterMessage } from "./roster.ts";
import { SessionRefresh } from "./session-refresh.ts";
import { AgentStore } from "./store.ts";
import { WatchedTranscripts } from "./transcripts.ts";

/** A `resync` without an answer for so long is asked for again with the next gap. */
const RESYNC_PATIENCE_MS = 10_000;

/**
 * A live copy of one contact center's agents. Nothing happens before `connect()`.
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
      const address = new URL(base);
      const { position } = store.roster;
      if (position !== null) {
        address.searchParams.set("epoch", position.epoch);
        address.searchParams.set("seq", String(position.seq));
      }
      return address.href;
    },
    frame,
    live: () => transcripts.rewatch(),
    stopped: () => {
      session.stop();
      // Whoever connects next may see other agents.
      store.roster.forgetPosition();
    },
    changed: () => connectionListeners.notify(),
  });
  const session = new SessionRefresh(clock, {
    getTicket: options.getTicket,
    live: () => connection.live,
    refresh: (ticket) => connection.send({ type: "refresh", ticket }),
  });

  function frame(message: ServerMessage): void {
    if ("serverTime" in message && message.serverTime !== undefined) hubClock.observeServerTime(message.serverTime);
    if ("sessionExpiresAt" in message && message.sessionExpiresAt !== undefined) {
      session.schedule(message.sessionExpiresAt - hubClock.now());
    }
    switch (message.type) {
      case "transcript":
        transcripts.apply(message);
        break;
      case "refreshed":
      case "error":
        break;
      default:
        applyAgents(message);
    }
  }

  function applyAgents(message: RosterMessage): void {
    if (message.type === "initialAgentList" || message.type === "resumed") resyncAskedAt = null;
    if (store.apply(message, hubClock.now()).kind !== "gap") return;
    if (resyncAskedAt !== null && clock.now() - resyncAskedAt < RESYNC_PATIENCE_MS) return;
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
    transcript: transcripts.get,
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
  if (!/^https?:\/\/./.test(url)) throw new TypeError("url: expected an absolute http(s) address.");
  return new URL(`/v1/instances/${encodeURIComponent(instanceId)}/live`, url).href.replace("http", "ws");
}
