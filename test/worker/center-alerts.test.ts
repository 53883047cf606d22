import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CenterAlert } from "../../protocol/alert.ts";
import { connectAt } from "./relay-viewer.ts";
import { call, center, freshInstance, posted, ticket, withoutRules } from "./support.ts";
import { agentState, contact, onCall, sentiment, turn } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

const SECOND = 1000;
/** The limits of the default rule `acw-long` are 120 and 300 s. */
const wrapUp = (agentId: string, since: number) =>
  agentState(agentId, { occurredAt: since, groups: ["Ventas"], contacts: [contact("c1", { state: "ended", since })] });

function alarmOf(instance: string): Promise<number | null> {
  return runInDurableObject(center(instance), (_, state) => state.storage.getAlarm());
}

/** Moves the clock of hub and test to `at` and runs the alarm that is due by then. */
async function passTimeTo(instance: string, at: number): Promise<void> {
  vi.setSystemTime(at);
  await runDurableObjectAlarm(center(instance));
}

function alertOf(viewer: TestViewer, rule: string): Partial<CenterAlert> | undefined {
  return [...viewer.alerts.values()].find((alert) => alert.rule === rule);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("An alert of the hub", () => {
  it("ALR-13 The alarm is set to the moment when a limit is reached, and the alert reaches every viewer who may see it.", async () => {
    const instance = freshInstance();
    const now = Date.now();
    await posted(instance, wrapUp("a1", now));
    expect(await alarmOf(instance)).toBe(now + 120 * SECOND);
    const all = await TestViewer.open(instance);
    const sales = await TestViewer.open(instance, { groups: ["Ventas"] });
    const support = await TestViewer.open(instance, { groups: ["Soporte"] });
    const legacy = await TestViewer.open(instance, { legacy: true });
    await passTimeTo(instance, now + 120 * SECOND);
    for (const viewer of [all, sales]) {
      await viewer.until((each) => alertOf(each, "acw-long")?.state === "firing", "the alert");
      expect(viewer.gaps).toEqual([]);
    }
    expect(alertOf(all, "acw-long")).toMatchObject({ subject: { agentId: "a1" }, severity: "warning", value: 120, limit: 120 });
    await posted(instance, agentState("a2", { groups: ["Soporte"] }));
    await support.until((each) => each.agents.has("a2"), "the agent");
    await legacy.until((each) => each.agents.has("a2"), "the agent");
    expect(support.alerts.size).toBe(0);
    expect(legacy.frames.filter((frame) => "alerts" in frame)).toEqual([]);
    for (const viewer of [all, sales, support, legacy]) viewer.close();
  });

  it("ALR-7 An object that restarts keeps its deadline, and a viewer that resumes gets the alert that it missed.", async () => {
    const instance = freshInstance();
    const now = Date.now();
    await posted(instance, wrapUp("a1", now));
    const before = await TestViewer.open(instance);
    await before.until((each) => each.agents.size === 1, "the agent");
    const { epoch, seq } = before;
    before.close();
    await evictDurableObject(center(instance));
    await passTimeTo(instance, now + 121 * SECOND);
    await evictDurableObject(center(instance));
    const resumed = await TestViewer.open(instance, { position: { epoch, seq } });
    await resumed.until((each) => each.alerts.size === 1, "the alert");
    expect(resumed.last("resumed")).toBeDefined();
    expect(alertOf(resumed, "acw-long")).toMatchObject({ since: now + 120 * SECOND, state: "firing" });
    await posted(instance, agentState("a1", { occurredAt: now + 122 * SECOND }));
    await resumed.until((each) => alertOf(each, "acw-long")?.state === "resolved", "the end");
    resumed.close();
  });

  it("ALR-15 An alert that leaves the viewer's groups is removed.", async () => {
    const instance = freshInstance();
    const since = Date.now() - 130 * SECOND;
    await posted(instance, wrapUp("a1", since));
    const sales = await TestViewer.open(instance, { groups: ["Ventas"] });
    await sales.until((each) => each.alerts.size === 1, "the alert");
    const [alertId] = sales.alerts.keys();
    await posted(instance, { ...wrapUp("a1", since), occurredAt: since + SECOND, groups: ["Soporte"] });
    await sales.until((each) => each.agents.size === 0, "the agent's leave");
    expect(sales.last("agentStatusBatch")).toMatchObject({ removed: ["a1"], alerts: { data: [], removed: [alertId] } });
    sales.close();
  });

  it("ALR-14 One supervisor acknowledges, and everybody sees the name and the time, also at a relay.", async () => {
    const instance = freshInstance();
    const now = Date.now();
    await posted(instance, wrapUp("a1", now));
    const [ana, eva] = [await TestViewer.open(instance, { subject: "ana" }), await TestViewer.open(instance, { subject: "eva" })];
    const wall = await connectAt(`${instance}/enam/1`);
    await passTimeTo(instance, now + 120 * SECOND);
    for (const viewer of [ana, eva, wall]) await viewer.until((each) => each.alerts.size === 1, "the alert");
    const alertId = String(alertOf(ana, "acw-long")?.alertId);
    ana.send({ type: "acknowledge", alertId });
    for (const viewer of [ana, eva, wall]) {
      await viewer.until((each) => alertOf(each, "acw-long")?.acknowledgedBy === "ana", "the name");
      expect(alertOf(viewer, "acw-long")?.acknowledgedAt).toBe(now + 120 * SECOND);
    }
    eva.send({ type: "acknowledge", alertId });
    eva.send({ type: "acknowledge", alertId: "unknown" });
    await eva.until((each) => each.frames.some((frame) => frame["alertId"] === "unknown"), "the refusal");
    expect(alertOf(eva, "acw-long")?.acknowledgedBy).toBe("ana");
    const headers = { Authorization: `Bearer ${await ticket(instance)}` };
    const { data } = await (await call(`/v1/instances/${instance}/audit`, { headers })).json<{ data: { what: string }[] }>();
    // The second one changed nothing.
    expect(data.filter(({ what }) => what === "alert.acknowledge")).toMatchObject([
      { who: "ana", subject: alertId, result: "ok" },
    ]);
    for (const viewer of [ana, eva, wall]) viewer.close();
  });

  it("ALR-12 Who is angry now fires, who has recovered resolves, and one sentence fires nothing.", async () => {
    const instance = freshInstance();
    const scored = (contactId: string, score: number, recent: number, turns: number, occurredAt: number) =>
      sentiment(contactId, score, { customer: { score, recent, quarters: [score, null, null, recent] }, turns, occurredAt });
    const turns = (contactId: string, count: number) =>
      Array.from({ length: count }, (_, index) => turn(contactId, `t${index}`, { role: index % 2 === 0 ? "customer" : "agent" }));
    const now = Date.now();
    await posted(instance, onCall("a1", "c1"), onCall("a2", "c2"), onCall("a3", "c3"));
    await posted(instance, ...turns("c1", 12), scored("c1", 1.9, -5, 12, now));
    await posted(instance, ...turns("c2", 12), scored("c2", -3, -4.5, 12, now));
    await posted(instance, turn("c3", "t0", { role: "customer" }), scored("c3", -5, -5, 1, now));
    await evictDurableObject(center(instance));
    await posted(instance, scored("c2", -2.8, 2, 16, now + 1));
    const viewer = await TestViewer.open(instance);
    await viewer.until((each) => each.alerts.size > 0, "the alerts");
    const shown = [...viewer.alerts.values()].filter(({ rule }) => rule === "sentiment-low");
    expect(shown.map(({ subject, state }) => [subject, state])).toEqual([
      [{ contactId: "c1" }, "firing"],
      [{ contactId: "c2" }, "resolved"],
    ]);
    viewer.close();
  });

  it("ALR-2 A feed that is silent fires for viewers without group limits, and the next post resolves it.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const now = Date.now();
    await evictDurableObject(center(instance));
    await passTimeTo(instance, now + 180 * SECOND);
    const all = await TestViewer.open(instance);
    const limited = await TestViewer.open(instance, { groups: ["Ventas"] });
    await all.until((each) => alertOf(each, "feed-silent")?.state === "firing", "the alert");
    await limited.until((each) => each.frames.length > 0, "the list");
    expect(limited.alerts.size).toBe(0);
    await posted(instance, agentState("a1", { occurredAt: Date.now() }));
    await all.until((each) => alertOf(each, "feed-silent")?.state === "resolved", "the end");
    for (const viewer of [all, limited]) viewer.close();
  });

  it("ALR-13 An alarm for alerts alone leaves agents alone, and is set again for both.", async () => {
    const instance = freshInstance();
    const now = Date.now();
    await posted(instance, wrapUp("a1", now), agentState("a2", { occurredAt: now }));
    // The first run after a restart is whole.
    await passTimeTo(instance, now + SECOND);
    expect(await alarmOf(instance)).toBe(now + 120 * SECOND);
    await passTimeTo(instance, now + 120 * SECOND);
    expect(await alarmOf(instance)).toBe(now + 180 * SECOND);
    await passTimeTo(instance, now + 300 * SECOND);
    const viewer = await TestViewer.open(instance);
    await viewer.until((each) => each.agents.get("a2")?.stale === true, "the whole run");
    viewer.close();
  });

  it("AUD-2 An entry of the audit leaves storage after a year, also when nobody comes again.", async () => {
    const instance = freshInstance();
    const entries = () =>
      runInDurableObject(center(instance), (_, state) => state.storage.sql.exec("SELECT count(*) AS n FROM audit").one()["n"]);
    await withoutRules(instance);
    const saved = Date.now();
    for (let day = 0; day <= 366; day += 1) {
      const alarm = await alarmOf(instance);
      if (alarm === null || alarm > saved + 364 * 24 * 3600 * SECOND) break;
      await passTimeTo(instance, alarm);
    }
    expect(await entries()).toBe(1);
    const last = await alarmOf(instance);
    expect(last).toBe(saved + 365 * 24 * 3600 * SECOND);
    await passTimeTo(instance, (last ?? 0) + 1);
    expect([await entries(), await alarmOf(instance)]).toEqual([0, null]);
  });
});
