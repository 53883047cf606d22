import type { Board, Position } from "../../core/board/board.ts";
import type { Feed } from "../../core/replication/feed.ts";
import { RelayState } from "../../core/replication/relay-state.ts";
import type { Replica } from "../../core/replication/replica.ts";
import { COLLECTIONS } from "../../core/state/collections.ts";
import type { Watcher } from "./line.ts";
import { FAN_OUT_BATCH, type Primary, subscribe } from "./primary.ts";

/** The object around the core's {@link RelayState}, with calls that arrive when the simulation lets them. */
export class RelayObject {
  readonly name: string;
  readonly watchers = new Set<Watcher>();
  readonly #primary: Primary;
  /** The position that it wrote down once things were quiet. */
  #remembered: Position | null = null;
  #state = newState();

  constructor(name: string, primary: Primary) {
    this.name = name;
    this.#primary = primary;
  }

  get position(): Position | null {
    return this.#state.position;
  }

  connect(watcher: Watcher, now: number, makeLine: (board: Board) => void): void {
    this.#open(now);
    if (this.#state.isBehind(watcher.client.position)) this.ask(now);
    const replica = this.#open(now);
    makeLine(replica.board);
    this.watchers.add(watcher);
    subscribe(replica.broadcaster, watcher, now);
    replica.broadcaster.sendFirstFrame(watcher.id, watcher.client.position, now);
  }

  leave(watcher: Watcher): void {
    this.watchers.delete(watcher);
    this.#state.replica?.broadcaster.removeSubscriber(watcher.id);
  }

  resync(watcher: Watcher, now: number): void {
    this.#open(now).broadcaster.resync(watcher.id, now);
  }

  /** A feed of the primary arrives. "refused" = the relay serves nobody. */
  receiveFeed(feed: Feed, now: number): "applied" | "ask" | "refused" {
    if (this.#state.replica === null && this.watchers.size === 0) return "refused";
    this.#open(now);
    return this.#state.applyFeed(feed, now);
  }

  /** The primary's answer to the question what `replica` missed since `asked` arrives. */
  receiveAnswer(replica: Replica, feed: Feed, asked: Position, now: number): void {
    // The call ended with the memory that made it.
    if (this.#state.replica !== replica) return;
    if (this.#state.applyAnswer(replica, feed, asked, now) === "lost") this.watchers.clear();
  }

  /** Asks the primary and gets the answer at once. */
  ask(now: number): void {
    const question = this.question();
    if (question !== null) this.receiveAnswer(question.replica, this.#primary.report(this, question.asked), question.asked, now);
  }

  /** What the relay would ask now; null = it has no replica. */
  question(): { replica: Replica; asked: Position } | null {
    const { replica } = this.#state;
    return replica === null ? null : { replica, asked: replica.position };
  }

  /** The alarm. Returns true when the relay has something to ask. */
  recheck(now: number): boolean {
    if (this.watchers.size > 0) this.#open(now);
    if (this.#state.recheck(now) === "ask") return true;
    this.#remembered = null;
    this.#primary.registry.detach(this.name);
    return false;
  }

  /** What its timer does. */
  tend(now: number): void {
    const broadcaster = this.#state.replica?.broadcaster;
    if (broadcaster?.isFanningOut) broadcaster.continueFanOut(now);
    else broadcaster?.flush(now);
  }

  get busy(): boolean {
    const broadcaster = this.#state.replica?.broadcaster;
    return broadcaster !== undefined && (broadcaster.isFanningOut || broadcaster.hasPendingChanges);
  }

  savePosition(): void {
    this.#remembered = this.position;
  }

  hibernate(): void {
    if (this.busy || this.#state.replica?.broadcaster.hasSlowConsumers) return;
    if (this.#state.replica !== null) this.savePosition();
    this.#state = newState();
  }

  crash(): void {
    for (const watcher of this.watchers) watcher.line?.cut();
    this.watchers.clear();
    this.#state = newState();
  }

  /** Fetches a replica. After hibernation the viewers get what has changed since the remembered position. */
  #open(now: number): Replica {
    if (this.#state.replica !== null) return this.#state.replica;
    const replica = this.#state.openReplica(this.#primary.report(this, null));
    for (const watcher of this.watchers) {
      if (watcher.line === null) continue;
      watcher.line.board = replica.board;
      subscribe(replica.broadcaster, watcher, now);
    }
    replica.catchUpViewers(this.#remembered, now);
    return replica;
  }
}

/** Nobody is revoked in the simulation. */
function newState(): RelayState {
  return new RelayState(COLLECTIONS, 0, FAN_OUT_BATCH);
}
