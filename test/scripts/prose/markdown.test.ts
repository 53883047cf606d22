import { describe, expect, test } from "vitest";
import { sentencesOf, wordsOf } from "../../../scripts/prose/markdown.ts";

const textsOf = (page: string) => sentencesOf(page).map(({ text }) => text);

describe("The sentences of a page", () => {
  test("A sentence carries the line on which it begins, also inside a paragraph of several lines.", () => {
    const page = "# Title\n\nOne is here. Two begins\nand ends here. Three\nfollows.\n";
    expect(sentencesOf(page)).toEqual([
      { text: "One is here.", line: 3, place: "text" },
      { text: "Two begins and ends here.", line: 3, place: "text" },
      { text: "Three follows.", line: 4, place: "text" },
    ]);
  });

  test("Code blocks, headings, comments and pictures hold no sentence, and the lines behind them keep their numbers.", () => {
    const page = [
      "## A heading; with a semicolon",
      "```sh",
      "a; b; c",
      "```",
      "<!-- a comment;",
      "of two lines -->",
      "![a picture; described](a.png)",
      "",
      "Text.",
    ].join("\n");
    expect(sentencesOf(page)).toEqual([{ text: "Text.", line: 9, place: "text" }]);
  });

  test("A fence inside a list or a quotation, and one of four marks around one of three, ends where it ends.", () => {
    expect(textsOf("- Item:\n  ```sh\n  a; b\n  ```\n  After.\n")).toEqual(["Item:", "After."]);
    expect(textsOf("> ~~~\n> a; b\n> ~~~\n> Quoted.\n")).toEqual(["Quoted."]);
    expect(textsOf("````md\n```\na; b\n```\n````\nText.\n")).toEqual(["Text."]);
  });

  test("A link counts by its words, and a piece of code is one word.", () => {
    expect(textsOf("Read [the page](docs/a.md#b) and run `npm run x; y`.")).toEqual(["Read the page and run CODE."]);
    expect(wordsOf("Read the page and run CODE.")).toHaveLength(6);
  });

  test("Each cell of a table is a text of its own, and the line of dashes is none.", () => {
    const page = "| a | b |\n| --- | ---: |\n| One fact. Two facts. | `x | y` or \\| z |\n";
    expect(sentencesOf(page).map(({ text, line, place }) => [text, line, place])).toEqual([
      ["a", 1, "cell"],
      ["b", 1, "cell"],
      ["One fact.", 3, "cell"],
      ["Two facts.", 3, "cell"],
      ["CODE or \\| z", 3, "cell"],
    ]);
  });

  test("List items end a sentence even without a full stop.", () => {
    expect(textsOf("You need\n- Node\n- npm\n1. First\n2. Second\n")).toEqual(["You need", "Node", "npm", "First", "Second"]);
  });

  test("An abbreviation, a decimal point and a file name end no sentence.", () => {
    expect(textsOf("Take one, e.g. Auth0, or 3.5 of docs/deploy.md. It works.")).toEqual([
      "Take one, e.g. Auth0, or 3.5 of docs/deploy.md.",
      "It works.",
    ]);
    expect(textsOf("¿Qué es? ¡Mira! “Así.” Fin.")).toEqual(["¿Qué es?", "¡Mira!", "“Así.”", "Fin."]);
  });
});
