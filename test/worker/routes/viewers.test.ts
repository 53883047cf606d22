import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { call, freshInstance, OTHER_SECRET, post, posted, signedTicket, ticket } from "../support.ts";
import { agentState } from "../updates.ts";
import { openSocket, TestViewer } from "../viewer.ts";

async function closedWith(viewer: TestViewer): Promise<number | undefined> {
  await viewer.until((v) => v.closed !== null, "a close");
  return viewer.closed?.code;
}

describe("The routes for viewers", () => {
  it("SES-4 A ticket opens one socket.", async () => {
    const instance = freshInstance();
    const token = await ticket(instance);
    const first = await TestViewer.open(instance, { token });
    await first.until((v) => v.frames.length === 1);
    const second = await TestViewer.open(instance, { token });
    expect(await closedWith(second)).toBe(4401);
    first.close();
  });

  it("SES-2 Groups above the size limit get no ticket, and a ticket with groups below it opens a socket.", async () => {
    const instance = freshInstance();
    const requestTicket = (groups: string[]) =>
      call(`/v1/instances/${instance}/tickets`, { method: "POST", body: JSON.stringify({ groups }) });
    const wide = (length: number) => Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(length, "漢"));
    const refused = await requestTicket(wide(250));
    expect([refused.status, await refused.json()]).toMatchObject([403, { error: "too_many_groups" }]);
    const { ticket: token } = await (await requestTicket(wide(200))).json<{ ticket: string }>();
    const viewer = await TestViewer.open(instance, { token });
    await viewer.until((v) => v.frames.length === 1);
    viewer.close();
  });

  it("SES-7 A socket is closed with 4500 for a bad or foreign ticket, and with 4401 for an expired one.", async () => {
    const instance = freshInstance();
    expect(await closedWith(await TestViewer.open(instance, { token: "nonsense" }))).toBe(4500);
    expect(await closedWith(await TestViewer.open(instance, { token: await ticket(freshInstance()) }))).toBe(4500);
    const expired = await signedTicket(instance, { expires: 1 });
    expect(await closedWith(await TestViewer.open(instance, { token: expired }))).toBe(4401);
    expect(await closedWith(await TestViewer.open(instance, { token: "nonsense", legacy: true }))).toBe(4500);
  });

  it("SES-6 SES-7 The log has the reason of a refused socket, and nothing of its ticket and origin.", async () => {
    const instance = freshInstance();
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    await openSocket(instance, { token: "nonsense" });
    await openSocket(instance, { token: await signedTicket(instance, { expires: 1 }) });
    await openSocket(instance, { token: "nonsense", origin: "https://evil.example" });
    const logged = lines.mock.calls.map(([line]) => JSON.parse(String(line)));
    lines.mockRestore();
    expect(logged).toEqual([
      { event: "ticket_refused", instanceId: instance, reason: "bad_ticket" },
      { event: "ticket_refused", instanceId: instance, reason: "ticket_expired" },
      { event: "origin_refused", instanceId: instance },
    ]);
  });

  it("SES-6 A foreign origin gets 403, and an allowed origin and the hub's own get a socket.", async () => {
    const instance = freshInstance();
    expect((await openSocket(instance, { origin: "https://evil.example" })).status).toBe(403);
    expect((await openSocket(instance, { origin: "https://embedding.example" })).status).toBe(101);
    expect((await openSocket(instance, { origin: "http://localhost" })).status).toBe(101);
  });

  it("SES-5 A request gets 426 without an upgrade, 400 with another subprotocol, and 405 with POST.", async () => {
    const instance = freshInstance();
    expect((await call(`/v1/instances/${instance}/live`)).status).toBe(426);
    const other = await call(`/v1/instances/${instance}/live`, {
      headers: { Upgrade: "websocket", "Sec-WebSocket-Protocol": "mqtt" },
    });
    expect(other.status).toBe(400);
    expect((await call(`/v1/instances/${instance}/live`, { method: "POST" })).status).toBe(405);
  });

  it("SES-11 SES-12 The hub answers ping with pong and invalid messages with errors, and closes after many of those.", async () => {
    const instance = freshInstance();
    const viewer = await TestViewer.open(instance);
    viewer.send("ping");
    await viewer.until((v) => v.frames.some((frame) => frame.type === "pong"));
    viewer.send("{");
    viewer.send({ type: "dance" });
    viewer.send("x".repeat(5000));
    viewer.sendBytes(new Uint8Array([1, 2, 3]));
    await viewer.until((v) => v.frames.filter((frame) => frame.type === "error").length === 4);
    const codes = viewer.frames.filter((frame) => frame.type === "error").map((frame) => frame["code"]);
    expect(codes).toEqual(["not_json", "unknown_message", "too_large", "not_text"]);
    for (let times = 0; times < 10; times += 1) viewer.send("{");
    expect(await closedWith(viewer)).toBe(4501);
  });

  it("SES-12 The hub survives any message and still serves the next viewer.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const noise = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ type: fc.constantFrom("watch", "unwatch", "refresh", "resync", "agent.state"), contactId: fc.jsonValue() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { minLength: 1, maxLength: 12 }), async (messages) => {
        const viewer = await TestViewer.open(instance);
        for (const message of messages) viewer.send(message);
        await viewer.until((v) => v.agents.has("a1"));
        viewer.close();
      }),
      { numRuns: 40 },
    );
    const after = await TestViewer.open(instance);
    await after.until((v) => v.agents.size === 1 && v.seq === 1);
    after.close();
  });

  it("SES-10 The hub answers a close with its code, and a close without a code with none.", async () => {
    const instance = freshInstance();
    const coded = await TestViewer.open(instance);
    coded.close(3000);
    expect(await closedWith(coded)).toBe(3000);
    const silent = await TestViewer.open(instance);
    silent.closeWithoutCode();
    expect(await closedWith(silent)).toBe(1005);
  });

  it("FLU-8 The hub answers no message of a legacy client.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const viewer = await TestViewer.open(instance, { legacy: true });
    for (const message of [{ type: "watch", contactId: "c1" }, { type: "resync" }, "{"]) viewer.send(message);
    await posted(instance, agentState("a2"));
    await viewer.until((v) => v.agents.size === 2);
    expect(viewer.frames.map((frame) => frame.type)).toEqual(["initialAgentList", "agentStatusUpdate"]);
    viewer.close();
  });

  it("SES-13 The hub closes a viewer with 4429 when it sends too many messages.", async () => {
    const viewer = await TestViewer.open(freshInstance());
    for (let times = 0; times < 70; times += 1) viewer.send({ type: "unwatch", contactId: "c1" });
    expect(await closedWith(viewer)).toBe(4429);
  });

  it("SES-9 A fresh ticket of the same viewer extends the session, and a ticket of another viewer closes it.", async () => {
    const instance = freshInstance();
    const viewer = await TestViewer.open(instance, { subject: "ana" });
    viewer.send({ type: "refresh", ticket: await ticket(instance, { subject: "ana" }) });
    await viewer.until((v) => v.frames.some((frame) => frame.type === "refreshed"));
    expect(viewer.last("refreshed")["sessionExpiresAt"]).toBeGreaterThan(Date.now() + 3_000_000);
    viewer.send({ type: "refresh", ticket: await ticket(instance, { subject: "eve" }) });
    expect(await closedWith(viewer)).toBe(4507);
  });

  it("SES-9 A refresh with other groups brings the whole list of those groups.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("v1", { groups: ["Ventas"] }), agentState("s1", { groups: ["Soporte"] }));
    const viewer = await TestViewer.open(instance, { subject: "ana", groups: ["Ventas"] });
    await viewer.until((v) => v.agents.has("v1"));
    viewer.send({ type: "refresh", ticket: await ticket(instance, { subject: "ana", groups: ["Soporte"] }) });
    await viewer.until((v) => v.agents.has("s1"));
    expect([...viewer.agents.keys()]).toEqual(["s1"]);
    viewer.close();
  });

  it("SES-14 A revocation closes the viewer's socket with 4503 and leaves other viewers connected.", async () => {
    const instance = freshInstance();
    const eve = await TestViewer.open(instance, { subject: "eve" });
    const ana = await TestViewer.open(instance, { subject: "ana" });
    await ana.until((v) => v.frames.length === 1);
    await post(instance, [], { path: "revocations", body: '{"subject":"eve"}' });
    expect(await closedWith(eve)).toBe(4503);
    expect(ana.closed).toBeNull();
    ana.close();
  });

  it("POL-2 Polling answers 304 to a known ETag until something changes.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const get = async (headers: Record<string, string> = {}) =>
      call(`/v1/instances/${instance}/agents`, { headers: { Authorization: `Bearer ${await ticket(instance)}`, ...headers } });
    const first = await get();
    expect(await first.json()).toMatchObject({ seq: 1, data: [{ agentId: "a1", duration: null }] });
    const etag = first.headers.get("ETag") ?? "";
    for (const known of [etag, `W/${etag}`, `"other", W/${etag}`, "*"]) {
      expect((await get({ "If-None-Match": known })).status).toBe(304);
    }
    await posted(instance, agentState("a1", { name: "Other" }));
    expect((await get({ "If-None-Match": etag })).status).toBe(200);
    expect((await call(`/v1/instances/${instance}/agents`)).status).toBe(401);
  });

  it("POL-1 POL-3 A ticket is good for one poll, and a second poll gets 401.", async () => {
    const instance = freshInstance();
    const headers = { Authorization: `Bearer ${await ticket(instance)}` };
    expect((await call(`/v1/instances/${instance}/agents`, { headers })).status).toBe(200);
    expect((await call(`/v1/instances/${instance}/agents`, { headers })).status).toBe(401);
  });

  it("OPS-2 The metrics are open only to the bearer of the token.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    await post(instance, [], { body: "{" });
    await posted(instance, agentState("a1", { occurredAt: 1e12 }));
    const path = `/v1/instances/${instance}/metrics`;
    expect((await call(path)).status).toBe(401);
    expect((await call(path, { headers: { Authorization: "Bearer metrics-token-for-testz" } })).status).toBe(401);
    const text = await (await call(path, { headers: { Authorization: "Bearer metrics-token-for-tests" } })).text();
    expect(text).toContain('vigia_updates_total{outcome="accepted"} 1\n');
    expect(text).toContain('vigia_updates_total{outcome="stale"} 1\n');
    expect(text).toContain('vigia_updates_total{outcome="refused"} 1\n');
    expect(text).toMatch(/^vigia_agents 1$/m);
  });

  it("OPS-2 The metrics count an instance's refused posts, even after many posts to instances that do not exist.", async () => {
    for (let number = 0; number < 1001; number += 1) {
      await call(`/v1/instances/made-up-${number}/updates`, { method: "POST", headers: { "Content-Type": "application/json" } });
    }
    const instance = freshInstance();
    await post(instance, [agentState("a1")], { secrets: OTHER_SECRET });
    await posted(instance, agentState("a1"));
    const answer = await call(`/v1/instances/${instance}/metrics`, {
      headers: { Authorization: "Bearer metrics-token-for-tests" },
    });
    expect(await answer.text()).toContain('vigia_updates_total{outcome="refused"} 1\n');
  });

  it("An unknown address gets 404 with a JSON error.", async () => {
    const response = await call("/v1/nothing");
    expect([response.status, await response.json()]).toEqual([404, { error: "not_found" }]);
  });
});
