import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimate, type Usage } from "../../scripts/deploy/cost-formula.ts";
import { PRICES } from "../../scripts/deploy/prices.ts";

const USAGE: Usage = {
  agents: 200,
  callsPerHour: 5,
  minutesPerCall: 6,
  hoursPerDay: 8,
  daysPerMonth: 22,
  transcribed: 1,
  callAnalytics: 0,
  comprehend: 0,
  viewers: 10,
  recordingDays: 0,
  shards: 1,
};
const line = (usage: Usage, what: string) => {
  const { aws, cloudflare } = estimate(usage, PRICES);
  return [...aws, ...cloudflare].find((one) => one.what.startsWith(what))?.dollars;
};

describe("The cost of a month", () => {
  test("Transcription of 200 agents with 5 calls of 6 minutes an hour costs 1,056,000 minutes a month.", () => {
    expect(line(USAGE, "Transcription")).toBeCloseTo(10_560, 6);
    expect(line({ ...USAGE, transcribed: 0.25 }, "Transcription")).toBeCloseTo(2_640, 6);
    expect(estimate(USAGE, PRICES).concurrentCalls).toBeCloseTo(100, 6);
  });

  test("Each engine costs its own price for its share of the minutes.", () => {
    const { aws } = estimate({ ...USAGE, callAnalytics: 0.25 }, { ...PRICES, transcribeMinute: 0.02, callAnalyticsMinute: 0.04 });
    const dollars = aws.filter(({ what }) => what.startsWith("Transcription")).map((one) => one.dollars);
    expect(dollars[0]).toBeCloseTo(1_056_000 * 0.75 * 0.02, 6);
    expect(dollars[1]).toBeCloseTo(1_056_000 * 0.25 * 0.04, 6);
  });

  test("Comprehend costs three units a turn, which is 30 % of the standard engine's transcription.", () => {
    expect(line({ ...USAGE, comprehend: 1 }, "Sentiment")).toBeCloseTo(1_056_000 * 10 * 3 * 0.0001, 6);
    expect(line({ ...USAGE, comprehend: 1 }, "Sentiment")).toBeCloseTo(0.3 * 10_560, 6);
    expect(line(USAGE, "Sentiment")).toBe(0);
  });

  test("Workers Logs cost nothing for 100 agents and some 150 dollars for 2,000.", () => {
    expect(line({ ...USAGE, agents: 100 }, "Workers Logs")).toBe(0);
    expect(line({ ...USAGE, agents: 2000, viewers: 100 }, "Workers Logs")).toBeCloseTo((133_935_800 * 2 - 20e6) * 0.6e-6, 6);
  });

  test("The Lambda cost is at most 2 % above the transcriber's seconds: those of the calls and half a minute each.", () => {
    const seconds = 1_056_000 * 60 + 176_000 * 30;
    const calls = 0.0000133334 * seconds;
    expect(line(USAGE, "Lambda")).toBeGreaterThan(calls);
    expect(line(USAGE, "Lambda")).toBeLessThan(calls * 1.02);
  });

  test("Live audio costs 0.96 MB a minute and track, in and out.", () => {
    expect(line(USAGE, "Live audio")).toBeCloseTo(1_056_000 * 0.00096 * 2 * 2 * 0.0085, 6);
  });

  test("Recordings cost nothing unless they are kept, and then they cost by the day.", () => {
    expect(line(USAGE, "Recordings")).toBe(0);
    const month = line({ ...USAGE, recordingDays: 30 }, "Recordings") ?? 0;
    expect(month).toBeCloseTo(1_056_000 * 0.00192 * 0.023, 6);
    expect(line({ ...USAGE, recordingDays: 60 }, "Recordings")).toBeCloseTo(2 * month, 6);
  });

  test("A small hub costs no more than the base price of the plan.", () => {
    const { cloudflare } = estimate({ ...USAGE, agents: 10 }, PRICES);
    expect(cloudflare.reduce((sum, { dollars }) => sum + dollars, 0)).toBe(5);
  });

  test("One object that never sleeps costs nothing beyond the included duration.", () => {
    expect(line({ ...USAGE, agents: 5000 }, "Durable Object: awake")).toBe(0);
  });

  test("A center without agents and viewers costs between 5 and 40 dollars.", () => {
    const { total } = estimate({ ...USAGE, agents: 0, viewers: 0 }, PRICES);
    expect(total).toBeGreaterThan(5);
    expect(total).toBeLessThan(40);
  });

  test("A higher usage never costs less, and the total is the sum of the lines.", () => {
    const usage = fc.record({
      agents: fc.nat(5000),
      callsPerHour: fc.nat(20),
      minutesPerCall: fc.nat(60),
      hoursPerDay: fc.integer({ min: 1, max: 24 }),
      daysPerMonth: fc.integer({ min: 1, max: 31 }),
      transcribed: fc.double({ min: 0, max: 1, noNaN: true }),
      callAnalytics: fc.double({ min: 0, max: 1, noNaN: true }),
      comprehend: fc.double({ min: 0, max: 1, noNaN: true }),
      viewers: fc.nat(5000),
      recordingDays: fc.nat(400),
      shards: fc.integer({ min: 1, max: 50 }),
    });
    const counted = fc.constantFrom(
      "agents",
      "callsPerHour",
      "minutesPerCall",
      "hoursPerDay",
      "daysPerMonth",
      "viewers",
      "recordingDays",
      "shards",
    );
    fc.assert(
      fc.property(usage, counted, (base, name) => {
        const before = estimate(base, PRICES);
        const after = estimate({ ...base, [name]: base[name] + 1 }, PRICES);
        expect(after.total).toBeGreaterThanOrEqual(before.total - 1e-6);
        const sum = [...before.aws, ...before.cloudflare].reduce((total, { dollars }) => total + dollars, 0);
        expect(before.total).toBeCloseTo(sum, 6);
      }),
    );
  });
});
