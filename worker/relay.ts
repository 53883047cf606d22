import { DurableObject } from "cloudflare:workers";
import { Audience } from "../core/audience.ts";
import { Board } from "../core/board.ts";
import { viewEpoch } from "../core/visibility.ts";
import { CLOSE } from "../protocol/close-codes.ts";
import { readAdmission } from "./admission.ts";
import { AlarmClock } from "./alarm-clock.ts";
import { FlushTimer } from "./flush-timer.ts";
import { Lobby } from "./lobby.ts";
import type { Feed, Spoken } from "./relay-fleet.ts";
import { instanceOf } from "./relay-names.ts";

/** How often a relay with viewers asks its root whether it missed something. Only a lost call is found this late. */
const RECHECK_MS = 30_000;
/** The position is written once things are quiet; before the object may sleep (10 s idle), and not for every push. */
const REMEMBER_AFTER_MS = 3_000;

interface Position {
  epoch: string;
  seq: number;
}

/** The copy of a board that serves the viewers for whom its root has no room. Public methods are its RPC surface. */
export class Relay extends DurableObject<Env> {
  readonly #name: string;
  readonly #clock: AlarmClock;
  #copy: Copy | null = null;
  #opening: Promise<Copy> | null = null;
  #rememberTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#name = ctx.id.name ?? "";
    this.#clock = new AlarmClock(ctx.storage);
    void ctx.blockConcurrencyWhile(async () => {
      await this.#clock.load();
      if (ctx.getWebSockets().length > 0) await this.#wake();
    });
  }

  /** Takes over a push of the root. One that leaves a gap is answered with a question, one already known with nothing. */
  async push(feed: Feed): Promise<void> {
    const copy = this.#copy;
    if (copy === null) return;
    const { epoch, seq } = copy.board;
    // Below its floor the root no longer knows who was removed.
    if (feed.epoch !== epoch || feed.from > seq || seq < feed.floor) await this.#sync(copy);
    else this.#apply(copy, feed);
  }

  spoken({ contactId, turns, complete, groups }: Spoken): void {
    this.#copy?.audience.transcript(contactId, turns, complete, groups);
  }

  revoke(subject: string): number {
    return this.#copy?.audience.revoke(subject) ?? 0;
  }

  override async fetch(request: Request): Promise<Response> {
    const copy = await this.#open();
    const admission = readAdmission(request);
    // It may have been told more elsewhere than has reached us: never send it back in time.
    if ((admission.position?.seq ?? 0) > copy.board.seq) await this.#sync(copy);
    const response = copy.lobby.admit(admission, Date.now());
    this.#clock.wakeBy(Date.now() + RECHECK_MS);
    return response;
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const copy = await this.#open();
    await copy.lobby.receive(socket, data, Date.now());
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    const copy = await this.#open();
    copy.lobby.close(socket, code);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    const copy = await this.#open();
    copy.lobby.close(socket, 1006);
  }

  override async alarm(): Promise<void> {
    this.#clock.rang();
    const copy = this.#copy;
    if (copy === null) return;
    const now = Date.now();
    copy.audience.expire(now);
    if (copy.audience.size === 0) {
      this.#copy = null;
      this.#opening = null;
      await this.ctx.storage.delete("position");
      await this.#root.detach(this.#name);
      return;
    }
    this.#clock.wakeBy(now + RECHECK_MS);
    await this.#sync(copy);
  }

  get #root() {
    return this.env.CONTACT_CENTER.getByName(instanceOf(this.#name));
  }

  #open(): Promise<Copy> {
    if (this.#copy !== null) return Promise.resolve(this.#copy);
    this.#opening ??= this.#fetchCopy().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #fetchCopy(): Promise<Copy> {
    const feed = await this.#root.sync(this.#name, 0, [], null);
    const board = new Board(feed.epoch, feed.rows, feed.to, feed.floor);
    const audience = new Audience(board);
    const copy: Copy = {
      board,
      audience,
      flushes: new FlushTimer(audience, 0, () => {}),
      lobby: new Lobby(this.ctx, audience, {
        transcript: (contactId) => this.#root.transcript(contactId),
        redeem: (token) => this.#root.redeem(token),
        watchChanged: () => this.ctx.waitUntil(this.#sync(copy)),
        wakeBy: (at) => this.#clock.wakeBy(at),
      }),
    };
    this.#copy = copy;
    this.#rememberSoon();
    return copy;
  }

  /** After sleep: the viewers have been told everything up to the stored position; they are told what has changed since. */
  async #wake(): Promise<void> {
    const position = (await this.ctx.storage.get<Position>("position")) ?? null;
    const copy = await this.#fetchCopy();
    copy.lobby.restore();
    const now = Date.now();
    const { board } = copy;
    for (const { id, limit } of copy.audience.viewers()) {
      if (position?.epoch !== board.epoch) copy.audience.resync(id, now);
      else if (position.seq < board.seq) {
        const seq = board.newestVisible(limit, position.seq);
        copy.audience.welcome(id, { epoch: viewEpoch(board.epoch, limit), seq }, now);
      }
    }
    this.ctx.waitUntil(this.#sync(copy));
  }

  /** Reports to the root and takes over what was missed. */
  async #sync(copy: Copy): Promise<void> {
    const { board, audience } = copy;
    const position = { epoch: board.epoch, seq: board.seq };
    const feed = await this.#root.sync(this.#name, audience.size, [...audience.watched()], position);
    if (feed.epoch === board.epoch && feed.from === position.seq) return this.#apply(copy, feed);
    // The root lost its state, or cannot say what was missed: everybody must start anew.
    for (const viewer of audience.viewers()) audience.dismiss(viewer.id, CLOSE.resync);
    this.#copy = null;
  }

  #apply({ board, audience, flushes }: Copy, feed: Feed): void {
    if (feed.to <= board.seq) return;
    for (const row of feed.rows.sort((a, b) => a.seq - b.seq)) {
      const before = board.row(row.agentId);
      if (before !== undefined && before.seq >= row.seq) continue;
      board.put(row);
      if (before?.agent != null || row.agent !== null) audience.changed(before?.agent ?? null, row);
    }
    board.advance(feed.to, feed.floor);
    // The root has conflated already.
    audience.flush(Date.now());
    flushes.schedule();
    this.#rememberSoon();
  }

  #rememberSoon(): void {
    if (this.#rememberTimer !== null) clearTimeout(this.#rememberTimer);
    this.#rememberTimer = setTimeout(() => {
      this.#rememberTimer = null;
      const board = this.#copy?.board;
      if (board !== undefined) void this.ctx.storage.put<Position>("position", { epoch: board.epoch, seq: board.seq });
    }, REMEMBER_AFTER_MS);
  }
}

interface Copy {
  board: Board;
  audience: Audience;
  lobby: Lobby;
  flushes: FlushTimer;
}
