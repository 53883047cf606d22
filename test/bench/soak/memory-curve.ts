/** The memory of one process over time. */
export interface MemoryCurve {
  name: string;
  /** Minutes since the start, and resident megabytes. */
  points: readonly (readonly [minute: number, megabytes: number])[];
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
