import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { wordsOf } from "../../../scripts/prose/markdown.ts";
import { wordsBeforeCommand } from "../../../scripts/prose/readability.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const textOf = (page: string) => readFileSync(join(ROOT, page), "utf8");
const READMES = ["README.md", "README.es.md"] as const;
const manifest = v.parse(
  v.object({ version: v.string(), scripts: v.record(v.string(), v.string()), repository: v.optional(v.unknown()) }),
  JSON.parse(textOf("package.json")),
);
/** The code blocks that a reader pastes into a terminal. */
const commandsOf = (page: string) => [...textOf(page).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
/** What a reader reads: no code, no pictures and no addresses of links. */
const readingOf = (page: string) =>
  textOf(page).replaceAll(/```[\s\S]*?```|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|<!--.*?-->|<[^>]*>/g, " ");

describe.each(READMES)("%s", (page) => {
  test("has at most 650 words (660 in Spanish), and at most 120 before the first command.", () => {
    expect(wordsOf(readingOf(page)).length).toBeLessThanOrEqual(page === "README.md" ? 650 : 660);
    expect(wordsBeforeCommand(textOf(page))).toBeLessThanOrEqual(120);
  });

  test("has commands that can be pasted: nothing in them has to be filled in.", () => {
    expect(commandsOf(page).length).toBeGreaterThan(0);
    for (const command of commandsOf(page)) expect(command).not.toMatch(/[<>…]/);
  });

  test("begins with git clone as soon as package.json names a public repository.", () => {
    const address = /https:\/\/[^"]+?(?=\.git|")/.exec(JSON.stringify(manifest.repository ?? ""))?.[0];
    expect(commandsOf(page)[0]).toMatch(address === undefined ? /^npm start\n$/ : new RegExp(`^git clone ${address}`));
  });

  test("shows code that is an example which a test runs.", () => {
    const samples = [...textOf(page).matchAll(/^```\w+ title="(examples\/[^"]+)"\n([\s\S]*?)^```$/gm)];
    expect(samples.length).toBeGreaterThan(0);
    for (const [, file = "", text] of samples) expect(text).toBe(textOf(file));
  });

  test("shows the board in its own language, light and dark.", () => {
    const pictures = [...textOf(page).matchAll(/(?:src|srcset)="(docs\/[^"]+)"/g)].map(([, file = ""]) => file);
    const language = page === "README.md" ? "" : ".es";
    expect(pictures).toEqual([`docs/board-dark${language}.png`, `docs/board${language}.png`]);
    for (const file of pictures) expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
  });

  test("names the version of package.json.", () => {
    expect(textOf(page)).toContain(`${manifest.version} ([CHANGELOG.md](CHANGELOG.md)`);
  });
});

describe("The two READMEs", () => {
  const countOf = (page: string, pattern: RegExp) => [...textOf(page).matchAll(pattern)].length;
  /** The links of a page, each with its English name: a Spanish page stands for its twin. */
  const linksOf = (page: string) => [
    ...new Set([...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link.replace(/\.es\.(md|svg|png)$/, ".$1"))),
  ];

  test("have the same chapters, tables, code blocks and list items.", () => {
    for (const pattern of [/^## /gm, /^\| /gm, /^```/gm, /^- /gm, /^\*\*/gm]) {
      expect([pattern.source, countOf("README.es.md", pattern)]).toEqual([pattern.source, countOf("README.md", pattern)]);
    }
  });

  test("lead to the same pages, and to each other.", () => {
    const without = (links: string[]) => links.filter((link) => link !== "README.md").sort();
    expect(without(linksOf("README.es.md"))).toEqual(without(linksOf("README.md")));
    expect(textOf("README.md")).toContain("](README.es.md)");
    expect(textOf("README.es.md")).toContain("](README.md)");
  });

  test("show the same diagram.", () => {
    const diagramOf = (page: string) => /```\n(Amazon Connect[\s\S]*?)```/.exec(textOf(page))?.[1];
    expect(diagramOf("README.md")).toMatch(/contact flow/);
    expect(diagramOf("README.es.md")).toBe(diagramOf("README.md"));
  });

  test("The Spanish one says of every English page that it is in English.", () => {
    const lines = textOf("README.es.md").split("\n");
    const english = lines.filter((line) =>
      /\]\((?:docs\/(?!board\.es)[\w-]+\.md|CONTRIBUTING\.md|SECURITY\.md|CHANGELOG\.md)\)/.test(line),
    );
    expect(english.length).toBeGreaterThan(5);
    for (const line of english) expect(line).toMatch(/en inglés/);
  });
});

describe("The index of the documentation", () => {
  test("The index lists every page of docs/ in each language, and the pages beside it.", () => {
    const pages = globSync("docs/**/*.md", { cwd: ROOT }).filter((page) => page !== "docs/README.md");
    for (const page of pages)
      expect([page, textOf("docs/README.md").includes(`](${page.slice("docs/".length)})`)]).toEqual([page, true]);
    for (const page of ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]) {
      expect(textOf("docs/README.md")).toContain(`](../${page})`);
    }
  });

  test("The index lists every npm script, except the parts of a larger one.", () => {
    const named = [...textOf("docs/README.md").matchAll(/`npm (?:run )?([\w:-]+)`/g)].map(([, name = ""]) => name);
    const parts = /^(?:bench:.+|vitest|format|build|api|pictures)$/;
    expect(named.toSorted()).toEqual(
      Object.keys(manifest.scripts)
        .filter((name) => !parts.test(name))
        .toSorted(),
    );
  });
});

describe("CONTRIBUTING.md", () => {
  test("names only files and folders that exist, and npm scripts that exist.", () => {
    const text = textOf("CONTRIBUTING.md");
    const named = [...text.matchAll(/`([\w.-]+(?:\/[\w.<>-]+)*\/?)`/g)]
      .map(([, path = ""]) => path)
      .filter((path) => path.includes("/") && !path.includes("<"));
    expect(named.length).toBeGreaterThan(40);
    for (const path of named) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    for (const [, name = ""] of text.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(manifest.scripts)).toContain(name);
  });

  test("has a recipe for a field, a column, an update type, a Lambda and a language.", () => {
    const recipes = [...textOf("CONTRIBUTING.md").matchAll(/^### (.+)$/gm)].map(([, name = ""]) => name.toLowerCase());
    for (const word of ["field", "column", "update type", "lambda", "language of the board", "language of calls"]) {
      expect([word, recipes.some((name) => name.includes(word))]).toEqual([word, true]);
    }
  });
});

test("The links of the pages beside the README lead to files.", () => {
  for (const page of ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]) {
    for (const [, link = ""] of textOf(page).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
      if (/^https?:/.test(link)) continue;
      expect([basename(page), link, existsSync(join(ROOT, dirname(page), link))]).toEqual([basename(page), link, true]);
    }
  }
});

test("CHANGELOG.md has the version of package.json, and begins with what is not released.", () => {
  const versions = [...textOf("CHANGELOG.md").matchAll(/^## \[(.+?)\]/gm)].map(([, name]) => name);
  expect(versions[0]).toBe("Unreleased");
  expect(versions).toContain(manifest.version);
});
