import type { Measured } from "./measure/figure.ts";

export interface Effort {
  /** Fewer viewers, less time, one run: to see that everything works. */
  quick: boolean;
}

/** One thing to find out; says its name while it runs. */
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
