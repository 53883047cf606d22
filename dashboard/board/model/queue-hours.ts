import type { QueueQuarter } from "../../../protocol/queue.ts";

const QUARTER_MS = 15 * 60_000;
/** Four hours. With fewer, the bars of a young day would be as broad as the plot. */
const LEAST_QUARTERS = 16;

/**
 * Returns the quarters of an hour from the first one that the hub sent to the present one, at least {@link LEAST_QUARTERS}. The
 * hub leaves out quarters in which nobody was queued.
 * @param now epoch milliseconds on the hub's clock.
 */
export function wholeHours(quarters: readonly QueueQuarter[], now: number): readonly QueueQuarter[] {
  const [first] = quarters;
  if (first === undefined) return [];
  const known = new Map(quarters.map((quarter) => [quarter.from, quarter]));
  const last = Math.max(quarters.at(-1)?.from ?? first.from, Math.floor(now / QUARTER_MS) * QUARTER_MS);
  const result: QueueQuarter[] = [];
  for (let from = Math.min(first.from, last - (LEAST_QUARTERS - 1) * QUARTER_MS); from <= last; from += QUARTER_MS) {
    result.push(known.get(from) ?? { from, queued: 0, answered: 0, abandoned: 0, callbacks: 0, withinTarget: 0 });
  }
  return result;
}

export interface QuarterBar {
  from: number;
  x: number;
  width: number;
  /** The whole bar: the contacts that were queued. */
  height: number;
  /** The lower part of it: the contacts that were abandoned. */
  abandonedHeight: number;
}

/** Returns the bars of a plot of `width` x `height`. The highest bar fills the height. */
export function quarterBars(quarters: readonly QueueQuarter[], width: number, height: number): readonly QuarterBar[] {
  const most = Math.max(1, ...quarters.map(({ queued, abandoned }) => Math.max(queued, abandoned)));
  const step = width / Math.max(1, quarters.length);
  const scaled = (count: number) => Math.round((count / most) * height * 10) / 10;
  return quarters.map(({ from, queued, abandoned }, index) => ({
    from,
    x: Math.round((index + 0.1) * step * 10) / 10,
    width: Math.round(step * 0.8 * 10) / 10,
    height: scaled(Math.max(queued, abandoned)),
    abandonedHeight: scaled(abandoned),
  }));
}
