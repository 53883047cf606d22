import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import { SharedTexts } from "../../../core/broadcast/shared-texts.ts";

const MEBI = 1024 * 1024;

/** Counts the keys whose text is still kept. */
function countKept(texts: SharedTexts, keys: readonly string[], now: number): number {
  let made = 0;
  for (const key of keys) {
    texts.textFor(key, now, () => {
      made += 1;
      return "again";
    });
  }
  return keys.length - made;
}

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

  it("Shared texts take at most 8 Mi characters, even if every request needs its own.", () => {
    const texts = new SharedTexts(new Board("e"));
    const keys = Array.from({ length: 40 }, (_, index) => String(index));
    for (const key of keys) texts.textFor(key, 0, () => "x".repeat(MEBI));
    expect(countKept(texts, keys.slice().reverse(), 0) * MEBI).toBeLessThanOrEqual(8 * MEBI);
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
