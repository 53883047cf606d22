import { alertInScope, type ScopedSubjects } from "../alert-scope.ts";
import type { BoardAlert } from "../board-alert.ts";

/** When an alert fired (epoch ms). */
export interface AlertMark {
  readonly at: number;
  readonly critical: boolean;
}

/** A slider has no room for more. */
const MOST_MARKS = 400;

/** Returns when alerts in the reader's scope fired, oldest first. */
export function alertMarks(alerts: readonly BoardAlert[], scope: ScopedSubjects): AlertMark[] {
  return alerts
    .filter((alert) => alertInScope(scope, alert))
    .map(({ since, level }) => ({ at: since, critical: level === "critical" }))
    .sort((a, b) => a.at - b.at);
}

/** A mark on the slider. `share` is its place from 0 to 1. */
export interface PlacedMark {
  readonly share: number;
  readonly critical: boolean;
}

/** Returns one mark for all alerts that share a place of the slider from `from` to `to` (epoch ms). */
export function placedMarks(marks: readonly AlertMark[], from: number, to: number): PlacedMark[] {
  const places = new Map<number, boolean>();
  for (const { at, critical } of marks) {
    if (at < from || at > to || to <= from) continue;
    const place = Math.round(((at - from) / (to - from)) * MOST_MARKS);
    places.set(place, critical || places.get(place) === true);
  }
  return [...places].map(([place, critical]) => ({ share: place / MOST_MARKS, critical }));
}

/** Returns when the next alert after `at` fired, or the last one before it; null = there is none within what is kept. */
export function markBeside(marks: readonly AlertMark[], at: number, way: "next" | "last", oldest: number | null): number | null {
  const kept = marks.filter((mark) => mark.at >= (oldest ?? 0));
  const found = way === "next" ? kept.find((mark) => mark.at > at) : kept.findLast((mark) => mark.at < at);
  return found?.at ?? null;
}
