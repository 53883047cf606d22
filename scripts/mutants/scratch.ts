import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "../steps.ts";
import { projectsOf } from "./test-files.ts";

export type TestEnd = "passed" | "failed" | "timeout";

/** A copy of the working tree in the system's temporary folder. Faults are written there and never into the user's files. */
export class Scratch {
  readonly #root = mkdtempSync(join(tmpdir(), "vigia-mutants-"));
  /** Process groups that still run. */
  readonly #running = new Set<number>();

  /** Copies what git tracks, with the changes that are not committed yet, and what it would offer to add. */
  constructor() {
    const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: ROOT });
    for (const path of listed.toString().split("\0")) {
      if (path === "" || !existsSync(join(ROOT, path))) continue;
      mkdirSync(dirname(join(this.#root, path)), { recursive: true });
      cpSync(join(ROOT, path), join(this.#root, path));
    }
    // The tests read both and change neither.
    for (const folder of ["node_modules", "dist"]) {
      if (existsSync(join(ROOT, folder))) symlinkSync(join(ROOT, folder), join(this.#root, folder), "junction");
    }
  }

  writeSource(path: string, text: string): void {
    writeFileSync(join(this.#root, path), text);
  }

  /** Whether the files of the nearest tsconfig.json above `path` compile. Names that a fault leaves unused are no error. */
  async compiles(path: string): Promise<boolean> {
    let folder = dirname(path);
    while (!existsSync(join(this.#root, folder, "tsconfig.json"))) folder = dirname(folder);
    const relaxed = ["--noUnusedLocals", "false", "--noUnusedParameters", "false", "--allowUnreachableCode", "true"];
    return (await this.#run("tsc", ["-p", folder, ...relaxed], COMPILE_LIMIT_MS)) === "passed";
  }

  /** Runs test files until the first failure. */
  runTests(testFiles: readonly string[], limitMs: number): Promise<TestEnd> {
    return this.#run("vitest", [...vitestArguments(testFiles), "--bail", "1"], limitMs);
  }

  /** Runs test files to their end. Returns for each file the milliseconds it took, or "failed". */
  async measureTests(testFiles: readonly string[]): Promise<Map<string, number | "failed">> {
    const report = join(this.#root, "mutants-baseline.json");
    rmSync(report, { force: true });
    await this.#run("vitest", [...vitestArguments(testFiles), "--reporter", "json", "--outputFile", report], BASELINE_LIMIT_MS);
    const results = new Map<string, number | "failed">(testFiles.map((file) => [file, "failed"]));
    if (!existsSync(report)) return results;
    const failed = new Set<string>();
    const times = new Map<string, number>();
    for (const { name, status, startTime, endTime } of resultsIn(readFileSync(report, "utf8"))) {
      const file = name.slice(this.#root.length + 1);
      if (status !== "passed") failed.add(file);
      // A file of several projects comes once for each.
      times.set(file, (times.get(file) ?? 0) + (endTime - startTime));
    }
    for (const [file, time] of times) if (!failed.has(file)) results.set(file, time);
    return results;
  }

  /** Ends what still runs and deletes the copy. */
  dispose(): void {
    for (const group of this.#running) endGroup(group);
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 5 });
  }

  #run(command: string, args: readonly string[], limitMs: number): Promise<TestEnd> {
    return new Promise((resolve) => {
      // A group of its own, so that the workers of a test run that hangs end with it.
      const child = spawn(command, args, { cwd: this.#root, stdio: "ignore", detached: true });
      const group = child.pid;
      if (group !== undefined) this.#running.add(group);
      const settle = (end: TestEnd) => {
        clearTimeout(timer);
        if (group !== undefined) {
          endGroup(group);
          this.#running.delete(group);
        }
        resolve(end);
      };
      const timer = setTimeout(() => settle("timeout"), limitMs);
      child.on("error", () => settle("failed"));
      child.on("exit", (code) => settle(code === 0 ? "passed" : "failed"));
    });
  }
}

/** The slowest leaf compiles in 3 s on an idle machine of two cores. */
const COMPILE_LIMIT_MS = 120_000;
/** All tests of node and workerd take three minutes on an idle machine of two cores. */
const BASELINE_LIMIT_MS = 1_200_000;

/** Without its cache vitest writes nothing into node_modules, which the copies share with the user's tree. */
function vitestArguments(testFiles: readonly string[]): string[] {
  const projects = new Set(testFiles.flatMap(projectsOf));
  return ["run", "--no-cache", ...[...projects].flatMap((project) => ["--project", project]), ...testFiles];
}

function endGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // The group has ended already.
  }
}

interface FileResult {
  name: string;
  status: string;
  startTime: number;
  endTime: number;
}

function resultsIn(json: string): FileResult[] {
  const report: unknown = JSON.parse(json);
  if (typeof report !== "object" || report === null || !("testResults" in report) || !Array.isArray(report.testResults))
    return [];
  return report.testResults.filter(isFileResult);
}

function isFileResult(value: unknown): value is FileResult {
  return typeof value === "object" && value !== null && "name" in value && "status" in value && "startTime" in value;
}
