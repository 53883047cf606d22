import type { Board } from "../core/board/board.ts";
import { digest } from "../core/board/digest.ts";
import { filterKey, viewEpoch } from "../core/board/visibility.ts";
import type { Broadcaster } from "../core/broadcast/broadcaster.ts";
import { WorkLimiter } from "../core/broadcast/work-limiter.ts";
import { isKnownTag } from "./known-tag.ts";
import type { PollRequest } from "./rpc-arguments.ts";

/** Characters of polled lists that one subject may get at once, and per second. A 304 costs nothing. */
const BURST = 4 * 1024 * 1024;
const PER_SECOND = 512 * 1024;

export interface PolledBoard {
  etag: string;
  /** null when the caller has it already, or must wait. */
  body: string | null;
  /** Set when the subject has polled too much. */
  retryAfterSeconds?: number;
}

/** Answers viewers without sockets, each subject by the weight of what it gets. */
export class Polls {
  readonly #broadcaster: Broadcaster;
  readonly #limiter = new WorkLimiter(BURST, PER_SECOND);

  constructor(broadcaster: Broadcaster) {
    this.#broadcaster = broadcaster;
  }

  /** The list may take several steps: call {@link FlushTimer.schedule} after this, before the answer is there. */
  async answer({ filter, subject, ifNoneMatch }: PollRequest, { epoch, seq }: Board, now: number): Promise<PolledBoard> {
    const etag = `"${epoch}-${seq}-${digest(filterKey(filter))}"`;
    if (isKnownTag(ifNoneMatch, etag)) return { etag, body: null };
    const freeAt = this.#limiter.freeAt(subject, now);
    if (freeAt > now) return { etag, body: null, retryAfterSeconds: Math.ceil((freeAt - now) / 1000) };
    const body = await new Promise<string>((resolve) => this.#broadcaster.poll(filter, now, resolve));
    this.#limiter.count(subject, body.length, now);
    return { etag, body };
  }

  /** Returns the rows of one collection besides the agents. */
  answerCollection({ filter, subject, ifNoneMatch }: PollRequest, name: string, board: Board, now: number): PolledBoard {
    const { epoch, seq } = board;
    const etag = `"${epoch}-${name}-${seq}-${digest(filterKey(filter))}"`;
    if (isKnownTag(ifNoneMatch, etag)) return { etag, body: null };
    const freeAt = this.#limiter.freeAt(subject, now);
    if (freeAt > now) return { etag, body: null, retryAfterSeconds: Math.ceil((freeAt - now) / 1000) };
    const collection = board.collections.find(({ definition }) => definition.name === name);
    const data = collection?.visible(filter).map((row) => collection.definition.toWire(row, now)) ?? [];
    const body = JSON.stringify({ epoch: viewEpoch(epoch, filter), seq, serverTime: now, data });
    this.#limiter.count(subject, body.length, now);
    return { etag, body };
  }

  cleanUp(now: number): void {
    this.#limiter.cleanUp(now);
  }
}
