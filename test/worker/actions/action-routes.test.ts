import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { importSecrets, verify } from "../../../protocol/signature.ts";
import { answerFrom } from "../alerts/received.ts";
import { call, center, freshInstance, post, posted, ticket } from "../support.ts";
import { agentState, contact, onCall } from "../updates.ts";
import { ACTIONS_SECRET, act, auditOf, FUNCTION, ordersOf } from "./acting.ts";

const STATUS = { action: "status", agentId: "a1", statusName: "Almuerzo" };

afterEach(async () => {
  vi.useRealTimers();
  await answerFrom(FUNCTION, "act-done");
});

describe("POST …/actions", () => {
  it("ACT-1 sends one signed order, answers what became of it, and notes both in the audit.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1", { groups: ["Ventas"] }));
    const done = await act(instance, { id: "01J", ...STATUS }, { groups: ["Ventas"] });
    expect([done.status, done.json]).toEqual([200, { id: "01J", ok: true, code: "done", message: "What the function said." }]);
    const [sent, ...others] = await ordersOf(instance);
    expect(others).toEqual([]);
    expect(sent?.order).toEqual({ action: "status", instanceId: instance, agentId: "a1", statusName: "Almuerzo" });
    const header = (name: string) => sent?.headers[name] ?? null;
    const body = new TextEncoder().encode(sent?.body);
    const checked = await verify(await importSecrets(ACTIONS_SECRET), header, body, Math.floor(Date.now() / 1000));
    expect(checked.ok).toBe(true);
    expect(header("webhook-id")).not.toContain("01J");
    const audit = await auditOf(instance);
    expect(audit.map(({ what, result }) => [what, result])).toEqual([
      ["action.status", "sent"],
      ["action.status", "ok"],
    ]);
    expect(audit[0]).toMatchObject({ who: "eva", subject: "a1", detail: '{"id":"01J","statusName":"Almuerzo"}' });
  });

  it("ACT-1 takes a fresh ticket once, and nobody without one.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const path = `/v1/instances/${instance}/actions`;
    const body = JSON.stringify({ id: "1", ...STATUS });
    expect((await call(path, { method: "POST", body })).status).toBe(401);
    const headers = { Authorization: `Bearer ${await ticket(instance, { roles: ["supervisor"] })}` };
    const statuses = [1, 2].map(
      async (id) => (await call(path, { method: "POST", headers, body: body.replace("1", `${id}`) })).status,
    );
    expect((await Promise.all(statuses)).sort()).toEqual([200, 401]);
    expect((await call(path, { method: "GET" })).status).toBe(405);
    expect(await ordersOf(instance)).toHaveLength(1);
  });

  it.each([
    ["no JSON", "{", ""],
    ["a list", "[]", "id"],
    ["no id", '{"action":"status","agentId":"a1","statusName":"x"}', "id"],
    ["an id with spaces", '{"id":"a b","action":"status","agentId":"a1","statusName":"x"}', "id"],
    ["an unknown action", '{"id":"1","action":"whisper","agentId":"a1"}', "action"],
    ["no agent", '{"id":"1","action":"status","statusName":"x"}', "agentId"],
    ["no status", '{"id":"1","action":"status","agentId":"a1"}', "statusName"],
    ["no contact to listen to", '{"id":"1","action":"listen","agentId":"a1"}', "contactId"],
    ["no contact to stop", '{"id":"1","action":"stop","agentId":"a1"}', "contactId"],
    ["too much", `{"id":"1","action":"status","agentId":"${"a".repeat(5_000)}","statusName":"x"}`, ""],
  ])("ACT-2 refuses a body with %s and names the place.", async (_, body, path) => {
    const instance = freshInstance();
    const refused = await act(instance, body);
    expect([refused.status, refused.json]).toEqual([400, { error: "invalid_action", path, message: expect.any(String) }]);
    expect(await ordersOf(instance)).toEqual([]);
  });

  it("ACT-5 The same id is one order and one answer, also while the first runs, and for each person alone.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    await answerFrom(FUNCTION, "act-slow");
    const body = { id: "same", ...STATUS };
    const [first, second] = await Promise.all([act(instance, body), act(instance, body)]);
    const third = await act(instance, body);
    expect([first.status, first.json]).toEqual([200, expect.objectContaining({ ok: true })]);
    expect([second.json, third.json]).toEqual([first.json, first.json]);
    expect(await ordersOf(instance)).toHaveLength(1);
    const other = await act(instance, { ...body, statusName: "Baño" });
    expect([other.status, other.json]).toEqual([409, expect.objectContaining({ error: "id_reused", id: "same" })]);
    expect((await auditOf(instance)).map(({ result }) => result)).toEqual(["sent", "ok", "id_reused"]);
    await act(instance, body, { subject: "ana" });
    expect(await ordersOf(instance)).toHaveLength(2);
  });

  it("ACT-5 A restart keeps answers, and an order without one is unknown: nobody sends it again.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const before = await act(instance, { id: "kept", ...STATUS });
    await runInDurableObject(center(instance), (_, { storage }) => {
      storage.sql.exec("INSERT INTO actions SELECT subject, 'lost', at, name, request, NULL, agent_id, contact_id FROM actions");
    });
    await evictDurableObject(center(instance));
    expect((await act(instance, { id: "kept", ...STATUS })).json).toEqual(before.json);
    const lost = await act(instance, { id: "lost", ...STATUS });
    expect([lost.status, lost.json]).toEqual([504, expect.objectContaining({ error: "unknown", ok: false, id: "lost" })]);
    expect(await ordersOf(instance)).toHaveLength(1);
    expect((await auditOf(instance)).map(({ result }) => result)).toEqual(["sent", "ok", "unknown"]);
  });

  it.each([
    ["act-unknown", 504, "unknown"],
    ["broken", 504, "unknown"],
    ["drop", 504, "unknown"],
    ["ok", 504, "unknown"],
    ["limited", 200, "busy"],
    ["act-forged", 200, "function_refused"],
    ["redirect", 200, "function_refused"],
    ["act-refused", 200, "listen_refused"],
    ["act-moved", 409, "contact_moved_on"],
  ])("ACT-6 A function that answers as %s gets %i %s, and the audit says so.", async (kind, status, code) => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    await answerFrom(FUNCTION, kind);
    const answer = await act(instance, STATUS);
    expect([answer.status, answer.json]).toEqual([status, expect.objectContaining({ ok: false, code })]);
    expect((await auditOf(instance)).map(({ result }) => result)).toEqual(["sent", code]);
    expect(await ordersOf(instance)).toHaveLength(1);
  });

  it("ACT-7 One person may do ten at once; others are not held up, and the audit has few entries for many that are too much.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const answers = await Promise.all(Array.from({ length: 40 }, () => act(instance, STATUS)));
    const done = answers.filter(({ status }) => status === 200);
    const late = answers.filter(({ status }) => status === 429);
    expect(done.length).toBeGreaterThanOrEqual(10);
    expect([late.length > 0, done.length + late.length]).toEqual([true, 40]);
    expect(late[0]?.headers.get("Retry-After")).toMatch(/^[1-9]$/);
    expect((await act(instance, STATUS, { subject: "ana" })).status).toBe(200);
    const refused = (await auditOf(instance)).filter(({ result }) => result === "too_many_requests");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(late.length);
    expect(await ordersOf(instance)).toHaveLength(done.length + 1);
  });

  it("ACT-7 Whoever was too fast, waited and is too fast again has two entries in the audit.", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const instance = freshInstance();
    for (const minute of [0, 1]) {
      vi.setSystemTime(Date.now() + minute * 60_000);
      const answers = [];
      for (let count = 0; count < 14; count += 1) answers.push((await act(instance, STATUS, { roles: [] })).status);
      expect([...answers.slice(0, 10), ...answers.slice(-2)]).toEqual([...Array(10).fill(403), 429, 429]);
    }
    expect((await auditOf(instance)).filter(({ result }) => result === "too_many_requests")).toHaveLength(2);
  });

  it("ACT-3 Two supervisors at once are two orders; one who was revoked in between sends none.", async () => {
    const instance = freshInstance();
    await posted(instance, onCall("a1", "c1"));
    const listen = { id: "same", action: "listen", agentId: "a1", contactId: "c1" };
    await Promise.all(["eva", "ana"].map((subject) => act(instance, listen, { subject })));
    expect((await ordersOf(instance)).map(({ order }) => order["usernames"]).sort()).toEqual([["ana"], ["eva"]]);
    const headers = { Authorization: `Bearer ${await ticket(instance, { subject: "eva", roles: ["supervisor"] })}` };
    await post(instance, null, { path: "revocations", body: '{"subject":"eva"}' });
    const body = JSON.stringify({ ...listen, id: "later" });
    expect((await call(`/v1/instances/${instance}/actions`, { method: "POST", headers, body })).status).toBe(401);
    expect(await ordersOf(instance)).toHaveLength(2);
  });

  it("ACT-4 A contact that ended while the board still showed it is 409, and frees no other one.", async () => {
    const instance = freshInstance();
    await posted(
      instance,
      agentState("a1", { contacts: [contact("c1", { state: "missed" }), contact("c2", { state: "ended" })] }),
    );
    await act(instance, { action: "free", agentId: "a1" });
    expect((await ordersOf(instance)).map(({ order }) => order["contactId"])).toEqual(["c1"]);
    expect((await auditOf(instance)).map(({ detail }) => detail)).toEqual(
      Array(2).fill(expect.stringContaining('"contactId":"c1"')),
    );
    await posted(instance, agentState("a1"));
    const gone = await act(instance, { action: "free", agentId: "a1", contactId: "c1" });
    expect([gone.status, gone.json]).toEqual([409, expect.objectContaining({ error: "contact_moved_on" })]);
    const nothing = await act(instance, { action: "free", agentId: "a1" });
    expect([nothing.status, nothing.json]).toEqual([409, expect.objectContaining({ error: "nothing_to_free" })]);
    expect((await auditOf(instance)).map(({ result }) => result)).toEqual(["sent", "ok", "contact_moved_on", "nothing_to_free"]);
  });
});
