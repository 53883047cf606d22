import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import * as v from "valibot";

const range = v.tuple([v.number(), v.number()]);
const figureSchema = v.object({
  name: v.string(),
  ours: v.number(),
  peer: v.nullable(v.number()),
  peerName: v.nullable(v.string()),
  unit: v.string(),
  ratio: v.nullable(v.number()),
  goal: v.nullable(v.string()),
  holds: v.nullable(v.boolean()),
  runs: v.number(),
  spread: v.object({ ours: range, peer: v.nullable(range) }),
  note: v.string(),
  suite: v.string(),
  scenario: v.string(),
  measuredAt: v.string(),
  othersCores: v.nullable(v.number()),
  tookSeconds: v.number(),
});
const machineSchema = v.object({
  cpu: v.string(),
  cores: v.number(),
  memoryGiB: v.number(),
  system: v.string(),
  node: v.string(),
});
/** A scenario whose last run failed. */
const failureSchema = v.object({ suite: v.string(), scenario: v.string(), triedAt: v.string(), why: v.string() });
const resultsSchema = v.object({
  machine: machineSchema,
  figures: v.array(figureSchema),
  failures: v.array(failureSchema),
});

export type Machine = v.InferOutput<typeof machineSchema>;
export type Failure = v.InferOutput<typeof failureSchema>;
/** The content of `bench-results.json`, the one source of the performance page, the plots and the line of the READMEs. */
export type Results = v.InferOutput<typeof resultsSchema>;

export function thisMachine(): Machine {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() || process.arch,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}

/** Reads a results file; null when there is none. @throws Error that names the file and the field that does not fit. */
export function readResults(file: string): Results | null {
  if (!existsSync(file)) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), resultsSchema), readFileSync(file, "utf8"));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Error(
    `${file} cannot be read: ${v.getDotPath(issue) ?? "the file"}: ${issue.message}. Restore it from git, or delete it and measure everything.`,
  );
}

export function writeResults(file: string, results: Results): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
