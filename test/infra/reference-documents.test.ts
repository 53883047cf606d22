import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CLOSE } from "../../protocol/close-codes.ts";

const protocol = readFileSync("docs/protocol.md", "utf8");
const decisions = readFileSync("docs/decisions.md", "utf8");
const architecture = readFileSync("docs/architecture.md", "utf8");

/** Returns the lines under a heading of any level, up to the next heading of the same or a higher level. */
function chapterOf(page: string, heading: string): string[] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => line.replace(/^#+ /, "") === heading && line.startsWith("#"));
  if (start < 0) throw new Error(`The page has no chapter "${heading}".`);
  const level = lines[start]?.indexOf(" ") ?? 0;
  const end = lines.findIndex((line, index) => index > start && /^#+ /.test(line) && line.indexOf(" ") <= level);
  return lines.slice(start + 1, end < 0 ? undefined : end);
}

/** Returns the sentences of a line. A code span counts as one word, and so does a link. */
function sentencesOf(line: string): string[] {
  return line
    .replaceAll(/`[^`]*`/g, "X")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("**", "")
    .split(/(?<=[.!?])\s+(?=[A-Z…*([_\d])/);
}

const rules = chapterOf(protocol, "The rules by id");

describe("docs/protocol.md", () => {
  test("The rules stand in the order of their ids, each under the heading of its prefix.", () => {
    let heading = "";
    const found: string[] = [];
    for (const line of rules) {
      heading = /^### ([A-Z]+): /.exec(line)?.[1] ?? heading;
      const [, id = "", prefix = ""] = /^- \*\*(([A-Z]+)-\d+)\*\*/.exec(line) ?? [];
      if (id === "") continue;
      expect([id, prefix]).toEqual([id, heading]);
      found.push(id);
    }
    expect(found.length).toBeGreaterThan(300);
    const inOrder = found.toSorted((a, b) => {
      const [[prefixA = "", numberA], [prefixB = "", numberB]] = [a.split("-"), b.split("-")];
      return prefixA === prefixB ? Number(numberA) - Number(numberB) : prefixA < prefixB ? -1 : 1;
    });
    expect(found).toEqual(inOrder);
  });

  test("Each rule has one or two sentences, and further cases are numbered in a row.", () => {
    let last = 0;
    for (const line of rules) {
      if (line.startsWith("- **")) {
        expect([line, sentencesOf(line.replace(/^- \*\*[A-Z]+-\d+\*\* /, "")).length <= 2]).toEqual([line, true]);
        last = 0;
      } else if (/^ +\S/.test(line)) {
        last += 1;
        expect([line, line.startsWith(`  ${last}. `)]).toEqual([line, true]);
      }
    }
  });

  test("The rules, outside of lists of names, have sentences of at most 25 words.", () => {
    const long = rules
      .map((line) => line.replace(/^ *(?:- \*\*[A-Z]+-\d+\*\*|\d+\.) /, ""))
      .flatMap((line) => sentencesOf(line))
      .filter((sentence) => sentence.split(/\s+/).length > 25);
    expect(long).toEqual([]);
  });

  test("Each id that a rule refers to is the id of a rule.", () => {
    const known = new Set([...protocol.matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map(([, id]) => id));
    const named = [...`${protocol}${decisions}${architecture}`.matchAll(/\b([A-Z]{3,4}-\d+)\b/g)].map(([, id]) => id);
    expect(named.filter((id) => !known.has(id) && !/^(?:UTF|SHA|HMAC)-/.test(id ?? ""))).toEqual([]);
  });

  test("The table of close codes is the one of the hub.", () => {
    const rows = chapterOf(protocol, "Close codes").flatMap((line) => {
      const [, code, reason] = /^\| (\d+) \| `(\w+)` \|/.exec(line) ?? [];
      return code === undefined ? [] : [{ code: Number(code), reason }];
    });
    expect(rows).toEqual(Object.values(CLOSE).toSorted((a, b) => a.code - b.code));
  });
});

describe("docs/decisions.md", () => {
  test("The decisions are numbered in a row, and each has a date, a reason and a cost.", () => {
    const chapters = decisions.split(/^## /m).slice(1);
    expect(chapters.length).toBeGreaterThan(60);
    for (const [index, chapter] of chapters.entries()) {
      const [heading = "", ...body] = chapter.split("\n").filter((line) => line !== "");
      expect(heading).toMatch(new RegExp(`^${index + 1}\\. \\S`));
      expect([
        heading,
        body.map((line) => /^- \*\*(?:Decision\*\* \(\d{4}-\d\d-\d\d.*?\):|(?:Reason|Cost):\*\*) /.test(line)),
      ]).toEqual([heading, [true, true, true]]);
    }
  });

  test("No number of a decision is beyond the last one.", () => {
    const count = decisions.split(/^## /m).length - 1;
    for (const [, number] of `${decisions}${architecture}`.matchAll(/\bdecision (\d+)\b/g)) {
      expect(Number(number)).toBeLessThanOrEqual(count);
    }
  });
});

describe("docs/architecture.md", () => {
  test("A call's way in has ten steps, and each names files that exist.", () => {
    const steps = chapterOf(architecture, "A call's way in").filter((line) => /^\d+\. /.test(line));
    expect(steps).toHaveLength(10);
    for (const step of steps) {
      const files = [...step.matchAll(/`([\w./-]+\.ts)`/g)].map(([, file = ""]) => file);
      expect([step, files.length > 0 && files.every((file) => existsSync(file))]).toEqual([step, true]);
    }
  });
});
