import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { Outbox } from "../../../core/alerts/outbox.ts";
import { OutboxTable } from "../../../worker/alerts/outbox-table.ts";
import { Sql } from "../../../worker/sql.ts";
import { sampleChange, TEAMS } from "../../core/alerts/sample-changes.ts";
import { tokenOf } from "../auth/issuer.ts";
import { call, center, OTHER_SECRET, post, posted, ticket } from "../support.ts";
import { agentState, contact } from "../updates.ts";
import { messagesTo } from "./received.ts";

/** The contact center of the tests that has targets (vitest.config.ts). */
const INSTANCE = "alerts-1";

async function testTarget(body: unknown, bearer: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await call(`/v1/instances/${INSTANCE}/alerts/test`, {
    method: "POST",
    headers: { Authorization: `Bearer ${bearer}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

const admin = () => tokenOf({ sub: "ana", instances: INSTANCE, groups: ["*"], roles: ["admin"] });

describe("POST …/alerts/test", () => {
  test("TGT-3 An admin sends a test message, and learns what the receiver answered.", async () => {
    const { status, body } = await testTarget({ target: "ok" }, await admin());
    expect([status, body]).toEqual([
      200,
      { target: "ok", delivered: true, status: 200, said: "ok", message: "The receiver took the message (200). It said: ok." },
    ]);
    const [message] = await messagesTo("hub-ok");
    expect(message?.body).toContain("Test message from Vigía. Nothing happened.");
    expect(message?.body).toContain(`https://board.example.com/?instance=${INSTANCE}`);
  });

  test("TGT-3 A receiver that refuses, and one that redirects, are told as they are. No answer and no log names an address.", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const token = await admin();
    const missing = await testTarget({ target: "missing" }, token);
    expect(missing).toMatchObject({ status: 200, body: { delivered: false, status: 404, said: "no_service" } });
    const redirect = await testTarget({ target: "redirect" }, token);
    expect(redirect).toMatchObject({ status: 200, body: { delivered: false, status: 302 } });
    const logged = lines.mock.calls.map(([line]) => String(line)).join("\n");
    lines.mockRestore();
    expect(logged).toContain('"event":"alert_test"');
    for (const text of [logged, JSON.stringify([missing, redirect])])
      expect(text).not.toMatch(/127\.0\.0\.1|hub-missing|169\.254/);
  });

  test("TGT-3 The same target twice within five seconds is 429, and another is not.", async () => {
    const token = await admin();
    await testTarget({ target: "ok" }, token);
    expect(await testTarget({ target: "ok" }, token)).toMatchObject({ status: 429, body: { error: "too_many_requests" } });
  });

  test("TGT-3 Only an admin may: others get 403, strangers 401, and an unknown target 404.", async () => {
    const supervisor = await tokenOf({ sub: "eva", instances: INSTANCE, groups: ["*"], roles: ["supervisor"] });
    expect(await testTarget({ target: "ok" }, supervisor)).toMatchObject({ status: 403, body: { error: "not_allowed" } });
    expect(await testTarget({ target: "ok" }, await tokenOf({ instances: INSTANCE, groups: ["*"] }))).toMatchObject({
      status: 403,
    });
    expect((await testTarget({ target: "ok" }, "nonsense")).status).toBe(401);
    const unknown = await testTarget({ target: "nobody" }, await admin());
    expect(unknown).toMatchObject({ status: 404, body: { error: "unknown_target", path: "target" } });
    expect(unknown.body["message"]).toBe("There is no such target. Use one of: missing, ok, redirect.");
    for (const body of ["", "{", [], {}, { target: 7 }, { target: "" }, { target: "x".repeat(65) }]) {
      expect(await testTarget(body, await admin()), JSON.stringify(body)).toMatchObject({
        status: 400,
        body: { path: "target" },
      });
    }
  });

  test("AUD-1 The audit has the name of who sent a test message, as people read it.", async () => {
    const rosa = await tokenOf({ sub: "00u1", name: "Rosa Ruiz", instances: INSTANCE, groups: ["*"], roles: ["admin"] });
    await testTarget({ target: "nobody" }, rosa);
    const response = await call(`/v1/instances/${INSTANCE}/audit?who=00u1`, { headers: { Authorization: `Bearer ${rosa}` } });
    expect(await response.json()).toMatchObject({ data: [{ who: "00u1", name: "Rosa Ruiz", what: "alerts.test" }] });
  });

  test("TGT-3 A fresh ticket of an admin works once.", async () => {
    const token = await ticket(INSTANCE);
    expect((await testTarget({ target: "nobody" }, token)).status).toBe(404);
    expect((await testTarget({ target: "nobody" }, token)).status).toBe(401);
  });

  test("TGT-3 An operator signs the request instead, and a repeated webhook-id sends nothing.", async () => {
    const options = { path: "alerts/test", body: JSON.stringify({ target: "nobody" }), id: crypto.randomUUID() };
    expect((await post(INSTANCE, null, options)).status).toBe(404);
    expect((await post(INSTANCE, null, options)).status).toBe(409);
    expect((await post(INSTANCE, null, { ...options, id: "other", secrets: OTHER_SECRET })).status).toBe(401);
    expect((await call(`/v1/instances/${INSTANCE}/alerts/test`)).status).toBe(405);
  });

  test("TGT-3 A contact center without targets says so.", async () => {
    const token = await tokenOf({ sub: "ana", instances: "test-1", groups: ["*"], roles: ["admin"] });
    const response = await call("/v1/instances/test-1/alerts/test", {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      body: JSON.stringify({ target: "ok" }),
    });
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { message: expect.stringContaining("There are no targets.") },
    ]);
  });
});

describe("The hub", () => {
  test("OUT-10 The news of an alert is stored with the post that made it, for each target of the contact center.", async () => {
    const status = { name: "Available", kind: "routable", since: Date.now() - 3_600_000 };
    const ended = contact("c-acw", { state: "ended", since: Date.now() - 3_000_000 });
    await posted(INSTANCE, agentState("A7", { status, contacts: [ended], name: "Ana López" }));
    await runInDurableObject(center(INSTANCE), (_, state) => {
      const rows = state.storage.sql.exec("SELECT target, note FROM alert_notes WHERE agent_id = 'A7' ORDER BY target").toArray();
      expect(rows.map(({ target }) => target)).toEqual(["missing", "ok", "redirect"]);
      expect(JSON.parse(String(rows[0]?.["note"]))).toMatchObject({
        event: "fired",
        watch: "statusTime",
        subjectName: "Ana López",
      });
    });
    const erasure = await post(INSTANCE, null, { path: "erasures", body: JSON.stringify({ agentId: "A7" }) });
    expect(erasure.status).toBe(200);
    await runInDurableObject(center(INSTANCE), (_, state) => {
      for (const table of ["alert_notes", "alert_open"]) {
        expect(state.storage.sql.exec(`SELECT * FROM ${table} WHERE agent_id = 'A7'`).toArray()).toEqual([]);
      }
    });
  });

  test("OUT-10 It sends what waits in its storage with its next alarm, and counts it in the metrics.", async () => {
    await runInDurableObject(center(INSTANCE), (_, state) => {
      const table = new OutboxTable(new Sql(state.storage.sql));
      const outbox = new Outbox(
        ["ok", "missing", "redirect"].map((id) => ({ ...TEAMS, id })),
        table.load(),
      );
      table.noteLoaded(outbox.stored().lanes);
      const change = sampleChange("fired", Date.now() - 60_000, { alertId: "acw:A9:1" });
      outbox.addChanges([change], Date.now() - 60_000);
      table.save(outbox.stored().lanes);
    });
    await evictDurableObject(center(INSTANCE));
    // It wakes, sees what is due, and sets its alarm.
    await center(INSTANCE).ping();
    await runDurableObjectAlarm(center(INSTANCE));
    await vi.waitFor(async () => {
      const bodies = (await messagesTo("hub-ok")).map(({ body }) => body);
      expect(bodies.some((body) => body.includes("after-contact work"))).toBe(true);
      const text = await center(INSTANCE).metrics();
      expect(text).toContain('vigia_alert_messages_total{outcome="delivered"} 1');
      expect(text).toContain('vigia_alert_targets{state="stopped"} 1');
    }, 10_000);
  });
});
