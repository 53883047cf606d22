import * as v from "valibot";
import { GroupView } from "../../core/board/group-view.ts";
import { WorkLimiter } from "../../core/broadcast/work-limiter.ts";
import { type Asker, askerSchema } from "../center-questions.ts";
import { PastBoards } from "./past-boards.ts";
import type { StoredReplay } from "./stored-replay.ts";

/** Characters that the answers to one subject may take at once, and per second. */
const BURST = 4 * 1024 * 1024;
const PER_SECOND = 512 * 1024;
/** To read and apply so many characters of the log costs as much as to send one. */
const READ_PER_SENT = 8;
/** A past board of 20,000 agents takes 40 MB of the 128 MB, so few are rebuilt at once. */
const AT_ONCE = 2;
/** A span ends so late at most. To play back more, ask again from where the answer ends. */
const LONGEST_SPAN_MS = 60 * 60_000;
/** A reader that does not take its answer must not hold a place for ever. */
const LONGEST_ANSWER_MS = 60_000;
/** Seconds after which a place is likely to be free. */
const RETRY_AFTER_S = 2;

const historyQuestionSchema = v.union([v.object({ at: v.number() }), v.object({ from: v.number(), to: v.number() })]);
export type HistoryQuestion = v.InferOutput<typeof historyQuestionSchema>;

/** The board of a moment as JSON, or a span as lines of JSON in UTF-8. */
export type HistoryAnswer =
  | { ok: true; body: string | ReadableStream<Uint8Array> }
  | { ok: false; status: 400 | 401 | 404 | 429; error: string; message?: string; retryAfterSeconds?: number };
type Refusal = Extract<HistoryAnswer, { ok: false }>;

/** Answers what the board was like. Each person gets its share by the weight of the answers. */
export class HistoryAnswers {
  readonly #replay: StoredReplay;
  readonly #limiter = new WorkLimiter(BURST, PER_SECOND);
  #open = 0;

  constructor(replay: StoredReplay) {
    this.#replay = replay;
  }

  /** @param mayAsk uses up the ticket of the asker, and says whether it is welcome */
  async answer(asker: unknown, question: unknown, mayAsk: (asker: Asker) => boolean, now: number): Promise<HistoryAnswer> {
    const who = v.parse(askerSchema, asker);
    const asked = v.parse(historyQuestionSchema, question);
    if (!mayAsk(who)) return { ok: false, status: 401, error: "unauthorized" };
    const refused = this.#wrongTime(asked, now) ?? this.#tooMuch(who, now);
    if (refused !== null) return refused;
    const boards = new PastBoards(this.#replay.tables, new GroupView(who.filter));
    const count = () => this.#limiter.count(who.subject, boards.sent + Math.ceil(boards.read / READ_PER_SENT), Date.now());
    this.#open += 1;
    if ("at" in asked) {
      try {
        const fields = { historic: true, at: asked.at, serverTime: now, keptSince: this.#keptSince(now) };
        const body = await boards.boardAt(asked.at, fields);
        return body === null ? this.#notKept(asked.at) : { ok: true, body };
      } finally {
        this.#open -= 1;
        count();
      }
    }
    const closed = () => {
      this.#open -= 1;
      count();
    };
    return this.#spanAnswer(boards, asked.from, asked.to, now, closed);
  }

  /** The first line is made before the answer begins, because it tells whether the moment is known. */
  async #spanAnswer(boards: PastBoards, from: number, to: number, now: number, closed: () => void): Promise<HistoryAnswer> {
    const lines = boards.lines(from, to, now);
    let first: IteratorResult<string>;
    try {
      first = await lines.next();
    } catch (error) {
      closed();
      throw error;
    }
    if (first.done) {
      closed();
      return this.#notKept(from);
    }
    return { ok: true, body: streamOf(first.value, lines, closed) };
  }

  #wrongTime(asked: HistoryQuestion, now: number): Refusal | null {
    const [from, to] = "at" in asked ? [asked.at, asked.at] : [asked.from, asked.to];
    if (from > to) return wrong("The time in from is later than that in to. Send both in epoch milliseconds.");
    if (to > now) return wrong(`That is in the future. Ask for a time up to ${now}, the hub's clock.`);
    if (to - from > LONGEST_SPAN_MS)
      return wrong(`The span is longer than ${LONGEST_SPAN_MS} ms. Ask for one part after the other.`);
    if (this.#replay.historyDays === 0) {
      const message = "This hub keeps no history. Ask its operator to set HISTORY_DAYS.";
      return { ok: false, status: 404, error: "no_history", message };
    }
    return from < this.#replay.keptFrom(now) ? this.#notKept(from) : null;
  }

  #tooMuch({ subject }: Asker, now: number): Refusal | null {
    this.#limiter.cleanUp(now);
    const freeAt = this.#limiter.freeAt(subject, now);
    if (freeAt <= now && this.#open < AT_ONCE) return null;
    const message =
      freeAt > now
        ? "This identity asks for more than its share. Wait for Retry-After."
        : "The hub is reading the history for others. Wait for Retry-After.";
    const retryAfterSeconds = freeAt > now ? Math.ceil((freeAt - now) / 1000) : RETRY_AFTER_S;
    return { ok: false, status: 429, error: "too_many_requests", message, retryAfterSeconds };
  }

  #keptSince(now: number): number | null {
    const oldest = this.#replay.tables.oldestKeyframeAt();
    return oldest === null ? null : Math.max(oldest, this.#replay.keptFrom(now));
  }

  #notKept(at: number): Refusal {
    const since = this.#keptSince(Date.now());
    const known = since === null ? "Nothing is kept yet. Ask again later." : `Ask for ${since} or later.`;
    const cause = since !== null && at >= since ? "The hub was not writing then. Ask for another moment." : known;
    return { ok: false, status: 404, error: "not_kept", message: `The board of ${at} is not kept. ${cause}` };
  }
}

function wrong(message: string): Refusal {
  return { ok: false, status: 400, error: "invalid_query", message };
}

/** Sends the lines as fast as the reader takes them. `closed` runs once, however it ends. */
function streamOf(first: string, lines: AsyncGenerator<string>, closed: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: string | null = first;
  let isOpen = true;
  const close = () => {
    if (isOpen) closed();
    isOpen = false;
    clearTimeout(timeout);
  };
  const timeout = setTimeout(() => {
    close();
    void lines.return(undefined);
  }, LONGEST_ANSWER_MS);
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      if (!isOpen) return controller.error(new Error("The reader of the history was too slow. Ask for a shorter span."));
      try {
        if (next === null) {
          close();
          return controller.close();
        }
        controller.enqueue(encoder.encode(next));
        const following = await lines.next();
        next = following.done ? null : following.value;
        if (next === null && isOpen) {
          close();
          controller.close();
        }
      } catch (error) {
        close();
        controller.error(error);
      }
    },
    async cancel() {
      close();
      await lines.return(undefined);
    },
  });
}
