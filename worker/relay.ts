import { DurableObject } from "cloudflare:workers";
import type { Position } from "../core/board/board.ts";
import { FAN_OUT_BATCH } from "../core/broadcast/fan-out.ts";
import { COLLECTIONS } from "../core/center/collections.ts";
import { QUEUES } from "../core/queues/queue-row.ts";
import { RelayState } from "../core/replication/relay-state.ts";
import type { Replica } from "../core/replication/replica.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { AlarmScheduler } from "./alarm-scheduler.ts";
import { readConnectRequest } from "./auth/connect-request.ts";
import { readTicketCheck, TICKET_SECONDS } from "./auth/tickets.ts";
import { centerFactsOf } from "./center-name.ts";
import { centerStub } from "./centers.ts";
import { deflation } from "./deflation.ts";
import { FlushTimer } from "./flush-timer.ts";
import { log } from "./log.ts";
import { instanceOf } from "./relay-names.ts";
import { acknowledgementOf, readFeed, readGroups, readPosition, readTranscript, readTurnsOfContact } from "./rpc-arguments.ts";
import { readSettings } from "./settings.ts";
import { refuseSocket } from "./sockets.ts";
import { ViewerSockets } from "./viewer-sockets.ts";
import { readWatchedQueue } from "./watched-queue.ts";

/** How often a relay with viewers asks its primary whether it missed something. Only a lost call is found this late. */
const RECHECK_MS = 30_000;
/** A relay writes its position after so much quiet: before the object may hibernate (10 s idle), and not for every feed. */
const SAVE_POSITION_AFTER_MS = 3_000;
const POSITION_KEY = "position";
/** A relay tells the primary how many viewers it has so soon after one came or left, and not for each of a crowd. */
const REPORT_AFTER_MS = 1_000;

/** Serves the viewers for whom the primary has no room, from a replica of its board. Public methods are its RPC surface. */
export class Relay extends DurableObject<Env> {
  readonly #name: string;
  readonly #alarms: AlarmScheduler;
  readonly #state = new RelayState(COLLECTIONS, TICKET_SECONDS * 1000, FAN_OUT_BATCH, deflation);
  #serving: Serving | null = null;
  #opening: Promise<Serving> | null = null;
  /** The newest seq at which the rows of watched queues were compared. */
  #queuesSeenAt = 0;
  #savePositionTimer: ReturnType<typeof setTimeout> | null = null;
  #reportTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#name = ctx.id.name ?? "";
    this.#alarms = new AlarmScheduler(ctx.storage);
    void ctx.blockConcurrencyWhile(async () => {
      await this.#alarms.load();
      if (ctx.getWebSockets().length === 0) return;
      // Without its primary the relay cannot serve yet, but an error here would cut off all its viewers.
      await this.#open().catch((error: unknown) => this.#noteFailure("wake", error));
      if (!this.#alarms.isSet(Date.now())) this.#alarms.wakeBy(Date.now() + RECHECK_MS);
    });
  }

  /** Applies a feed, and asks the primary if it leaves a gap. Returns whether the relay serves anybody. */
  async applyFeed(sent: unknown): Promise<boolean> {
    if (this.#serving === null && this.#opening === null && openSockets(this.ctx) === 0) return false;
    const feed = readFeed(sent);
    // While the first replica is on its way, a feed may be newer than it. Skipping the feed would lose it for half a minute.
    const serving = await this.#open();
    if (this.#state.applyFeed(feed, Date.now()) === "ask") await this.#sync(serving);
    else this.#afterSending(serving);
    return true;
  }

  sendTurns(sent: unknown): void {
    const { contactId, turns, complete, groups } = readTurnsOfContact(sent);
    this.#serving?.replica.broadcaster.sendTurns(contactId, turns, complete, groups, Date.now());
    this.#serving?.flushes.schedule();
  }

  revoke(subject: string): number {
    return this.#state.revoke(subject, Date.now());
  }

  /** How many viewers the relay has. */
  viewerCount(): number {
    return this.#serving?.replica.broadcaster.size ?? openSockets(this.ctx);
  }

  override async fetch(request: Request): Promise<Response> {
    const connect = readConnectRequest(request);
    try {
      const known = await this.#open();
      if (this.#state.isBehind(connect.position)) await this.#sync(known);
    } catch (error) {
      this.#noteFailure("connect", error);
      return refuseSocket(CLOSE.restarting, connect);
    }
    const { sockets, flushes, replica } = await this.#open();
    const now = Date.now();
    replica.broadcaster.viewersElsewhere = Math.max(0, (connect.viewersElsewhere ?? 0) - replica.broadcaster.size);
    if (this.#state.isRevoked(connect.subject, now)) return refuseSocket(CLOSE.revoked, connect);
    if (connect.sessionEndsAt <= now) return refuseSocket(CLOSE.ticketExpired, connect);
    const response = sockets.acceptViewer(connect, now);
    flushes.schedule();
    this.#reportSoon();
    this.#alarms.wakeBy(now + RECHECK_MS, now);
    return response;
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    await this.#serve("message", async ({ sockets, flushes }) => {
      await sockets.receiveMessage(socket, data, Date.now());
      flushes.schedule();
    });
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    await this.#serve("close", async ({ sockets }) => {
      this.#reportSoon();
      await sockets.closeSocket(socket, code);
    });
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.webSocketClose(socket, 1006);
  }

  override async alarm(): Promise<void> {
    this.#alarms.alarmFired();
    const now = Date.now();
    // First, so that no failure below ends the chain of alarms.
    this.#alarms.wakeBy(now + RECHECK_MS, now);
    try {
      if (this.#serving === null && openSockets(this.ctx) > 0) await this.#open();
      if (this.#serving === null || this.#state.recheck(now) === "detach") return await this.#detach();
      await this.#sync(this.#serving);
      // Contacts may change while the row of their queue does not.
      const queues = this.#serving?.sockets.queues;
      queues?.noteChanged(queues.watchedQueues(), now);
    } catch (error) {
      this.#noteFailure("recheck", error);
    }
  }

  async #detach(): Promise<void> {
    this.#serving = null;
    await this.ctx.storage.delete(POSITION_KEY);
    await this.#primary.detach(this.#name);
    // A viewer may have come meanwhile, and needs the alarm.
    if (this.#serving !== null) return;
    this.#alarms.alarmFired();
    await this.ctx.storage.deleteAlarm();
  }

  async #serve(what: string, work: (serving: Serving) => Promise<void>): Promise<void> {
    try {
      await work(await this.#open());
    } catch (error) {
      this.#noteFailure(what, error);
    }
  }

  get #primary() {
    return centerStub(this.env, instanceOf(this.#name));
  }

  #open(): Promise<Serving> {
    if (this.#serving !== null) return Promise.resolve(this.#serving);
    this.#opening ??= this.#fetchReplica().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Begins a replica. Sockets that outlived the relay's memory get what has changed since. */
  async #fetchReplica(): Promise<Serving> {
    const remembered = readPosition(await this.ctx.storage.get(POSITION_KEY));
    const feed = readFeed(await this.#primary.sync(this.#name, openSockets(this.ctx), [], null));
    const replica = this.#state.openReplica(feed);
    const parsed = readSettings(this.env);
    if (parsed.ok) replica.broadcaster.center = centerFactsOf(parsed.settings, instanceOf(this.#name));
    const serving: Serving = {
      replica,
      flushes: new FlushTimer(replica.broadcaster, 0, () => {}),
      sockets: new ViewerSockets(this.ctx, replica.broadcaster, {
        groupsOf: (contactId) => this.#groupsOf(contactId),
        transcript: async (contactId) => readTranscript(await this.#primary.transcript(contactId)),
        acknowledge: async (alertId, viewer) => (await this.#primary.acknowledge(acknowledgementOf(alertId, viewer))) === true,
        redeemTicket: async (token) => readTicketCheck(await this.#primary.redeem(token)),
        watchedQueue: async (queueId) => readWatchedQueue(await this.#primary.watchedQueue(queueId)),
        watchChanged: () => this.#sync(serving),
        wakeBy: (at) => this.#alarms.wakeBy(at),
      }),
    };
    this.#serving = serving;
    serving.sockets.restoreViewers();
    if (replica.broadcaster.size > 0) {
      replica.broadcaster.expireSessions(Date.now());
      replica.catchUpViewers(remembered, Date.now());
      this.ctx.waitUntil(this.#sync(serving).catch((error: unknown) => this.#noteFailure("report", error)));
    }
    this.#afterSending(serving);
    return serving;
  }

  async #groupsOf(contactId: string): Promise<readonly string[]> {
    try {
      return readGroups(await this.#primary.contactGroups(contactId));
    } catch {
      // A primary of the first release knows only the transcript.
      return readTranscript(await this.#primary.transcript(contactId)).groups;
    }
  }

  /** Reports once for all viewers who come or leave within a second. */
  #reportSoon(): void {
    this.#reportTimer ??= setTimeout(() => {
      this.#reportTimer = null;
      if (this.#serving === null) return;
      this.ctx.waitUntil(this.#sync(this.#serving).catch((error: unknown) => this.#noteFailure("report", error)));
    }, REPORT_AFTER_MS);
  }

  /** The primary is away, overloaded or restarting. The viewers stay, and the next alarm asks again. */
  #noteFailure(what: string, error: unknown): void {
    const isOverloaded = error instanceof Error && Reflect.get(error, "overloaded") === true;
    const name = error instanceof Error ? error.name : "unknown";
    log("relay_without_primary", { relay: this.#name, what, name, overloaded: isOverloaded ? 1 : 0 });
  }

  /** Reports to the primary and applies what the relay missed. */
  async #sync(serving: Serving): Promise<void> {
    const { broadcaster, position } = serving.replica;
    const feed = readFeed(await this.#primary.sync(this.#name, broadcaster.size, [...broadcaster.watchedContacts()], position));
    const applied = this.#state.applyAnswer(serving.replica, feed, position, Date.now()) === "applied";
    // An answer without news is no reason to save the position later.
    if (applied && feed.to > position.seq) this.#afterSending(serving);
    else if (!applied && this.#serving === serving) this.#serving = null;
  }

  /** Call after viewers may have been sent something. Schedules the next flush, and saves the position after a quiet period. */
  #afterSending({ replica, flushes, sockets }: Serving): void {
    flushes.schedule();
    // The primary's feed does not say whose contacts changed. A frame with the same contacts is not sent again.
    sockets.queues.noteChanged(replica.changedKeys(QUEUES.name, sockets.queues.watchedQueues(), this.#queuesSeenAt), Date.now());
    this.#queuesSeenAt = replica.position.seq;
    if (this.#savePositionTimer !== null) clearTimeout(this.#savePositionTimer);
    this.#savePositionTimer = setTimeout(() => {
      this.#savePositionTimer = null;
      if (this.#serving?.replica !== replica) return;
      // Without its position the relay sends its viewers the whole list after its sleep.
      this.ctx.storage.put<Position>(POSITION_KEY, replica.position).catch((error: unknown) => this.#noteFailure("save", error));
    }, SAVE_POSITION_AFTER_MS);
  }
}

function openSockets(ctx: DurableObjectState): number {
  return ctx.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN).length;
}

/** A replica and what serves its viewers. */
interface Serving {
  replica: Replica;
  sockets: ViewerSockets;
  flushes: FlushTimer;
}
