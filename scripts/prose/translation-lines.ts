import { dirname, join } from "node:path";

/** A Markdown page: its path below the root of the repository, and its text. */
export interface PageText {
  path: string;
  text: string;
}

/** A line of a page, as far as it is the same in every language. */
export interface LineShape {
  /** Heading, list item, row with its number of cells, quote, empty line, text (with a bold label), or a line of a code block. */
  mark: string;
  /** Kind of fact ("code", "links", "numbers", "names") -> the values on this line. */
  facts: Record<string, string[]>;
  /** Links that lead to the wrong page, or to a chapter that does not exist. */
  faults: string[];
}

const LINK = /\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g;
const CODE = /(`+)(.+?)\1/g;
/** A link to a Spanish page that is called English. */
const CALLED_ENGLISH = /\]\(([^)\s]+\.es\.md[^)\s]*)\)(?: \(|, )en inglés/g;
/** Tables whose first column has names that AWS or the hub made: they are never translated. */
const NAMES_COLUMN = /^\| (?:alarm|alarma|metric|métrica) \|/;
/** Words in the examples of addresses that each language has of its own. */
const EXAMPLE_WORDS = [
  ["lang=es", "lang=en"],
  ["title=Ventas", "title=Sales"],
  ["team=México/Ventas", "team=Mexico/Sales"],
] as const;

/** Returns the lines of a page. */
export function readPage(page: PageText, textOf: (path: string) => string | undefined): LineShape[] {
  let fence = false;
  let names = false;
  return page.text.split("\n").map((line) => {
    const mark = /^\s*```/.test(line);
    if (mark || fence) {
      fence = mark ? !fence : fence;
      return { mark: `code "${line}"`, facts: {}, faults: [] };
    }
    names = NAMES_COLUMN.test(line) || (names && line.startsWith("|"));
    const links = linksOf(line).map((link) => resolve(link, page, textOf));
    return {
      mark: markOf(line),
      facts: {
        code: [...line.matchAll(CODE)].map(([code]) => EXAMPLE_WORDS.reduce((text, [es, en]) => text.replace(es, en), code)),
        links: links.map(({ target }) => target),
        numbers: numbersOf(line),
        names: namesOf(line, names),
      },
      faults: [
        ...links.flatMap(({ fault }) => fault ?? []),
        ...[...line.matchAll(CALLED_ENGLISH)].map(([, link]) => `says "en inglés" of the Spanish page ${link}`),
      ],
    };
  });
}

function markOf(line: string): string {
  const heading = /^(#+) /.exec(line)?.[1];
  if (heading !== undefined) return `a heading of level ${heading.length}`;
  if (line.trim() === "") return "an empty line";
  if (line.startsWith("|")) return `a row of ${line.replaceAll(CODE, "").split(/(?<!\\)\|/).length - 2} cells`;
  const item = /^(\s*(?:[-*+]|\d+[.)]) )/.exec(line)?.[1];
  if (item !== undefined) return `the list item "${item}"`;
  if (line.startsWith(">")) return "a quote";
  if (line.startsWith("**")) return "a text with a label";
  return /^\s*</.test(line) ? `markup ${/<[!/]?[\w-]+/.exec(line)?.[0]}` : `a text${/^\s+/.exec(line)?.[0] ?? ""}`;
}

const linksOf = (line: string) =>
  [...line.replaceAll(CODE, "").matchAll(LINK)].map(([, link, attribute]) => link ?? attribute ?? "");

/** Names in italics: all of them in the first column of a table of names, elsewhere those of two joined words (_CallsWaiting_). */
function namesOf(line: string, column: boolean): string[] {
  const names = (text: string) => [...text.matchAll(/(?<!\w)_([^_]+)_/g)].map(([, name = ""]) => name);
  return column ? names(line.split("|")[1] ?? "") : names(line.replaceAll(CODE, "")).filter((name) => /[a-z][A-Z]/.test(name));
}

/** Numbers in figures, without the code, the addresses and the marks of lists around them. */
function numbersOf(line: string): string[] {
  const text = line
    .replaceAll(CODE, "")
    .replaceAll(LINK, "")
    .replace(/^\s*\d+[.)] /, "");
  return [...text.matchAll(/\d+(?:[.,:/-]\d+)*/g)].map(([number]) => number);
}

/**
 * Returns what a link means in every language: the English page and the number of the chapter, because headings are translated.
 * A Spanish page leads to the Spanish page of its target, except for its link to its own English page.
 */
function resolve(link: string, page: PageText, textOf: (path: string) => string | undefined): { target: string; fault?: string } {
  if (/^[a-z]+:/.test(link)) return { target: link };
  const [file = "", chapter] = link.split("#");
  const path = file === "" ? page.path : join(dirname(page.path), file);
  const same = path.replace(/\.es(\.\w+)$/, "$1");
  const text = path === page.path ? page.text : textOf(path);
  const twin = path.replace(/\.md$/, ".es.md");
  if (page.path.endsWith(".es.md") && /(?<!\.es)\.md$/.test(path) && page.path !== twin && textOf(twin) !== undefined)
    return { target: same, fault: `leads to ${path}, which has the Spanish page ${twin}` };
  if (chapter === undefined) return { target: same };
  const number = headingsOf(text ?? "").indexOf(chapter);
  const target = `${same}, chapter ${number}`;
  return number < 0 ? { target, fault: `leads to the chapter #${chapter}, which ${path} does not have` } : { target };
}

/** Returns the anchors that GitHub gives to the headings of a page. */
function headingsOf(text: string): string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}
