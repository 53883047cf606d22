import type { Board, Position } from "../../core/board/board.ts";
import { COLLECTIONS } from "../../core/center/collections.ts";
import type { Feed } from "../../core/replication/feed.ts";
import { RelayState } from "../../core/replication/relay-state.ts";
import type { Replica } from "../../core/replication/replica.ts";
import { nodeDeflation } from "../support/node-deflation.ts";
import { FAN_OUT_BATCH, type Primary, subscribe } from "./primary.ts";
import type { SimulatedViewer } from "./simulated-connection.ts";

/** Simulates the object around the core's {@link RelayState}. The simulation decides when calls arrive. */
export class RelayObject {
  readonly name: string;
  readonly viewers = new Set<SimulatedViewer>();
  readonly #primary: Primary;
  /** The position that the relay saved in a quiet period. */
  #savedPosition: Position | null = null;
  #state = newState();

  constructor(name: string, primary: Primary) {
    this.name = name;
    this.#primary = primary;
  }

  get position(): Position | null {
    return this.#state.position;
  }

  connectViewer(viewer: SimulatedViewer, now: number, makeConnection: (board: Board) => void): void {
    this.#open(now);
    if (this.#state.isBehind(viewer.client.position)) this.askPrimary(now);
    const replica = this.#open(now);
    makeConnection(replica.board);
    this.viewers.add(viewer);
    subscribe(replica.broadcaster, viewer, now);
    replica.broadcaster.sendFirstFrame(viewer.id, viewer.client.position, now);
  }

  removeViewer(viewer: SimulatedViewer): void {
    this.viewers.delete(viewer);
    this.#state.replica?.broadcaster.removeSubscriber(viewer.id);
  }

  resync(viewer: SimulatedViewer, now: number): void {
    this.#open(now).broadcaster.resync(viewer.id, now);
  }

  setPace(viewer: SimulatedViewer, now: number): void {
    this.#open(now).broadcaster.setPace(viewer.id, viewer.pace, now);
  }

  /** Applies a feed of the primary. Returns "refused" if the relay has no viewers. */
  receiveFeed(feed: Feed, now: number): "applied" | "ask" | "refused" {
    if (this.#state.replica === null && this.viewers.size === 0) return "refused";
    this.#open(now);
    return this.#state.applyFeed(feed, now);
  }

  /** Applies the primary's answer to the question what `replica` missed since `asked`. */
  receiveAnswer(replica: Replica, feed: Feed, asked: Position, now: number): void {
    // The relay lost the memory that made the call, so the answer reaches no caller.
    if (this.#state.replica !== replica) return;
    if (this.#state.applyAnswer(replica, feed, asked, now) === "lost") this.viewers.clear();
  }

  /** Asks the primary and gets the answer at once. */
  askPrimary(now: number): void {
    const question = this.question();
    if (question !== null) this.receiveAnswer(question.replica, this.#primary.report(this, question.asked), question.asked, now);
  }

  /** Returns the question that the relay would ask now. Null: it has no replica. */
  question(): { replica: Replica; asked: Position } | null {
    const { replica } = this.#state;
    return replica === null ? null : { replica, asked: replica.position };
  }

  /** Runs the relay's alarm. Returns true if the relay must ask the primary. */
  recheck(now: number): boolean {
    if (this.viewers.size > 0) this.#open(now);
    if (this.#state.recheck(now) === "ask") return true;
    this.#savedPosition = null;
    this.#primary.registry.detach(this.name);
    return false;
  }

  /** Runs the relay's flush timer once. */
  runTimer(now: number): void {
    const broadcaster = this.#state.replica?.broadcaster;
    if (broadcaster?.isFanningOut) broadcaster.continueFanOut(now);
    else broadcaster?.flush(now);
  }

  get busy(): boolean {
    const broadcaster = this.#state.replica?.broadcaster;
    if (broadcaster === undefined) return false;
    return broadcaster.isFanningOut || broadcaster.hasPendingChanges || broadcaster.nextSlowFlush(0) !== null;
  }

  savePosition(): void {
    this.#savedPosition = this.position;
  }

  hibernate(): void {
    if (this.busy || this.#state.replica?.broadcaster.hasSlowConsumers) return;
    if (this.#state.replica !== null) this.savePosition();
    this.#state = newState();
  }

  crash(): void {
    for (const viewer of this.viewers) viewer.connection?.breakOff();
    this.viewers.clear();
    this.#state = newState();
  }

  /** Fetches a replica. After hibernation the viewers get the changes since the saved position. */
  #open(now: number): Replica {
    if (this.#state.replica !== null) return this.#state.replica;
    const replica = this.#state.openReplica(this.#primary.report(this, null));
    for (const viewer of this.viewers) {
      if (viewer.connection === null) continue;
      viewer.connection.board = replica.board;
      subscribe(replica.broadcaster, viewer, now);
    }
    replica.catchUpViewers(this.#savedPosition, now);
    return replica;
  }
}

/** Passes 0 as the time of revocations, because the simulation has none. */
function newState(): RelayState {
  return new RelayState(COLLECTIONS, 0, FAN_OUT_BATCH, nodeDeflation);
}
