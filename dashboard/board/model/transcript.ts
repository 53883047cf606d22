import type { Turn } from "../../../protocol/messages.ts";
import type { Issue } from "../../../protocol/updates.ts";

export type Piece = { kind: "text"; text: string } | { kind: "redacted"; entity: string; at: number };

/** Amazon Transcribe writes a redacted entity as its type in brackets, e.g. `[CREDIT_DEBIT_NUMBER]` or `[PII]`. */
const REDACTED = /\[([A-Z][A-Z_]+)\]/g;

/** A turn's text cut at its redaction marks. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(REDACTED)) {
    if (match.index > from) pieces.push({ kind: "text", text: text.slice(from, match.index) });
    pieces.push({ kind: "redacted", entity: match[1] ?? "PII", at: match.index });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) });
  return pieces;
}

/** A stretch of a turn's text, inside or outside the telling of an issue. */
export interface Run {
  issue: boolean;
  at: number;
  pieces: Piece[];
}

/** A turn's text cut where issues begin and end. What overlaps becomes one, and a redaction mark is never cut. */
export function runsOf(text: string, issues: readonly Issue[] = []): Run[] {
  const redacted = [...text.matchAll(REDACTED)].map((match) => ({ begin: match.index, end: match.index + match[0].length }));
  const told = new Array<boolean>(text.length).fill(false);
  for (const { begin, end } of issues) {
    const touched = redacted.filter((mark) => mark.begin < end && mark.end > begin);
    const first = Math.min(begin, ...touched.map((mark) => mark.begin));
    told.fill(true, Math.max(0, first), Math.max(0, end, ...touched.map((mark) => mark.end)));
  }
  const runs: Run[] = [];
  for (let at = 0; at < text.length; ) {
    const issue = told[at] === true;
    const change = told.indexOf(!issue, at);
    const to = change === -1 ? text.length : change;
    runs.push({ issue, at, pieces: piecesOf(text.slice(at, to)) });
    at = to;
  }
  return runs;
}

/** How many of `turns` came after the one that was last when the reader stopped following. */
export function turnsAfter(turns: readonly Turn[], lastSeen: string | null): number {
  if (lastSeen === null) return 0;
  const index = turns.findIndex((turn) => turn.turnId === lastSeen);
  return index === -1 ? 0 : turns.length - 1 - index;
}

/** The turns spoken to their end that are not among `heard`, in the order of the talk. */
export function unheard(turns: readonly Turn[], heard: ReadonlySet<string>): Turn[] {
  return turns.filter((turn) => turn.final && !heard.has(turn.turnId));
}

/** Pixels from the end within which a reader still counts as following the talk: less than one turn. */
const FOLLOW_PX = 40;

export function isFollowing(scroll: { scrollTop: number; scrollHeight: number; clientHeight: number }): boolean {
  return scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop <= FOLLOW_PX;
}
