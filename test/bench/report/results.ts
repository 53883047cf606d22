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

/**
 * The results with the figures of the file that were not measured this time: those of other suites, or, after a run of `part`
 * of a suite, all of another name. The order of the file is kept. null: a quick look must not replace a whole measurement.
 */
export function keepOthers(results: Results, file: string, ran: readonly string[], part: boolean): Results | null {
  const before = existsSync(file) ? readResults(file) : null;
  if (before !== null && !before.machine.quick && results.machine.quick) return null;
  if (before === null || before.machine.quick !== results.machine.quick) return results;
  const fresh = entriesOf(results);
  const kept = entriesOf(before).filter(({ detail, figure }) =>
    part ? !fresh.some((one) => one.figure.name === figure.name) : !ran.includes(detail.suite),
  );
  const place = entriesOf(before).findIndex(({ figure }) => fresh.some((one) => one.figure.name === figure.name));
  const ahead =
    place < 0
      ? kept.length
      : entriesOf(before)
          .slice(0, place)
          .filter((one) => isIn(kept, one)).length;
  const all = [...kept.slice(0, ahead), ...fresh, ...kept.slice(ahead)];
  return { ...results, figures: all.map(({ figure }) => figure), details: all.map(({ detail }) => detail) };
}

interface Entry {
  figure: Figure;
  detail: v.InferOutput<typeof detailSchema>;
}

function entriesOf({ figures, details }: Results): Entry[] {
  return figures.flatMap((figure, index) => {
    const detail = details[index];
    return detail === undefined ? [] : [{ figure, detail }];
  });
}

function isIn(entries: readonly Entry[], { figure }: Entry): boolean {
  return entries.some((entry) => entry.figure.name === figure.name && entry.figure.peerName === figure.peerName);
}

/** @throws Error when the file is not one of ours. */
function readResults(file: string): Results {
  return v.parse(v.pipe(v.string(), v.parseJson(), resultsSchema), readFileSync(file, "utf8"));
}

export function writeResults(file: string, results: Results): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
