/** Positions [from, to) of one channel, in frames on the contact's timeline. */
export interface Span {
  from: number;
  to: number;
}

/** Adds [from, to) to ordered spans and merges spans that touch. */
export function insertSpan(spans: Span[], from: number, to: number): void {
  if (to <= from) return;
  let i = spans.length;
  while (i > 0 && (spans[i - 1]?.to ?? 0) >= from) i -= 1;
  let end = i;
  let merged: Span = { from, to };
  for (let span = spans[end]; span && span.from <= to; span = spans[end]) {
    merged = { from: Math.min(merged.from, span.from), to: Math.max(merged.to, span.to) };
    end += 1;
  }
  spans.splice(i, end - i, merged);
}
