import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { call, center, freshInstance, post, posted, ticket } from "../support.ts";
import { agentState } from "../updates.ts";
import { TestViewer, type TestViewerOptions } from "../viewer.ts";

/** Returns the news that a call was put into queue q1 now. `fields` override the defaults. */
function queued(fields: Record<string, unknown> = {}) {
  const now = Date.now();
  return {
    type: "contact.queue",
    contactId: "call-1",
    channel: "voice",
    method: "inbound",
    queueId: "q1",
    enqueuedAt: now,
    occurredAt: now,
    ...fields,
  };
}

/** Returns a snapshot of q1 and the profile that serves it. */
function snapshot(fields: Record<string, unknown> = {}) {
  const channels = [{ channel: "voice", waiting: null, oldestSeconds: null, scheduled: null, estimatedWaitSeconds: null }];
  return {
    type: "queue.snapshot",
    takenAt: Date.now(),
    complete: true,
    queues: [{ queueId: "q1", name: "Ventas", channels }],
    profiles: [{ name: "Basic Routing Profile", queues: ["q1"] }],
    ...fields,
  };
}

/** Opens a viewer and waits for its list. */
async function joined(instance: string, options: TestViewerOptions = {}): Promise<TestViewer> {
  const viewer = await TestViewer.open(instance, options);
  await viewer.until((each) => each.frames.length > 0, "its list");
  return viewer;
}

describe("The queues of a hub", () => {
  it("QUE-1 A contact that is put into a queue reaches a viewer with the next flush.", async () => {
    const instance = freshInstance();
    const viewer = await joined(instance);
    expect(viewer.last("initialAgentList")["queues"]).toEqual([]);
    const enqueuedAt = Date.now();
    const { seq, accepted } = await posted(instance, queued({ enqueuedAt }));
    expect(accepted).toBe(1);
    await viewer.until((v) => v.frames.some(({ type }) => type === "agentStatusBatch"));
    const batch = viewer.last("agentStatusBatch");
    expect(batch).toMatchObject({
      to: seq,
      data: [],
      queues: { data: [{ queueId: "q1", waiting: 1, oldestSince: enqueuedAt }], removed: [] },
    });
    viewer.close();
  });

  it("QUE-9 Queues and positions outlive a restart of the object.", async () => {
    const instance = freshInstance();
    await posted(instance, queued(), snapshot());
    const before = await call(`/v1/instances/${instance}/agents`, {
      headers: { Authorization: `Bearer ${await ticket(instance)}` },
    });
    const known = await before.json();
    await runInDurableObject(center(instance), (_, state) => state.abort("restart")).catch(() => {});
    const after = await call(`/v1/instances/${instance}/agents`, {
      headers: { Authorization: `Bearer ${await ticket(instance)}` },
    });
    const { serverTime: _, ...again } = await after.json<Record<string, unknown>>();
    expect(known).toMatchObject(again);
  });

  it("QUE-7 A viewer with a group limit sees the queues that an agent of its groups serves.", async () => {
    const instance = freshInstance();
    await posted(
      instance,
      agentState("agent-1", { groups: ["Ventas"] }),
      queued(),
      snapshot(),
      queued({ contactId: "call-2", queueId: "q2" }),
    );
    const viewer = await joined(instance, { groups: ["Ventas"] });
    expect(viewer.last("initialAgentList")["queues"]).toMatchObject([{ queueId: "q1", name: "Ventas", waiting: 1, staffed: 1 }]);
    const stranger = await joined(instance, { groups: ["Soporte"], subject: "other" });
    expect(stranger.last("initialAgentList")["queues"]).toEqual([]);
    viewer.close();
    stranger.close();
  });

  it("QUE-15 GET queues answers the queues that the identity may see, and 304 when nothing has changed.", async () => {
    const instance = freshInstance();
    await posted(
      instance,
      agentState("agent-1", { groups: ["Ventas"] }),
      queued(),
      snapshot(),
      queued({ contactId: "call-2", queueId: "q2" }),
    );
    const get = async (groups: string[] | undefined, headers: Record<string, string> = {}) => {
      const bearer = await ticket(instance, groups === undefined ? {} : { groups });
      return call(`/v1/instances/${instance}/queues`, { headers: { Authorization: `Bearer ${bearer}`, ...headers } });
    };
    const all = await get(undefined);
    expect(await all.json()).toMatchObject({ seq: expect.any(Number), data: [{ queueId: "q1", waiting: 1 }, { queueId: "q2" }] });
    expect((await get(undefined, { "If-None-Match": all.headers.get("ETag") ?? "" })).status).toBe(304);
    const limited = await get(["Ventas"], { "If-None-Match": all.headers.get("ETag") ?? "" });
    expect(await limited.json()).toMatchObject({ data: [{ queueId: "q1" }] });
    expect((await call(`/v1/instances/${instance}/queues`)).status).toBe(401);
  });

  it("QUE-11 The answer to a snapshot names the contacts that it makes doubtful.", async () => {
    const instance = freshInstance();
    await posted(instance, queued({ enqueuedAt: Date.now() - 60_000 }));
    const channels = [{ channel: "voice", waiting: 0 }];
    const answer = await posted(instance, snapshot({ queues: [{ queueId: "q1", name: "Ventas", channels }] }));
    expect(answer.suspects).toEqual(["call-1"]);
    expect(await posted(instance, queued({ contactId: "call-2" }))).not.toHaveProperty("suspects");
  });

  it("ING-6 A time of a contact in a queue that is far ahead is refused, and nothing of the post is applied.", async () => {
    const instance = freshInstance();
    const response = await post(instance, [queued(), queued({ endedAt: Date.now() + 2 * 86_400_000 })]);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "invalid_update", path: "updates[1].endedAt" });
    const viewer = await joined(instance);
    expect(viewer.last("initialAgentList")["queues"]).toEqual([]);
    viewer.close();
  });
});

describe("A watched queue", () => {
  it("QUE-14 is sent at once, and again when its contacts change.", async () => {
    const instance = freshInstance();
    const enqueuedAt = Date.now();
    await posted(instance, queued({ enqueuedAt }));
    const viewer = await joined(instance);
    viewer.send({ type: "watchQueue", queueId: "q1" });
    await viewer.until((v) => v.frames.some(({ type }) => type === "queueContacts"));
    const contact = { contactId: "call-1", channel: "voice", since: enqueuedAt, ringingAt: null, callback: false };
    expect(viewer.last("queueContacts")).toMatchObject({
      queueId: "q1",
      contacts: [contact],
      quarters: [{ queued: 1, answered: 0 }],
    });
    await posted(instance, queued({ enqueuedAt, connectedAt: enqueuedAt + 5000, occurredAt: enqueuedAt + 5000 }));
    await viewer.until((v) => v.frames.filter(({ type }) => type === "queueContacts").length === 2);
    expect(viewer.last("queueContacts")).toMatchObject({ contacts: [], quarters: [{ queued: 1, answered: 1, withinTarget: 1 }] });
    viewer.close();
  });

  it("QUE-14 is refused when it is out of sight or unknown, with the id of the queue.", async () => {
    const instance = freshInstance();
    await posted(instance, queued());
    const viewer = await joined(instance, { groups: ["Ventas"] });
    for (const queueId of ["q1", "q9"]) {
      viewer.send({ type: "watchQueue", queueId });
      await viewer.until((v) => v.frames.some((frame) => frame.type === "error" && frame["queueId"] === queueId));
      expect(viewer.last("error")).toMatchObject({ code: "not_allowed", queueId });
    }
    viewer.close();
  });

  it("QUE-14 sends nothing more after unwatchQueue, and a viewer watches at most 20 queues.", async () => {
    const instance = freshInstance();
    await posted(
      instance,
      ...Array.from({ length: 21 }, (_, index) => queued({ contactId: `call-${index}`, queueId: `q${index}` })),
    );
    const viewer = await joined(instance);
    for (let index = 0; index < 20; index += 1) viewer.send({ type: "watchQueue", queueId: `q${index}` });
    viewer.send({ type: "watchQueue", queueId: "q20" });
    await viewer.until((v) => v.frames.some(({ type }) => type === "error"));
    expect(viewer.last("error")).toMatchObject({ code: "too_many_watched", queueId: "q20" });
    viewer.close();
  });
});
