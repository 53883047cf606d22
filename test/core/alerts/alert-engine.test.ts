import { describe, expect, test } from "vitest";
import { agentFacts, contactFacts, engineOf, linesOf, MINUTE, post, rulesOf, SECOND, T0, throughJson } from "./sample-facts.ts";

const ACW = { watch: "statusTime", statuses: ["after call work"], warning: 120, critical: 300 };
const wrapUp = (confirmedAt: number, since = T0) => agentFacts(confirmedAt, { status: "after call work", since });

describe("An alert of elapsed time", () => {
  test("ALR-1 fires at the warning, escalates at the critical limit and resolves with the news, each once.", () => {
    const engine = engineOf(rulesOf(ACW));
    expect(engine.applyFacts([wrapUp(T0)], T0)).toEqual([]);
    expect(engine.nextWake()).toBe(T0 + 120 * SECOND);
    expect(engine.advance(T0 + 119_999)).toEqual([]);
    expect(linesOf(engine.advance(T0 + 120_000))).toEqual(["fired warning 120/120 +120s"]);
    expect(engine.applyFacts([wrapUp(T0 + 240_000)], T0 + 240_000)).toEqual([]);
    expect(linesOf(engine.advance(T0 + 330_000))).toEqual(["escalated critical 300/300 +300s"]);
    expect(engine.firing()).toMatchObject([{ alertId: `r:A1:${T0 + 120_000}`, since: T0 + 120_000, groups: ["Ventas"] }]);
    const away = agentFacts(T0 + 340_000, { status: "available", since: T0 + 340_000 });
    expect(linesOf(engine.applyFacts([away], T0 + 340_000))).toEqual(["resolved critical 300/300 +340s"]);
    expect([engine.firing(), engine.nextWake(), engine.stored().states]).toEqual([[], null, []]);
  });

  test("ALR-2 gives the same alert when the news of its beginning arrives late.", () => {
    const engine = engineOf(rulesOf(ACW));
    expect(linesOf(engine.applyFacts([wrapUp(T0 + 200_000)], T0 + 200_000))).toEqual(["fired warning 200/120 +200s"]);
    expect(engine.firing()).toMatchObject([{ alertId: `r:A1:${T0 + 120_000}`, since: T0 + 120_000 }]);
  });

  test("ALR-3 does not fire from time that nobody confirmed, and fires with the news that confirms it.", () => {
    const engine = engineOf(rulesOf(ACW));
    engine.applyFacts([wrapUp(T0)], T0);
    engine.advance(T0 + 120_000);
    expect(engine.advance(T0 + 60 * MINUTE)).toEqual([]);
    expect(engine.firing(), "what fires goes on").toMatchObject([{ severity: "warning" }]);
    expect(engine.nextWake()).toBeNull();
    expect(linesOf(engine.applyFacts([wrapUp(T0 + 3_600_000)], T0 + 3_600_000))).toEqual(["escalated critical 3600/300 +3600s"]);
  });

  test("ALR-3 does not fire for one agent because another agent has news.", () => {
    const engine = engineOf(rulesOf(ACW));
    engine.applyFacts([wrapUp(T0)], T0);
    engine.advance(T0 + 120_000);
    const other = agentFacts(T0 + 20 * MINUTE, { agentId: "A2", status: "available" });
    expect(engine.applyFacts([other, post(T0 + 20 * MINUTE)], T0 + 20 * MINUTE)).toEqual([]);
  });
});

describe("The hold-off and the cooldown", () => {
  test("ALR-4 The hold-off delays the alert but not the time since when it counts.", () => {
    const engine = engineOf(rulesOf({ ...ACW, forSeconds: 10 }));
    engine.applyFacts([wrapUp(T0)], T0);
    expect(linesOf(engine.advance(T0 + 140_000))).toEqual(["fired warning 130/120 +130s"]);
    expect(engine.firing()).toMatchObject([{ since: T0 + 120_000 }]);
  });

  test("ALR-4 A breach that ends within the hold-off gives no alert.", () => {
    const engine = engineOf(rulesOf({ ...ACW, forSeconds: 10 }));
    engine.applyFacts([wrapUp(T0)], T0);
    expect(engine.applyFacts([agentFacts(T0 + 125_000, { status: "available" })], T0 + 125_000)).toEqual([]);
    expect(engine.advance(T0 + 10 * MINUTE)).toEqual([]);
  });

  test("ALR-5 The cooldown holds back a new warning, lets a critical alert through, and ends by itself.", () => {
    const rules = rulesOf({ watch: "missedInRow", warning: 1, critical: 3, cooldownSeconds: 100 });
    const engine = engineOf(rules);
    const missed = (at: number, count: number) => engine.applyFacts([agentFacts(at, { since: at }, count)], at);
    expect(linesOf(missed(T0, 1))).toEqual(["fired warning 1/1 +0s"]);
    expect(linesOf(missed(T0 + 10_000, 0))).toEqual(["resolved warning 1/1 +10s"]);
    expect(missed(T0 + 20_000, 1)).toEqual([]);
    expect(linesOf(missed(T0 + 30_000, 3))).toEqual(["fired critical 3/3 +30s"]);
    missed(T0 + 40_000, 0);
    expect(missed(T0 + 50_000, 1)).toEqual([]);
    expect(linesOf(engine.advance(T0 + 140_000))).toEqual(["fired warning 1/1 +140s"]);
  });
});

describe("An alert that was critical for a while", () => {
  const rules = rulesOf({ watch: "missedInRow", warning: 1, critical: 3, cooldownSeconds: 100 });

  test("ALR-5 holds back a critical one in its cooldown, also when it ended as a warning; the next one counts for itself.", () => {
    const engine = engineOf(rules);
    const missed = (seconds: number, count: number) => {
      const at = T0 + seconds * SECOND;
      return linesOf(engine.applyFacts([agentFacts(at, { since: at }, count)], at));
    };
    expect(missed(0, 3)).toEqual(["fired critical 3/3 +0s"]);
    expect(missed(10, 1)).toEqual(["eased warning 1/1 +10s"]);
    expect(missed(20, 0)).toEqual(["resolved warning 1/1 +20s"]);
    expect(missed(30, 3)).toEqual([]);
    expect(missed(40, 0)).toEqual([]);
    expect(missed(130, 1)).toEqual(["fired warning 1/1 +130s"]);
    expect(missed(140, 0)).toEqual(["resolved warning 1/1 +140s"]);
    expect(missed(150, 3)).toEqual(["fired critical 3/3 +150s"]);
  });

  test("ALR-8 keeps the acknowledgement of the critical alert when it eases and becomes critical again.", () => {
    const engine = engineOf(rules);
    const missed = (seconds: number, count: number) => {
      const at = T0 + seconds * SECOND;
      engine.applyFacts([agentFacts(at, { since: at }, count)], at);
      return engine.firing().map(({ severity, acknowledgedBy }) => `${severity} ${acknowledgedBy}`);
    };
    expect(missed(0, 3)).toEqual(["critical null"]);
    engine.acknowledge(engine.firing()[0]?.alertId ?? "", "Laura", T0 + 5 * SECOND);
    expect([missed(10, 1), missed(20, 3)]).toEqual([["warning Laura"], ["critical Laura"]]);
  });
});

describe("An acknowledgement", () => {
  const rules = rulesOf(ACW);

  test("ALR-8 stays with the alert by name and time, through a restart; the first name counts.", () => {
    const engine = engineOf(rules);
    engine.applyFacts([wrapUp(T0 + 130_000)], T0 + 130_000);
    const alertId = engine.firing()[0]?.alertId ?? "";
    expect(engine.acknowledge(alertId, "Laura", T0 + 140_000)).toMatchObject({ type: "acknowledged" });
    engine.acknowledge(alertId, "Luis", T0 + 150_000);
    const restarted = engineOf(rules, throughJson(engine.stored()), [wrapUp(T0 + 130_000)]);
    expect(restarted.firing()).toMatchObject([{ acknowledgedBy: "Laura", acknowledgedAt: T0 + 140_000 }]);
  });

  test("ALR-8 of a warning ends when the alert becomes critical.", () => {
    const engine = engineOf(rules);
    engine.applyFacts([wrapUp(T0 + 200_000)], T0 + 200_000);
    engine.acknowledge(engine.firing()[0]?.alertId ?? "", "Laura", T0 + 210_000);
    engine.advance(T0 + 300_000);
    expect(engine.firing()).toMatchObject([{ severity: "critical", acknowledgedBy: null, acknowledgedAt: null }]);
  });

  test("ALR-8 of an alert that does not fire changes nothing.", () => {
    const engine = engineOf(rules);
    expect(engine.acknowledge("r:A1:1", "Laura", T0)).toBeNull();
    expect(engine.drainUnsaved().states.size).toBe(0);
  });
});

describe("What changes under an alert", () => {
  test("A subject that leaves the board resolves its alert.", () => {
    const engine = engineOf(rulesOf(ACW));
    engine.applyFacts([wrapUp(T0 + 130_000)], T0 + 130_000);
    expect(linesOf(engine.applyFacts([agentFacts(T0 + 140_000, null)], T0 + 140_000))).toEqual([
      "resolved warning 130/120 +140s",
    ]);
  });

  test("A subject that is gone after a restart resolves its alert.", () => {
    const engine = engineOf(rulesOf(ACW));
    engine.applyFacts([wrapUp(T0 + 130_000)], T0 + 130_000);
    const restarted = engineOf(rulesOf(ACW), engine.stored());
    expect(restarted.nextWake()).toBe(0);
    expect(linesOf(restarted.advance(T0 + 140_000))).toEqual(["resolved warning 130/120 +140s"]);
    expect(restarted.stored().states).toEqual([]);
  });

  test("Other groups move the alert, so that other viewers see it.", () => {
    const engine = engineOf(rulesOf({ watch: "contactTime", warning: 60 }));
    engine.applyFacts([contactFacts(T0 + MINUTE, {})], T0 + MINUTE);
    const moved = engine.applyFacts([contactFacts(T0 + 90_000, { groups: ["Soporte"] })], T0 + 90_000);
    expect(moved).toMatchObject([{ type: "moved", alert: { groups: ["Soporte"] } }]);
  });

  test("ALR-9 Other rules resolve the alerts that they do not know and fire their own at once.", () => {
    const engine = engineOf(rulesOf(ACW));
    engine.applyFacts([wrapUp(T0 + 130_000)], T0 + 130_000);
    const changes = engine.replaceRules(rulesOf({ ...ACW, id: "sooner", warning: 60 }), T0 + 131_000);
    expect(changes.map(({ type, alert }) => `${type} ${alert.rule}`).sort()).toEqual(["fired sooner", "resolved r"]);
    expect(engine.replaceRules(rulesOf({ ...ACW, id: "sooner", warning: 60, enabled: false }), T0 + 132_000)).toMatchObject([
      { type: "resolved" },
    ]);
  });

  test("A contact that is over is forgotten after ten minutes, and late news does not bring it back before.", () => {
    const engine = engineOf(rulesOf({ watch: "contactTime", warning: 60 }));
    const over = contactFacts(T0 + 2 * MINUTE, { going: false });
    engine.applyFacts([over], T0 + 2 * MINUTE);
    expect(engine.applyFacts([contactFacts(T0 + MINUTE, {})], T0 + 11 * MINUTE)).toEqual([]);
    expect([...engine.facts()]).toEqual([over]);
    engine.applyFacts([], T0 + 21 * MINUTE);
    expect([...engine.facts()]).toEqual([]);
  });

  test("The engine names what a storage must write, once.", () => {
    const engine = engineOf(rulesOf(ACW));
    engine.applyFacts([wrapUp(T0), post(T0)], T0);
    expect(engine.drainUnsaved()).toEqual({ feedSince: T0, lookedAt: T0, states: new Map() });
    engine.advance(T0 + 120_000);
    expect([...engine.drainUnsaved().states.keys()]).toEqual(["agent:A1"]);
    expect(engine.drainUnsaved()).toEqual({ feedSince: null, lookedAt: T0 + 120 * SECOND, states: new Map() });
  });
});
