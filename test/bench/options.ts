import { parseArgs } from "node:util";

export const SUITES = ["hub", "ingest", "board"] as const;
export type Suite = (typeof SUITES)[number];

export interface Options {
  suites: readonly Suite[];
  quick: boolean;
  /** Part of a scenario's name. Only scenarios whose name contains it run; null runs all. */
  match: string | null;
}

export const USAGE = "Usage: npm run bench -- [--quick] [--only hub|ingest|board] [--match PART-OF-A-NAME]";

/** Reads the command line. @throws Error with one line that names the wrong argument. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: "boolean", default: false }, only: { type: "string" }, match: { type: "string" } },
  });
  const { only, quick, match } = values;
  const suites = only === undefined ? SUITES : SUITES.filter((suite) => suite === only);
  if (suites.length === 0) throw new Error(`--only takes ${SUITES.join(", ")}; got ${only}.`);
  return { suites, quick, match: match ?? null };
}
