import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { center, freshInstance, posted } from "./support.ts";
import { agentState, contact, onCall, turn } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

const MINUTE = 60_000;

function alarmOf(instance: string): Promise<number | null> {
  return runInDurableObject(center(instance), (_, state) => state.storage.getAlarm());
}

describe("what time brings about", () => {
  it("TIM sets the alarm to when the first agent would look stale, and rings for it", async () => {
    const instance = freshInstance();
    const now = Date.now();
    await posted(instance, agentState("a1", { occurredAt: now }), agentState("a2", { occurredAt: now + MINUTE }));
    expect(await alarmOf(instance)).toBe(now + 5 * MINUTE);
  });

  it("TIM shows an agent without news for five minutes as stale until it is heard of again", async () => {
    const instance = freshInstance();
    const old = Date.now() - 5 * MINUTE + 300;
    await posted(instance, agentState("a1", { occurredAt: old, status: { name: "Available", kind: "routable", since: old } }));
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.agents.get("a1")?.stale === false);
    await viewer.until((v) => v.agents.get("a1")?.stale === true, "the agent turning stale");
    await posted(instance, { type: "agent.heartbeat", agentId: "a1", occurredAt: Date.now() });
    await viewer.until((v) => v.agents.get("a1")?.stale === false, "the agent fresh again");
    viewer.close();
  });

  it("TIM gives up on a contact that never ended after twelve hours", async () => {
    const instance = freshInstance();
    const since = Date.now() - 12 * 60 * MINUTE + 300;
    await posted(instance, agentState("a1", { contacts: [contact("c1", { since, connectedAt: since })] }));
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.agents.get("a1")?.status === "on a call");
    await viewer.until((v) => v.agents.get("a1")?.status === "available", "the contact given up on");
    expect(viewer.agents.get("a1")).toMatchObject({ contactId: null, duration: null });
    viewer.close();
  });

  it("TIM forgets a transcript ten minutes after its contact ended", async () => {
    const instance = freshInstance();
    await posted(instance, onCall("a1", "c1"), turn("c1", "t1"), {
      type: "contact.ended",
      contactId: "c1",
      occurredAt: Date.now(),
    });
    const rows = () =>
      runInDurableObject(center(instance), (_, state) => state.storage.sql.exec("SELECT count(*) AS n FROM turns").one()["n"]);
    await runDurableObjectAlarm(center(instance));
    expect(await rows()).toBe(1);
    // The hub's own clock says when it heard: move that back instead of waiting.
    await runInDurableObject(center(instance), async (_, state) => {
      const past = Date.now() - 10 * MINUTE - 1;
      state.storage.sql.exec("UPDATE contacts SET record = json_set(record, '$.heardAt', ?)", past);
      await state.storage.sync();
      state.abort("read the contacts again");
    }).catch(() => {});
    await posted(instance, agentState("a2"));
    await runDurableObjectAlarm(center(instance));
    expect(await rows()).toBe(0);
  });

  it("TIM writes nothing for a heartbeat that says nothing new, but never lets it make an agent look stale", async () => {
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
