import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlertChange } from "../../../core/alerts/alert-change.ts";
import { readAnswer } from "../../../core/alerts/delivery-answer.ts";
import { type AlertTarget, Outbox } from "../../../core/alerts/outbox.ts";
import { sampleChange, TEAMS } from "./sample-changes.ts";
import { MINUTE, SECOND, T0, throughJson } from "./sample-facts.ts";

const DELIVERED = { type: "delivered" } as const;
const LATER = { type: "later", retryAfterMs: null } as const;
const DAY = 24 * 60 * MINUTE;

/** Sends everything that is due until `until`, and returns each message as `kind:events @seconds`. */
function deliver(outbox: Outbox, until: number): string[] {
  const sent: string[] = [];
  for (let at = outbox.nextWake(); at !== null && at <= until; at = outbox.nextWake()) {
    for (const { messageId, kind, notes } of outbox.dueMessages(at, 4)) {
      const events = notes.length > 3 ? String(notes.length) : notes.map(({ event }) => event).join("+");
      sent.push(`${kind}:${events} @${(at - T0) / SECOND}`);
      outbox.noteAnswer(messageId, DELIVERED, at, 0.5);
    }
  }
  return sent;
}

function outboxWith(changes: readonly AlertChange[], targets: AlertTarget[] = [TEAMS]): Outbox {
  const outbox = new Outbox(targets, null);
  for (const change of changes) outbox.addChanges([change], change.at);
  return outbox;
}

describe("The outbox", () => {
  test("OUT-1 A target gets the alert, its escalation and its end, in this order and once.", () => {
    const outbox = outboxWith([
      sampleChange("fired", T0),
      sampleChange("eased", T0),
      sampleChange("escalated", T0 + 10 * SECOND),
      sampleChange("escalated", T0 + 11 * SECOND),
      sampleChange("resolved", T0 + 20 * SECOND),
    ]);
    expect(deliver(outbox, T0 + MINUTE)).toEqual(["single:fired @5", "single:critical @15", "single:resolved @25"]);
    expect(outbox.nextWake()).toBeNull();
  });

  test("OUT-1 Rule, group and severity decide who gets a message, and the end goes to those who know the beginning.", () => {
    const targets = [
      TEAMS,
      { ...TEAMS, id: "ventas", groups: ["Ventas"] },
      { ...TEAMS, id: "soporte", groups: ["Soporte"] },
      { ...TEAMS, id: "boss", minSeverity: "critical" as const },
    ];
    const names = (changes: AlertChange[]) =>
      outboxWith(changes, targets)
        .dueMessages(T0 + MINUTE, 9)
        .map(({ target }) => target);
    expect(names([sampleChange("fired", T0)])).toEqual(["teams", "ventas"]);
    expect(names([sampleChange("fired", T0, { to: ["boss", "ventas"] })])).toEqual(["ventas"]);
    expect(names([sampleChange("escalated", T0)])).toEqual(["boss", "teams", "ventas"]);
    expect(names([sampleChange("resolved", T0)])).toEqual([]);
  });

  test("OUT-2 A repeated attempt and an attempt after a restart have the same id.", () => {
    const outbox = outboxWith([sampleChange("fired", T0)]);
    const [first] = outbox.dueMessages(T0 + 5 * SECOND, 4);
    expect(first?.messageId).toMatch(/^alr_[0-9a-f]{16}$/);
    expect(outbox.dueMessages(T0 + 6 * SECOND, 4), "it is on its way").toEqual([]);
    const restarted = new Outbox([TEAMS], throughJson(outbox.stored()));
    expect(restarted.dueMessages(T0 + 6 * SECOND, 4).map(({ messageId }) => messageId)).toEqual([first?.messageId]);
    restarted.noteAnswer(first?.messageId ?? "", LATER, T0 + 7 * SECOND, 0.9);
    const [again] = restarted.dueMessages(T0 + MINUTE, 4);
    expect([again?.messageId, again?.failures]).toEqual([first?.messageId, 1]);
    expect(new Outbox([TEAMS], null).noteAnswer(first?.messageId ?? "", DELIVERED, T0, 0)).toBeNull();
  });

  test("OUT-2 An attempt without any answer is repeated after 15 s.", () => {
    const outbox = outboxWith([sampleChange("fired", T0)]);
    outbox.dueMessages(T0 + 5 * SECOND, 4);
    expect(outbox.nextWake()).toBe(T0 + 20 * SECOND);
    expect(outbox.dueMessages(T0 + 20 * SECOND, 4)).toHaveLength(1);
  });

  test("OUT-3 500 alerts in a minute are one digest.", () => {
    const storm = Array.from({ length: 500 }, (_, n) => sampleChange("fired", T0 + n * 120, { alertId: `acw:A${n}:1` }));
    expect(deliver(outboxWith(storm), T0 + 10 * MINUTE)).toEqual(["digest:500 @60"]);
  });

  test("OUT-3 Five alerts at once are five messages, a second apart.", () => {
    const some = Array.from({ length: 5 }, (_, n) => sampleChange("fired", T0, { alertId: `acw:A${n}:1` }));
    expect(deliver(outboxWith(some), T0 + MINUTE)).toEqual([5, 6, 7, 8, 9].map((second) => `single:fired @${second}`));
  });

  test("OUT-4 An unreachable target is tried for 24 h with growing pauses, and nobody waits for it.", () => {
    const outbox = outboxWith([sampleChange("fired", T0)], [TEAMS, { ...TEAMS, id: "slack" }]);
    const waits: number[] = [];
    let [last, outcome] = [T0, ""];
    let delivered = 0;
    while (outcome !== "given up") {
      const at = outbox.nextWake() ?? 0;
      for (const { target, messageId } of outbox.dueMessages(at, 4)) {
        if (target === "slack") {
          delivered += 1;
          outbox.noteAnswer(messageId, DELIVERED, at, 0.5);
          continue;
        }
        waits.push(at - last);
        last = at;
        outcome = outbox.noteAnswer(messageId, LATER, at, 0.999)?.type ?? "";
      }
    }
    expect(delivered).toBe(1);
    expect(last - T0).toBeGreaterThanOrEqual(DAY);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30 * MINUTE);
    expect(waits.slice(1, 4).map((wait) => Math.round(wait / SECOND))).toEqual([10, 20, 40]);
  });

  test("OUT-4 What gathered meanwhile comes as one digest when the target is back.", () => {
    const many = Array.from({ length: 30 }, (_, n) => sampleChange("fired", T0 + n * 10 * MINUTE, { alertId: `acw:A${n}:1` }));
    const outbox = outboxWith(many.slice(0, 1));
    const [message] = outbox.dueMessages(T0 + 5 * SECOND, 4);
    outbox.noteAnswer(message?.messageId ?? "", { type: "later", retryAfterMs: 50 * MINUTE }, T0 + 6 * SECOND, 0);
    expect(outbox.nextWake()).toBe(T0 + 50 * MINUTE + 6 * SECOND);
    for (const change of many.slice(1)) outbox.addChanges([change], T0 + MINUTE);
    expect(deliver(outbox, T0 + DAY)).toEqual(["single:fired @3006", "digest:29 @3007"]);
  });

  test("OUT-4 A receiver that asks for a day gets an hour, and no attempt follows on a failed one within five seconds.", () => {
    for (const [retryAfterMs, wait] of [
      [DAY, 60 * MINUTE],
      [null, 5 * SECOND],
      [SECOND, 5 * SECOND],
    ] as const) {
      const outbox = outboxWith([sampleChange("fired", T0)]);
      const [message] = outbox.dueMessages(T0 + 5 * SECOND, 4);
      outbox.noteAnswer(message?.messageId ?? "", { type: "later", retryAfterMs }, T0 + 6 * SECOND, 0);
      expect(outbox.nextWake()).toBe(T0 + 6 * SECOND + wait);
    }
  });

  test("OUT-4 A receiver that refuses ends the message at once, with the reason, and the next message goes on.", () => {
    const outbox = outboxWith([sampleChange("fired", T0)]);
    const [message] = outbox.dueMessages(T0 + 5 * SECOND, 4);
    const refused = readAnswer({ status: 400, retryAfter: null }, T0);
    expect(outbox.noteAnswer(message?.messageId ?? "", refused, T0 + 6 * SECOND, 0)).toMatchObject({
      type: "given up",
      reason: "bad_request",
    });
    outbox.addChanges([sampleChange("resolved", T0 + MINUTE)], T0 + MINUTE);
    expect(deliver(outbox, T0 + 2 * MINUTE)).toEqual(["single:resolved @65"]);
  });

  test("OUT-7 A receiver that is gone stops its target: the message waits, and goes once an hour until the target is back.", () => {
    const gone = readAnswer({ status: 410, retryAfter: null }, T0);
    let outbox = outboxWith([sampleChange("fired", T0)], [TEAMS, { ...TEAMS, id: "slack" }]);
    for (const { target, messageId } of outbox.dueMessages(T0 + 5 * SECOND, 4)) {
      const outcome = outbox.noteAnswer(messageId, target === "slack" ? DELIVERED : gone, T0 + 5 * SECOND, 0.5);
      expect(outcome?.type).toBe(target === "slack" ? "delivered" : "stopped");
    }
    outbox = new Outbox([TEAMS], throughJson(outbox.stored()));
    expect([outbox.stoppedTargets, outbox.oldestUndeliveredAt, outbox.nextWake()]).toEqual([
      1,
      T0,
      T0 + 60 * MINUTE + 5 * SECOND,
    ]);
    const [again] = outbox.dueMessages(T0 + 61 * MINUTE, 4);
    expect(outbox.noteAnswer(again?.messageId ?? "", LATER, T0 + 61 * MINUTE, 0)?.type).toBe("later");
    expect(outbox.nextWake(), "a stopped target is not tried sooner after another failure").toBe(T0 + 121 * MINUTE);
    outbox.resumeTarget("teams", T0 + 62 * MINUTE);
    expect(outbox.stoppedTargets).toBe(0);
    expect(deliver(outbox, T0 + DAY)).toEqual(["single:fired @3720"]);
    expect(outbox.oldestUndeliveredAt).toBeNull();
  });

  test("OUT-7 What waits for a stopped target goes after 24 h, and the target is still tried once an hour.", () => {
    const gone = readAnswer({ status: 404, retryAfter: null }, T0);
    const outbox = outboxWith([sampleChange("fired", T0)]);
    let tries = 0;
    let outcome: string | undefined;
    for (let at = outbox.nextWake(); at !== null && outcome !== "given up"; at = outbox.nextWake()) {
      const [message] = outbox.dueMessages(at, 1);
      outcome = outbox.noteAnswer(message?.messageId ?? "", gone, at, 0.5)?.type;
      tries += 1;
    }
    expect([tries, outbox.nextWake(), outbox.stoppedTargets]).toEqual([25, null, 1]);
    outbox.addChanges([sampleChange("resolved", T0 + DAY)], T0 + DAY + MINUTE);
    expect(outbox.nextWake()).toBeGreaterThanOrEqual(T0 + DAY + 60 * MINUTE);
    outbox.resumeTarget("teams", T0 + DAY + 2 * MINUTE);
    expect(outbox.nextWake(), "a target that works again does not wait for its hour").toBe(T0 + DAY + 2 * MINUTE);
  });

  test("OUT-8 For a target that is away, at most 5,000 pieces of news of at most 24 h wait.", () => {
    const news = (from: number, count: number, at: number) =>
      Array.from({ length: count }, (_, n) => sampleChange("fired", at, { alertId: `acw:A${from + n}:1` }));
    const outbox = new Outbox([TEAMS], null);
    outbox.addChanges(news(0, 1, T0), T0);
    outbox.dueMessages(T0 + 5 * SECOND, 1);
    outbox.addChanges(news(1, 100, T0), T0 + MINUTE);
    outbox.addChanges(news(101, 5_000, T0), T0 + 2 * MINUTE);
    expect(outbox.drainDropped()).toBe(100);
    outbox.addChanges(news(6_000, 1, T0), T0 + DAY + 3 * MINUTE);
    expect(outbox.drainDropped()).toBe(5_000);
  });

  test("What waits for a target that exists no more is dropped, and unreadable rows count as nothing.", () => {
    const stored = outboxWith([sampleChange("fired", T0)]).stored();
    expect(new Outbox([{ ...TEAMS, id: "other" }], stored).nextWake()).toBeNull();
    for (const broken of [null, 7, { lanes: [{ target: 1 }, "x"] }]) expect(new Outbox([TEAMS], broken).nextWake()).toBeNull();
  });

  test("OUT-2 No alert is lost and none is delivered twice, whatever receivers answer and whenever the hub restarts.", () => {
    const step = fc.record({
      wait: fc.nat(90),
      alerts: fc.nat(8),
      answer: fc.constantFrom("delivered", "later", "lost"),
      restart: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), (steps) => {
        let outbox = new Outbox([TEAMS], null);
        let now = T0;
        let made = 0;
        const got = new Map<string, string[]>();
        for (const { wait, alerts, answer, restart } of steps) {
          now += wait * SECOND;
          const changes = Array.from({ length: alerts }, (_, n) => sampleChange("fired", now, { alertId: `acw:A${made + n}:1` }));
          made += alerts;
          outbox.addChanges(changes, now);
          for (const { messageId, notes } of outbox.dueMessages(now, 4)) {
            if (answer === "later") outbox.noteAnswer(messageId, LATER, now, 0.5);
            else
              got.set(
                messageId,
                notes.map(({ alertId }) => alertId),
              );
            if (answer === "delivered") outbox.noteAnswer(messageId, DELIVERED, now, 0.5);
          }
          if (restart) outbox = new Outbox([TEAMS], throughJson(outbox.stored()));
        }
        for (let at = outbox.nextWake(); at !== null; at = outbox.nextWake()) {
          for (const { messageId, notes } of outbox.dueMessages(at, 4)) {
            got.set(
              messageId,
              notes.map(({ alertId }) => alertId),
            );
            outbox.noteAnswer(messageId, DELIVERED, at, 0.5);
          }
        }
        const delivered = [...got.values()].flat();
        expect(delivered.length, "by message id").toBe(made);
        expect(new Set(delivered).size).toBe(made);
      }),
      { numRuns: 100 },
    );
  });
});

describe("An answer of a receiver", () => {
  const read = (status: number, retryAfter: string | null = null) => readAnswer({ status, retryAfter }, T0);

  test("OUT-5 is delivered, later or refused by its status.", () => {
    expect([200, 202, 204].map((status) => read(status).type)).toEqual(["delivered", "delivered", "delivered"]);
    expect([401, 403, 408, 425, 429, 500, 503].every((status) => read(status).type === "later")).toBe(true);
    expect([301, 400, 404, 410, 413].map((status) => read(status))).toEqual(
      ["redirect", "bad_request", "not_found", "gone", "too_large"].map((reason) => ({ type: "refused", reason })),
    );
    expect(readAnswer({ failure: "timeout" }, T0)).toEqual(LATER);
  });

  test("OUT-5 may ask for time, in seconds or by a date.", () => {
    expect(read(429, "30")).toEqual({ type: "later", retryAfterMs: 30_000 });
    expect(read(503, new Date(T0 + 90_000).toUTCString())).toEqual({ type: "later", retryAfterMs: 90_000 });
    expect([read(429, "soon"), read(429, "-1"), read(429, "")]).toEqual([LATER, LATER, LATER]);
  });
});
