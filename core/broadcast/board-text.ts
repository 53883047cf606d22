import type { Board } from "../board/board.ts";
import type { BoardRow, Collection, RowFields } from "../board/collection.ts";
import type { GroupView } from "../board/group-view.ts";
import { type Frame, frameOf, frameOfParts } from "./frame.ts";

/** What a text about the whole board holds: all rows, all rows for legacy viewers, or the rows that changed since a seq. */
export type TextKind = { kind: "list" } | { kind: "legacyList" } | { kind: "missed"; since: number };

/** A step writes so many rows, then waiting work runs: 4 to 6 ms at 6 to 10 µs a row. */
const ROWS_PER_STEP = 600;
/** A row that is only looked at costs so little of a row that is written. */
const LOOK_WEIGHT = 0.02;

/**
 * A text about the whole board, written a step at a time, because 10,000 rows take 50 ms. The board may change between two steps.
 * So the text stands for {@link seq}, where it began: a row may be newer than that, and the changes since must follow.
 */
export class BoardText {
  readonly kind: TextKind;
  readonly seq: number;
  /** Epoch ms. */
  readonly begunAt: number;
  readonly #pieces: Iterator<string>;
  #frame: Frame = { text: "", bytes: 0, parts: [] };
  #steps = 0;
  #done = false;

  constructor(board: Board, view: GroupView, kind: TextKind, now: number) {
    this.kind = kind;
    this.seq = board.seq;
    this.begunAt = now;
    this.#pieces = kind.kind === "missed" ? missedPieces(board, view, kind.since, now) : listPieces(board, view, kind.kind, now);
  }

  get done(): boolean {
    return this.#done;
  }

  /** Whether it took several steps, so that the board may have changed meanwhile. */
  get isLong(): boolean {
    return this.#steps > 1;
  }

  /** The text so far: the fields of a frame, without its head and its end. */
  get frame(): Frame {
    return this.#frame;
  }

  /** Writes at most so many rows. Returns whether the text is complete. */
  writeRows(limit = ROWS_PER_STEP): boolean {
    if (this.#done) return true;
    this.#steps += 1;
    const written: string[] = [];
    for (let weight = 0; weight < limit; ) {
      const { value, done } = this.#pieces.next();
      if (done === true) {
        this.#done = true;
        break;
      }
      weight += value === "" ? LOOK_WEIGHT : 1;
      if (value !== "") written.push(value);
    }
    // Joined by reference: the text is copied once, when it is sent.
    this.#frame = frameOfParts([...(this.#frame.parts ?? []), frameOf(written.join(""))]);
    return this.#done;
  }
}

function* listPieces(board: Board, view: GroupView, kind: "list" | "legacyList", now: number): Generator<string> {
  for (const [index, collection] of board.collections.entries()) {
    const { definition } = collection;
    // Legacy viewers know the first collection alone.
    if (kind === "legacyList" && index > 0) return;
    const encode = (value: RowFields) =>
      JSON.stringify(kind === "list" ? definition.toWire(value, now) : definition.firstRelease?.toLegacyWire(value, now));
    yield index === 0 ? '"data":[' : `,${JSON.stringify(definition.name)}:[`;
    let separator = "";
    for (const { value } of collection.rows()) {
      const isListed = value !== null && definition.isListed?.(value, now) !== false;
      if (!isListed || !view.mayView(collection.groupsOf(value))) yield "";
      else {
        yield `${separator}${encode(value)}`;
        separator = ",";
      }
    }
    yield "]";
  }
}

function* missedPieces(board: Board, view: GroupView, since: number, now: number): Generator<string> {
  for (const [index, collection] of board.collections.entries()) {
    const removed: string[] = [];
    // The first collection stands at the top level, and always. Another one comes only with news.
    let opening = index === 0 ? '"data":[' : `,${JSON.stringify(collection.definition.name)}:{"data":[`;
    let separator = "";
    for (const row of collection.rows()) {
      const news = missedRow(collection, row, since, view);
      if (news === "removed") removed.push(row.key);
      if (news === null || news === "removed") yield "";
      else {
        yield `${opening}${separator}${JSON.stringify(collection.definition.toWire(news, now))}`;
        opening = "";
        separator = ",";
      }
    }
    const hasNews = separator !== "" || removed.length > 0;
    if (index === 0) yield `${opening}],"removed":${JSON.stringify(removed)}`;
    else if (hasNews) yield `${opening}],"removed":${JSON.stringify(removed)}}`;
  }
}

function missedRow(
  collection: Collection<RowFields>,
  row: BoardRow,
  since: number,
  view: GroupView,
): RowFields | "removed" | null {
  const news = collection.missedOf(row, since, view);
  return news === "changed" ? row.value : news;
}
