import type { Turn } from "../../../protocol/messages.ts";
import type { Issue } from "../../../protocol/updates.ts";

export type Piece = { kind: "text"; text: string } | { kind: "redacted"; entity: string; at: number };

/** Amazon Transcribe writes a redacted entity as its type in brackets, e.g. `[CREDIT_DEBIT_NUMBER]` or `[PII]`. */
const REDACTED = /\[([A-Z][A-Z_]+)\]/g;

/** Cuts a turn's text at its redaction marks. */
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

/** A part of a turn's text, inside or outside an issue. */
export interface TextRun {
  issue: boolean;
  at: number;
  pieces: Piece[];
}

/** Cuts a turn's text where issues begin and end. Issues that overlap become one. A redaction mark stays whole. */
export function runsOf(text: string, issues: readonly Issue[] = []): TextRun[] {
  const redacted = [...text.matchAll(REDACTED)].map((match) => ({ begin: match.index, end: match.index + match[0].length }));
  const inIssue = new Array<boolean>(text.length).fill(false);
  for (const { begin, end } of issues) {
    const touched = redacted.filter((mark) => mark.begin < end && mark.end > begin);
    const first = Math.min(begin, ...touched.map((mark) => mark.begin));
    inIssue.fill(true, Math.max(0, first), Math.max(0, end, ...touched.map((mark) => mark.end)));
  }
  const runs: TextRun[] = [];
  for (let at = 0; at < text.length; ) {
    const issue = inIssue[at] === true;
    const change = inIssue.indexOf(!issue, at);
    const to = change === -1 ? text.length : change;
    runs.push({ issue, at, pieces: piecesOf(text.slice(at, to)) });
    at = to;
  }
  return runs;
}

/** Counts the turns after `lastSeen`, the last turn when the reader stopped following. */
export function turnsAfter(turns: readonly Turn[], lastSeen: string | null): number {
  if (lastSeen === null) return 0;
  const index = turns.findIndex((turn) => turn.turnId === lastSeen);
  return index === -1 ? 0 : turns.length - 1 - index;
}

/** Returns the final turns whose ids are not in `announced`, in the order of the call. */
export function unannouncedTurns(turns: readonly Turn[], announced: ReadonlySet<string>): Turn[] {
  return turns.filter((turn) => turn.final && !announced.has(turn.turnId));
}

/** A reader within so many pixels of the end follows the transcript. It is less than the height of one turn. */
const FOLLOW_PX = 40;

export function isFollowing(scroll: { scrollTop: number; scrollHeight: number; clientHeight: number }): boolean {
  return scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop <= FOLLOW_PX;
}
