import { describe, expect, test } from "vitest";
import { agentFacts, engineOf, linesOf, MINUTE, rulesOf, SECOND, T0, throughJson } from "./sample-facts.ts";

const ACW = rulesOf({ watch: "statusTime", statuses: ["after call work"], warning: 120, critical: 300 });
const wrapUp = (at: number) => agentFacts(at, { status: "after call work", since: T0 });

describe("Stored alerts", () => {
  test("ALR-7 A deadline that passed during a restart counts at its own time, if the facts still count then.", () => {
    const engine = engineOf(ACW);
    engine.applyFacts([wrapUp(T0 + 100 * SECOND)], T0 + 100 * SECOND);
    const restarted = engineOf(ACW, throughJson(engine.stored()), [...engine.facts()]);
    expect(linesOf(restarted.advance(T0 + 10 * MINUTE))).toEqual(["fired warning 120/120 +120s"]);
  });

  test("ALR-7 A stored time of the last look that is too old repeats nothing.", () => {
    const engine = engineOf(ACW);
    engine.applyFacts([wrapUp(T0 + 200 * SECOND)], T0 + 200 * SECOND);
    const restarted = engineOf(ACW, { ...engine.stored(), lookedAt: 0 }, [...engine.facts()]);
    expect(linesOf(restarted.advance(T0 + 10 * MINUTE))).toEqual(["escalated critical 300/300 +300s"]);
  });

  test("A state that lacks fields gets defaults, and one that cannot be read counts as nothing.", () => {
    const engine = engineOf(ACW);
    engine.applyFacts([wrapUp(T0 + 200 * SECOND)], T0 + 200 * SECOND);
    const [state] = engine.stored().states;
    const older = { rule: state?.rule, subject: state?.subject, alert: state?.alert };
    const restarted = engineOf(ACW, { states: [older, { rule: 7 }, null] }, [...engine.facts()]);
    expect(restarted.firing()).toEqual(engine.firing());
    expect(restarted.advance(T0 + 210 * SECOND)).toEqual([]);
    for (const broken of [null, 7, "x", { states: 1 }]) expect(engineOf(ACW, broken).firing()).toEqual([]);
  });
});
