import type { GroupFrames } from "./flush-frames.ts";
import type { Subscriber } from "./subscriber.ts";

/**
 * The broadcaster sends so many frames in a row, then a waiting post runs. With the cost of a frame (`npm run bench -- --match
 * 'what a frame costs'`) a batch takes some 0.5 ms, however many viewers there are.
 */
export const FAN_OUT_BATCH = 16;

/** The frames of one flush on their way to one group. */
export interface FanOutJob {
  from: number;
  to: number;
  frames: GroupFrames;
  /** Live: a subscriber that leaves is passed over, and the first frame of one that joins holds the flush already. */
  subscribers: Iterator<Subscriber>;
}

/** The jobs of the last flush, sent a batch at a time. */
export class FanOut {
  readonly #batchSize: number;
  #jobs: FanOutJob[] = [];

  constructor(batchSize = FAN_OUT_BATCH) {
    this.#batchSize = batchSize;
  }

  /** Whether subscribers still wait for frames. */
  get pending(): boolean {
    return this.#jobs.length > 0;
  }

  addJob(job: FanOutJob): void {
    this.#jobs.push(job);
  }

  /** Serves subscribers until a batch of frames is sent. `serve` returns how many frames it sent. */
  sendNextBatch(serve: (subscriber: Subscriber, job: FanOutJob) => number): void {
    let sent = 0;
    for (let job = this.#jobs[0]; job !== undefined && sent < this.#batchSize; job = this.#jobs[0]) {
      const { value: subscriber, done } = job.subscribers.next();
      if (done === true) this.#jobs.shift();
      else sent += serve(subscriber, job);
    }
  }
}
