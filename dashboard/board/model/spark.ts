import type { TrendPoint } from "../../client/contract.ts";

const TOP = 5;
const BOTTOM = -5;

/**
 * Returns the points of a polyline in a box of `width` x `height`: time to the right, +5 at the top, -5 at the bottom.
 * The line keeps the last score up to `now`. A single score makes a level line.
 */
export function sparkPoints(trend: readonly TrendPoint[], now: number, width: number, height: number): string {
  const first = trend[0];
  const last = trend.at(-1);
  if (first === undefined || last === undefined) return "";
  const end = Math.max(now, last.at);
  const span = Math.max(1, end - first.at);
  const points = trend.map((point) => `${round(((point.at - first.at) / span) * width)},${round(heightOf(point.score, height))}`);
  points.push(`${width},${round(heightOf(last.score, height))}`);
  if (trend.length === 1) points[0] = `0,${round(heightOf(first.score, height))}`;
  return points.join(" ");
}

/** Returns one point in the middle of each quarter that has a score. */
export function quarterPoints(quarters: readonly (number | null)[], width: number, height: number): { x: number; y: number }[] {
  return quarters.flatMap((score, index) =>
    score === null ? [] : [{ x: round(((index + 0.5) / quarters.length) * width), y: round(heightOf(score, height)) }],
  );
}

function heightOf(score: number, height: number): number {
  return ((TOP - score) / (TOP - BOTTOM)) * height;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
