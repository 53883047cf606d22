/** A sentence of a page, without markup. */
export interface Sentence {
  text: string;
  /** The line of the page on which the sentence begins, counted from one. */
  line: number;
  /** `cell` is a sentence in a table. */
  place: "text" | "cell";
}

/** Text that stands together: a paragraph, a list item or a cell of a table. */
interface Block {
  text: string;
  line: number;
  place: Sentence["place"];
}

/** Abbreviations whose full stop ends no sentence, in both languages of the pages. */
const ABBREVIATION = /(?:\b(?:e\.g|i\.e|etc|vs|no|approx|ca|p\. ej|Sr|Sra|EE\. UU)|\b[A-Z])\.$/;
/** Full stop, question or exclamation mark, with closing quotes or brackets, before a space and the beginning of a sentence. */
const SENTENCE_END = /[.!?…]["”'’)\]»]*(?=\s+["“'(¿¡«[]*[\p{Lu}\p{N}])|[.!?…]["”'’)\]»]*\s*$/gu;

/** Returns the sentences of a Markdown page. Headings, code blocks, comments and pictures are left out. */
export function sentencesOf(page: string): Sentence[] {
  return blocksOf(page).flatMap(({ text, line, place }) => {
    const plain = withoutMarkup(text);
    return splitSentences(plain).map(({ text: sentence, start }) => ({
      text: sentence.replaceAll(/\s+/g, " "),
      line: line + linesIn(plain.slice(0, start)),
      place,
    }));
  });
}

/** Returns the words of a sentence. A path, a number with its unit, and a piece of code are one word each. */
export function wordsOf(sentence: string): string[] {
  return sentence.match(/[\p{L}\p{N}][\p{L}\p{N}'’_./%,:@-]*/gu) ?? [];
}

function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let fence: string | undefined;
  for (const [index, raw] of blankComments(page).split("\n").entries()) {
    const line = raw.replace(/^(?:\s*>)+ ?/, "");
    const mark = /^\s*(?:[-*+] +|\d+[.)] +)?(```+|~~~+)/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      continue;
    }
    if (mark !== undefined) fence = mark;
    if (mark !== undefined || /^\s*(?:#{1,6} |(?:-{3,}|={3,}|\*{3,})\s*$|$)/.test(line)) {
      open = undefined;
    } else if (/^\s*\|/.test(line)) {
      open = undefined;
      for (const cell of cellsOf(line)) blocks.push({ text: cell, line: index + 1, place: "cell" });
    } else if (open === undefined || /^\s*(?:[-*+]|\d+[.)]) /.test(line)) {
      open = { text: line.replace(/^\s*(?:[-*+]|\d+[.)]) /, ""), line: index + 1, place: "text" };
      blocks.push(open);
    } else open.text += `\n${line}`;
  }
  return blocks;
}

function cellsOf(row: string): string[] {
  if (/^[\s|:-]+$/.test(row)) return [];
  const masked = row.replaceAll(/`[^`]*`/g, (code) => code.replaceAll("|", " "));
  return masked.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

function blankComments(page: string): string {
  return page.replaceAll(/<!--[\s\S]*?-->/g, (comment) => keepLines(comment, ""));
}

/** Code becomes the word CODE, so that it counts as one word and may begin a sentence. */
function withoutMarkup(text: string): string {
  return text
    .replaceAll(/(`+)[\s\S]*?\1/g, (code) => keepLines(code, "CODE"))
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, (picture) => keepLines(picture, ""))
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, (link, label: string) => keepLines(link, label))
    .replaceAll(/<https?:[^>]*>|https?:\/\/[^\s)]+/g, "LINK")
    .replaceAll(/<\/?[a-z][^>]*>/gi, (tag) => keepLines(tag, ""))
    .replaceAll(/&\w+;/g, " ")
    .replaceAll(/\*\*|__|(?<!\w)[*_]|[*_](?!\w)/g, "");
}

/** Returns `text` with as many line breaks as `old` has, so that the lines that follow keep their numbers. */
function keepLines(old: string, text: string): string {
  return text + "\n".repeat(Math.max(0, linesIn(old) - linesIn(text)));
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}

function splitSentences(text: string): { text: string; start: number }[] {
  const sentences: { text: string; start: number }[] = [];
  let from = 0;
  const close = (end: number) => {
    const piece = text.slice(from, end);
    const start = from + piece.length - piece.trimStart().length;
    if (piece.trim() !== "") sentences.push({ text: piece.trim(), start });
    from = end;
  };
  for (const match of text.matchAll(SENTENCE_END)) {
    const end = match.index + match[0].length;
    if (!ABBREVIATION.test(text.slice(from, end).trimEnd())) close(end);
  }
  close(text.length);
  return sentences;
}
