import * as v from "valibot";
import type { RowFields } from "../../board/collection.ts";

/** What became of one row: the fields that changed, or all of a new row; null = the row is gone. */
export interface LoggedRow {
  collection: string;
  key: string;
  fields: RowFields | null;
}

/** The changes of one transaction, or a part of them. */
export interface LogLine {
  /** Epoch ms. */
  at: number;
  /** The newest seq of the board after the transaction. */
  seq: number;
  rows: readonly LoggedRow[];
}

const fieldsSchema = v.custom<RowFields>((value) => typeof value === "object" && value !== null && !Array.isArray(value));
const rowSchema = v.pipe(
  v.tuple([v.string(), v.string(), v.nullable(fieldsSchema)]),
  v.transform(([collection, key, fields]): LoggedRow => ({ collection, key, fields })),
);
const lineSchema = v.pipe(
  v.tuple([v.number(), v.number(), v.array(rowSchema)]),
  v.transform(([at, seq, rows]): LogLine => ({ at, seq, rows })),
);

/** A row as JSON: a list, because millions are kept and names of fields cost room. */
export function encodeLoggedRow({ collection, key, fields }: LoggedRow): string {
  return JSON.stringify([collection, key, fields]);
}

/** Returns the changes as lines of at most some `maxLength` characters each. A single larger row has a line of its own. */
export function encodeLogLines({ at, seq, rows }: LogLine, maxLength: number): string[] {
  const lines: string[] = [];
  let texts: string[] = [];
  let length = 0;
  const addLine = () => {
    if (texts.length > 0) lines.push(`[${at},${seq},[${texts.join(",")}]]\n`);
    texts = [];
    length = 0;
  };
  for (const row of rows) {
    const text = encodeLoggedRow(row);
    if (length + text.length > maxLength) addLine();
    texts.push(text);
    length += text.length;
  }
  addLine();
  return lines;
}

/** Reads the lines of a text. A line that cannot be read is left out and counted. */
export function parseLogLines(text: string): { lines: LogLine[]; unreadable: number } {
  return parseEach(text, lineSchema);
}

/** Reads the rows of a keyframe, one a line. */
export function parseLoggedRows(text: string): { lines: LoggedRow[]; unreadable: number } {
  return parseEach(text, rowSchema);
}

function parseEach<Line>(text: string, schema: v.GenericSchema<unknown, Line>): { lines: Line[]; unreadable: number } {
  const lines: Line[] = [];
  let unreadable = 0;
  for (const each of text.split("\n")) {
    if (each === "") continue;
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), each);
    if (parsed.success) lines.push(parsed.output);
    else unreadable += 1;
  }
  return { lines, unreadable };
}
