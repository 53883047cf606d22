import fc from "fast-check";
import { expect, test } from "vitest";
import { CallScore, type ScoredTurn, scoreContact } from "../../../aws-ingest/scoring/sentiment-score.ts";
import { oneDecimal } from "../../../protocol/agent.ts";

type Line = readonly [ScoredTurn["role"], beginMs: number, endMs: number, ScoredTurn["sentiment"]];

const turns = (...lines: Line[]): ScoredTurn[] =>
  lines.map(([role, beginMs, endMs, sentiment], index) => ({ turnId: `turn-${index}`, role, beginMs, endMs, sentiment }));

/** All turns of the example output file in the Contact Lens chapter of the Amazon Connect administrator guide. */
const EXAMPLE = turns(
  ["agent", 0, 90, "neutral"],
  ["customer", 160, 4640, "neutral"],
  ["agent", 4640, 6610, "neutral"],
  ["customer", 7370, 11_190, "negative"],
  ["agent", 11_220, 15_210, "negative"],
  ["customer", 15_840, 18_120, "positive"],
  ["agent", 18_310, 21_820, "neutral"],
  ["customer", 22_610, 24_140, "positive"],
  ["agent", 24_120, 29_710, "positive"],
  ["customer", 30_580, 32_110, "positive"],
);
const anyTurn: fc.Arbitrary<ScoredTurn> = fc.record({
  turnId: fc.nat({ max: 9 }).map(String),
  role: fc.constantFrom("customer", "agent"),
  beginMs: fc.nat({ max: 200_000 }),
  endMs: fc.nat({ max: 200_000 }),
  sentiment: fc.constantFrom("positive", "neutral", "negative", "mixed"),
});
const arrivals = fc.array(anyTurn, { maxLength: 40 });
const EMPTY = { score: null, quarters: [null, null, null, null], recent: null };

/** The definition, written without regard to speed. Of each turn the newest version counts. */
function defined(given: readonly ScoredTurn[]) {
  const all = [...new Map(given.map((turn) => [turn.turnId, turn])).values()];
  const value = { positive: 5, neutral: 0, negative: -5, mixed: 0 };
  const mean = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;
  const callEnd = Math.max(...all.map(({ endMs }) => endMs));
  const side = (role: ScoredTurn["role"]) => {
    const own = all.filter((turn) => turn.role === role);
    const span = Math.max(...own.map(({ endMs }) => endMs));
    const bounds = [Number.NEGATIVE_INFINITY, ...[1, 2, 3].map((k) => Math.floor((span * k) / 4)), Number.POSITIVE_INFINITY];
    const means = [0, 1, 2, 3].map((quarter) => {
      const [from = 0, to = 0] = bounds.slice(quarter, quarter + 2);
      return mean(own.filter(({ beginMs }) => beginMs >= from && beginMs < to).map(({ sentiment }) => value[sentiment]));
    });
    const recent = own.filter(({ endMs }) => endMs > callEnd - 60_000).map(({ sentiment }) => value[sentiment]);
    return {
      score: oneDecimal(mean(own.map(({ sentiment }) => value[sentiment]))),
      quarters: means.map(oneDecimal),
      recent: oneDecimal(mean(recent)),
    };
  };
  return { customer: side("customer"), agent: side("agent"), turns: all.length };
}

test("SEN-3: The score of the guide's edited example is the mean over its turns, and its quarters equal the guide's.", () => {
  const { customer, agent, turns: scored } = scoreContact(EXAMPLE);
  // The guide says 3.1 here, which is the mean of the quarters. published-scores.ts has the outputs that say otherwise.
  expect(customer).toMatchObject({ score: 2, quarters: [-2.5, 5, 5, 5] });
  expect(agent).toMatchObject({ score: 0, quarters: [0, -5, 0, 5] });
  expect(scored).toBe(10);
});

test("SEN-1: The score counts a turn as +5, 0 or -5, and a mixed turn as 0.", () => {
  const score = (sentiment: ScoredTurn["sentiment"]) => scoreContact(turns(["customer", 0, 900, sentiment])).customer.score;
  expect([score("positive"), score("neutral"), score("negative"), score("mixed")]).toEqual([5, 0, -5, 0]);
});

test("SEN-1: The score counts a repeated turn once, in its last version.", () => {
  const [turn] = turns(["customer", 0, 900, "negative"]);
  if (turn === undefined) throw new Error("The test has no turn to repeat.");
  const again: ScoredTurn = { ...turn, sentiment: "positive" };
  expect(scoreContact([turn, turn, again])).toMatchObject({ turns: 1, customer: { score: 5 } });
});

test("SEN-2: A quarter without turns is null, and does not count in the score.", () => {
  const { customer } = scoreContact(turns(["customer", 0, 100, "negative"], ["customer", 3_900, 4_000, "positive"]));
  expect(customer).toMatchObject({ quarters: [-5, null, null, 5], score: 0 });
  const { customer: early } = scoreContact(turns(["customer", 0, 100, "positive"], ["customer", 3_900, 4_000, "positive"]));
  expect(early.score).toBe(5);
});

test("SEN-2: The score puts a turn into the quarter in which it begins.", () => {
  expect(scoreContact(turns(["customer", 0, 4_000, "positive"])).customer.quarters).toEqual([5, null, null, null]);
  expect(scoreContact(turns(["customer", 3_500, 4_000, "positive"])).customer.quarters).toEqual([null, null, null, 5]);
});

test("SEN-2: The score puts a turn that begins on a bound into the later quarter, and rounds bounds down.", () => {
  const of = (beginMs: number) => scoreContact(turns(["customer", beginMs, 10, "positive"], ["customer", 9, 4_002, "neutral"]));
  expect(of(1_000).customer.quarters.slice(0, 2)).toEqual([0, 5]);
  expect(of(999).customer.quarters.slice(0, 2)).toEqual([2.5, null]);
});

test("SEN-2: The score has a span of its own for each participant.", () => {
  const { agent } = scoreContact(turns(["agent", 0, 400, "positive"], ["customer", 0, 400_000, "negative"]));
  expect(agent).toMatchObject({ quarters: [5, null, null, null], score: 5 });
});

test("SEN-3: The score is empty for a participant without turns.", () => {
  expect(scoreContact([])).toEqual({ customer: EMPTY, agent: EMPTY, turns: 0 });
  expect(scoreContact(turns(["agent", 0, 90, "positive"])).customer).toEqual(EMPTY);
});

test("SEN-3: The score rounds halves away from zero, and is never -0.", () => {
  const quarter = (begin: number, ...sentiments: ScoredTurn["sentiment"][]): Line[] =>
    sentiments.map((sentiment) => ["customer", begin, begin + 10, sentiment] as const);
  const end: Line = ["customer", 3_990, 4_000, "neutral"];
  // 5/4 in the first quarter, 0 in the last: 5/8 overall.
  const up = scoreContact(turns(...quarter(0, "positive", "neutral", "neutral", "neutral"), end, end, end, end));
  expect(up.customer).toMatchObject({ quarters: [1.3, null, null, 0], score: 0.6 });
  const down = scoreContact(turns(...quarter(0, "negative", "neutral", "neutral", "neutral")));
  expect(down.customer.score).toBe(-1.3);
  expect(Object.is(scoreContact(turns(["customer", 0, 9, "neutral"])).customer.score, 0)).toBe(true);
});

test("SEN-4: The score looks back 60 s from the end of the newest turn of either side for `recent`.", () => {
  const { customer } = scoreContact(
    turns(["customer", 0, 40_000, "negative"], ["customer", 50_000, 60_001, "positive"], ["agent", 90_000, 100_000, "neutral"]),
  );
  expect(customer.recent).toBe(5);
  expect(
    scoreContact(turns(["customer", 0, 40_000, "negative"], ["agent", 99_000, 100_001, "neutral"])).customer.recent,
  ).toBeNull();
});

test("SEN-2: The score does not depend on the order of the turns, and lies between -5 and +5.", () => {
  const distinct = fc.uniqueArray(anyTurn, { selector: ({ turnId }) => turnId });
  fc.assert(
    fc.property(
      distinct.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, other]) => {
        const score = scoreContact(all);
        expect(scoreContact(other)).toEqual(score);
        for (const side of [score.customer, score.agent]) {
          for (const value of [side.score, side.recent, ...side.quarters]) expect(Math.abs(value ?? 0)).toBeLessThanOrEqual(5);
        }
      },
    ),
  );
});

test("SEN-2: The score is the score of all turns so far after every turn, in any order and with any repetitions.", () => {
  fc.assert(
    fc.property(arrivals, (all) => {
      const running = new CallScore();
      for (const [index, turn] of all.entries()) {
        running.addTurn(turn);
        const sofar = all.slice(0, index + 1);
        expect(running.current).toEqual(defined(sofar));
        expect(scoreContact(sofar)).toEqual(running.current);
      }
    }),
  );
});

test("SEN-2: The score goes on without a difference when another process continues it from its turns.", () => {
  fc.assert(
    fc.property(arrivals, arrivals, (before, after) => {
      const whole = new CallScore();
      for (const turn of before) whole.addTurn(turn);
      const continued = new CallScore();
      for (const turn of whole.turns) continued.addTurn(turn);
      expect(continued.current).toEqual(whole.current);
      for (const turn of after) {
        whole.addTurn(turn);
        continued.addTurn(turn);
        expect(continued.current).toEqual(whole.current);
      }
      expect([...continued.turns]).toEqual([...whole.turns]);
    }),
  );
});
