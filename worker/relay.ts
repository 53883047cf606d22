import { DurableObject } from "cloudflare:workers";
import * as v from "valibot";
import type { Position } from "../core/board/board.ts";
import type { Feed } from "../core/replication/feed.ts";
import { RelayState } from "../core/replication/relay-state.ts";
import type { Replica } from "../core/replication/replica.ts";
import { COLLECTIONS } from "../core/state/collections.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import type { Turn } from "../protocol/messages.ts";
import { AlarmScheduler } from "./alarm-scheduler.ts";
import { readConnectRequest } from "./auth/connect-request.ts";
import { readTicketCheck, TICKET_SECONDS } from "./auth/tickets.ts";
import { centerStub } from "./centers.ts";
import { FlushTimer } from "./flush-timer.ts";
import { instanceOf } from "./relay-names.ts";
import { refuseSocket } from "./sockets.ts";
import { ViewerSockets } from "./viewer-sockets.ts";

/** How often a relay with viewers asks its primary whether it missed something. Only a lost call is found this late. */
const RECHECK_MS = 30_000;
/** A relay writes its position after so much quiet: before the object may hibernate (10 s idle), and not for every feed. */
const SAVE_POSITION_AFTER_MS = 3_000;
const POSITION_KEY = "position";
/** A position that another version wrote and that cannot be read counts as none: the viewers get the whole list. */
const positionSchema = v.fallback(v.nullable(v.object({ epoch: v.string(), seq: v.number() })), null);

/** New turns of one contact on their way to viewers. */
export interface TurnsOfContact {
  contactId: string;
  turns: Turn[];
  complete: boolean;
  groups: string[];
}

/** Serves the viewers for whom the primary has no room, from a replica of its board. Public methods are its RPC surface. */
export class Relay extends DurableObject<Env> {
  readonly #name: string;
  readonly #alarms: AlarmScheduler;
  readonly #state = new RelayState(COLLECTIONS, TICKET_SECONDS * 1000);
  #serving: Serving | null = null;
  #opening: Promise<Serving> | null = null;
  #savePositionTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#name = ctx.id.name ?? "";
    this.#alarms = new AlarmScheduler(ctx.storage);
    void ctx.blockConcurrencyWhile(async () => {
      await this.#alarms.load();
      if (ctx.getWebSockets().length > 0) await this.#wake();
    });
  }

  /** Applies a feed, and asks the primary if it leaves a gap. Returns whether the relay serves anybody. */
  async applyFeed(feed: Feed): Promise<boolean> {
    if (this.#serving === null && this.#opening === null) return false;
    // While the first replica is on its way, a feed may be newer than it. Skipping the feed would lose it for half a minute.
    const serving = await this.#open();
    if (this.#state.applyFeed(feed, Date.now()) === "ask") await this.#sync(serving);
    else this.#afterSending(serving);
    return true;
  }

  sendTurns({ contactId, turns, complete, groups }: TurnsOfContact): void {
    this.#serving?.replica.broadcaster.sendTurns(contactId, turns, complete, groups, Date.now());
    this.#serving?.flushes.schedule();
  }

  revoke(subject: string): number {
    return this.#state.revoke(subject, Date.now());
  }

  override async fetch(request: Request): Promise<Response> {
    const connect = readConnectRequest(request);
    const known = await this.#open();
    if (this.#state.isBehind(connect.position)) await this.#sync(known);
    const { sockets, replica } = await this.#open();
    replica.broadcaster.viewersElsewhere = Math.max(0, (connect.viewersElsewhere ?? 0) - replica.broadcaster.size);
    if (this.#state.isRevoked(connect.subject, Date.now())) return refuseSocket(CLOSE.revoked, connect.legacy);
    const response = sockets.acceptViewer(connect, Date.now());
    this.#alarms.wakeBy(Date.now() + RECHECK_MS);
    return response;
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const { sockets, flushes } = await this.#open();
    await sockets.receiveMessage(socket, data, Date.now());
    flushes.schedule();
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    const { sockets } = await this.#open();
    await sockets.closeSocket(socket, code);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    const { sockets } = await this.#open();
    await sockets.closeSocket(socket, 1006);
  }

  override async alarm(): Promise<void> {
    this.#alarms.alarmFired();
    const now = Date.now();
    if (this.#serving === null || this.#state.recheck(now) === "detach") {
      this.#serving = null;
      await this.ctx.storage.delete(POSITION_KEY);
      await this.#primary.detach(this.#name);
      return;
    }
    this.#alarms.wakeBy(now + RECHECK_MS);
    await this.#sync(this.#serving);
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

  async #fetchReplica(): Promise<Serving> {
    const replica = this.#state.openReplica(await this.#primary.sync(this.#name, 0, [], null));
    const serving: Serving = {
      replica,
      flushes: new FlushTimer(replica.broadcaster, 0, () => {}),
      sockets: new ViewerSockets(this.ctx, replica.broadcaster, {
        transcript: (contactId) => this.#primary.transcript(contactId),
        redeemTicket: async (token) => readTicketCheck(await this.#primary.redeem(token)),
        watchChanged: () => this.#sync(serving),
        wakeBy: (at) => this.#alarms.wakeBy(at),
      }),
    };
    this.#serving = serving;
    this.#afterSending(serving);
    return serving;
  }

  async #wake(): Promise<void> {
    const remembered = v.parse(positionSchema, await this.ctx.storage.get(POSITION_KEY));
    const serving = await this.#fetchReplica();
    serving.sockets.restoreViewers();
    serving.replica.catchUpViewers(remembered, Date.now());
    this.ctx.waitUntil(this.#sync(serving));
  }

  /** Reports to the primary and applies what the relay missed. */
  async #sync(serving: Serving): Promise<void> {
    const { broadcaster, position } = serving.replica;
    const feed = await this.#primary.sync(this.#name, broadcaster.size, [...broadcaster.watchedContacts()], position);
    if (this.#state.applyAnswer(serving.replica, feed, position, Date.now()) === "applied") return this.#afterSending(serving);
    if (this.#serving === serving) this.#serving = null;
  }

  /** Call after viewers may have been sent something. Schedules the next flush, and saves the position after a quiet period. */
  #afterSending({ replica, flushes }: Serving): void {
    flushes.schedule();
    if (this.#savePositionTimer !== null) clearTimeout(this.#savePositionTimer);
    this.#savePositionTimer = setTimeout(() => {
      this.#savePositionTimer = null;
      if (this.#serving?.replica === replica) void this.ctx.storage.put<Position>(POSITION_KEY, replica.position);
    }, SAVE_POSITION_AFTER_MS);
  }
}

/** A replica and what serves its viewers. */
interface Serving {
  replica: Replica;
  sockets: ViewerSockets;
  flushes: FlushTimer;
}
