import type { GroupView } from "../../core/board/group-view.ts";
import { COLLECTIONS } from "../../core/center/collections.ts";
import type { KeyframePlace } from "../../core/history/replay/keyframe.ts";
import type { LogLine } from "../../core/history/replay/log-line.ts";
import { type ReadProgress, ReplayReader } from "../../core/history/replay/replay-reader.ts";
import { log } from "../log.ts";
import { gunzipLines } from "./gzip.ts";
import { nextEvent } from "./next-event.ts";
import type { ReplayTables, StoredLogRow } from "./replay-tables.ts";

/** Rows of the log that are read in one step: some 130 kB, a few ms. */
const ROWS_PER_STEP = 8;
/** The decompressed text comes in small pieces. A step applies so many of its characters: some 150 rows, a few ms. */
const CHARACTERS_PER_STEP = 64 * 1024;
/** Rows that are written in one step: some 5 ms, because each is parsed too. */
const PIECES_PER_STEP = 300;
/** A span is cut off after so many characters, sent or read. */
const MAX_SENT = 8 * 1024 * 1024;
const MAX_READ = 64 * 1024 * 1024;

/** Rebuilds boards of the past for one viewer, from the storage and in small steps, so that posts go on meanwhile. */
export class PastBoards {
  readonly #tables: ReplayTables;
  readonly #view: GroupView;
  /** Characters that were read of the storage, and that the answers have. */
  read = 0;
  sent = 0;

  constructor(tables: ReplayTables, view: GroupView) {
    this.#tables = tables;
    this.#view = view;
  }

  /**
   * Returns the rows of each collection that the viewer may see as they were at `at` (epoch ms), in a JSON object after these fields;
   * null = nobody knows.
   */
  async boardAt(at: number, fields: object): Promise<string | null> {
    const place = this.#tables.keyframeBefore(at);
    if (place === null) return null;
    const reader = await this.#readerFrom(place);
    const progress = await this.#readUntil(reader, at);
    return progress === "gap" ? null : this.#textOf(fields, reader.board.listPieces(this.#view, at));
  }

  /**
   * Yields lines of JSON: the board at `from`, then each change up to `to` (epoch ms), and at last an empty change that says whether
   * it was all. Yields nothing when nobody knows the board at `from`.
   */
  async *lines(from: number, to: number, now: number): AsyncGenerator<string> {
    const place = this.#tables.keyframeBefore(from);
    if (place === null) return;
    let reader = await this.#readerFrom(place);
    if ((await this.#readUntil(reader, from)) === "gap") return;
    const first = { historic: true, at: from, serverTime: now };
    yield `${await this.#textOf(first, reader.board.listPieces(this.#view, from))}\n`;
    let last = from;
    for (;;) {
      const texts: string[] = [];
      const { board } = reader;
      const applyLine = (line: LogLine) => {
        const change = board.applyLine(line, this.#view);
        if (change !== null) texts.push(this.#line(change));
        last = line.at;
      };
      const progress = await this.#readStep(reader, to, applyLine);
      if (texts.length > 0) yield texts.join("");
      if (progress === "reached") return yield this.#line({ at: to, data: [], removed: [], complete: true });
      const next = progress === "gap" ? await this.#nextChain(reader, to) : null;
      if (next !== null) {
        const pieces = next.reader.board.changePiecesFrom(board, this.#view, next.at);
        yield `${await this.#textOf({ at: next.at }, pieces)}\n`;
        reader = next.reader;
      } else if (progress === "gap" || this.sent > MAX_SENT || this.read > MAX_READ)
        return yield this.#line({ at: last, data: [], removed: [], complete: false });
      await nextEvent();
    }
  }

  /** Where the log goes on after a gap; null = its first keyframe was never finished. */
  async #nextChain(reader: ReplayReader, to: number): Promise<{ reader: ReplayReader; at: number } | null> {
    const [row] = this.#tables.logRows(reader.nextLogRow, 1);
    const place = row === undefined ? null : this.#tables.firstKeyframe(row.chain);
    if (place === null || place.at > to) return null;
    return { reader: await this.#readerFrom(place), at: place.at };
  }

  async #readerFrom(place: KeyframePlace): Promise<ReplayReader> {
    const reader = new ReplayReader(COLLECTIONS, place);
    const parts: ArrayBuffer[] = [];
    for (let part = 0; ; part += 1) {
      const rows = this.#tables.keyframePart(place, part);
      if (rows === null) break;
      parts.push(rows);
    }
    let lines = "";
    for await (const text of gunzipLines(parts)) {
      this.read += text.length;
      lines += text;
      if (lines.length < CHARACTERS_PER_STEP) continue;
      reader.applyKeyframe(lines);
      lines = "";
      await nextEvent();
    }
    reader.applyKeyframe(lines);
    return reader;
  }

  async #readUntil(reader: ReplayReader, until: number): Promise<ReadProgress> {
    for (;;) {
      const progress = await this.#readStep(reader, until);
      if (progress !== "applied") {
        if (reader.unreadable > 0) log("unreadable_row", { table: "replay_log" });
        return progress;
      }
      await nextEvent();
    }
  }

  async #readStep(reader: ReplayReader, until: number, applyLine?: (line: LogLine) => void): Promise<ReadProgress> {
    const rows = this.#tables.logRows(reader.nextLogRow, ROWS_PER_STEP);
    // The log ends before `until`, so nothing has changed since.
    if (rows.length === 0) return "reached";
    for (const row of rows) {
      if (row.firstAt > until) return "reached";
      const lines = await textOf(row);
      this.read += lines.length;
      const progress = reader.applyLogRow({ ...row, lines }, until, applyLine);
      if (progress !== "applied") return progress;
    }
    return "applied";
  }

  /** Writes the pieces of the fields that follow into one JSON object, some at a time. */
  async #textOf(fields: object, pieces: Iterable<string>): Promise<string> {
    const texts = [`${JSON.stringify(fields).slice(0, -1)},`];
    let inStep = 0;
    for (const piece of pieces) {
      if (piece !== "") texts.push(piece);
      inStep += 1;
      if (inStep < PIECES_PER_STEP) continue;
      inStep = 0;
      await nextEvent();
    }
    texts.push("}");
    const text = texts.join("");
    this.sent += text.length;
    return text;
  }

  #line(value: object): string {
    const text = `${JSON.stringify(value)}\n`;
    this.sent += text.length;
    return text;
  }
}

async function textOf({ lines }: StoredLogRow): Promise<string> {
  if (typeof lines === "string") return lines;
  let text = "";
  for await (const each of gunzipLines([lines])) text += each;
  return text;
}
