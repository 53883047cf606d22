import type { FlushEffect, FlushFrames, GroupFrames } from "./flush-frames.ts";
import type { Subscriber } from "./subscriber.ts";
import type { SubscriberGroup } from "./subscriber-groups.ts";

/**
 * The broadcaster sends so many frames in a row, then a waiting post runs. With the cost of a frame (`npm run bench -- --match
 * 'what a frame costs'`) a batch takes some 0.5 ms, however many viewers there are.
 */
export const FAN_OUT_BATCH = 16;
/** A frame of more bytes counts as several: sending costs about 1 µs for each KB. */
const BYTES_PER_FRAME = 64 * 1024;
/** To compare a filter with so many blocks of changes takes as long as to send a frame. */
const BLOCKS_PER_FRAME = 200;

/** The flush on its way to one group. */
export interface FanOutJob {
  from: number;
  to: number;
  frames: GroupFrames;
  /** Live: a subscriber that leaves is passed over, and the first frame of one that joins holds the flush already. */
  subscribers: Iterator<Subscriber>;
}

/** The frames and bytes that serving a subscriber took. */
export interface SentWeight {
  frames: number;
  bytes: number;
}

/** A group whose turn has not come yet. */
interface WaitingGroup {
  flush: FlushFrames;
  group: SubscriberGroup<Subscriber>;
}

/** The last flush on its way, sent a batch at a time. The frames of a group are made when its turn comes. */
export class FanOut {
  readonly #batchSize: number;
  /** Taken from the end. */
  #waiting: WaitingGroup[] = [];
  /** The group whose turn it is, once it is known what it sees. */
  #effect: FlushEffect | null = null;
  #job: FanOutJob | null = null;

  constructor(batchSize = FAN_OUT_BATCH) {
    this.#batchSize = batchSize;
  }

  /** Whether subscribers still wait for frames. */
  get pending(): boolean {
    return this.#waiting.length > 0;
  }

  /** Adds the groups that a flush goes to. Flushes of several paces may be on their way, each group in one of them. */
  begin(flush: FlushFrames, groups: Iterable<SubscriberGroup<Subscriber>>): void {
    this.#waiting.unshift(...[...groups].map((group) => ({ flush, group })).reverse());
  }

  /** Up to where every member of the group has been served. While its flush is on its way, some may not have it yet. */
  servedUpTo(group: SubscriberGroup<Subscriber>): number {
    return this.#job !== null && this.#waiting.at(-1)?.group === group ? this.#job.from : group.position;
  }

  /** Serves subscribers until a batch is full. `serve` returns what it sent. */
  sendNextBatch(serve: (subscriber: Subscriber, job: FanOutJob) => SentWeight): void {
    for (let weight = 0; weight < this.#batchSize; ) {
      const next = this.#waiting.at(-1);
      if (next === undefined) return;
      if (this.#job === null) {
        weight += next.flush.blockCount / BLOCKS_PER_FRAME;
        // The rows of a large flush take a step of their own.
        if (this.#openJob(next) === "writing") return;
        continue;
      }
      const { value: subscriber, done } = this.#job.subscribers.next();
      if (done === true) this.#closeJob();
      else {
        const { frames, bytes } = serve(subscriber, this.#job);
        weight += Math.max(frames, Math.ceil(bytes / BYTES_PER_FRAME));
      }
    }
  }

  #openJob({ flush, group }: WaitingGroup): "opened" | "nothing" | "writing" {
    this.#effect ??= group.members.size === 0 ? null : flush.effectOn(group.view);
    if (this.#effect === null) {
      this.#closeJob();
      return "nothing";
    }
    if (!flush.writeRows(this.#effect, group.form)) return "writing";
    const { position: from, view, form } = group;
    this.#job = {
      from,
      to: flush.to,
      frames: flush.framesFor(view, this.#effect, form, from),
      subscribers: group.members.values(),
    };
    group.position = flush.to;
    return "opened";
  }

  #closeJob(): void {
    this.#waiting.pop();
    this.#job = null;
    this.#effect = null;
  }
}
