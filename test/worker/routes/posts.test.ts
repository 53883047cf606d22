import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, freshInstance, OTHER_SECRET, post, posted, SECRET, ticket } from "../support.ts";
import { agentState, onCall, sentiment } from "../updates.ts";

async function board(instance: string): Promise<{ seq: number; data: unknown[] }> {
  const response = await call(`/v1/instances/${instance}/agents`, {
    headers: { Authorization: `Bearer ${await ticket(instance)}` },
  });
  return response.json();
}

describe("the door for updates", () => {
  it("ING-7 answers what was stored", async () => {
    const instance = freshInstance();
    const answer = await posted(instance, agentState("a1"), agentState("a1", { occurredAt: 1000 }));
    expect(answer).toMatchObject({ accepted: 1, stale: 1, duplicate: false, seq: 1, watched: [] });
    expect(answer.epoch).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("SIG-4 refuses every kind of bad signature with one and the same body", async () => {
    const instance = freshInstance();
    const updates = [agentState("a1")];
    const refusals = await Promise.all([
      post(instance, updates, { secrets: OTHER_SECRET }),
      post(instance, updates, { at: Date.now() - 301_000 }),
      post(instance, updates, { at: Date.now() + 301_000 }),
      post(instance, updates, { headers: { "webhook-signature": "v1,AAAA" } }),
      post(instance, updates, { headers: { "webhook-timestamp": "soon" } }),
      post(instance, updates, { headers: { "webhook-id": "" } }),
      post("nobody-knows-this-instance", updates),
      call(`/v1/instances/${instance}/updates`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }),
    ]);
    for (const refusal of refusals) {
      expect(refusal.status).toBe(401);
      expect(await refusal.json()).toEqual({ error: "unauthorized" });
    }
    expect((await board(instance)).data).toEqual([]);
  });

  it("SIG-3 accepts a sender that signs with an old and a new secret during a rotation", async () => {
    const instance = freshInstance();
    expect((await post(instance, [agentState("a1")], { secrets: `${OTHER_SECRET} ${SECRET}` })).status).toBe(200);
  });

  it("ING-2 applies nothing of a batch with one invalid update, and says where", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const response = await post(instance, [
      onCall("a1", "c1"),
      agentState("a2"),
      { ...sentiment("c1", 1), customer: { score: 9 } },
    ]);
    expect(response.status).toBe(400);
    const body = await response.json<{ error: string; path: string; message: string }>();
    expect(body).toMatchObject({ error: "invalid_update", path: "updates[2].customer.score" });
    expect(body.message).toMatch(/\w/);
    expect(await board(instance)).toMatchObject({ seq: 1, data: [{ agentId: "a1", status: "available" }] });
  });

  it.each([
    ["not JSON", "{", ""],
    ["no updates", "{}", "updates"],
    ["an empty batch", '{"updates":[]}', "updates"],
    ["an unknown type", '{"updates":[{"type":"agent.promoted"}]}', "updates[0].type"],
  ])("ING-2 refuses %s", async (_, body, path) => {
    const response = await post(freshInstance(), [], { body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "invalid_update", path });
  });

  it("ING-10 refuses more than 500 updates or 1 MiB, another content type, another method", async () => {
    const instance = freshInstance();
    const many = Array.from({ length: 501 }, (_, index) => ({ type: "agent.heartbeat", agentId: `a${index}`, occurredAt: 1 }));
    expect((await post(instance, many)).status).toBe(400);
    expect((await post(instance, [], { body: " ".repeat(1024 * 1024 + 1) })).status).toBe(413);
    expect((await post(instance, [agentState("a1")], { headers: { "Content-Type": "text/plain" } })).status).toBe(415);
    const got = await call(`/v1/instances/${instance}/updates`);
    expect([got.status, got.headers.get("Allow")]).toEqual([405, "POST"]);
  });

  it("ING-3 ignores fields it does not know", async () => {
    const instance = freshInstance();
    await posted(instance, { ...agentState("a1"), shoeSize: 42 });
    expect(JSON.stringify(await board(instance))).not.toContain("shoeSize");
  });

  it("ING-2 never answers 5xx to any signed body, and never changes the board for a wrong one", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const before = await board(instance);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify({ updates: [value] })),
        ),
        async (body) => {
          expect((await post(instance, [], { body })).status).toBe(400);
        },
      ),
      { numRuns: 150 },
    );
    expect(await board(instance)).toMatchObject({ seq: before.seq });
  });

  it("ING-2 never answers 5xx to updates that are almost right", async () => {
    const instance = freshInstance();
    const valid = [agentState("a1"), onCall("a1", "c1"), sentiment("c1", 2)];
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.jsonValue(), async (which, field, value) => {
        const update: Record<string, unknown> = { ...valid[which] };
        const keys = Object.keys(update);
        update[keys[field % keys.length] ?? "type"] = value;
        expect([200, 400]).toContain((await post(instance, [update])).status);
      }),
      { numRuns: 200 },
    );
  });

  it("SES-14 revokes: refuses the tickets a viewer holds, closes the viewer's sockets and refuses the tickets it holds", async () => {
    const instance = freshInstance();
    const held = await ticket(instance, { subject: "eve" });
    const response = await post(instance, [], { path: "revocations", body: '{"subject":"eve"}' });
    expect(response.status).toBe(200);
    const polled = await call(`/v1/instances/${instance}/agents`, { headers: { Authorization: `Bearer ${held}` } });
    expect(polled.status).toBe(401);
    expect((await post(instance, [], { path: "revocations", body: "{}" })).status).toBe(400);
    expect((await post(instance, [], { path: "revocations", body: '{"subject":"eve"}', secrets: OTHER_SECRET })).status).toBe(
      401,
    );
  });
});
