import { describe, expect, test } from "vitest";
import { scoreContact } from "../../../aws-ingest/scoring/sentiment-score.ts";
import type { SentimentLabel } from "../../../protocol/updates.ts";
import { shownPhrases, shownScores } from "./board-times.ts";
import type { TimedPhrase } from "./phrase-times.ts";

const phrase = (index: number, sentiment: SentimentLabel): TimedPhrase => ({
  contactId: "c",
  turn: { turnId: `t${index}`, role: "customer", beginMs: index * 4000, endMs: index * 4000 + 3000, sentiment },
  writtenAt: index * 4000,
  receivedAt: index * 4000 + 1,
  finalAt: index * 4000 + 2,
});

/** Returns a viewer's frame after the first `count` phrases. */
function frame(phrases: readonly TimedPhrase[], count: number, at: number) {
  const { customer, agent } = scoreContact(phrases.slice(0, count).map(({ turn }) => turn));
  return { text: JSON.stringify({ type: "agentStatusBatch", data: [{ agentId: "a", sentiment: { customer, agent } }] }), at };
}

describe("A phrase", () => {
  const phrases = [phrase(0, "positive"), phrase(1, "negative"), phrase(2, "negative")];
  const seen = (...frames: { text: string; at: number }[]) =>
    shownPhrases(phrases, shownScores(frames).get("a") ?? []).map(({ shownAt }) => shownAt);

  test("is shown with the frame that has its score.", () => {
    const other = { text: '{"type":"agentStatusBatch","data":[{"agentId":"b","stale":true}]}', at: 5 };
    expect(seen(frame(phrases, 1, 10), other, frame(phrases, 2, 4010), frame(phrases, 3, 8010))).toEqual([10, 4010, 8010]);
  });

  test("is shown with the frame of a later phrase when both came together.", () => {
    expect(seen(frame(phrases, 1, 10), frame(phrases, 3, 8010))).toEqual([10, 8010, 8010]);
  });

  test("is left out when it does not change the score.", () => {
    const again = [phrase(0, "positive"), { ...phrase(1, "mixed"), turn: { ...phrase(0, "positive").turn } }];
    const scores = shownScores([frame(again, 1, 10)]).get("a") ?? [];
    expect(shownPhrases(again, scores)).toEqual([{ ...again[0], shownAt: 10 }]);
  });

  test("fails the measurement when its score never came, or came before its final result.", () => {
    expect(() => seen(frame(phrases, 1, 10))).toThrow("2 changes of a score never came to the board.");
    expect(() => seen(frame(phrases, 1, 10), frame(phrases, 3, 8001))).toThrow("2 changes");
  });
});
