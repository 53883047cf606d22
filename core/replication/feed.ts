import * as v from "valibot";
import type { Board } from "../board/board.ts";
import type { BoardRow, Collection, RowFields } from "../board/collection.ts";
import { numberRecordSchema } from "../board/number-record.ts";

/**
 * The rows that a primary sends to a relay: every row that changed in (`from`, `to`], as it is now. `from` 0 = all rows. The two
 * objects may run different versions of the code for a while. So the names are those of the first release, and
 * {@link readFeedRows} parses.
 */
export interface Feed {
  epoch: string;
  from: number;
  to: number;
  /** The oldest seq from which the primary can prove what happened since. */
  floor: number;
  /** Rows of the first collection. */
  rows: FeedRow[];
  /** Rows of the other collections, by name; absent = none. */
  collections?: Record<string, FeedRow[]>;
}

/** A row under the names of its collection: the key, `seq`, the value and `left`. */
export type FeedRow = Record<string, unknown>;

export function makeFeed(board: Board, from: number): Feed {
  const [first, ...others] = board.collections;
  const rowsOf = (collection: Collection<RowFields>) =>
    [...collection.rows()].filter((row) => row.seq > from).map((row) => toFeedRow(collection, row));
  const collections = Object.fromEntries(
    others.map((collection) => [collection.definition.name, rowsOf(collection)] as const).filter(([, rows]) => rows.length > 0),
  );
  return {
    epoch: board.epoch,
    from,
    to: board.seq,
    floor: board.oldestResumableSeq,
    rows: first === undefined ? [] : rowsOf(first),
    ...(Object.keys(collections).length > 0 && { collections }),
  };
}

/** The rows of a feed for the board's collections, in the order of their seq. Collections and rows that it cannot read are left out. */
export function readFeedRows(board: Board, feed: Feed): { collection: Collection<RowFields>; row: BoardRow }[] {
  return board.collections
    .flatMap((collection, index) => {
      const rows = index === 0 ? feed.rows : (feed.collections?.[collection.definition.name] ?? []);
      return rows.flatMap((fed) => {
        const row = parseFeedRow(collection, fed);
        return row === null ? [] : [{ collection, row }];
      });
    })
    .sort((a, b) => a.row.seq - b.row.seq);
}

function valueFieldOf({ definition }: Collection<RowFields>): string {
  return definition.firstRelease?.valueField ?? "value";
}

function toFeedRow(collection: Collection<RowFields>, { key, seq, value, left }: BoardRow): FeedRow {
  return { [collection.definition.keyField]: key, seq, [valueFieldOf(collection)]: value, left };
}

const seqSchema = v.number();
const leftSchema = v.fallback(numberRecordSchema, {});

function parseFeedRow(collection: Collection<RowFields>, fed: FeedRow): BoardRow | null {
  const key = v.safeParse(v.string(), fed[collection.definition.keyField]);
  const seq = v.safeParse(seqSchema, fed["seq"]);
  if (!key.success || !seq.success) return null;
  const stored = fed[valueFieldOf(collection)] ?? null;
  const value = stored === null ? null : collection.definition.parse(stored);
  // A value that is unreadable must not look like a deleted row.
  if (value === null && stored !== null) return null;
  return { key: key.output, seq: seq.output, value, left: v.parse(leftSchema, fed["left"]) };
}
