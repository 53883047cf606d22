import { median, percentile } from "./statistics.ts";

/** The bound for a figure. `ratio` is our value divided by the peer's. */
export type Goal = { of: "ratio" | "ours"; atMost: number } | { of: "ratio" | "ours"; atLeast: number };

/** One figure with the value of every run. */
export interface Measured {
  name: string;
  unit: string;
  ours: readonly number[];
  peer: readonly number[] | null;
  peerName: string | null;
  goal: Goal | null;
  /** Says how it was measured, and which limit explains a missed goal. */
  note: string;
}

/** Which scenario gave a figure, when, and how busy the machine was. */
export interface Circumstances {
  suite: string;
  scenario: string;
  /** UTC, to the minute: `2026-11-23T12:27`. */
  measuredAt: string;
  /** Cores that other work on the machine used meanwhile, on average; null when the system does not report it. */
  othersCores: number | null;
  /** Duration of the whole scenario. */
  tookSeconds: number;
}

type Range = [smallest: number, largest: number];

/** One figure of `bench-results.json`: medians over the runs, their spread, and the circumstances. */
export interface Figure extends Circumstances {
  name: string;
  ours: number;
  peer: number | null;
  peerName: string | null;
  unit: string;
  ratio: number | null;
  goal: string | null;
  holds: boolean | null;
  /** Number of runs of Vigía. */
  runs: number;
  spread: { ours: Range; peer: Range | null };
  note: string;
}

export function toFigure(measured: Measured, circumstances: Circumstances): Figure {
  const ours = median(measured.ours);
  const peer = measured.peer === null ? null : median(measured.peer);
  const ratio = peer === null ? null : ours / peer;
  const { name, peerName, unit, goal, note } = measured;
  return {
    name,
    ours: rounded(ours),
    peer: peer === null ? null : rounded(peer),
    peerName,
    unit,
    ratio: ratio === null ? null : rounded(ratio),
    goal: goal === null ? null : goalText(goal, unit),
    holds: goal === null ? null : holds(goal, ours, ratio),
    runs: measured.ours.length,
    spread: { ours: rangeOf(measured.ours), peer: measured.peer === null ? null : rangeOf(measured.peer) },
    note,
    ...circumstances,
  };
}

/** Sorts figures of one name together, in the order in which the names appear first. */
export function togetherByName(figures: readonly Figure[]): Figure[] {
  const names = figures.map(({ name }) => name);
  return [...figures].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

/** Returns the seconds that the figures took. The figures of one scenario share its time. */
export function secondsOf(figures: readonly Figure[]): number {
  const seconds = new Map(figures.map(({ suite, scenario, tookSeconds }) => [`${suite} ${scenario}`, tookSeconds]));
  return [...seconds.values()].reduce((sum, one) => sum + one, 0);
}

function rangeOf(runs: readonly number[]): Range {
  return [rounded(percentile(runs, 0)), rounded(percentile(runs, 1))];
}

function holds(goal: Goal, ours: number, ratio: number | null): boolean {
  const value = goal.of === "ours" ? ours : (ratio ?? Number.NaN);
  return "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast;
}

function goalText(goal: Goal, unit: string): string {
  const [sign, bound] = "atMost" in goal ? (["<=", goal.atMost] as const) : ([">=", goal.atLeast] as const);
  if (goal.of === "ours") return `${sign} ${bound.toLocaleString("en")} ${unit}`;
  const text =
    bound < 0.1 && Number.isInteger(Math.round((1 / bound) * 1e6) / 1e6) ? `1/${Math.round(1 / bound)}` : String(bound);
  return `ratio ${sign} ${text}`;
}

/** Rounds to four significant digits. The measurement is no more exact than that. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
