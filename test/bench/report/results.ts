import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import * as v from "valibot";
import { type Figure, type Measured, toFigure } from "../measure/figure.ts";

const figureSchema = v.object({
  name: v.string(),
  ours: v.number(),
  peer: v.nullable(v.number()),
  peerName: v.nullable(v.string()),
  unit: v.string(),
  ratio: v.nullable(v.number()),
  goal: v.nullable(v.string()),
  holds: v.nullable(v.boolean()),
});
/** What stands behind the figure of the same index. */
const detailSchema = v.object({
  suite: v.string(),
  ours: v.array(v.number()),
  peer: v.nullable(v.array(v.number())),
  note: v.string(),
});
const resultsSchema = v.object({
  machine: v.object({
    cpu: v.string(),
    cores: v.number(),
    memoryGiB: v.number(),
    system: v.string(),
    node: v.string(),
    measuredAt: v.string(),
    quick: v.boolean(),
  }),
  figures: v.array(figureSchema),
  details: v.array(detailSchema),
  failures: v.array(v.string()),
});
export type Results = v.InferOutput<typeof resultsSchema>;

/** What one call of the benchmark measured, by suite. */
export type MeasuredSuite = readonly [suite: string, measured: readonly Measured[]];

export function toResults(suites: readonly MeasuredSuite[], failures: readonly string[], quick: boolean): Results {
  const all = suites.flatMap(([suite, measured]) => measured.map((one) => ({ suite, one })));
  const [cpu] = cpus();
  return {
    machine: {
      cpu: cpu?.model.trim() || process.arch,
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      system: `${process.platform} ${process.arch}`,
      node: process.version,
      measuredAt: new Date().toISOString().slice(0, 16),
      quick,
    },
    figures: all.map(({ one }): Figure => toFigure(quick ? { ...one, goal: null } : one)),
    details: all.map(({ suite, one }) => ({
      suite,
      ours: [...one.ours],
      peer: one.peer === null ? null : [...one.peer],
      note: one.note,
    })),
    failures: [...failures],
  };
}

/** The results with the figures of the suites that were not run this time, as the file has them. */
export function keepOthers(results: Results, file: string, ran: readonly string[]): Results {
  const before = existsSync(file) ? readResults(file) : null;
  if (before === null || before.machine.quick !== results.machine.quick) return results;
  const kept = before.details.map((detail, index) => ({ detail, figure: before.figures[index] }));
  const others = kept.filter(({ detail }) => !ran.includes(detail.suite));
  return {
    ...results,
    figures: [...results.figures, ...others.flatMap(({ figure }) => (figure === undefined ? [] : [figure]))],
    details: [...results.details, ...others.map(({ detail }) => detail)],
  };
}

/** @throws Error when the file is not one of ours. */
function readResults(file: string): Results {
  return v.parse(v.pipe(v.string(), v.parseJson(), resultsSchema), readFileSync(file, "utf8"));
}

export function writeResults(file: string, results: Results): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
