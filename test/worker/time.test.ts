import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { center, freshInstance, posted, signedTicket } from "./support.ts";
import { agentState, contact, onCall, turn } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

const MINUTE = 60_000;

function alarmOf(instance: string): Promise<number | null> {
  return runInDurableObject(center(instance), (_, state) => state.storage.getAlarm());
}

describe("what time brings about", () => {
  it("TIM-5 sets the alarm to when the first agent would look stale, and rings for it", async () => {
    const instance = freshInstance();
    const now = Date.now();
    await posted(instance, agentState("a1", { occurredAt: now }), agentState("a2", { occurredAt: now + MINUTE }));
    expect(await alarmOf(instance)).toBe(now + 5 * MINUTE);
  });

  it("TIM-5 does what is due within ten seconds in one go: in a large center something always is", async () => {
    const instance = freshInstance();
    const soon = Date.now() - 5 * MINUTE + 300;
    await posted(instance, agentState("a1", { occurredAt: soon }), agentState("a2", { occurredAt: soon + 1000 }));
    const viewer = await TestViewer.open(instance, { token: await signedTicket(instance, { end: Date.now() }) });
    await viewer.until((v) => v.agents.get("a1")?.stale === true, "the agent turning stale");
    expect(await alarmOf(instance)).toBeGreaterThan(soon + 5 * MINUTE + 9000);
    viewer.close();
  });

  it("TIM-1 shows an agent without news for five minutes as stale until it is heard of again", async () => {
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

  it("TIM-2 gives up on a contact that never ended after twelve hours", async () => {
    const instance = freshInstance();
    const since = Date.now() - 12 * 60 * MINUTE + 300;
    await posted(instance, agentState("a1", { contacts: [contact("c1", { since, connectedAt: since })] }));
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.agents.get("a1")?.status === "on a call");
    await viewer.until((v) => v.agents.get("a1")?.status === "available", "the contact given up on");
    expect(viewer.agents.get("a1")).toMatchObject({ contactId: null, duration: null });
    viewer.close();
  });

  it("TIM-3 forgets a transcript ten minutes after its contact ended", async () => {
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

  it("TIM-1 writes nothing for a heartbeat that says nothing new, but never lets it make an agent look stale", async () => {
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

describe("an alarm whose work cannot be stored", () => {
  it("SEQ-1 tells nobody of changes that storage does not have", async () => {
    const instance = freshInstance();
    const old = Date.now() - 5 * MINUTE + 300;
    await posted(instance, agentState("a1", { occurredAt: old }), agentState("a2", { occurredAt: old }));
    const sql = (statement: string) =>
      runInDurableObject(center(instance), (_, state) => void state.storage.sql.exec(statement)).catch(() => {});
    await sql("CREATE TRIGGER full BEFORE INSERT ON agents WHEN NEW.agent_id = 'a2' BEGIN SELECT RAISE(ABORT, 'full'); END");
    await new Promise((resolve) => setTimeout(resolve, 400));
    await runDurableObjectAlarm(center(instance)).catch(() => {});
    await sql("DROP TRIGGER full");
    const viewer = await TestViewer.open(instance);
    await viewer.until((v) => v.frames.length === 1);
    // What the first viewer afterwards is told, the next one is told too, whatever happens to the object in between.
    const told = viewer.last("initialAgentList");
    await runInDurableObject(center(instance), (_, state) => state.abort("crash")).catch(() => {});
    const next = await TestViewer.open(instance);
    await next.until((v) => v.frames.length === 1);
    expect(next.last("initialAgentList")).toMatchObject({ epoch: told["epoch"], seq: told["seq"], data: told["data"] });
    next.close();
  });
});

describe("sessions", () => {
  it("SES-8 close with 4401 when they end", async () => {
    const instance = freshInstance();
    const end = Math.floor(Date.now() / 1000) + 2;
    const viewer = await TestViewer.open(instance, { token: await signedTicket(instance, { end }) });
    await viewer.until((v) => v.frames.length === 1);
    expect(viewer.last("initialAgentList")["sessionExpiresAt"]).toBe(end * 1000);
    await viewer.until((v) => v.closed !== null, "the end of the session");
    expect(viewer.closed).toEqual({ code: 4401, reason: "ticket_expired" });
  });

  it("TRA-5 watch at most 20 contacts", async () => {
    const viewer = await TestViewer.open(freshInstance());
    for (let number = 0; number <= 20; number += 1) viewer.send({ type: "watch", contactId: `c${number}` });
    await viewer.until((v) => v.frames.some((frame) => frame.type === "error"));
    expect(viewer.last("error")["code"]).toBe("too_many_watched");
    expect(viewer.transcripts).toHaveLength(20);
    viewer.close();
  });
});
