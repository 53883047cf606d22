import { describe, expect, test } from "vitest";
import { findingsOfPage } from "../../../scripts/prose/rules.ts";
import { findingsOfSource } from "../../../scripts/prose/source-texts.ts";

const rulesOf = (page: string, file = "docs/a.md") => findingsOfPage(file, page).map(({ rule }) => rule);
const sentenceOf = (words: number) => `The ${"hub ".repeat(words - 2)}works.`;

describe("The rules for pages", () => {
  test("A sentence may have 25 words, and in Spanish 30.", () => {
    expect(rulesOf(sentenceOf(25))).toEqual([]);
    expect(rulesOf(sentenceOf(26))).toEqual(["long sentence"]);
    expect(rulesOf(sentenceOf(30), "README.es.md")).toEqual([]);
    expect(rulesOf(sentenceOf(31), "README.es.md")).toEqual(["long sentence"]);
  });

  test("A line that begins with What, Who or Whoever has a hidden subject, unless it is a question.", () => {
    expect(rulesOf("What is due waits.\n\nWhoever comes back waits.\n\n- **Whatever is left** goes.")).toEqual(
      Array.from({ length: 3 }, () => "hidden subject"),
    );
    expect(rulesOf("Lo que falta espera.", "docs/a.es.md")).toEqual(["hidden subject"]);
    expect(rulesOf("What is due?\n\nThe hub knows what is due.\n\n# What it costs")).toEqual([]);
  });

  test("A semicolon in prose and in a cell of a table is found, and one in code is not.", () => {
    expect(rulesOf("One thing; another.\n\n| a; b |\n")).toEqual(["semicolon", "semicolon"]);
    expect(rulesOf("Run `a; b`.\n\n```sh\na; b\n```\n")).toEqual([]);
  });

  test("A finding names the file, the line and the text.", () => {
    expect(findingsOfPage("docs/a.md", "Text.\n\nOne; two.\n")).toEqual([
      { file: "docs/a.md", line: 3, rule: "semicolon", text: "One; two." },
    ]);
  });
});

describe("The rules for sources", () => {
  const errorsOf = (text: string) => findingsOfSource("worker/a.ts", `throw new HttpError(${text});`).map((one) => one.text);

  test("An error that only says what is wrong has no next step.", () => {
    expect(errorsOf('"The hub has no secret."')).toEqual(["The hub has no secret."]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
    expect(errorsOf("`The part ${n} has no tag.`")).toEqual(["The part … has no tag."]);
    expect(errorsOf('"The hub has " + count + " secrets."')).toEqual(["The hub has … secrets."]);
  });

  test("An answer, a refusal and a line of a command are read as errors are, and a message of a success is not.", () => {
    const found = (source: string) => findingsOfSource("worker/a.ts", source).map((one) => one.text);
    expect(found('refuse(404, { error: "not_found", message: "There is no agent." });')).toEqual(["There is no agent."]);
    expect(found('const a = refusal(409, "busy", "The agent is busy.");')).toEqual(["The agent is busy."]);
    expect(found('console.error("The hub has stopped.");')).toEqual(["The hub has stopped."]);
    expect(found('refuse(404, { error: "not_found", message: "There is no agent. Check the id." });')).toEqual([]);
    expect(found('const done = { ok: true, code: "done", message: "The contact is cleared." };')).toEqual([]);
    expect(found('console.error("The hub has stopped:", error);')).toEqual([]);
  });

  test("An error that says what to do, what was expected or where to read has a next step.", () => {
    expect(errorsOf('"The hub has no secret. Run: npm run secret -- add"')).toEqual([]);
    expect(errorsOf('"The port must be a number from 0 to 65535."')).toEqual([]);
    expect(errorsOf('"Nothing listens: docs/operate.md, Start."')).toEqual([]);
  });

  test("A code of one word is not a text.", () => {
    expect(errorsOf('"not_found"')).toEqual([]);
  });

  test("A test title needs a verb and a full stop, together with the describe around it.", () => {
    const titlesOf = (source: string) => findingsOfSource("test/a.test.ts", source).map((one) => [one.line, one.text]);
    expect(titlesOf('test("The board of a center.", f);')).toEqual([[1, "The board of a center."]]);
    expect(titlesOf('\ntest("The board shows two agents", f);')).toEqual([[2, "The board shows two agents"]]);
    expect(titlesOf('test("The board shows two agents.", f);')).toEqual([]);
    expect(titlesOf('describe("The board", () => { test.each(a)("shows %s.", f); });')).toEqual([]);
  });
});
