import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { WORD_GROUPS, type WordGroup } from "../../../dashboard/board/text/text.ts";
import { ENGLISH, ENGLISH_GROUPS } from "../all-words.ts";

const BOARD = fileURLToPath(new URL("../../../dashboard/board", import.meta.url));
const STATIC_IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^;"']*?\bfrom\s*)?"(\.[^"]+\.tsx?)"/gm;
/** `latePart("panels", () => import("./CallPanel.tsx"))`, and an import that brings no words of its own. */
const LATE_IMPORT = /(?:"(\w+)",\s*(?:\(\)\s*=>\s*)?)?import\("(\.[^"]+\.tsx?)"\)/g;
const KEYS = Object.keys(ENGLISH);

/** The keys that a file names, whole or by their beginning as in `status.${status}`. */
function keysIn(source: string): string[] {
  const beginnings = [...source.matchAll(/`([a-zA-Z][\w.]*\.)\$\{/g)].map(([, beginning = "?"]) => beginning);
  return KEYS.filter((key) => source.includes(`"${key}"`) || beginnings.some((beginning) => key.startsWith(beginning)));
}

/** All files that run with the words of some groups: what they are, and which groups are there when they do. */
function filesByGroup(start: string): Map<string, Set<WordGroup>[]> {
  const found = new Map<string, Set<WordGroup>[]>();
  const visit = (file: string, groups: ReadonlySet<WordGroup>) => {
    const before = found.get(file) ?? [];
    if (file.startsWith(join(BOARD, "text")) || before.some((other) => String([...other]) === String([...groups]))) return;
    found.set(file, [...before, new Set(groups)]);
    const source = readFileSync(file, "utf8");
    const at = (path = "") => resolve(dirname(file), path);
    for (const [, path] of source.matchAll(STATIC_IMPORT)) visit(at(path), groups);
    for (const [, words, path] of source.matchAll(LATE_IMPORT)) {
      const more = WORD_GROUPS.filter((group) => group === words);
      visit(at(path), new Set([...groups, ...more]));
    }
  };
  visit(start, new Set(["first"]));
  return found;
}

describe("Each part of the page", () => {
  it("finds all words that it shows in the groups that are loaded with it.", () => {
    const files = filesByGroup(join(BOARD, "page/main.tsx"));
    expect(files.size).toBeGreaterThan(200);
    const missing = [...files].flatMap(([file, loadings]) => {
      const keys = keysIn(readFileSync(file, "utf8"));
      return loadings.flatMap((groups) => {
        const there = new Set([...groups].flatMap((group) => Object.keys(ENGLISH_GROUPS[group])));
        return keys.filter((key) => !there.has(key)).map((key) => `${file.slice(BOARD.length)} ${key}`);
      });
    });
    expect(missing).toEqual([]);
  });

  it("finds each word in one group only.", () => {
    const all = Object.values(ENGLISH_GROUPS).flatMap((words) => Object.keys(words));
    expect(all.length).toBe(new Set(all).size);
  });
});
