import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../steps.ts";
import { type Mutant, withMutant } from "./mutators.ts";
import { Scratch, type TestEnd } from "./scratch.ts";
import { TestFiles } from "./test-files.ts";

/** "rejected": the compiler refuses the fault, so it says nothing about the tests. */
export type Verdict = "killed" | "timeout" | "survived" | "rejected";

/** A run of faulty code ends within three times what the sound code takes, or it hangs. */
const SLOWER_AT_MOST = 3;
/** A test run that other work on the machine holds up still starts within this time. */
const START_LIMIT_MS = 30_000;
/** How many test files are measured at once when a fault survives those of the mirrored folder. */
const MEASURED_AT_ONCE = 6;

/** Judges faults, one at a time in each scratch copy. */
export class Judge {
  /** Test files that fail without any fault. They judge nothing. */
  readonly failing = new Set<string>();
  readonly #tests = new TestFiles();
  readonly #times = new Map<string, number>();
  readonly #clean = new Scratch();
  readonly #copies: Scratch[] = [];
  readonly #budgetMs: number;
  /** Measurements wait for each other, so that no file is measured twice. */
  #measuring: Promise<void> = Promise.resolve();

  /** @param budgetMs the time that the tests beyond the mirrored folder may take for one fault */
  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs;
  }

  /** Returns a copy of the tree in which `judge` may run. */
  addCopy(): Scratch {
    const copy = new Scratch();
    this.#copies.push(copy);
    return copy;
  }

  async judge(mutant: Mutant, copy: Scratch): Promise<Verdict> {
    const sound = readFileSync(join(ROOT, mutant.path), "utf8");
    copy.writeSource(mutant.path, withMutant(sound, mutant));
    try {
      if (!(await copy.compiles(mutant.path))) return "rejected";
      const { mirrored, others } = this.#tests.of(mutant.path);
      const near = await this.#run(mirrored, copy);
      if (near !== "passed") return verdictOf(near);
      return verdictOf(await this.#run(await this.#withinBudget(others), copy));
    } finally {
      copy.writeSource(mutant.path, sound);
    }
  }

  /** Ends everything that runs and deletes all copies. */
  dispose(): void {
    for (const copy of [this.#clean, ...this.#copies]) copy.dispose();
  }

  async #run(testFiles: readonly string[], copy: Scratch): Promise<TestEnd> {
    await this.#measure(testFiles);
    const sound = testFiles.filter((file) => this.#times.has(file));
    if (sound.length === 0) return "passed";
    const expected = sound.reduce((sum, file) => sum + (this.#times.get(file) ?? 0), 0);
    return copy.runTests(sound, START_LIMIT_MS + SLOWER_AT_MOST * expected);
  }

  /** The nearest of the test files that together take no longer than the budget. */
  async #withinBudget(testFiles: readonly string[]): Promise<string[]> {
    const chosen: string[] = [];
    let left = this.#budgetMs;
    for (let at = 0; at < testFiles.length && left > 0; at += MEASURED_AT_ONCE) {
      const next = testFiles.slice(at, at + MEASURED_AT_ONCE);
      await this.#measure(next);
      for (const file of next) {
        const time = this.#times.get(file);
        if (time === undefined || time > left) continue;
        chosen.push(file);
        left -= time;
      }
    }
    return chosen;
  }

  #measure(testFiles: readonly string[]): Promise<void> {
    this.#measuring = this.#measuring.then(async () => {
      const unknown = testFiles.filter((file) => !this.#times.has(file) && !this.failing.has(file));
      if (unknown.length === 0) return;
      for (const [file, time] of await this.#clean.measureTests(unknown)) {
        if (time === "failed") this.failing.add(file);
        else this.#times.set(file, time);
      }
    });
    return this.#measuring;
  }
}

function verdictOf(end: TestEnd): Verdict {
  if (end === "passed") return "survived";
  return end === "failed" ? "killed" : "timeout";
}
