import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import { SharedTexts } from "../../../core/broadcast/shared-texts.ts";

const MEBI = 1024 * 1024;

describe("Shared texts", () => {
  it("A shared text serves every request within a second while nothing changes.", () => {
    const board = new Board("e");
    const texts = new SharedTexts(board);
    expect(texts.textFor("a", 0, () => "first")?.text).toBe("first");
    expect(texts.textFor("a", 999, () => "second")?.text).toBe("first");
    expect(texts.textFor("a", 1000, () => "third")?.text).toBe("third");
    board.advance(1, 0);
    expect(texts.textFor("a", 1000, () => "fourth")?.text).toBe("fourth");
  });

  it("A shared text is made again when the clock is set back.", () => {
    const texts = new SharedTexts(new Board("e"));
    texts.textFor("a", 10_000, () => "then");
    expect(texts.textFor("a", 5000, () => "now")?.text).toBe("now");
  });

  it("Shared texts take at most 4 Mi characters, even if every request needs its own.", () => {
    const texts = new SharedTexts(new Board("e"));
    const kept = Array.from({ length: 9 }, (_, index) => {
      texts.textFor(String(index), 0, () => "x".repeat(MEBI));
      return texts.characters / MEBI;
    });
    expect(kept).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1]);
  });

  it("Shared texts are at most 64, however short they are.", () => {
    const texts = new SharedTexts(new Board("e"));
    const kept = Array.from({ length: 66 }, (_, index) => {
      texts.textFor(String(index), 0, () => "x");
      return texts.characters;
    });
    expect(kept.slice(62)).toEqual([63, 64, 1, 2]);
  });

  it("The answer that there is no text is shared too.", () => {
    const texts = new SharedTexts(new Board("e"));
    expect(texts.textFor("a", 0, () => null)).toBeNull();
    expect(texts.textFor("a", 0, () => "made again")).toBeNull();
    expect(texts.characters).toBe(0);
  });

  it("A shared text is dropped at the next request once it is outdated.", () => {
    const board = new Board("e");
    const texts = new SharedTexts(board);
    texts.textFor("old", 0, () => "x".repeat(MEBI));
    expect(texts.characters).toBe(MEBI);
    board.advance(1, 0);
    texts.textFor("new", 0, () => "y");
    expect(texts.characters).toBe(1);
    texts.textFor("newer", 1000, () => "yy");
    expect(texts.characters).toBe(2);
  });
});
