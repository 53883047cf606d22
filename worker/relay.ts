import { DurableObject } from "cloudflare:workers";
import type { Position } from "../core/broadcast/viewer.ts";
import { type Feed, Replica } from "../core/replication/replica.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { AlarmScheduler } from "./alarm-scheduler.ts";
import { readConnectRequest } from "./auth/connect-request.ts";
import { TICKET_SECONDS } from "./auth/tickets.ts";
import { FlushTimer } from "./flush-timer.ts";
import type { Spoken } from "./relay-fleet.ts";
import { instanceOf } from "./relay-names.ts";
import { refuseSocket } from "./sockets.ts";
import { ViewerSockets } from "./viewer-sockets.ts";

/** How often a relay with viewers asks its primary whether it missed something. Only a lost call is found this late. */
const RECHECK_MS = 30_000;
/** The position is written once things are quiet; before the object may sleep (10 s idle), and not for every push. */
const REMEMBER_AFTER_MS = 3_000;

/** The replica of a board that serves the viewers for whom its primary has no room. Public methods are its RPC surface. */
export class Relay extends DurableObject<Env> {
  readonly #name: string;
  readonly #alarms: AlarmScheduler;
  #relayed: Relayed | null = null;
  #opening: Promise<Relayed> | null = null;
  #rememberTimer: ReturnType<typeof setTimeout> | null = null;
  /** Subject -> until when: who was let pass by the primary a moment before may arrive a moment after. */
  readonly #revoked = new Map<string, number>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#name = ctx.id.name ?? "";
    this.#alarms = new AlarmScheduler(ctx.storage);
    void ctx.blockConcurrencyWhile(async () => {
      await this.#alarms.load();
      if (ctx.getWebSockets().length > 0) await this.#wake();
    });
  }

  /** Takes over a push of the primary. One that leaves a gap is answered with a question. Returns whether anybody is here. */
  async push(feed: Feed): Promise<boolean> {
    if (this.#relayed === null && this.#opening === null) return false;
    // While the first replica is on its way a push may be newer than it; passed over, it would be missed for half a minute.
    const relayed = await this.#open();
    if (relayed.replica.push(feed, Date.now()) === "gap") await this.#sync(relayed);
    else this.#told(relayed);
    return true;
  }

  spoken({ contactId, turns, complete, groups }: Spoken): void {
    this.#relayed?.replica.broadcaster.transcript(contactId, turns, complete, groups);
  }

  revoke(subject: string): number {
    const now = Date.now();
    for (const [known, until] of this.#revoked) if (until <= now) this.#revoked.delete(known);
    this.#revoked.set(subject, now + TICKET_SECONDS * 1000);
    return this.#relayed?.replica.broadcaster.revoke(subject) ?? 0;
  }

  override async fetch(request: Request): Promise<Response> {
    const connect = readConnectRequest(request);
    const known = await this.#open();
    // It may have been told more elsewhere than has reached us: never send it back in time.
    if ((connect.position?.seq ?? 0) > known.replica.board.seq) await this.#sync(known);
    const { sockets } = await this.#open();
    if ((this.#revoked.get(connect.subject) ?? 0) > Date.now()) return refuseSocket(CLOSE.revoked, connect.plain);
    const response = sockets.admit(connect, Date.now());
    this.#alarms.wakeBy(Date.now() + RECHECK_MS);
    return response;
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const { sockets, flushes } = await this.#open();
    await sockets.receive(socket, data, Date.now());
    flushes.schedule();
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    const { sockets } = await this.#open();
    await sockets.close(socket, code);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    const { sockets } = await this.#open();
    await sockets.close(socket, 1006);
  }

  override async alarm(): Promise<void> {
    this.#alarms.alarmFired();
    const now = Date.now();
    this.#relayed?.replica.broadcaster.expire(now);
    if (this.#relayed === null || this.#relayed.replica.broadcaster.size === 0) {
      this.#relayed = null;
      await this.ctx.storage.delete("position");
      await this.#primary.detach(this.#name);
      return;
    }
    this.#alarms.wakeBy(now + RECHECK_MS);
    await this.#sync(this.#relayed);
  }

  get #primary() {
    return this.env.CONTACT_CENTER.getByName(instanceOf(this.#name));
  }

  #open(): Promise<Relayed> {
    if (this.#relayed !== null) return Promise.resolve(this.#relayed);
    this.#opening ??= this.#fetchReplica().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #fetchReplica(): Promise<Relayed> {
    const replica = new Replica(await this.#primary.sync(this.#name, 0, [], null));
    const relayed: Relayed = {
      replica,
      flushes: new FlushTimer(replica.broadcaster, 0, () => {}),
      sockets: new ViewerSockets(this.ctx, replica.broadcaster, {
        transcript: (contactId) => this.#primary.transcript(contactId),
        redeem: (token) => this.#primary.redeem(token),
        watchChanged: () => this.#sync(relayed),
        wakeBy: (at) => this.#alarms.wakeBy(at),
      }),
    };
    this.#relayed = relayed;
    this.#told(relayed);
    return relayed;
  }

  async #wake(): Promise<void> {
    const remembered = (await this.ctx.storage.get<Position>("position")) ?? null;
    const relayed = await this.#fetchReplica();
    relayed.sockets.restore();
    relayed.replica.awaken(remembered, Date.now());
    this.ctx.waitUntil(this.#sync(relayed));
  }

  /** Reports to the primary and takes over what was missed. */
  async #sync(relayed: Relayed): Promise<void> {
    const { broadcaster, position } = relayed.replica;
    const feed = await this.#primary.sync(this.#name, broadcaster.size, [...broadcaster.watched()], position);
    if (relayed.replica.answer(feed, position, Date.now()) === "taken") return this.#told(relayed);
    for (const viewer of broadcaster.viewers()) broadcaster.dismiss(viewer.id, CLOSE.resync);
    if (this.#relayed === relayed) this.#relayed = null;
  }

  /** The viewers may have been told something: mind those that lag, and write the position down once things are quiet. */
  #told({ replica, flushes }: Relayed): void {
    flushes.schedule();
    if (this.#rememberTimer !== null) clearTimeout(this.#rememberTimer);
    this.#rememberTimer = setTimeout(() => {
      this.#rememberTimer = null;
      if (this.#relayed?.replica === replica) void this.ctx.storage.put<Position>("position", replica.position);
    }, REMEMBER_AFTER_MS);
  }
}

interface Relayed {
  replica: Replica;
  sockets: ViewerSockets;
  flushes: FlushTimer;
}
