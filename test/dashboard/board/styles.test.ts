import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const BOARD = fileURLToPath(new URL("../../../dashboard/board", import.meta.url));
const STYLES = join(BOARD, "styles");
const STATIC_IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^;"']*?\bfrom\s*)?"(\.[^"]+)"/gm;
const LATE_IMPORT = /import\("(\.[^"]+\.tsx?)"\)/g;

/** The files that a style sheet consists of, itself included. */
function sheets(file: string): string[] {
  const source = readFileSync(file, "utf8");
  return [file, ...[...source.matchAll(/@import "([^"]+)"/g)].flatMap(([, path = ""]) => sheets(resolve(dirname(file), path)))];
}

function classesOf(file: string): Set<string> {
  const source = sheets(file).map((sheet) => readFileSync(sheet, "utf8"));
  return new Set([...source.join("\n").matchAll(/\.((?:vg|page)-[a-z-]+)/g)].map(([, name = ""]) => name));
}

/** Everything that a module imports before it runs: scripts and style sheets. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  if (file.endsWith(".css")) return found;
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(STATIC_IMPORT))
    withImports(resolve(dirname(file), path), found);
  return found;
}

/** Each late part with the files that are there when it runs. */
function lateParts(start: string, before = new Set<string>(), seen = new Set<string>()): [part: string, files: Set<string>][] {
  if (seen.has(start)) return [];
  seen.add(start);
  const files = withImports(start, new Set(before));
  const late = [...files]
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(LATE_IMPORT)].map(([, path = ""]) => resolve(dirname(file), path)),
    );
  return [[start, files], ...late.flatMap((part) => lateParts(part, files, seen))];
}

describe("The style sheets", () => {
  it("have in the first view, and in each late part, all classes that it shows.", () => {
    const all = classesOf(join(STYLES, "board.css"));
    const parts = lateParts(join(BOARD, "page/main.tsx"));
    expect(parts.length).toBeGreaterThan(10);
    const missing = parts.flatMap(([part, files]) => {
      const styles = [...files].filter((file) => file.endsWith(".css"));
      const there = new Set(styles.flatMap((file) => [...classesOf(file)]));
      const used = [...files]
        .filter((file) => /\.tsx?$/.test(file))
        .flatMap((file) => {
          const names = readFileSync(file, "utf8").matchAll(/\bvg-[a-z-]+/g);
          return [...names].map(([name]) => name);
        });
      return [...new Set(used)]
        .filter((name) => all.has(name) && !there.has(name))
        .map((name) => `${part.slice(BOARD.length)} ${name}`);
    });
    expect(missing).toEqual([]);
  });

  it("are all in the one that embedding pages load.", () => {
    const files = readdirSync(STYLES).map((file) => join(STYLES, file));
    expect(sheets(join(STYLES, "board.css")).sort()).toEqual(files.sort());
  });
});
