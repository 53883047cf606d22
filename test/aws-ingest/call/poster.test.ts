import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Poster } from "../../../aws-ingest/call/poster.ts";
import type { Update } from "../../../protocol/updates.ts";
import { aTurn } from "../../support/updates.ts";

const NOW = 1_790_000_000_000;
const CONTACT = "contact-2";

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ["Date", "setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** A hub that answers when it is told to. */
function heldHub() {
  const posts: string[][] = [];
  const answers: (() => void)[] = [];
  const answer = { watched: [CONTACT, "contact-9"], undelivered: 0 };
  const poster = new Poster(
    {
      postUpdates(updates: readonly Update[]) {
        posts.push(updates.map((update) => (update.type === "contact.turn" ? `${update.turnId}:${update.text}` : update.type)));
        return new Promise((resolve) => answers.push(() => resolve({ ...answer })));
      },
    },
    CONTACT,
  );
  /** Lets the oldest running post end, and everything that follows from it. */
  const answerNext = async () => {
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { poster, posts, answer, answerNext };
}

const final = (turnId: string, text = "") => aTurn({ contactId: CONTACT, turnId, text, final: true });
const partial = (turnId: string, text: string) => aTurn({ contactId: CONTACT, turnId, text, final: false });

describe("The poster", () => {
  test("sends one post at a time, and everything that came meanwhile in the next one.", async () => {
    const { poster, posts, answerNext } = heldHub();
    poster.addUpdates([final("a"), final("b")]);
    poster.addUpdates([final("c")]);
    poster.addUpdates([final("d")]);
    expect(posts).toEqual([["a:", "b:"]]);
    await answerNext();
    expect(posts.slice(1)).toEqual([["c:", "d:"]]);
    await answerNext();
    expect(posts).toHaveLength(2);
  });

  test("sends nothing when there is nothing to send.", () => {
    const { poster, posts } = heldHub();
    poster.addUpdates([]);
    poster.addUpdates([partial("a", "Hel")]);
    expect(posts).toEqual([]);
  });

  test("sends partial turns only while somebody watches this contact.", async () => {
    const { poster, posts, answer, answerNext } = heldHub();
    answer.watched = ["contact-9"];
    poster.addUpdates([final("a"), partial("b", "un")]);
    await answerNext();
    poster.addUpdates([partial("b", "unwatched")]);
    answer.watched = [CONTACT];
    poster.addUpdates([final("c")]);
    await answerNext();
    poster.addUpdates([partial("b", "watched")]);
    await answerNext();
    expect(posts).toEqual([["a:"], ["c:"], ["b:watched"]]);
  });

  test("sends the newest text of partial turns, twice a second at most.", async () => {
    const { poster, posts, answerNext } = heldHub();
    poster.addUpdates([final("a")]);
    await answerNext();
    poster.addUpdates([partial("b", "one")]);
    await answerNext();
    poster.addUpdates([partial("b", "one two"), partial("c", "un")]);
    poster.addUpdates([partial("b", "one two three")]);
    await vi.advanceTimersByTimeAsync(499);
    expect(posts).toEqual([["a:"], ["b:one"]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(posts.slice(2)).toEqual([["b:one two three", "c:un"]]);
  });

  test("sends no partial turn after its final one.", async () => {
    const { poster, posts, answerNext } = heldHub();
    poster.addUpdates([final("a")]);
    await answerNext();
    poster.addUpdates([partial("b", "one")]);
    poster.addUpdates([partial("b", "one two"), final("b", "one two three")]);
    await answerNext();
    await answerNext();
    await vi.advanceTimersByTimeAsync(1000);
    expect(posts.slice(1)).toEqual([["b:one"], ["b:one two three"]]);
  });

  test("drops waiting partial turns at the end, and waits for every post.", async () => {
    const { poster, posts, answer, answerNext } = heldHub();
    poster.addUpdates([final("a")]);
    await answerNext();
    poster.addUpdates([partial("b", "one")]);
    await answerNext();
    answer.undelivered = 2;
    poster.addUpdates([partial("b", "one two"), final("c"), final("d")]);
    poster.addUpdates([final("e")]);
    let drained = false;
    const end = poster.drained().then(() => {
      drained = true;
    });
    await answerNext();
    expect(drained).toBe(false);
    await answerNext();
    await end;
    expect(posts.slice(2)).toEqual([["c:", "d:"], ["e:"]]);
    expect(poster.undelivered).toBe(4);
    expect(vi.getTimerCount()).toBe(0);
  });
});
