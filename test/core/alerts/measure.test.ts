import { describe, expect, test } from "vitest";
import type { Facts } from "../../../core/alerts/facts.ts";
import type { AgentRow } from "../../../core/state/agent-row.ts";
import { DEFAULT_ALERT_RULES } from "../../../protocol/default-alert-rules.ts";
import {
  agentFacts,
  contactFacts,
  engineOf,
  linesOf,
  MINUTE,
  post,
  queueFacts,
  rulesOf,
  SECOND,
  scored,
  T0,
} from "./sample-facts.ts";

/** What a rule does when facts come one after the other, each at its own time. */
function play(rule: Record<string, unknown>, ...steps: Facts[]): string[] {
  const engine = engineOf(rulesOf(rule));
  return linesOf(steps.flatMap((facts) => engine.applyFacts([facts], facts.confirmedAt)));
}

/** Which of the center's default rules fire for the facts. */
function firedByDefault(facts: Facts[], now: number): string[] {
  return engineOf(DEFAULT_ALERT_RULES)
    .applyFacts([...facts, post(now)], now)
    .map(({ alert }) => `${alert.rule} ${alert.severity}`);
}

describe("A rule on agents", () => {
  const away = (statusName: string, minutes: number) =>
    firedByDefault([agentFacts(T0 + minutes * MINUTE, { status: "away", statusName, since: T0 })], T0 + minutes * MINUTE);

  test("ALR-10 Lunch has other limits than the bathroom and any other break, whatever case and accents the name has.", () => {
    expect([away("Baño", 12), away("BANO", 16), away("Comida", 45), away("Lunch", 80)]).toEqual([
      ["break-short warning"],
      ["break-short critical"],
      [],
      ["break-meal critical"],
    ]);
    expect([away("Descanso", 12), away("Descanso", 21), away("Capacitación", 120)]).toEqual([[], ["break-other warning"], []]);
  });

  test("ALR-10 The agent's error is critical at once, and offline agents are nobody's concern.", () => {
    expect(firedByDefault([agentFacts(T0, { status: "error", since: T0 })], T0)).toEqual(["agent-error critical"]);
    expect(play({ watch: "statusTime", warning: 60 }, agentFacts(T0 + 10 * MINUTE, { status: "offline", since: T0 }))).toEqual(
      [],
    );
  });

  test("A status of which nobody knows the beginning fires nothing.", () => {
    expect(play({ watch: "statusTime", warning: 60 }, agentFacts(T0, { status: "away", since: 0 }))).toEqual([]);
    const engine = engineOf(rulesOf({ watch: "missedInRow", warning: 1 }));
    expect(engine.applyFacts([agentFacts(T0, { status: "missed", since: 0 })], T0)).toMatchObject([{ alert: { since: T0 } }]);
  });

  test("Missed contacts in a row count as the hub counts them, or as one while nobody counts.", () => {
    const rule = { watch: "missedInRow", warning: 1, critical: 3 };
    expect(play(rule, agentFacts(T0, { status: "missed" }))).toEqual(["fired warning 1/1 +0s"]);
    expect(play(rule, agentFacts(T0, { status: "available" }, 4))).toEqual(["fired critical 4/3 +0s"]);
  });

  test("Missed contacts of an agent who has signed out fire nothing, and count again after the next sign-in.", () => {
    const rule = { watch: "missedInRow", warning: 1, critical: 3 };
    const seen = (seconds: number, status: AgentRow["status"]) => agentFacts(T0 + seconds * SECOND, { status, since: T0 }, 3);
    expect(play(rule, seen(0, "available"), seen(60, "offline"), seen(90, "offline"), seen(120, "available"))).toEqual([
      "fired critical 3/3 +0s",
      "resolved critical 3/3 +60s",
      "fired critical 3/3 +120s",
    ]);
  });

  test("Filters by group, queue, channel and status name all have to fit.", () => {
    const rule = { watch: "statusTime", groups: ["Ventas"], queues: ["Citas"], channels: ["chat"], warning: 0 };
    const row: Partial<AgentRow> = { groups: ["X", "ventas"], queue: "Citas", channel: "chat", statusName: "Available" };
    const count = (fields: Partial<AgentRow>, more = {}) =>
      play({ ...rule, ...more }, agentFacts(T0, { ...row, ...fields })).length;
    expect(count({})).toBe(1);
    for (const other of [{ groups: [] }, { queue: null }, { queue: "Otra" }, { channel: null }, { channel: "voice" as const }]) {
      expect(count(other), JSON.stringify(other)).toBe(0);
    }
    expect([count({}, { statusNames: ["Otro"] }), count({}, { exceptStatusNames: ["AVAILABLE"] })]).toEqual([0, 0]);
  });

  test("ALR-11 An agent is silent only while others have news, and a silence of the feed is no agent's.", () => {
    const engine = engineOf(rulesOf({ watch: "agentSilence", warning: 300 }));
    const seconds = (n: number) => T0 + n * SECOND;
    engine.applyFacts([post(T0), agentFacts(T0, {})], T0);
    expect(engine.advance(seconds(3_600)), "the feed is away").toEqual([]);
    expect(engine.applyFacts([post(seconds(3_600))], seconds(3_600)), "the feed is back").toEqual([]);
    for (let at = 3_700; at < 3_900; at += 100) expect(engine.applyFacts([post(seconds(at))], seconds(at))).toEqual([]);
    expect(linesOf(engine.applyFacts([post(seconds(3_950))], seconds(3_950)))).toEqual(["fired warning 300/300 +3900s"]);
    engine.advance(seconds(5_000));
    expect(engine.applyFacts([post(seconds(5_000))], seconds(5_000)), "what fires goes on through a break").toEqual([]);
    expect(engine.advance(seconds(5_100))).toEqual([]);
    const back = engine.applyFacts([agentFacts(seconds(5_110), {})], seconds(5_110));
    expect(linesOf(back)).toEqual(["resolved warning 300/300 +5110s"]);
  });
});

describe("A rule on contacts", () => {
  const low = { watch: "sentimentRecent", minCustomerTurns: 4, warning: -2.5, critical: -4 };

  test("ALR-12 A customer who is angry now fires, however good the mean of the call is.", () => {
    expect(play(low, scored(T0, { recent: -5, score: 1.9 }))).toEqual(["fired critical -5/-4 +0s"]);
  });

  test("ALR-12 A customer who has recovered fires nothing, however bad the mean of the call is.", () => {
    expect(play(low, scored(T0, { recent: 1, score: -4.5 }))).toEqual([]);
    expect(
      play(low, scored(T0, { recent: -5 }), scored(T0 + SECOND, { recent: -3 }), scored(T0 + 2 * SECOND, { recent: 0 })),
    ).toEqual(["fired critical -5/-4 +0s", "eased warning -3/-2.5 +1s", "resolved warning -3/-2.5 +2s"]);
  });

  test("ALR-12 One sentence is no evidence, nor is a score without a count or a mean without a recent part.", () => {
    for (const fields of [
      { recent: -5, customerTurns: 1 },
      { recent: -5, customerTurns: null },
      { recent: null, score: -5 },
    ]) {
      expect(play(low, scored(T0, fields)), JSON.stringify(fields)).toEqual([]);
    }
    expect(play(low, scored(T0, { recent: -5, customerTurns: 4 }))).toHaveLength(1);
  });

  test("ALR-12 A fall counts from the best quarter to the last minute.", () => {
    const fall = { watch: "sentimentFall", minCustomerTurns: 4, warning: 4, critical: 6 };
    expect(play(fall, scored(T0, { recent: -1.5, quarters: [0, 3, 0, -1.5] }))).toEqual(["fired warning 4.5/4 +0s"]);
    expect(play(fall, scored(T0, { recent: -1.5, quarters: [0, null, 0, -1.5] }))).toEqual([]);
  });

  test("A long call is one thing and a long chat another.", () => {
    const at = T0 + 45 * MINUTE;
    expect(firedByDefault([contactFacts(at, { channel: "chat" })], at)).toEqual([]);
    expect(firedByDefault([contactFacts(at, { channel: "voice" })], at)).toEqual(["call-long critical"]);
  });

  test("A lost transcription counts from when the hub saw it, and resolves when it is live again.", () => {
    const rule = { watch: "transcriptionLost", warning: 0, critical: 60 };
    const heard = (seconds: number, transcription: "lost" | "live" | "failed" | "off") =>
      contactFacts(T0 + seconds * SECOND, { transcription });
    expect(play(rule, heard(0, "live"), heard(10, "lost"), heard(50, "lost"), heard(80, "failed"), heard(90, "live"))).toEqual([
      "fired warning 0/0 +10s",
      "escalated critical 60/60 +70s",
      "resolved critical 60/60 +90s",
    ]);
    expect(play(rule, heard(0, "off"))).toEqual([]);
  });

  test("A customer who waits in a chat fires until somebody answers.", () => {
    const chat = (seconds: number, customerWaitsSince: number | null) =>
      contactFacts(T0 + seconds * SECOND, { channel: "chat", customerWaitsSince });
    expect(play({ watch: "answerWait", warning: 60 }, chat(0, T0), chat(70, T0), chat(75, null))).toEqual([
      "fired warning 60/60 +60s",
      "resolved warning 60/60 +75s",
    ]);
  });
});

describe("A rule on queues", () => {
  const queue = (seconds: number, fields: Parameters<typeof queueFacts>[1]) => queueFacts(T0 + seconds * SECOND, fields);

  test("Many waiting contacts fire after the hold-off and resolve when fewer wait.", () => {
    const rule = { watch: "queueWaiting", queues: ["ventas"], warning: 5, forSeconds: 15 };
    expect(play(rule, queue(0, { waiting: 6 }), queue(20, { waiting: 7 }), queue(30, { waiting: 4 }))).toEqual([
      "fired warning 6/5 +15s",
      "resolved warning 6/5 +30s",
    ]);
  });

  test("The oldest contact counts by the time since when it waits, and an empty queue has none.", () => {
    const rule = { watch: "queueOldest", warning: 60 };
    expect(play(rule, queue(90, { waiting: 1, oldestSince: T0 }))).toEqual(["fired warning 90/60 +90s"]);
    expect(play(rule, queue(90, { waiting: 0, oldestSince: T0 }))).toEqual([]);
  });

  test("The service level counts from enough contacts on.", () => {
    const rule = { watch: "queueServiceLevel", warning: 0.8, critical: 0.6 };
    expect(play(rule, queue(0, { serviceLevel: 0.5, counted: 19 }))).toEqual([]);
    expect(play(rule, queue(0, { serviceLevel: 0.5, counted: 20 }))).toEqual(["fired critical 0.5/0.6 +0s"]);
  });

  test("A queue in which contacts wait and nobody is available fires; unknown figures fire nothing.", () => {
    const rule = { watch: "queueUnattended", warning: 30 };
    expect(play(rule, queue(0, { waiting: 1, available: 0 }), queue(40, { waiting: 2, available: 1 }))).toEqual([
      "fired warning 30/30 +30s",
      "resolved warning 30/30 +40s",
    ]);
    expect(play(rule, queue(0, { waiting: 1, available: null }), queue(60, { waiting: null, available: 0 }))).toEqual([]);
  });

  test.each([
    { waiting: 0, available: 0 },
    { waiting: null, available: 0 },
    { waiting: 1, available: null },
  ])("A queue with the figures %j is not unattended, however long they stand.", (figures) => {
    const rule = { watch: "queueUnattended", warning: 30 };
    expect(play(rule, ...[0, 60, 120].map((seconds) => queue(seconds, figures)))).toEqual([]);
  });
});

test("A hub without posts fires on its own, and resolves with the next post.", () => {
  expect(play({ watch: "feedSilence", warning: 180 }, post(T0), post(T0 + 200 * SECOND))).toEqual([
    "fired warning 180/180 +180s",
    "resolved warning 180/180 +200s",
  ]);
});
