import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CLOSE } from "../../protocol/close-codes.ts";
import { readFeed, relayFeed } from "./relay-feed.ts";
import { connectAt, openAt } from "./relay-viewer.ts";
import { center, freshInstance, posted, ticket } from "./support.ts";
import { agentState, onCall, turn } from "./updates.ts";
import type { TestViewer } from "./viewer.ts";

const MINUTE = 60_000;

function stubOf(relay: string) {
  return env.RELAY.getByName(relay);
}

function savedPosition(relay: string): Promise<unknown> {
  return runInDurableObject(stubOf(relay), (_, { storage }) => storage.get("position"));
}

/** What the primary knows about its relays. */
function relaysOf(instance: string): Promise<Record<string, unknown>[]> {
  return runInDurableObject(center(instance), (_, { storage }) =>
    storage.sql.exec("SELECT name, watching FROM relays ORDER BY name").toArray(),
  );
}

async function closeOf(viewer: TestViewer): Promise<unknown> {
  await viewer.until((each) => each.closed !== null, "a close");
  return viewer.closed;
}

async function freshRelay(...updates: unknown[]): Promise<{ instance: string; relay: string }> {
  const instance = freshInstance();
  await posted(instance, agentState("a1"), ...updates);
  return { instance, relay: `${instance}/enam/1` };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("A revocation at a relay", () => {
  it("SES-14 A relay closes all sockets of the revoked viewer, and says how many there were.", async () => {
    const { relay } = await freshRelay();
    const eves = [await connectAt(relay, null, "eve"), await connectAt(relay, null, "eve")];
    const ana = await connectAt(relay, null, "ana");
    expect(await stubOf(relay).revoke("eve")).toBe(2);
    for (const eve of eves) expect(await closeOf(eve)).toEqual(CLOSE.revoked);
    expect(ana.closed).toBeNull();
    ana.close();
  });

  it("SES-14 The primary's answer counts the sockets at every relay.", async () => {
    const { instance, relay } = await freshRelay();
    const second = `${instance}/weur/1`;
    const eves = [
      await connectAt(relay, null, "eve"),
      await connectAt(second, null, "eve"),
      await connectAt(second, null, "eve"),
    ];
    expect(await center(instance).revoke("eve")).toBe(3);
    for (const eve of eves) expect(await closeOf(eve)).toEqual(CLOSE.revoked);
  });

  it("SES-14 A viewer may connect at the relay again after 60 s.", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { relay } = await freshRelay();
    const ana = await connectAt(relay, null, "ana");
    await stubOf(relay).revoke("eve");
    vi.setSystemTime(Date.now() + MINUTE - 1);
    expect(await closeOf(await openAt(relay, null, "eve"))).toEqual(CLOSE.revoked);
    vi.setSystemTime(Date.now() + 1);
    const back = await connectAt(relay, null, "eve");
    expect(back.closed).toBeNull();
    for (const viewer of [ana, back]) viewer.close();
  });
});

describe("The position that a relay saves", () => {
  it("REL-2 A relay saves its position after three quiet seconds, and a feed begins them anew.", async () => {
    const { instance, relay } = await freshRelay();
    const feed = readFeed(await relayFeed(instance, 0, async () => {}));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const pass = (ms: number) => runInDurableObject(stubOf(relay), async () => void (await vi.advanceTimersByTimeAsync(ms)));
    const viewer = await connectAt(relay);
    await pass(2_999);
    expect(await stubOf(relay).applyFeed(feed)).toBe(true);
    await pass(2_999);
    expect(await savedPosition(relay)).toBeUndefined();
    await pass(1);
    expect(await savedPosition(relay)).toEqual({ epoch: feed.epoch, seq: feed.to });
    viewer.close();
  });

  it("REL-2 A relay without viewers deletes its position, detaches, and sets no further alarm.", async () => {
    const { instance, relay } = await freshRelay();
    const viewer = await connectAt(relay);
    viewer.close();
    await closeOf(viewer);
    await runInDurableObject(stubOf(relay), (_, { storage }) => storage.put("position", { epoch: "e", seq: 1 }));
    for (let tries = 0; tries < 200 && (await relaysOf(instance)).length > 0; tries += 1) {
      await runDurableObjectAlarm(stubOf(relay));
    }
    expect(await relaysOf(instance)).toEqual([]);
    expect(await savedPosition(relay)).toBeUndefined();
    expect(await runInDurableObject(stubOf(relay), (_, { storage }) => storage.getAlarm())).toBeNull();
    expect(await stubOf(relay).applyFeed(readFeed(await relayFeed(instance, 0, async () => {})))).toBe(false);
    // The next viewer opens the relay anew.
    await posted(instance, agentState("a2"));
    const next = await connectAt(relay);
    expect([...next.agents.keys()].sort()).toEqual(["a1", "a2"]);
    next.close();
  });

  it("REL-2 A relay that wakes without viewers detaches with its alarm.", async () => {
    // An object does not sleep while a real timer runs.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { instance, relay } = await freshRelay();
    const viewer = await connectAt(relay);
    viewer.close();
    await closeOf(viewer);
    await evictDurableObject(stubOf(relay));
    expect(await relaysOf(instance)).toHaveLength(1);
    expect(await runDurableObjectAlarm(stubOf(relay))).toBe(true);
    expect(await relaysOf(instance)).toEqual([]);
  });
});

describe("A relay that missed a feed", () => {
  it("REL-2 A relay with viewers asks the primary every 30 s, and sets its next alarm.", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { instance, relay } = await freshRelay();
    const viewer = await connectAt(relay);
    // The primary forgets the relay, so that the feed of this post does not reach it.
    await center(instance).detach(relay);
    await posted(instance, agentState("a2"));
    const alarm = () => runInDurableObject(stubOf(relay), (_, { storage }) => storage.getAlarm());
    expect(await alarm()).toBe(Date.now() + 30_000);
    vi.setSystemTime(Date.now() + 30_000);
    await runDurableObjectAlarm(stubOf(relay));
    await viewer.until((each) => each.agents.has("a2"), "the agent of the lost feed");
    expect(await alarm()).toBe(Date.now() + 30_000);
    expect(await relaysOf(instance)).toEqual([{ name: relay, watching: "[]" }]);
    viewer.close();
  });

  it("REL-2 A relay keeps its alarm through its sleep, so that new viewers do not postpone it.", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    const { relay } = await freshRelay();
    const first = await connectAt(relay);
    const alarm = () => runInDurableObject(stubOf(relay), (_, { storage }) => storage.getAlarm());
    const due = await alarm();
    await evictDurableObject(stubOf(relay));
    vi.setSystemTime(Date.now() + 10_000);
    const second = await connectAt(relay, null, "eve");
    expect(await alarm()).toBe(due);
    for (const viewer of [first, second]) viewer.close();
  });

  it("REL-2 A relay asks the primary before it serves a viewer that knows more than itself.", async () => {
    const { instance, relay } = await freshRelay();
    const first = await connectAt(relay);
    await center(instance).detach(relay);
    const { epoch, seq } = await posted(instance, agentState("a2"));
    const second = await connectAt(relay, { epoch, seq });
    expect(second.frames[0]).toMatchObject({ type: "resumed", from: seq, to: seq });
    await first.until((each) => each.agents.has("a2"), "the agent of the lost feed");
    for (const viewer of [first, second]) viewer.close();
  });
});

describe("The viewers of a relay", () => {
  it("REL-1 Two viewers that open a relay at the same time both get the changes.", async () => {
    const { instance, relay } = await freshRelay();
    const viewers = await Promise.all([connectAt(relay), connectAt(relay, null, "eve")]);
    await posted(instance, agentState("a2"));
    for (const viewer of viewers) await viewer.until((each) => each.agents.has("a2"), "the new agent");
    for (const viewer of viewers) viewer.close();
  });

  it("OPS-2 The primary's metrics count the relays and their viewers.", async () => {
    const { instance, relay } = await freshRelay();
    const viewers = [await connectAt(relay), await connectAt(relay)];
    await runDurableObjectAlarm(stubOf(relay));
    const text = await center(instance).metrics();
    expect(text).toContain('vigia_viewers{at="primary"} 0\nvigia_viewers{at="relay"} 2\n');
    expect(text).toContain("\nvigia_relays 1\n");
    for (const viewer of viewers) viewer.close();
  });

  it("TRA-1 The primary knows what a relay's viewers watch until they leave.", async () => {
    const { instance, relay } = await freshRelay(onCall("a2", "c1"));
    const viewer = await connectAt(relay);
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until((each) => each.transcripts.length === 1, "the transcript");
    expect(await relaysOf(instance)).toEqual([{ name: relay, watching: '["c1"]' }]);
    expect((await posted(instance, turn("c1", "t1"))).watched).toEqual(["c1"]);
    await viewer.until((each) => each.transcripts.length === 2, "the turn");
    await runInDurableObject(stubOf(relay), async (object, state) => {
      const [socket] = state.getWebSockets();
      if (socket !== undefined) await object.webSocketError(socket);
    });
    expect(await relaysOf(instance)).toEqual([{ name: relay, watching: "[]" }]);
  });

  it("TRA-5 A watch at a relay outlives the relay's sleep, and turns still arrive.", async () => {
    const { instance, relay } = await freshRelay(onCall("a2", "c1"));
    // An object does not sleep while a real timer runs.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const viewer = await connectAt(relay);
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until((each) => each.transcripts.length === 1, "the transcript");
    await evictDurableObject(stubOf(relay));
    vi.useRealTimers();
    await posted(instance, agentState("a3"));
    await viewer.until((each) => each.agents.has("a3"), "a change after the sleep");
    expect((await posted(instance, turn("c1", "t1"))).watched).toEqual(["c1"]);
    await viewer.until((each) => each.transcripts.length === 2, "the turn");
    viewer.close();
  });

  it("TRA-5 A relay answers the message that wakes it.", async () => {
    const { relay } = await freshRelay(onCall("a2", "c1"));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const viewer = await connectAt(relay);
    await evictDurableObject(stubOf(relay));
    vi.useRealTimers();
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until((each) => each.transcripts.length === 1, "the transcript");
    viewer.close();
  });

  it("SES-8 A relay closes a socket with 4401 when its session ends, and keeps the others.", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { relay } = await freshRelay();
    const viewer = await connectAt(relay);
    // `connectAt` asks for sessions of an hour.
    vi.setSystemTime(Date.now() + 60 * MINUTE - 1);
    const later = await connectAt(relay, null, "eve");
    await runDurableObjectAlarm(stubOf(relay));
    expect(viewer.closed).toBeNull();
    vi.setSystemTime(Date.now() + 1);
    await runDurableObjectAlarm(stubOf(relay));
    expect(await closeOf(viewer)).toEqual(CLOSE.ticketExpired);
    expect(later.closed).toBeNull();
    later.close();
  });

  it("SES-9 A viewer at a relay refreshes its session with a ticket that the primary redeems.", async () => {
    const { instance, relay } = await freshRelay();
    const viewer = await connectAt(relay);
    const refresh = { type: "refresh", ticket: await ticket(instance, { subject: "ana" }) };
    viewer.send(refresh);
    await viewer.until((each) => each.frames.some((frame) => frame.type === "refreshed"), "the longer session");
    // The ticket is used up by then.
    viewer.send(refresh);
    expect(await closeOf(viewer)).toEqual(CLOSE.ticketExpired);
  });
});
