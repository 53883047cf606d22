import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { center, freshInstance, posted, signedTicket, withoutRules } from "./support.ts";
import { agentState, contact, onCall, transcription, turn } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

const MINUTE = 60_000;

function alarmOf(instance: string): Promise<number | null> {
  return runInDurableObject(center(instance), (_, state) => state.storage.getAlarm());
}

/** Moves the clock of hub and test and runs the alarm that is due by then. No real time passes. */
async function passTime(instance: string, ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await runDurableObjectAlarm(center(instance));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("Expiry", () => {
  it("TIM-5 The hub sets its alarm to the moment when the first agent becomes stale.", async () => {
    const instance = freshInstance();
    await withoutRules(instance);
    const now = Date.now();
    await posted(instance, agentState("a1", { occurredAt: now }), agentState("a2", { occurredAt: now + MINUTE }));
    expect(await alarmOf(instance)).toBe(now + 5 * MINUTE);
  });

  it("TIM-5 The hub keeps its alarm through its sleep, so that later agents do not postpone it.", async () => {
    const instance = freshInstance();
    await withoutRules(instance);
    const now = Date.now();
    await posted(instance, agentState("a1", { occurredAt: now }));
    await evictDurableObject(center(instance));
    await posted(instance, agentState("a2", { occurredAt: now + MINUTE }));
    expect(await alarmOf(instance)).toBe(now + 5 * MINUTE);
  });

  it("TIM-5 The hub waits ten seconds after an expiry run, even if something expires meanwhile.", async () => {
    const instance = freshInstance();
    await withoutRules(instance);
    const now = Date.now();
    await posted(instance, agentState("a1", { occurredAt: now }), agentState("a2", { occurredAt: now + 1000 }));
    const viewer = await TestViewer.open(instance);
    await passTime(instance, 5 * MINUTE);
    await viewer.until((v) => v.agents.get("a1")?.stale === true, "the first agent turning stale");
    expect(viewer.agents.get("a2")?.stale).toBe(false);
    expect(await alarmOf(instance)).toBe(now + 5 * MINUTE + 10_000);
    await passTime(instance, 10_000);
    await viewer.until((v) => v.agents.get("a2")?.stale === true, "the second agent turning stale");
    viewer.close();
  });

  it("TIM-1 An agent without news for five minutes is stale until its next news.", async () => {
    const instance = freshInstance();
    await withoutRules(instance);
    await posted(instance, agentState("a1"));
    const viewer = await TestViewer.open(instance);
    await passTime(instance, 5 * MINUTE - 1);
    await viewer.until((v) => v.agents.get("a1")?.stale === false);
    await passTime(instance, 1);
    await viewer.until((v) => v.agents.get("a1")?.stale === true, "the agent turning stale");
    await posted(instance, { type: "agent.heartbeat", agentId: "a1", occurredAt: Date.now() });
    await viewer.until((v) => v.agents.get("a1")?.stale === false, "the agent fresh again");
    viewer.close();
  });

  it("TRN-3 A call of which nothing arrives for 45 s is shown as lost, also after a restart, until the next news.", async () => {
    const instance = freshInstance();
    await posted(instance, onCall("a1", "c1"), transcription("c1", "live"));
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.agents.get("a1")?.transcription === "live", "the call that is listened to");
    await passTime(instance, 45_000);
    await viewer.until((v) => v.agents.get("a1")?.transcription === "lost", "the lost transcription");
    viewer.close();
    await evictDurableObject(center(instance));
    const later = await TestViewer.open(instance);
    await later.until((v) => v.agents.get("a1")?.transcription === "lost", "the loss after a restart");
    await posted(instance, turn("c1", "t1"));
    await later.until((v) => v.agents.get("a1")?.transcription === "live", "the call that is heard again");
    later.close();
  });

  it("TIM-2 A contact that never ended expires after twelve hours.", async () => {
    const instance = freshInstance();
    await withoutRules(instance);
    const since = Date.now() - 12 * 60 * MINUTE + 1;
    await posted(instance, agentState("a1", { contacts: [contact("c1", { since, connectedAt: since })] }));
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.agents.get("a1")?.status === "on a call");
    await passTime(instance, 1);
    await viewer.until((v) => v.agents.get("a1")?.status === "available", "the contact that expired");
    expect(viewer.agents.get("a1")).toMatchObject({ contactId: null, duration: null, callStartedAt: null });
    viewer.close();
  });

  it("TIM-3 The hub deletes a transcript ten minutes after its contact ended.", async () => {
    const instance = freshInstance();
    await withoutRules(instance);
    await posted(instance, onCall("a1", "c1"), turn("c1", "t1"), {
      type: "contact.ended",
      contactId: "c1",
      occurredAt: Date.now(),
    });
    const rows = () =>
      runInDurableObject(center(instance), (_, state) => state.storage.sql.exec("SELECT count(*) AS n FROM turns").one()["n"]);
    await passTime(instance, 10 * MINUTE - 1);
    expect(await rows()).toBe(1);
    await passTime(instance, 1);
    expect(await rows()).toBe(0);
  });

  it("TIM-1 A heartbeat without other news is written only when the stored time is half the stale limit old.", async () => {
    const instance = freshInstance();
    const now = Date.now();
    await posted(instance, agentState("a1", { occurredAt: now }));
    const stored = () =>
      runInDurableObject(center(instance), (_, state) =>
        state.storage.sql.exec<{ record: string }>("SELECT record FROM agents").one(),
      );
    const before = await stored();
    await posted(instance, { type: "agent.heartbeat", agentId: "a1", occurredAt: now + 2 * MINUTE });
    expect(await stored()).toEqual(before);
    await posted(instance, { type: "agent.heartbeat", agentId: "a1", occurredAt: now + 4 * MINUTE });
    expect(await stored()).not.toEqual(before);
  });
});

describe("An expiry run that cannot be stored", () => {
  it("SEQ-1 shows no viewer a change that storage does not have.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"), agentState("a2"));
    const sql = (statement: string) =>
      runInDurableObject(center(instance), (_, state) => void state.storage.sql.exec(statement)).catch(() => {});
    await sql("CREATE TRIGGER full BEFORE INSERT ON agents WHEN NEW.agent_id = 'a2' BEGIN SELECT RAISE(ABORT, 'full'); END");
    await passTime(instance, 5 * MINUTE).catch(() => {});
    await sql("DROP TRIGGER full");
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.frames.length === 1);
    // The next viewer must get the same list as the first one, although the object crashes in between.
    const first = viewer.last("initialAgentList");
    await runInDurableObject(center(instance), (_, state) => state.abort("crash")).catch(() => {});
    const next = await TestViewer.open(instance);
    await next.until((v) => v.frames.length === 1);
    expect(next.last("initialAgentList")).toMatchObject({ epoch: first["epoch"], seq: first["seq"], data: first["data"] });
    next.close();
  });
});

describe("Sessions", () => {
  it("SES-8 The hub closes a socket with 4401 when its session ends.", async () => {
    const instance = freshInstance();
    const end = Math.floor(Date.now() / 1000) + 60;
    const viewer = await TestViewer.open(instance, { token: await signedTicket(instance, { end }) });
    await viewer.until((v) => v.frames.length === 1);
    expect(viewer.last("initialAgentList")["sessionExpiresAt"]).toBe(end * 1000);
    await passTime(instance, end * 1000 - Date.now() - 1);
    expect(viewer.closed).toBeNull();
    await passTime(instance, 1);
    await viewer.until((v) => v.closed !== null, "the end of the session");
    expect(viewer.closed).toEqual({ code: 4401, reason: "ticket_expired" });
  });

  it("SES-8 The hub closes each socket at the end of its own session.", async () => {
    const instance = freshInstance();
    const start = Math.floor(Date.now() / 1000);
    const open = async (end: number) => TestViewer.open(instance, { token: await signedTicket(instance, { end }) });
    const [first, second] = [await open(start + 60), await open(start + 120)];
    await passTime(instance, (start + 60) * 1000 - Date.now());
    await first.until((v) => v.closed !== null, "the end of the first session");
    expect(second.closed).toBeNull();
    expect(await alarmOf(instance)).toBe((start + 120) * 1000);
    await passTime(instance, 60_000);
    await second.until((v) => v.closed !== null, "the end of the second session");
  });

  it("TRA-5 A viewer may watch at most 20 contacts.", async () => {
    const viewer = await TestViewer.open(freshInstance());
    for (let number = 0; number <= 20; number += 1) viewer.send({ type: "watch", contactId: `c${number}` });
    await viewer.until((v) => v.frames.some((frame) => frame.type === "error"));
    expect(viewer.last("error")["code"]).toBe("too_many_watched");
    expect(viewer.transcripts).toHaveLength(20);
    viewer.close();
  });
});
