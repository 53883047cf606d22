/** A time span [`from`, `until`), epoch ms. */
export interface TimeSpan {
  from: number;
  until: number;
}

/** A time span that may go on: `until` is null then. */
export interface Lasting {
  from: number;
  until: number | null;
}

/** The part of a time span that lies within another; null = none does. A span without an end goes on to the end of the other. */
export function clipped({ from, until }: Lasting, within: TimeSpan): TimeSpan | null {
  const span = { from: Math.max(from, within.from), until: Math.min(until ?? within.until, within.until) };
  return span.from < span.until ? span : null;
}

/** Joins spans that overlap or touch. Sorted by time. */
export function joined(spans: readonly TimeSpan[]): TimeSpan[] {
  const all: TimeSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last !== undefined && span.from <= last.until) last.until = Math.max(last.until, span.until);
    else all.push({ ...span });
  }
  return all;
}

/** The sum of the lengths, ms. Overlaps count twice. */
export function lengthOf(spans: readonly TimeSpan[]): number {
  return spans.reduce((sum, { from, until }) => sum + until - from, 0);
}

/** How long both lists hold at once, ms. Each list has spans that do not overlap, sorted by time. */
export function commonLength(a: readonly TimeSpan[], b: readonly TimeSpan[]): number {
  let sum = 0;
  for (let [i, j] = [0, 0]; ; ) {
    const [one, other] = [a[i], b[j]];
    if (one === undefined || other === undefined) return sum;
    sum += Math.max(0, Math.min(one.until, other.until) - Math.max(one.from, other.from));
    if (one.until <= other.until) i += 1;
    else j += 1;
  }
}
