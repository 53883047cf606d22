import { expect, test } from "vitest";
import { type ScoredTurn, scoreContact } from "../../../aws-ingest/scoring/sentiment-score.ts";
import { oneDecimal } from "../../../protocol/agent.ts";
import { PUBLISHED_SCORES, type PublishedScore } from "./published-scores.ts";

/** The length of a quarter in these calls. */
const QUARTER_MS = 100_000;

/** Makes turns that begin in their quarters. The last turn ends with the span. */
function turnsOf({ role, turns }: PublishedScore): ScoredTurn[] {
  const lines = turns.flatMap((values, quarter) =>
    values.map((value, index) => {
      const beginMs = quarter * QUARTER_MS + index * 1_000;
      const sentiment = value > 0 ? ("positive" as const) : value < 0 ? ("negative" as const) : ("neutral" as const);
      return { turnId: `${quarter}-${index}`, role, beginMs, endMs: beginMs + 900, sentiment };
    }),
  );
  const last = lines.at(-1);
  if (last !== undefined) last.endMs = 4 * QUARTER_MS;
  return lines;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What each rule that was considered makes of the published numbers. */
const RULES = {
  "mean over turns": ({ turns }: PublishedScore) => oneDecimal(mean(turns.flat())),
  "mean of quarters with turns": ({ turns, quarters }: PublishedScore) =>
    oneDecimal(mean(quarters.filter((_, index) => turns[index]?.length !== 0))),
  "mean of all quarters": ({ quarters }: PublishedScore) => oneDecimal(mean(quarters)),
};

function reproduces(rule: keyof typeof RULES): string[] {
  return PUBLISHED_SCORES.filter((published) => RULES[rule](published) === published.score).map(name);
}

const name = ({ source, role }: PublishedScore) => `${source}: ${role}`;
const edited = ({ source, role }: PublishedScore) => source.includes("edited") && role === "customer";

test("SEN-3: The score reproduces every published output but the customer of the edited example.", () => {
  const scores = PUBLISHED_SCORES.map((published) => {
    const { customer, agent } = scoreContact(turnsOf(published));
    return { name: name(published), score: (published.role === "customer" ? customer : agent).score };
  });
  expect(scores).toEqual(PUBLISHED_SCORES.map((each) => ({ name: name(each), score: edited(each) ? 2 : each.score })));
});

test("SEN-2: The quarters reproduce every published output, with null where Amazon writes 0 for no turns.", () => {
  for (const published of PUBLISHED_SCORES) {
    const { customer, agent } = scoreContact(turnsOf(published));
    const expected = published.quarters.map((quarter, index) => (published.turns[index]?.length === 0 ? null : quarter));
    expect((published.role === "customer" ? customer : agent).quarters, name(published)).toEqual(expected);
  }
});

test("SEN-3: The table of the rules shows that the mean over turns fits all genuine outputs, and no other rule does.", () => {
  const rules = ["mean over turns", "mean of quarters with turns", "mean of all quarters"] as const;
  const rows = PUBLISHED_SCORES.map((published) => ({
    output: name(published),
    turns: published.turnsAre,
    published: published.score,
    ...Object.fromEntries(rules.map((rule) => [rule, RULES[rule](published)])),
  }));
  console.table(rows);
  expect(reproduces("mean over turns")).toEqual(PUBLISHED_SCORES.filter((each) => !edited(each)).map(name));
  expect(reproduces("mean of quarters with turns")).toEqual(
    PUBLISHED_SCORES.filter(({ source }) => source.includes("edited")).map(name),
  );
  expect(reproduces("mean of all quarters")).toEqual(reproduces("mean of quarters with turns"));
});
