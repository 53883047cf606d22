import { describe, expect, it } from "vitest";
import { DEFAULT_EXPIRY } from "../../../core/state/expiry.ts";
import type { CenterAlert } from "../../../protocol/alert.ts";
import type { AlertRules } from "../../../protocol/alert-rules.ts";
import { DEFAULT_ALERT_RULES } from "../../../protocol/default-alert-rules.ts";
import type { Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, aTurn, NOON } from "../../support/updates.ts";
import { rulesOf } from "../alerts/sample-facts.ts";
import { Center } from "../center.ts";
import { MemoryStore } from "../memory-store.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

function centerWith(rules: AlertRules = DEFAULT_ALERT_RULES): Center {
  return new Center(DEFAULT_EXPIRY, new MemoryStore(), undefined, rules);
}

/** The alerts as short lines, the newest first: `acw-long warning firing`. */
function lines(center: Center, state: "firing" | "all" = "firing"): string[] {
  return center.core.alerts.list(null, state).map((alert) => `${alert.rule} ${alert.severity} ${alert.state}`);
}

function only(center: Center): CenterAlert {
  const [alert, ...others] = center.core.alerts.list(null, "all");
  if (alert === undefined || others.length > 0) throw new Error("Not exactly one alert.");
  return alert;
}

/** What a preview finds, and in how many steps. */
function previewed({ core, now }: Center, rules: AlertRules, filter: readonly string[] | null = null) {
  const preview = core.alerts.preview(rules, filter, now);
  for (let steps = 1; ; steps += 1) {
    const { value, done } = preview.next();
    if (done === true) return { found: value, steps };
  }
}

const onCall = anAgentState({ contacts: [aContact()] });
const wrapUp = anAgentState({ contacts: [aContact({ state: "ended", since: NOON })] });

/** Turns of both sides, then their score, as a transcriber posts them. */
function talk(turns: number, customer: { score: number; recent: number; quarters: number[] }): Update[] {
  const said = Array.from({ length: turns }, (_, index) =>
    aTurn({ turnId: `turn-${index}`, role: index % 2 === 0 ? "customer" : "agent", sentiment: "neutral" }),
  );
  return [...said, { ...aSentiment(customer.score), customer, turns }];
}

describe("The alerts of a center", () => {
  it("ALR-7 The time of the last look is stored with the changes of alerts, but no oftener than every ten seconds.", () => {
    const center = centerWith();
    const scored = (recent: number) => {
      const customer = { score: recent, recent, quarters: [recent, recent, recent, recent] };
      return { ...aSentiment(recent), occurredAt: center.now, customer, turns: 12 };
    };
    const stored = () => center.store.loadAlerts().clock;
    center.post(onCall, scored(3));
    expect(stored()).toMatchObject({ lookedAt: NOON });
    center.now = NOON + 5 * SECOND;
    center.post(scored(-5));
    expect([lines(center).length > 0, stored()]).toMatchObject([true, { lookedAt: NOON }]);
    center.now = NOON + 11 * SECOND;
    center.post(scored(3));
    expect(stored()).toMatchObject({ lookedAt: NOON + 11 * SECOND });
  });

  it("ROS-25 Three offers missed in a row become a critical alert, and a conversation ends it.", () => {
    const center = centerWith();
    const miss = (minute: number) =>
      aContact({ contactId: `m${minute}`, state: "missed", since: NOON + minute * MINUTE, connectedAt: null });
    for (const minute of [1, 2, 3]) {
      center.now = NOON + minute * MINUTE;
      center.post(anAgentState({ occurredAt: center.now, contacts: [miss(minute)] }));
      center.post(anAgentState({ occurredAt: center.now + SECOND }));
    }
    expect(only(center)).toMatchObject({ rule: "missed-in-row", severity: "critical", state: "firing", value: 3 });
    center.now = NOON + 4 * MINUTE;
    center.post(anAgentState({ occurredAt: center.now, contacts: [aContact({ since: center.now, connectedAt: center.now })] }));
    expect(only(center)).toMatchObject({ state: "resolved" });
  });

  it("ALR-1 An agent who stays in a status fires once its limit is reached, and resolves with the next status.", () => {
    const center = centerWith();
    center.post(wrapUp);
    center.advanceTo(NOON + 119 * SECOND);
    expect(lines(center)).toEqual([]);
    expect(center.core.alerts.nextDeadline()).toBe(NOON + 120 * SECOND);
    center.advanceTo(NOON + 120 * SECOND);
    expect(only(center)).toMatchObject({
      alertId: `acw-long:agent-1:${NOON + 120 * SECOND}`,
      severity: "warning",
      groups: ["Ventas"],
      value: 120,
      limit: 120,
      resolvedAt: null,
    });
    center.now += 10 * SECOND;
    center.post(anAgentState({ occurredAt: center.now, contacts: [] }));
    expect(lines(center)).toEqual([]);
    expect(only(center)).toMatchObject({ state: "resolved", resolvedAt: center.now });
    expect(center.alertChanges.map(({ type }) => type)).toEqual(["fired", "resolved"]);
  });

  it("ALR-12 A customer who is angry now fires, although the mean of the whole call is good.", () => {
    const center = centerWith();
    center.post(onCall, ...talk(12, { score: 1.9, recent: -5, quarters: [4, 4, 3, -5] }));
    expect(lines(center)).toEqual(["sentiment-fall critical firing", "sentiment-low critical firing"]);
  });

  it("ALR-12 A customer who has recovered resolves the alert, although the mean of the whole call is bad.", () => {
    const center = centerWith();
    center.post(onCall, ...talk(12, { score: -3, recent: -4.5, quarters: [-4, -5, -4, -4] }));
    expect(lines(center)).toEqual(["sentiment-low critical firing"]);
    center.now += 30 * SECOND;
    const recovered = { score: -2.8, recent: 2, quarters: [-4, -5, -4, 1] };
    center.post({ ...aSentiment(-2.8), customer: recovered, turns: 16, occurredAt: center.now });
    expect(lines(center, "all")).toEqual(["sentiment-low critical resolved"]);
  });

  it("ALR-12 One bad sentence at the beginning fires nothing.", () => {
    const center = centerWith();
    center.post(onCall, ...talk(2, { score: -5, recent: -5, quarters: [-5] }));
    expect(lines(center, "all")).toEqual([]);
  });

  it("ALR-19 Turns of the customer count once, only final ones with words, and in any order.", () => {
    const angry = { ...aSentiment(-5), customer: { score: -5, recent: -5, quarters: [-5, -5, -5, -5] }, turns: 40 };
    const said = (id: number, fields: Parameters<typeof aTurn>[0] = {}) => aTurn({ turnId: `turn-${id}`, ...fields });
    const few = [
      said(1),
      said(1),
      said(2, { final: false }),
      said(3, { text: "" }),
      said(4, { role: "agent" }),
      said(5),
      said(6),
    ];
    for (const order of [few, [...few].reverse()]) {
      const center = centerWith();
      center.post(onCall, angry, ...order);
      // Three turns count.
      center.post(said(3, { text: "", occurredAt: NOON + 1 }));
      expect(lines(center)).toEqual([]);
      center.restart();
      center.post(said(2, { occurredAt: NOON + 1 }));
      expect(lines(center)).toEqual(["sentiment-low critical firing"]);
      center.post(said(2, { text: "", occurredAt: NOON + 2 }));
      expect(lines(center)).toEqual([]);
    }
  });

  it("ALR-19 A sender that posts scores without turns is believed for half of the turns that the score counts.", () => {
    const angry = (turns: number) => ({ ...aSentiment(-5), customer: { score: -5, recent: -5, quarters: [-5] }, turns });
    const center = centerWith();
    center.post(onCall, angry(7));
    expect(lines(center)).toEqual([]);
    center.post({ ...angry(8), occurredAt: NOON + 1 });
    expect(lines(center)).toEqual(["sentiment-low critical firing"]);
  });

  it("ALR-12 Every contact of an agent can fire, also one that does not decide the agent's status.", () => {
    const center = centerWith();
    const chat = (contactId: string, since: number) => aContact({ contactId, channel: "chat", since, connectedAt: since });
    center.post(
      anAgentState({ contacts: [chat("chat-1", NOON - SECOND), chat("chat-2", NOON)] }),
      ...talk(12, { score: -3, recent: -5, quarters: [-3] }).map((update) => ({ ...update, contactId: "chat-2" })),
    );
    expect(only(center)).toMatchObject({ rule: "sentiment-low", subject: { contactId: "chat-2" }, groups: ["Ventas"] });
    center.post(anAgentState({ occurredAt: NOON + 1, contacts: [chat("chat-1", NOON - SECOND)] }));
    expect(lines(center, "all")).toEqual(["sentiment-low critical resolved"]);
  });

  it("A contact that another agent goes on with does not end with the first agent's part.", () => {
    const center = centerWith(rulesOf({ id: "long", watch: "contactTime", warning: 60 }));
    const held = (agentId: string, occurredAt: number) => anAgentState({ agentId, occurredAt, contacts: [aContact()] });
    center.post(held("agent-1", NOON), held("agent-2", NOON));
    center.advanceTo(NOON + 70 * SECOND);
    center.post(anAgentState({ occurredAt: center.now, contacts: [] }));
    expect(lines(center, "all")).toEqual(["long warning firing"]);
    center.post(anAgentState({ agentId: "agent-2", occurredAt: center.now, contacts: [] }));
    expect(lines(center, "all")).toEqual(["long warning resolved"]);
  });

  it("ALR-14 An acknowledgement has a name, the first one stays, and an alert out of sight is as unknown as none.", () => {
    const center = centerWith();
    center.post(wrapUp);
    center.advanceTo(NOON + 130 * SECOND);
    const { alerts } = center.core;
    const { alertId } = only(center);
    expect(alerts.acknowledge(alertId, "Eva", ["Soporte"], center.now)).toBeNull();
    expect(alerts.acknowledge("other:agent-1:1", "Eva", null, center.now)).toBeNull();
    expect(alerts.acknowledge(alertId, "Ana", ["Ventas"], center.now)).toMatchObject({ acknowledgedBy: "Ana" });
    expect(alerts.acknowledge(alertId, "Eva", null, center.now + 1)).toMatchObject({ acknowledgedBy: "Ana" });
    center.restart();
    expect(only(center)).toMatchObject({ acknowledgedBy: "Ana", acknowledgedAt: center.now });
    center.post(anAgentState({ occurredAt: center.now, contacts: [] }));
    expect(center.core.alerts.acknowledge(alertId, "Eva", null, center.now)).toBeNull();
  });

  it("ALR-15 Whole lists have what fires and what resolved within ten minutes; resumes have every change.", () => {
    const center = centerWith();
    const { epoch } = center.state.board;
    center.post(wrapUp);
    const { seq } = center.state.board;
    center.advanceTo(NOON + 130 * SECOND);
    const alertsOf = (port: { newFrames(): object[] }) => port.newFrames().map((frame) => Reflect.get(frame, "alerts"));
    expect(alertsOf(center.join("a"))).toMatchObject([[{ rule: "acw-long", state: "firing" }]]);
    center.post(anAgentState({ occurredAt: center.now, contacts: [] }));
    const resolvedAt = center.now;
    center.now = resolvedAt + 10 * MINUTE - 1;
    expect(alertsOf(center.join("b"))).toMatchObject([[{ state: "resolved", resolvedAt }]]);
    center.now += 2 * SECOND;
    expect(alertsOf(center.join("c"))).toEqual([[]]);
    const resumed = center.join("d", { at: { epoch, seq } });
    expect(alertsOf(resumed)).toMatchObject([{ data: [{ state: "resolved", resolvedAt }], removed: [] }]);
    expect(alertsOf(center.join("e", { groupFilter: ["Soporte"] }))).toEqual([[]]);
  });

  it("ALR-16 A resolved alert is kept for a week. Then positions from before its end can no longer resume.", () => {
    const center = centerWith(rulesOf({ id: "acw-long", watch: "statusTime", statuses: ["after call work"], warning: 120 }));
    center.post(wrapUp);
    const before = center.state.board.position;
    center.advanceTo(NOON + 130 * SECOND);
    center.post(anAgentState({ occurredAt: center.now, contacts: [] }));
    const after = center.state.board.position;
    const week = 7 * 24 * 60 * MINUTE;
    expect(center.core.nextWake()).toBeLessThanOrEqual(center.now + week);
    const { now } = center;
    center.expireAt(now + week - 1);
    expect(lines(center, "all")).toEqual(["acw-long warning resolved"]);
    center.expireAt(now + week);
    center.restart();
    expect(lines(center, "all")).toEqual([]);
    expect([center.state.board.canResume(before), center.state.board.canResume(after)]).toEqual([false, true]);
  });

  it("ALR-16 The history holds 2,000 resolved alerts. The oldest go first.", () => {
    const center = centerWith(rulesOf({ id: "away", watch: "statusTime", statuses: ["away"], warning: 0 }));
    for (let index = 0; index < 2003; index += 1) {
      center.now += SECOND;
      const status = { name: "Lunch", kind: index % 2 === 0 ? ("custom" as const) : ("routable" as const), since: center.now };
      const agents = ["agent-1", "agent-2"].map((agentId) =>
        anAgentState({ agentId, status, contacts: [], occurredAt: center.now }),
      );
      center.post(...agents);
    }
    center.expireAt(center.now);
    const resolved = center.core.alerts.list(null, "all").filter(({ state }) => state === "resolved");
    expect(resolved).toHaveLength(2000);
    expect(Math.min(...resolved.map(({ since }) => since))).toBe(NOON + 3 * SECOND);
    center.restart();
    expect(lines(center, "all")).toHaveLength(2002);
  });

  it("ALR-17 Other rules count at once, rise by one version, and are kept.", () => {
    const center = centerWith();
    center.post(wrapUp);
    center.advanceTo(NOON + 60 * SECOND);
    expect([lines(center), center.core.alerts.rules.version]).toEqual([[], 1]);
    const strict = rulesOf({ id: "acw", watch: "statusTime", statuses: ["after call work"], critical: 30 });
    expect(previewed(center, strict).found).toEqual([{ rule: "acw", warning: 0, critical: 1, names: ["Jane Doe"] }]);
    expect(previewed(center, strict, ["Soporte"]).found).toMatchObject([{ critical: 0, names: [] }]);
    expect(lines(center)).toEqual([]);
    expect(center.core.alerts.replaceRules(strict, "Ana", center.now)).toMatchObject({ version: 2, changedBy: "Ana" });
    expect(lines(center)).toEqual(["acw critical firing"]);
    center.restart();
    expect(center.core.alerts.rules).toMatchObject({ version: 2, changedBy: "Ana", changedAt: center.now });
    expect(lines(center)).toEqual(["acw critical firing"]);
    center.core.alerts.replaceRules({ rules: [] }, "Eva", center.now);
    expect(lines(center, "all")).toEqual(["acw critical resolved"]);
  });

  it("ALR-18 A preview takes short steps, so that posts go on meanwhile, and counts the hub once.", () => {
    const center = centerWith();
    for (let from = 0; from < 2500; from += 500) {
      const names = Array.from({ length: 500 }, (_, index) => `agent-${from + index}`);
      center.post(...names.map((agentId) => ({ ...wrapUp, agentId, name: agentId })));
    }
    const rules = rulesOf(
      { id: "acw", watch: "statusTime", statuses: ["after call work"], critical: 30 },
      { id: "silent", watch: "feedSilence", critical: 300 },
    );
    center.now = NOON + 40 * SECOND;
    const soon = previewed(center, rules);
    expect(soon.found).toMatchObject([{ critical: 2500 }, { critical: 0 }]);
    expect(soon.steps).toBeGreaterThan(2);
    center.now = NOON + 400 * SECOND;
    expect(previewed(center, rules).found).toMatchObject([{ rule: "acw" }, { rule: "silent", critical: 1 }]);
  });

  it("ALR-17 A center that has saved no rules has the default ones.", () => {
    const store = new MemoryStore();
    expect(store.loadAlerts().rules).toBeNull();
    const center = new Center(DEFAULT_EXPIRY, store, undefined, DEFAULT_ALERT_RULES);
    expect(center.core.alerts.rules.rules.map(({ id }) => id)).toContain("acw-long");
  });

  it("ALR-2 Silence of the feed counts from the newest post, also after a restart, and no agent is silent meanwhile.", () => {
    const center = centerWith();
    center.post(anAgentState({ contacts: [] }));
    center.restart();
    center.advanceTo(NOON + 179 * SECOND);
    expect(lines(center)).toEqual([]);
    center.restart();
    center.advanceTo(NOON + 180 * SECOND);
    expect(only(center)).toMatchObject({ rule: "feed-silent", subject: "hub", groups: [] });
    center.advanceTo(NOON + 10 * MINUTE);
    expect(lines(center)).toEqual(["feed-silent critical firing"]);
    center.post(anAgentState({ occurredAt: center.now, contacts: [] }));
    expect(lines(center, "all")).toEqual(["feed-silent critical resolved"]);
  });

  it("ALR-2 A transcription that is lost fires also on a contact that the agent's row does not show.", () => {
    const it = new Center(
      DEFAULT_EXPIRY,
      new MemoryStore(),
      undefined,
      rulesOf({ id: "lost", watch: "transcriptionLost", warning: 0 }),
    );
    const call = aContact({ contactId: "call-1", since: it.now, connectedAt: it.now });
    const missed = aContact({ contactId: "call-2", state: "error", since: it.now, connectedAt: null });
    it.postEach(
      { type: "contact.transcription", contactId: "call-1", initialContactId: null, state: "live", occurredAt: it.now },
      anAgentState({ occurredAt: it.now, contacts: [call, missed] }),
    );
    expect(it.agent().status).toBe("error");
    it.expireAt(it.now + 45_000);
    expect(it.core.alerts.list(null, "firing").map(({ rule }) => rule)).toEqual(["lost"]);
  });

  it("ALR-20 A heartbeat by which a limit counts is stored, so a restart before the limit makes no difference.", () => {
    const center = centerWith();
    center.post(wrapUp);
    center.advanceTo(NOON + 130 * SECOND);
    center.now = NOON + 170 * SECOND;
    // The row of the agent is younger than half the stale limit, so only the limit at 300 s makes the heartbeat worth a row.
    center.post({ type: "agent.heartbeat", agentId: "agent-1", occurredAt: center.now - 30 * SECOND });
    center.restart();
    center.advanceTo(NOON + 300 * SECOND);
    expect(lines(center)).toContain("acw-long critical firing");
  });

  it("An alert on the board that storage knows nothing else of resolves, unless it fires anew.", () => {
    const center = centerWith();
    center.post(wrapUp);
    center.advanceTo(NOON + 130 * SECOND);
    center.store.saveRuleStates("agent:agent-1", []);
    center.restart();
    expect(lines(center)).toEqual(["acw-long warning firing"]);
    center.advanceTo(center.now);
    expect(lines(center)).toEqual(["acw-long warning firing"]);
    center.store.saveRuleStates("agent:agent-1", []);
    center.restart();
    center.post(anAgentState({ occurredAt: center.now, contacts: [] }));
    expect(lines(center, "all")).toEqual(["acw-long warning resolved"]);
  });
});
