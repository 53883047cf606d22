import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CLOSE } from "../../protocol/close-codes.ts";
import { connectAt, openAt } from "./relay-viewer.ts";
import { center, freshInstance, posted } from "./support.ts";
import { agentState, onCall } from "./updates.ts";

afterEach(() => {
  vi.useRealTimers();
});

function stubOf(relay: string) {
  return env.RELAY.getByName(relay);
}

async function freshRelay(...updates: unknown[]): Promise<{ instance: string; relay: string }> {
  const instance = freshInstance();
  await posted(instance, agentState("a1"), ...updates);
  return { instance, relay: `${instance}/enam/1` };
}

function sql(instance: string, statement: string): Promise<void> {
  return runInDurableObject(center(instance), (_, { storage }) => void storage.sql.exec(statement));
}

/** Lets the primary fail when a relay reports that it watches other contacts than before. */
function failReports(instance: string): Promise<void> {
  return sql(instance, "CREATE TRIGGER away BEFORE INSERT ON relays BEGIN SELECT RAISE(ABORT, 'away'); END");
}

async function relayViewers(instance: string): Promise<number> {
  const text = await center(instance).metrics();
  return Number(/vigia_viewers\{at="relay"\} (\d+)/.exec(text)?.[1]);
}

async function untilRelayViewers(instance: string, expected: number): Promise<void> {
  for (let tries = 0; tries < 400 && (await relayViewers(instance)) !== expected; tries += 1) await scheduler.wait(10);
  expect(await relayViewers(instance)).toBe(expected);
}

describe("The viewers of a relay in the metrics", () => {
  it("OPS-4 The primary counts seven viewers soon after they came, and none soon after they left.", async () => {
    const { instance, relay } = await freshRelay();
    const viewers = await Promise.all(Array.from({ length: 7 }, (_, index) => connectAt(relay, null, `viewer-${index}`)));
    await untilRelayViewers(instance, 7);
    for (const viewer of viewers) viewer.close();
    await untilRelayViewers(instance, 0);
  });

  it("OPS-4 A primary that has slept asks its relays how many viewers they have.", async () => {
    const { instance, relay } = await freshRelay();
    const viewers = [await connectAt(relay), await connectAt(relay, null, "eve")];
    await untilRelayViewers(instance, 2);
    await evictDurableObject(center(instance));
    expect(await relayViewers(instance)).toBe(2);
    for (const viewer of viewers) viewer.close();
  });
});

describe("A relay whose primary is away", () => {
  it("REL-5 A relay that wakes without its primary keeps its viewers, and they get what they missed once it is back.", async () => {
    // An object does not sleep while a real timer runs.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { instance, relay } = await freshRelay(onCall("a2", "c1"));
    const viewer = await connectAt(relay);
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until((each) => each.transcripts.length === 1, "the transcript");
    await evictDurableObject(stubOf(relay));
    await failReports(instance);
    // The relay wakes with the feed of this post, and reports first that nobody watches.
    await posted(instance, agentState("a3"));
    vi.useRealTimers();
    await runDurableObjectAlarm(stubOf(relay));
    expect([viewer.closed, viewer.agents.has("a3")]).toEqual([null, false]);
    await sql(instance, "DROP TRIGGER away");
    await runDurableObjectAlarm(stubOf(relay));
    await viewer.until((each) => each.agents.has("a3"), "the agent of the missed post");
    expect([viewer.closed, viewer.gaps]).toEqual([null, []]);
    viewer.close();
  });

  it("REL-5 A relay that cannot reach its primary asks a new viewer to come back.", async () => {
    const { instance, relay } = await freshRelay();
    await failReports(instance);
    const viewer = await openAt(relay, null, "ana");
    await viewer.until((each) => each.closed !== null, "a close");
    expect(viewer.closed).toEqual(CLOSE.restarting);
  });
});
