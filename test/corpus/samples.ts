import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import * as v from "valibot";

/** A published record, event or answer, and what must come of it. README.md says how samples are made. */
export interface CorpusSample {
  /** The file's name without `.json`. */
  name: string;
  sample: Readonly<Record<string, unknown>>;
  expected: Readonly<Record<string, unknown>>;
}

const FOLDER = new URL(".", import.meta.url).pathname;
const object = v.record(v.string(), v.unknown());
const fileSchema = v.strictObject({
  /** The publication. */
  source: v.pipe(v.string(), v.nonEmpty()),
  /** The day on which it was read. */
  read: v.pipe(v.string(), v.isoDate()),
  /** What is unusual in it. */
  note: v.optional(v.string()),
  sample: object,
  expected: object,
});

/** Reads the samples of one folder of the corpus. @throws Error when it has none */
export function samplesOf(folder: string): CorpusSample[] {
  const files = globSync(`${folder}/*.json`, { cwd: FOLDER }).toSorted();
  if (files.length === 0) throw new Error(`test/corpus/${folder} has no samples.`);
  return files.map((file) => {
    const { sample, expected } = v.parse(fileSchema, JSON.parse(readFileSync(`${FOLDER}${file}`, "utf8")));
    return { name: basename(file, ".json"), sample, expected };
  });
}

/** Returns the list of objects under `field` of an expectation, or an empty list. */
export function listIn(expected: CorpusSample["expected"], field: string): Record<string, unknown>[] {
  return v.parse(v.optional(v.array(object), []), expected[field]);
}

/** Returns the metric that counts a record which is passed over, or null for a record that is read. */
export function passedOverAs({ expected }: CorpusSample): string | null {
  return v.parse(v.optional(v.string()), expected["passedOver"]) ?? null;
}
