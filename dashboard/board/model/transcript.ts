import type { Turn } from "../../../protocol/messages.ts";

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
