import type { Board } from "../../core/board/board.ts";
import { type Feed, Replica } from "../../core/replication/replica.ts";
import type { Position } from "./clients.ts";
import type { Watcher } from "./line.ts";
import { type Primary, SLICE, subscribe } from "./primary.ts";

/** A relay as worker/relay.ts drives it, with calls that arrive when the simulation lets them. */
export class RelayModel {
  readonly name: string;
  readonly watchers = new Set<Watcher>();
  readonly #primary: Primary;
  /** What it wrote down once things were quiet. */
  #remembered: Position | null = null;
  #replica: Replica | null = null;

  constructor(name: string, primary: Primary) {
    this.name = name;
    this.#primary = primary;
  }

  get awake(): boolean {
    return this.#replica !== null;
  }

  /** Where it stands, for what it asks of the primary. */
  get position(): Position | null {
    return this.#replica?.position ?? null;
  }

  connect(watcher: Watcher, now: number, makeLine: (board: Board) => void): void {
    let replica = this.#open(now);
    if ((watcher.client.position?.seq ?? 0) > replica.board.seq) {
      const asked = this.position;
      this.answer(this.#primary.sync(this.name, asked), asked, now);
      replica = this.#open(now);
    }
    makeLine(replica.board);
    this.watchers.add(watcher);
    subscribe(replica.broadcaster, watcher, now);
    replica.broadcaster.sendFirstFrame(watcher.id, watcher.client.position, now);
  }

  leave(watcher: Watcher): void {
    this.watchers.delete(watcher);
    this.#replica?.broadcaster.removeSubscriber(watcher.id);
  }

  resync(watcher: Watcher, now: number): void {
    this.#open(now).broadcaster.resync(watcher.id, now);
  }

  /** Returns true when the push leaves a gap, so that the primary must be asked. */
  push(feed: Feed, now: number): boolean {
    if (this.#replica === null && this.watchers.size > 0) this.#open(now);
    return this.#replica?.push(feed, now) === "gap";
  }

  /** The primary's answer to the question what was missed since `asked`. */
  answer(feed: Feed, asked: Position | null, now: number): void {
    if (this.#replica === null) return;
    if (asked !== null && this.#replica.answer(feed, asked, now) === "taken") return;
    for (const watcher of this.watchers) watcher.line?.close();
    this.watchers.clear();
    this.#replica = null;
  }

  /** The alarm: with viewers it asks what it missed (returns true), without it lets go. */
  recheck(now: number): boolean {
    if (this.watchers.size > 0) {
      this.#open(now).broadcaster.expire(now);
      return true;
    }
    this.#replica = null;
    this.#remembered = null;
    this.#primary.fleet.delete(this.name);
    return false;
  }

  /** What its timer does. */
  tend(now: number): void {
    const broadcaster = this.#replica?.broadcaster;
    if (broadcaster?.delivering) broadcaster.deliver(now);
    else broadcaster?.flush(now);
  }

  get busy(): boolean {
    return this.#replica !== null && (this.#replica.broadcaster.delivering || this.#replica.broadcaster.dirty);
  }

  quiet(): void {
    this.#remembered = this.position;
  }

  hibernate(): void {
    if (this.busy || this.#replica?.broadcaster.lagging) return;
    if (this.#replica !== null) this.quiet();
    this.#replica = null;
  }

  crash(): void {
    for (const watcher of this.watchers) watcher.line?.cut();
    this.watchers.clear();
    this.#replica = null;
  }

  /** Fetches a replica. After sleep the viewers, told everything up to the remembered position, are told what has changed since. */
  #open(now: number): Replica {
    if (this.#replica !== null) return this.#replica;
    const replica = new Replica(this.#primary.sync(this.name, null), SLICE);
    this.#replica = replica;
    for (const watcher of this.watchers) {
      if (watcher.line === null) continue;
      watcher.line.board = replica.board;
      subscribe(replica.broadcaster, watcher, now);
    }
    replica.awaken(this.#remembered, now);
    return replica;
  }
}
