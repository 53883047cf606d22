import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Deadlines } from "../../../core/alerts/deadlines.ts";
import { agentFacts, engineOf, MINUTE, rulesOf, SECOND, T0 } from "./sample-facts.ts";

describe("Deadlines", () => {
  test("Each key has one deadline, and they come in the order of time, whatever replaced what.", () => {
    const change = fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.oneof(fc.nat(50), fc.constant(Number.POSITIVE_INFINITY)));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
        const deadlines = new Deadlines();
        const model = new Map<string, number>();
        for (const [key, due] of changes) {
          deadlines.schedule(key, due);
          model.set(key, due);
        }
        const expected = [...model].filter(([, due]) => Number.isFinite(due)).sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
        expect(deadlines.next()).toBe(expected[0]?.[1] ?? null);
        const popped: [string, number][] = [];
        for (let next = deadlines.popDue(50); next !== undefined; next = deadlines.popDue(50)) popped.push([next.key, next.due]);
        expect(popped).toEqual(expected);
      }),
    );
  });

  test("Replaced deadlines do not pile up.", () => {
    const deadlines = new Deadlines();
    for (let due = 0; due < 10_000; due += 1) deadlines.schedule("a", due);
    expect(deadlines.size).toBeLessThan(100);
    expect(deadlines.next()).toBe(9_999);
  });

  test("ALR-13 Among 20,000 agents, time looks only at those whose limit is due.", () => {
    const engine = engineOf(rulesOf({ watch: "statusTime", statuses: ["after call work"], warning: 120 }));
    const looked: string[] = [];
    const agents = Array.from({ length: 20_000 }, (_, n) => {
      const facts = agentFacts(T0, { agentId: `A${n}`, status: "after call work", since: T0 + n * SECOND });
      return new Proxy(facts, {
        get(target, field) {
          if (field === "row") looked.push(target.agentId);
          return Reflect.get(target, field);
        },
      });
    });
    engine.applyFacts(agents, T0);
    looked.length = 0;
    expect(engine.advance(T0 + 2 * MINUTE)).toMatchObject([{ type: "fired", alert: { subject: { agentId: "A0" } } }]);
    expect(new Set(looked)).toEqual(new Set(["A0"]));
    expect(engine.nextWake()).toBe(T0 + 121 * SECOND);
  });
});
