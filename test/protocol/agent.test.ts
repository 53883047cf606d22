import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { agentSchema, oneDecimal, sentimentSchema, timeSchema } from "../../protocol/agent.ts";
import { NOON } from "../support/updates.ts";

const isValid = (schema: v.GenericSchema, value: unknown) => v.safeParse(schema, value).success;

describe("The rounding of scores", () => {
  it.each([
    [null, null],
    [0, 0],
    [-0, 0],
    [0.04, 0],
    [-0.04, 0],
    [0.05, 0.1],
    [-0.05, -0.1],
    [-1.25, -1.3],
    [1.25, 1.3],
    [4.99, 5],
    [-5, -5],
  ])("SEN-5 The score %s is rounded to %s, halves away from zero.", (value, rounded) => {
    // toBe tells 0 from -0, which JSON would write alike and a comparison of rows would not.
    expect(oneDecimal(value)).toBe(rounded);
  });
});

describe("The limits of values", () => {
  it("A score is a number from -5 to 5, or null.", () => {
    const sentiment = (score: unknown) => isValid(sentimentSchema, { score, quarters: [null, null, null, null], recent: null });
    expect([-5, 0, 5, null].map(sentiment)).toEqual([true, true, true, true]);
    expect([-5.01, 5.01, "0", undefined].map(sentiment)).toEqual([false, false, false, false]);
  });

  it("A sentiment has four quarters, and `recent` is null when it is left out.", () => {
    for (const count of [3, 5]) expect(isValid(sentimentSchema, { score: 0, quarters: Array(count).fill(0) })).toBe(false);
    expect(v.parse(sentimentSchema, { score: 0, quarters: [0, 0, 0, 0] }).recent).toBeNull();
  });

  it("A time is a whole number of milliseconds since 1970, and a time in seconds is refused.", () => {
    expect([1e12, NOON].map((time) => isValid(timeSchema, time))).toEqual([true, true]);
    const wrong = [-1, 0, NOON / 1000, NOON + 0.5, Number.NaN, `${NOON}`];
    expect(wrong.some((time) => isValid(timeSchema, time))).toBe(false);
  });

  it("An agent of an older hub has no exact start of its call, and lacks no other field.", () => {
    const agent = {
      agentId: "agent-1",
      name: "Jane Doe",
      status: "available",
      duration: null,
      sentimentScore: null,
      statusName: null,
      since: NOON,
      contactId: null,
      channel: null,
      queue: null,
      routingProfile: null,
      groups: [],
      sentiment: null,
      categories: [],
      stale: false,
    };
    expect(isValid(agentSchema, agent)).toBe(true);
    for (const field of Object.keys(agent)) {
      const { [field]: _, ...rest }: Record<string, unknown> = agent;
      expect(isValid(agentSchema, rest), field).toBe(false);
    }
  });
});
