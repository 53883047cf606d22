import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parseSync } from "oxc-parser";
import { ROOT } from "../steps.ts";

/** The browser tests and the benchmarks judge no single file, and take minutes. */
const JUDGES = /^test\/(?!browser\/|bench\/).*\.test\.tsx?$/;

/** Finds the test files that load a source file, directly or through others. */
export class TestFiles {
  readonly #importers = new Map<string, Set<string>>();

  constructor() {
    const options = { cwd: ROOT, exclude: (path: string) => /(^|\/)(node_modules|dist|\.[a-z]+)$/.test(path) };
    for (const path of globSync("**/*.{ts,tsx,mjs,js}", options)) {
      for (const imported of importsOf(path, readFileSync(join(ROOT, path), "utf8"))) {
        const importers = this.#importers.get(imported) ?? new Set();
        this.#importers.set(imported, importers.add(path));
      }
    }
  }

  /** Paths of test files: those of the mirrored folder first, then by the number of imports between them and the file. */
  of(path: string): { mirrored: string[]; others: string[] } {
    const folder = `test/${dirname(path)}/`;
    const reached = this.#reachedFrom(path);
    return {
      mirrored: reached.filter((test) => test.startsWith(folder) && !test.slice(folder.length).includes("/")),
      others: reached.filter((test) => !test.startsWith(folder) || test.slice(folder.length).includes("/")),
    };
  }

  #reachedFrom(path: string): string[] {
    const seen = new Set([path]);
    for (const step of seen) for (const importer of this.#importers.get(step) ?? []) seen.add(importer);
    return [...seen].filter((step) => JUDGES.test(step));
  }
}

function importsOf(path: string, text: string): string[] {
  const { staticImports, staticExports, dynamicImports } = parseSync(path, text).module;
  const specifiers = [
    ...staticImports
      // What is imported for its type alone is gone when the program runs.
      .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
      .map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
    ...dynamicImports.map(({ moduleRequest }) => text.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ];
  return specifiers.flatMap((specifier) => {
    // The Worker's tests reach it through the runtime, which loads what wrangler.toml names.
    if (specifier === "cloudflare:test") return ["worker/index.ts"];
    const file = normalize(join(dirname(path), specifier));
    return specifier.startsWith(".") && existsSync(join(ROOT, file)) ? [file] : [];
  });
}

/** The projects of vitest.config.ts that run a test file. */
export function projectsOf(testFile: string): string[] {
  if (testFile.startsWith("test/worker/conformance/")) return ["workerd", "relayed"];
  return [testFile.startsWith("test/worker/") ? "workerd" : "node"];
}
