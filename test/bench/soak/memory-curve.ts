/** The memory of one process over time. */
export interface MemoryCurve {
  name: string;
  /** Minutes since the start, and resident megabytes. */
  points: readonly (readonly [minute: number, megabytes: number])[];
}

/** `fills` = it grew after the warm-up, and no longer does. `short` = there are too few points. */
export interface GrowthVerdict {
  kind: "flat" | "fills" | "grows" | "short";
  /** Megabytes an hour since the warm-up. */
  perHour: number;
  /** Megabytes an hour in the last part of the run. */
  latelyPerHour: number;
}

/** Less than this is not told from the noise of a garbage collector within an hour. */
const FLAT_MB_PER_HOUR = 40;
/** A short look cannot tell less than this from the noise, whatever that is in an hour. */
const NOISE_MB = 10;
/** A store that keeps what came in a quarter of an hour is full before the last half hour of a run of one hour. */
const LATELY_MINUTES = 30;

/**
 * Tells a store that fills up to its limit from a leak, which goes on to the end: by the last half hour, or in a shorter run by the last
 * half of the time after the warm-up.
 */
export function judgeGrowth(curve: MemoryCurve, warmUpMinutes: number): GrowthVerdict {
  const end = curve.points.at(-1)?.[0] ?? 0;
  const lately = Math.max(0, Math.min(LATELY_MINUTES, (end - warmUpMinutes) / 2));
  const perHour = growthPerHour(curve, warmUpMinutes);
  const latelyPerHour = growthPerHour(curve, end - lately);
  if (perHour === null || latelyPerHour === null) return { kind: "short", perHour: 0, latelyPerHour: 0 };
  const rates = { perHour, latelyPerHour };
  if (isGrowth(latelyPerHour, lately)) return { kind: "grows", ...rates };
  return { kind: isGrowth(perHour, end - warmUpMinutes) ? "fills" : "flat", ...rates };
}

function isGrowth(megabytesPerHour: number, minutes: number): boolean {
  return megabytesPerHour >= FLAT_MB_PER_HOUR && (megabytesPerHour * minutes) / 60 >= NOISE_MB;
}

/**
 * Returns how fast a process grows, in megabytes an hour: the slope of a straight line through the points after `warmUpMinutes`,
 * by the median of all slopes (Theil and Sen), which single peaks do not move. null = fewer than three points.
 */
export function growthPerHour({ points }: MemoryCurve, warmUpMinutes: number): number | null {
  const warm = points.filter(([minute]) => minute >= warmUpMinutes);
  if (warm.length < 3) return null;
  const slopes = warm.flatMap(([minute, megabytes], index) =>
    warm.slice(index + 1).map(([later, then]) => (then - megabytes) / (later - minute)),
  );
  slopes.sort((a, b) => a - b);
  return (slopes[Math.floor(slopes.length / 2)] ?? 0) * 60;
}
