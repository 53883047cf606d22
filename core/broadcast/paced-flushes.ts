import type { Board } from "../board/board.ts";
import type { PendingChange } from "./conflation-buffer.ts";
import { FanOut, type FanOutJob, type SentWeight } from "./fan-out.ts";
import { FlushFrames } from "./flush-frames.ts";
import type { FrameSender } from "./frame-sender.ts";
import { PacedChanges, paceFor } from "./paced-changes.ts";
import type { SlowConsumers } from "./slow-consumers.ts";
import type { Subscriber } from "./subscriber.ts";
import type { SubscriberGroup } from "./subscriber-groups.ts";
import type { Subscribers } from "./subscribers.ts";

/** To compress so many bytes takes as long as to send a frame: 10 KB take some 100 µs. */
const DEFLATED_PER_FRAME = 4 * 1024;
const NOTHING_SENT: SentWeight = { frames: 0, bytes: 0 };

/** The flushes of all paces: what waits for each, and their frames on the way to the subscribers. */
export class PacedFlushes {
  readonly changes = new PacedChanges();
  readonly #fanOut: FanOut;
  readonly #flushIntervalMs: number;
  readonly #subscribers: Subscribers;
  readonly #slow: SlowConsumers;
  readonly #sender: FrameSender;
  readonly #closeIfOver: (subscriber: Subscriber, now: number) => boolean;

  /** `closeIfOver` closes a viewer whose session is over, and returns whether it is. */
  constructor(
    batchSize: number,
    flushIntervalMs: number,
    subscribers: Subscribers,
    slow: SlowConsumers,
    sender: FrameSender,
    closeIfOver: (subscriber: Subscriber, now: number) => boolean,
  ) {
    this.#fanOut = new FanOut(batchSize);
    this.#flushIntervalMs = flushIntervalMs;
    this.#subscribers = subscribers;
    this.#slow = slow;
    this.#sender = sender;
    this.#closeIfOver = closeIfOver;
  }

  /** Whether viewers wait for frames. */
  get isFanningOut(): boolean {
    return this.#fanOut.pending;
  }

  /** The pace of a viewer that asks for flushes at least so far apart. */
  paceFor(intervalMs: number): number {
    return paceFor(intervalMs, this.#flushIntervalMs);
  }

  /** Begins to send what waits at pace 0 (unless `slowPacesOnly`), and at the slower paces that are due. */
  begin(board: Board, now: number, slowPacesOnly: boolean): void {
    if (!slowPacesOnly && this.changes.size > 0) this.#fanOutTo(board, 0, this.changes.drainChanges(), now);
    this.changes.closeOthers(new Set([...this.#subscribers.groups()].map(({ pace }) => pace)));
    for (const [pace, changes] of this.changes.drainDue(now)) this.#fanOutTo(board, pace, changes, now);
  }

  /** Sends the next batch of frames. */
  continueFanOut(now: number): void {
    this.#fanOut.sendNextBatch((subscriber, job) => this.#serve(subscriber, job, now));
  }

  /** Up to where every member of the group has been served. */
  servedUpTo(group: SubscriberGroup<Subscriber>): number {
    return this.#fanOut.servedUpTo(group);
  }

  #fanOutTo(board: Board, pace: number, changes: readonly PendingChange[], now: number): void {
    this.#sender.counters.flushes += 1;
    this.#sender.counters.flushedAgents += changes.length;
    const groups = [...this.#subscribers.groups()].filter((group) => group.pace === pace);
    this.#fanOut.begin(new FlushFrames(board, changes, now), groups);
  }

  /** Sends one subscriber its frames of a flush. Returns what it sent. */
  #serve(subscriber: Subscriber, { from, to, frames }: FanOutJob, now: number): SentWeight {
    // One that waits for a list gets the changes since with it.
    if (subscriber.seen >= to || subscriber.awaited !== null) return NOTHING_SENT;
    if (this.#closeIfOver(subscriber, now)) return NOTHING_SENT;
    const toSend = subscriber.viewer.legacy ? frames.legacy().filter(({ seq }) => seq > subscriber.seen) : [frames.batch()];
    const bytes = toSend.reduce((sum, frame) => sum + frame.bytes, 0);
    if (this.#slow.isSlow(subscriber, bytes)) {
      this.#slow.missBoard(subscriber, from, now);
      return NOTHING_SENT;
    }
    const { counters, deflatedBytes } = this.#sender;
    const before = { frames: counters.frames, bytes: counters.bytes };
    for (const frame of toSend) this.#sender.send(subscriber, frame, subscriber.group.members.size);
    const compressions = Math.ceil((this.#sender.deflatedBytes - deflatedBytes) / DEFLATED_PER_FRAME);
    return { frames: counters.frames - before.frames + compressions, bytes: counters.bytes - before.bytes };
  }
}
