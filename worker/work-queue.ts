import { nextEvent } from "./replay/next-event.ts";

/** Does one piece of heavy work after the other, and lets the posts that have arrived go first. So many askers hold up no more than one. */
export class WorkQueue {
  #last: Promise<void> = Promise.resolve();

  /** Does the work when all earlier work is done. The next work does not fail with it. */
  run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.then(
      () => nextEvent(),
      () => nextEvent(),
    );
    return done;
  }
}
