/** One block of commands of a page, with what the page says about their output. */
export interface CommandBlock {
  chapter: string;
  commands: string[];
  /** What the outputs hold together. `…` stands for any words of one line. */
  expected: string[];
}

/**
 * Reads the commands of a page in their order: every block of `sh`, and every command of which a sentence says what it "should
 * say". What the next "You should see" puts into code belongs to the block before.
 */
export function commandsOf(page: string): CommandBlock[] {
  const blocks: CommandBlock[] = [];
  let chapter = "";
  let fence: { language: string; lines: string[] } | null = null;
  for (const line of page.split("\n")) {
    const opened = /^```(\w*)$/.exec(line);
    if (fence !== null && opened !== null) {
      if (fence.language === "sh") blocks.push({ chapter, commands: fence.lines.filter((one) => one !== ""), expected: [] });
      fence = null;
    } else if (fence !== null) fence.lines.push(line);
    else if (opened !== null) fence = { language: opened[1] ?? "", lines: [] };
    else if (/^#+ /.test(line)) chapter = line.replace(/^#+ /, "");
    else readSentences(line, chapter, blocks);
  }
  return blocks;
}

function readSentences(line: string, chapter: string, blocks: CommandBlock[]): void {
  for (const sentence of line.split(/(?<=[.!?])\s/)) {
    const [, command, said] = /`(npm run [^`]+)` should say (.+)$/.exec(sentence) ?? [];
    if (command !== undefined && said !== undefined) {
      blocks.push({ chapter, commands: [command], expected: codesIn(said) });
      continue;
    }
    const [, seen] = /[Yy]ou should see (.+)$/.exec(sentence) ?? [];
    const last = blocks.at(-1);
    if (seen !== undefined && last?.chapter === chapter) last.expected.push(...codesIn(seen));
  }
}

const codesIn = (sentence: string) => [...sentence.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

/** Whether an output has the words that a page promises. */
export function shows(output: string, expected: string): boolean {
  const [first = "", ...rest] = expected.split("…").map((part) => part.trim());
  return output.split("\n").some((line) => {
    const start = line.indexOf(first);
    if (start < 0) return false;
    let place = start + first.length;
    return rest.every((part) => {
      const found = line.indexOf(part, place);
      place = found + part.length;
      return found >= 0;
    });
  });
}
