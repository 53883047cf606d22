import type { Measured } from "./measure/figure.ts";

export interface Effort {
  /** Fewer viewers, less time and one run. Shows that everything works; the figures say little. */
  quick: boolean;
}

/** One measurement under one name. It may give several figures. */
export interface Scenario {
  name: string;
  run(effort: Effort): Promise<Measured[]>;
}

/** Runs the same measurement several times, one after the other. */
export async function repeat<Result>(times: number, measure: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let run = 0; run < times; run += 1) results.push(await measure());
  return results;
}
