import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Judge } from "./mutants/judge.ts";
import { type Mutant, mutantsOf } from "./mutants/mutators.ts";
import { type Judged, lineOfMutant, percentKilled, tableOf } from "./mutants/report.ts";
import { ROOT } from "./steps.ts";

/** The code whose faults would reach a customer and that tests can judge without a browser. */
const DEFAULT_TARGETS = ["core", "protocol/signature.ts", "aws-ingest", "dashboard/client", "worker"];
const USAGE = `npm run mutants -- [FILE or FOLDER …] [--sample N] [--seed S] [--at-least PERCENT] [--jobs N] [--budget SECONDS] [--list]

Makes small faults in the source, one at a time, and runs the tests that load the faulty file. A fault that no test sees
survives: either a test is missing, or the fault changes nothing that anybody can observe. Read each survivor and decide.

FILE             files or folders; without any: ${DEFAULT_TARGETS.join(", ")}
--sample N       judges N faults chosen at random instead of all
--seed S         another seed chooses other faults; the same seed always chooses the same (1)
--at-least P     exits with 1 when the tests see less than P percent
--jobs N         faults judged at the same time (2)
--budget S       seconds of tests beyond the mirrored folder for each fault, nearest files first (30)
--list           prints the faults and runs nothing

Faults are made in copies of the tree in the temporary folder; your files stay as they are. The browser tests do not run.
A test file that fails by itself judges nothing and is named at the end. Expect 3 to 10 seconds for each fault.`;

/** A line of progress comes about once a minute. */
const PROGRESS_EVERY = 10;

const options = readOptions();
const mutants = chosenFrom(options.targets.flatMap(sourcesIn).flatMap((path) => mutantsOf(path, readSource(path))));
if (options.list) {
  for (const mutant of mutants.slice(0, options.sample)) console.log(lineOfMutant(mutant));
} else {
  process.exitCode = await judgeAll();
}

async function judgeAll(): Promise<number> {
  const judge = new Judge(options.budgetMs);
  process.once("exit", () => judge.dispose());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));
  const judged: Judged[] = [];
  const queue = mutants.values();
  const validCount = () => judged.filter(({ verdict }) => verdict !== "rejected").length;
  const lane = async () => {
    const copy = judge.addCopy();
    for (const mutant of queue) {
      const verdict = await judge.judge(mutant, copy);
      // Another lane may have finished the sample meanwhile.
      if (validCount() >= options.sample) return;
      judged.push({ mutant, verdict });
      if (verdict === "survived") console.log(`survived  ${lineOfMutant(mutant)}`);
      if (judged.length % PROGRESS_EVERY === 0) process.stderr.write(`${validCount()} faults judged\n`);
      if (validCount() >= options.sample) return;
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, lane));
  for (const file of judge.failing) console.log(`left out: ${file} fails without a fault. Repair it, then run this again.`);
  console.log(`\n${tableOf(judged)}`);
  const percent = percentKilled(judged);
  if (percent >= options.atLeast) return 0;
  console.error(
    `\nThe tests see ${percent.toFixed(1)} percent of the faults, and --at-least asks for ${options.atLeast}. Write tests for the survivors above.`,
  );
  return 1;
}

/** All faults in an order that depends on the seed alone; a sample is the beginning of it. */
function chosenFrom(all: Mutant[]): Mutant[] {
  if (options.sample === Number.POSITIVE_INFINITY) return all;
  const random = randomFrom(options.seed);
  return all
    .map((mutant) => ({ mutant, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ mutant }) => mutant);
}

/** Mulberry32: 32 bits of state are enough to choose from some thousand faults. Returns numbers from 0 to below 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Paths from the root, sorted, so that the order does not depend on the file system. */
function sourcesIn(target: string): string[] {
  const path = relative(ROOT, resolve(target)).replaceAll("\\", "/");
  if (!existsSync(join(ROOT, path)) || path.startsWith("..")) return refuse(`${target} is not a file or folder of this project.`);
  if (statSync(join(ROOT, path)).isFile()) return [path];
  return globSync(`${path}/**/*.{ts,tsx}`, { cwd: ROOT })
    .filter((file) => !file.endsWith(".d.ts"))
    .sort();
}

function readSource(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function readOptions() {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parsed();
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  return {
    targets: positionals.length > 0 ? positionals : DEFAULT_TARGETS.map((target) => join(ROOT, target)),
    sample: numberOf("sample", values.sample, Number.POSITIVE_INFINITY),
    seed: numberOf("seed", values.seed, 1),
    atLeast: numberOf("at-least", values["at-least"], 0),
    jobs: numberOf("jobs", values.jobs, 2),
    budgetMs: numberOf("budget", values.budget, 30) * 1000,
    list: values.list,
  };

  function parsed() {
    try {
      return parseArgs({
        allowPositionals: true,
        options: { sample: text, seed: text, "at-least": text, jobs: text, budget: text, list: flag, help: flag },
      });
    } catch (error) {
      return refuse(error instanceof Error ? error.message : "Unknown option.");
    }
  }
}

function numberOf(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (value.trim() === "" || !Number.isInteger(number) || number < 0) refuse(`--${name} takes a whole number; got ${value}.`);
  return number;
}

function refuse(problem: string): never {
  console.error(`${problem}\n\n${USAGE}`);
  process.exit(2);
}
