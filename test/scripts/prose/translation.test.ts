import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { differencesOf, englishOf } from "../../../scripts/prose/translation.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const textOf = (path: string) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), "utf8") : undefined);
const spanishPages = globSync(["*.es.md", "docs/**/*.es.md", "examples/**/*.es.md"], {
  cwd: ROOT,
  exclude: (name) => name === "node_modules",
});
/** The pages for supervisors and for administrators of theirs. A page that loses its translation fails here. */
const IN_SPANISH = [
  "README",
  "docs/board",
  "docs/connect",
  "docs/cost",
  "docs/demo",
  "docs/deploy",
  "docs/first-call",
  "docs/maintain",
  "docs/notices",
  "docs/operate",
  "docs/sign-in",
];
/** The first lines of a page, in which a reader looks for the other language. */
const BEGINNING = 5;

describe("The Spanish pages", () => {
  test("Supervisors and administrators have every page that they need in Spanish.", () => {
    expect(spanishPages).toEqual(expect.arrayContaining(IN_SPANISH.map((page) => `${page}.es.md`)));
  });

  for (const spanish of spanishPages) {
    const english = englishOf(spanish);

    test(`${spanish} says line by line what ${english} says.`, () => {
      const pageOf = (path: string) => ({ path, text: textOf(path) ?? "" });
      const found = differencesOf(pageOf(english), pageOf(spanish), textOf);
      expect(found.map(({ line, text }) => `${spanish}:${line} ${text}`)).toEqual([]);
    });

    test(`${spanish} and ${english} lead to each other in their first lines.`, () => {
      const firstLines = (path: string) => textOf(path)?.split("\n").slice(0, BEGINNING).join("\n");
      const name = (path: string) => path.split("/").at(-1);
      expect(firstLines(english)).toContain(`](${name(spanish)})`);
      expect(firstLines(spanish)).toContain(`[In English](${name(english)})`);
    });
  }
});

describe("The comparison of a page with its translation", () => {
  const ENGLISH = [
    "# Alarms",
    "*[En español](alarms.es.md).*",
    "",
    "| alarm | it means |",
    "| --- | --- |",
    "| _hub behind_ | late by 60 s, see [the lag](#the-lag) and [the board](board.md) |",
    "",
    "## The lag",
    "",
    "**Check:** Raise `shards` ([streams](deploy.md)).",
    "```sh",
    "npm start",
    "```",
    "- Watch _CallsWaiting_.",
  ];
  const SPANISH = [
    "# Alarmas",
    "*[In English](alarms.md).*",
    "",
    "| alarma | significa |",
    "| --- | --- |",
    "| _hub behind_ | tarda 60 s, lee [el atraso](#el-atraso) y [el tablero](board.es.md) |",
    "",
    "## El atraso",
    "",
    "**Revisa:** Sube `shards` ([flujos](deploy.md)).",
    "```sh",
    "npm start",
    "```",
    "- Mira _CallsWaiting_.",
  ];
  const others = new Map([
    ["docs/alarms.md", ENGLISH.join("\n")],
    ["docs/alarms.es.md", SPANISH.join("\n")],
    ["docs/board.md", ""],
    ["docs/board.es.md", ""],
    ["docs/deploy.md", ""],
  ]);
  const compare = (spanish: readonly string[]) =>
    differencesOf(
      { path: "docs/alarms.md", text: ENGLISH.join("\n") },
      { path: "docs/alarms.es.md", text: spanish.join("\n") },
      (path) => others.get(path),
    );

  test("A faithful translation has no differences.", () => {
    expect(compare(SPANISH)).toEqual([]);
  });

  test.each([
    ["a missing paragraph", 10, undefined, "is a text with a label in English and code"],
    ["a missing label", 10, "Sube `shards` ([flujos](deploy.md)).", "is a text with a label in English and a text in Spanish"],
    ["another level of heading", 8, "### El atraso", "is a heading of level 2 in English and a heading of level 3"],
    ["a missing cell", 6, "| _hub behind_ |", "is a row of 2 cells in English and a row of 1 cells"],
    ["another command", 12, "npm run start", 'is code "npm start" in English'],
    [
      "a translated setting",
      10,
      "**Revisa:** Sube `fragmentos` ([flujos](deploy.md)).",
      "code: the Spanish line lacks `shards`, adds `fragmentos`",
    ],
    [
      "a translated alarm",
      6,
      (SPANISH[5] ?? "").replace("hub behind", "hub atrasado"),
      "names: the Spanish line lacks hub behind",
    ],
    ["a translated metric", 14, "- Mira _LlamadasEnEspera_.", "names: the Spanish line lacks CallsWaiting"],
    ["another number", 6, (SPANISH[5] ?? "").replace("60", "90"), "numbers: the Spanish line lacks 60, adds 90"],
    ["a missing link", 10, "**Revisa:** Sube `shards`.", "links: the Spanish line lacks docs/deploy.md"],
    [
      "a link to an English page that has a twin",
      6,
      (SPANISH[5] ?? "").replace("board.es", "board"),
      "which has the Spanish page docs/board.es.md",
    ],
    [
      "a Spanish page that is called English",
      6,
      (SPANISH[5] ?? "").replace("(board.es.md)", "(board.es.md) (en inglés)"),
      'says "en inglés" of the Spanish page board.es.md',
    ],
    ["a link to another chapter", 6, (SPANISH[5] ?? "").replace("#el-atraso", "#alarmas"), "lacks docs/alarms.md, chapter 1"],
    ["a link to no chapter", 6, (SPANISH[5] ?? "").replace("#el-atraso", "#the-lag"), "leads to the chapter #the-lag, which"],
  ])("The comparison reports %s in its line.", (_, line, text, expected) => {
    const changed = text === undefined ? SPANISH.toSpliced(line - 1, 1) : SPANISH.with(line - 1, text);
    const found = compare(changed);
    expect(found.map((difference) => difference.line)).toContain(line);
    expect(found.map((difference) => difference.text).join("\n")).toContain(expected);
  });
});
