import type { Board } from "../../core/board/board.ts";
import { BoardCopy, type Feed } from "../../core/replication/replica.ts";
import type { Position } from "./clients.ts";
import type { Watcher } from "./line.ts";
import { type Root, SLICE, subscribe } from "./root.ts";

/** A relay as worker/relay.ts drives it, with calls that arrive when the simulation lets them. */
export class RelayModel {
  readonly name: string;
  readonly watchers = new Set<Watcher>();
  readonly #root: Root;
  /** What it wrote down once things were quiet. */
  #remembered: Position | null = null;
  #copy: BoardCopy | null = null;

  constructor(name: string, root: Root) {
    this.name = name;
    this.#root = root;
  }

  get awake(): boolean {
    return this.#copy !== null;
  }

  /** Where it stands, for what it asks of the root. */
  get position(): Position | null {
    return this.#copy?.position ?? null;
  }

  connect(watcher: Watcher, now: number, makeLine: (board: Board) => void): void {
    let copy = this.#open(now);
    if ((watcher.client.position?.seq ?? 0) > copy.board.seq) {
      const asked = this.position;
      this.answer(this.#root.sync(this.name, asked), asked, now);
      copy = this.#open(now);
    }
    makeLine(copy.board);
    this.watchers.add(watcher);
    subscribe(copy.broadcaster, watcher, now);
    copy.broadcaster.sendFirstFrame(watcher.id, watcher.client.position, now);
  }

  leave(watcher: Watcher): void {
    this.watchers.delete(watcher);
    this.#copy?.broadcaster.removeSubscriber(watcher.id);
  }

  resync(watcher: Watcher, now: number): void {
    this.#open(now).broadcaster.resync(watcher.id, now);
  }

  /** Returns true when the push leaves a gap, so that the root must be asked. */
  push(feed: Feed, now: number): boolean {
    if (this.#copy === null && this.watchers.size > 0) this.#open(now);
    return this.#copy?.push(feed, now) === "gap";
  }

  /** The root's answer to the question what was missed since `asked`. */
  answer(feed: Feed, asked: Position | null, now: number): void {
    if (this.#copy === null) return;
    if (asked !== null && this.#copy.answer(feed, asked, now) === "taken") return;
    for (const watcher of this.watchers) watcher.line?.close();
    this.watchers.clear();
    this.#copy = null;
  }

  /** The alarm: with viewers it asks what it missed (returns true), without it lets go. */
  recheck(now: number): boolean {
    if (this.watchers.size > 0) {
      this.#open(now).broadcaster.expire(now);
      return true;
    }
    this.#copy = null;
    this.#remembered = null;
    this.#root.fleet.delete(this.name);
    return false;
  }

  /** What its timer does. */
  tend(now: number): void {
    const broadcaster = this.#copy?.broadcaster;
    if (broadcaster?.delivering) broadcaster.deliver(now);
    else broadcaster?.flush(now);
  }

  get busy(): boolean {
    return this.#copy !== null && (this.#copy.broadcaster.delivering || this.#copy.broadcaster.dirty);
  }

  quiet(): void {
    this.#remembered = this.position;
  }

  hibernate(): void {
    if (this.busy || this.#copy?.broadcaster.lagging) return;
    if (this.#copy !== null) this.quiet();
    this.#copy = null;
  }

  crash(): void {
    for (const watcher of this.watchers) watcher.line?.cut();
    this.watchers.clear();
    this.#copy = null;
  }

  /** Fetches a copy. After sleep the viewers, told everything up to the remembered position, are told what has changed since. */
  #open(now: number): BoardCopy {
    if (this.#copy !== null) return this.#copy;
    const copy = new BoardCopy(this.#root.sync(this.name, null), SLICE);
    this.#copy = copy;
    for (const watcher of this.watchers) {
      if (watcher.line === null) continue;
      watcher.line.board = copy.board;
      subscribe(copy.broadcaster, watcher, now);
    }
    copy.awaken(this.#remembered, now);
    return copy;
  }
}
