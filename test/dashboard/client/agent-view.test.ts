import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextView } from "../../../dashboard/client/agent-view.ts";
import type { AgentView } from "../../../dashboard/client/contract.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";
import type { Agent } from "../../../protocol/agent.ts";

const START = 1_800_000_000_000;
const call = (fields: Partial<Agent>): Agent =>
  fakeAgent({ agentId: "a", status: "on a call", contactId: "c1", channel: "voice", since: START, duration: 0, ...fields });

function viewAfter(before: AgentView | undefined, agent: Agent, sentAt: number, hasDuration = true): AgentView {
  const { duration: _duration, ...patch } = agent;
  return nextView(before, agent, hasDuration ? agent : patch, sentAt);
}

describe("The estimated start of a call", () => {
  test("does not move while the hub's whole seconds agree with it.", () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 0, max: 999 }), (steps, stampLag) => {
        let at = START;
        let view = viewAfter(undefined, call({ since: START + 700_000_000 }), at);
        const first = view.callStartedAt;
        for (const step of steps) {
          at += step;
          const duration = Math.floor((at - START) / 1000);
          view = viewAfter(view, call({ since: START + 700_000_000, duration }), at + stampLag);
          expect(view.callStartedAt).toBe(first);
        }
      }),
    );
  });

  test("is exact when the status began with the call.", () => {
    expect(viewAfter(undefined, call({ since: START + 250, duration: 9 }), START + 10_000).callStartedAt).toBe(START + 250);
  });

  test("differs from the end of the last hold.", () => {
    const view = viewAfter(undefined, call({ since: START + 90_000, duration: 100 }), START + 100_000);
    expect(view.callStartedAt).toBe(START);
  });

  test("stays through a hold, also when a frame has no duration.", () => {
    const talking = viewAfter(undefined, call({}), START);
    const held = viewAfter(talking, call({ status: "on hold", since: START + 5000 }), START + 5000, false);
    const again = viewAfter(held, call({ since: START + 9000 }), START + 9000, false);
    expect([held.callStartedAt, again.callStartedAt]).toEqual([START, START]);
  });

  test.each([
    [-2_001, false],
    [-2_000, true],
    [1_000, true],
    [1_001, false],
  ])("that is %i ms off the duration stays: %s.", (offMs, stays) => {
    const known = viewAfter(undefined, call({ since: START + offMs, duration: null }), START + offMs);
    const next = viewAfter(known, call({ since: START + 700_000_000, duration: 10 }), START + 10_000);
    expect(next.callStartedAt).toBe(stays ? START + offMs : START);
  });

  test("follows the duration of the hub.", () => {
    const guessed = viewAfter(undefined, call({ since: START + 60_000, duration: null }), START + 60_000);
    expect(guessed.callStartedAt).toBe(START + 60_000);
    expect(viewAfter(guessed, call({ since: START + 60_000, duration: 61 }), START + 61_000).callStartedAt).toBe(START);
  });

  test("is null in after-call work, although the contact stays.", () => {
    const talking = viewAfter(undefined, call({}), START);
    const afterCall = call({ status: "after call work", since: START + 9000, duration: null });
    expect(viewAfter(talking, afterCall, START + 9000).callStartedAt).toBeNull();
    expect(viewAfter(talking, afterCall, START + 9000, false).callStartedAt).toBeNull();
  });

  test("is null off the call and begins again with the next call.", () => {
    const first = viewAfter(undefined, call({}), START);
    expect(viewAfter(first, fakeAgent({ agentId: "a", status: "after call work" }), START).callStartedAt).toBeNull();
    const second = call({ contactId: "c2", since: START + 9000, duration: 0 });
    expect(viewAfter(first, second, START + 9000).callStartedAt).toBe(START + 9000);
  });
});

describe("The trend", () => {
  test("grows by each new score, with its time.", () => {
    let view = viewAfter(undefined, call({}), START);
    for (const [index, sentimentScore] of [2, 2, -1, -1, 0].entries()) {
      view = viewAfter(view, call({ sentimentScore }), START + index * 1000, false);
    }
    expect(view.trend).toEqual([
      { at: START, score: 2 },
      { at: START + 2000, score: -1 },
      { at: START + 4000, score: 0 },
    ]);
  });

  test("keeps the newest 120 points.", () => {
    let view = viewAfter(undefined, call({}), START);
    for (let i = 1; i <= 200; i += 1) view = viewAfter(view, call({ sentimentScore: (i % 2) + 1 }), START + i, false);
    expect(view.trend).toHaveLength(120);
    expect(view.trend.at(-1)?.at).toBe(START + 200);
  });

  test("begins with the quarters when the client sees a call from the middle on.", () => {
    const side = { score: 0, quarters: [5, -5, null, 0], recent: 0 };
    const agent = call({ since: START + 60_000, duration: 80, sentimentScore: 0, sentiment: { customer: side, agent: side } });
    expect(viewAfter(undefined, agent, START + 80_000).trend).toEqual([
      { at: START + 10_000, score: 5 },
      { at: START + 30_000, score: 0 },
      { at: START + 80_000, score: 0 },
    ]);
  });

  test("ends with the call.", () => {
    const view = viewAfter(undefined, call({ sentimentScore: 2 }), START);
    expect(viewAfter(view, fakeAgent({ agentId: "a" }), START + 1).trend).toEqual([]);
    expect(viewAfter(view, call({ contactId: "c2", sentimentScore: 1 }), START + 1).trend).toEqual([{ at: START + 1, score: 1 }]);
  });
});

test("An agent view stays the same object while only the duration runs.", () => {
  const view = viewAfter(undefined, call({ duration: 1 }), START + 1000);
  expect(viewAfter(view, call({ duration: 31 }), START + 31_000)).toBe(view);
  expect(viewAfter(view, call({ duration: 31, queue: "Ventas" }), START + 31_000)).not.toBe(view);
});

test("An agent view changes when its sentiment appears, changes inside and disappears.", () => {
  const side = { score: 1, quarters: [1, null, null, null], recent: 1 };
  const sentiment = { customer: side, agent: side };
  const inside = { customer: side, agent: { ...side, quarters: [1, 2, null, null] } };
  let view = viewAfter(undefined, call({ sentiment: null }), START);
  for (const next of [sentiment, inside, null]) {
    const before = view;
    view = viewAfter(before, call({ sentiment: next }), START);
    expect(view.sentiment).toEqual(next);
    expect(viewAfter(view, call({ sentiment: structuredClone(next) }), START)).toBe(view);
  }
});

test("An agent view changes when a list in it grows or shrinks.", () => {
  const none = viewAfter(undefined, call({ categories: [] }), START);
  const one = viewAfter(none, call({ categories: ["Queja"] }), START);
  expect(one.categories).toEqual(["Queja"]);
  expect(viewAfter(one, call({ categories: [] }), START).categories).toEqual([]);
});
