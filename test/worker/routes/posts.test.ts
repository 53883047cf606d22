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

describe("The routes for updates", () => {
  it("ING-7 The answer counts the accepted and stale updates.", async () => {
    const instance = freshInstance();
    const answer = await posted(instance, agentState("a1"), agentState("a1", { occurredAt: 1e12 }));
    expect(answer).toMatchObject({ accepted: 1, stale: 1, duplicate: false, seq: 1, watched: [] });
    expect(answer.epoch).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("SIG-4 Every kind of bad signature gets the same 401, and nothing is stored.", async () => {
    const instance = freshInstance();
    const updates = [agentState("a1")];
    const refusals = await Promise.all([
      post(instance, updates, { secrets: OTHER_SECRET }),
      post(instance, updates, { at: Date.now() - 301_000 }),
      // On a busy machine the hub reads it some seconds later.
      post(instance, updates, { at: Date.now() + 330_000 }),
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

  it("SIG-3 The hub accepts a post that is signed with an old and a new secret.", async () => {
    const instance = freshInstance();
    expect((await post(instance, [agentState("a1")], { secrets: `${OTHER_SECRET} ${SECRET}` })).status).toBe(200);
  });

  it("ING-2 The hub applies nothing of a post with one invalid update, and names the place.", async () => {
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
    ["no valid JSON", "{", ""],
    ["no updates", "{}", "updates"],
    ["an empty list", '{"updates":[]}', "updates"],
    ["an unknown type", '{"updates":[{"type":"agent.promoted"}]}', "updates[0].type"],
  ])("ING-2 The hub refuses a body with %s.", async (_, body, path) => {
    const response = await post(freshInstance(), [], { body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "invalid_update", path });
  });

  it("ING-10 The hub refuses 501 updates, a body above 1 MiB, another content type and another method.", async () => {
    const instance = freshInstance();
    const many = Array.from({ length: 501 }, (_, index) => ({ type: "agent.heartbeat", agentId: `a${index}`, occurredAt: 1e12 }));
    expect((await post(instance, many)).status).toBe(400);
    expect((await post(instance, [], { body: " ".repeat(1024 * 1024 + 1) })).status).toBe(413);
    expect((await post(instance, [agentState("a1")], { headers: { "Content-Type": "text/plain" } })).status).toBe(415);
    const got = await call(`/v1/instances/${instance}/updates`);
    expect([got.status, got.headers.get("Allow")]).toEqual([405, "POST"]);
  });

  it("ING-3 The hub ignores fields that it does not know.", async () => {
    const instance = freshInstance();
    await posted(instance, { ...agentState("a1"), shoeSize: 42 });
    expect(JSON.stringify(await board(instance))).not.toContain("shoeSize");
  });

  it("ING-2 The hub answers 400 to any signed but invalid body, and leaves the board as it is.", async () => {
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

  it("ING-2 The hub answers 200 or 400 to updates with one random field.", async () => {
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

  it("SES-14 A revocation makes the viewer's tickets invalid, and needs a subject and a valid signature.", async () => {
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
