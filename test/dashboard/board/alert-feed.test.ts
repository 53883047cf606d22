import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AlertFeed } from "../../../dashboard/board/model/alert-feed.ts";
import { DEFAULT_THRESHOLDS } from "../../../dashboard/board/model/threshold-alerts.ts";
import { createFakeAgentClient, type FakeAgentClient, fakeAgent } from "../../../dashboard/client/testing.ts";

let client: FakeAgentClient;
let feed: AlertFeed;
let calls: number;
let stop: () => void;

const kinds = (of = feed) => of.alerts().map(({ kind, acknowledged }) => `${kind}${acknowledged ? " seen" : ""}`);
/** Advances the client's clock and the page's timers together. */
function advance(ms: number): void {
  client.advance(ms);
  vi.advanceTimersByTime(ms);
}
function start(): void {
  feed = new AlertFeed(client, DEFAULT_THRESHOLDS);
  calls = 0;
  stop = feed.subscribe(() => {
    calls += 1;
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  client = createFakeAgentClient({ agents: [fakeAgent({ agentId: "a" })] });
  start();
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("The alert feed", () => {
  test("finds an alert that time alone brings, within a second.", () => {
    client.play({ agents: [{ agentId: "a", status: "on hold", since: client.now() }] });
    advance(59_000);
    expect(kinds()).toEqual([]);
    advance(2_000);
    expect(kinds()).toEqual(["status"]);
    expect(calls).toBe(1);
  });

  test("keeps the same array while no alert changes.", () => {
    client.play({ agents: [{ agentId: "a", status: "missed" }] });
    advance(1_000);
    const alerts = feed.alerts();
    expect(alerts).toHaveLength(1);
    advance(5_000);
    expect(feed.alerts()).toBe(alerts);
    expect(calls).toBe(1);
  });

  test("waits for the next second when frames come faster.", () => {
    advance(1_000);
    client.play({ agents: [{ agentId: "a", status: "missed" }] });
    expect(kinds()).toEqual([]);
    advance(1_000);
    expect(kinds()).toEqual(["missed"]);
  });

  test("evaluates a frame at once when the last evaluation is a second old.", () => {
    client.advance(1_000);
    client.play({ agents: [{ agentId: "a", status: "missed" }] });
    expect(kinds()).toEqual(["missed"]);
  });

  test("evaluates the first list of agents at once.", () => {
    stop();
    client = createFakeAgentClient();
    start();
    client.play({ agents: [fakeAgent({ agentId: "a", status: "missed" })] });
    expect(kinds()).toEqual(["missed"]);
  });

  test("stands still during a pause.", () => {
    client.play({ agents: [{ agentId: "a", status: "on hold", since: client.now() }] });
    advance(58_000);
    client.pause();
    advance(60_000);
    expect(kinds()).toEqual([]);
    client.resume();
    advance(1_000);
    expect(kinds()).toEqual(["status"]);
  });

  test("shares acknowledged alerts with the other feeds of the client.", () => {
    client.play({ agents: [{ agentId: "a", status: "missed" }, fakeAgent({ agentId: "b", status: "error" })] });
    const other = new AlertFeed(client, DEFAULT_THRESHOLDS);
    const stopOther = other.subscribe(() => {});
    advance(1_000);
    expect(kinds()).toEqual(["error", "missed"]);
    feed.acknowledge(feed.alerts()[0]?.id ?? "");
    expect(kinds()).toEqual(["error seen", "missed"]);
    expect(kinds(other)).toEqual(["error seen", "missed"]);
    other.acknowledge(feed.alerts()[1]?.id ?? "");
    expect(kinds()).toEqual(["error seen", "missed seen"]);
    stopOther();
  });

  test("acknowledges all alerts at once.", () => {
    client.play({ agents: [{ agentId: "a", status: "missed" }, fakeAgent({ agentId: "b", status: "error" })] });
    advance(1_000);
    feed.acknowledgeAll();
    expect(kinds()).toEqual(["error seen", "missed seen"]);
  });

  test("shows the current alerts to its first subscriber at once, also on a hidden page.", () => {
    stop();
    vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "hidden" }));
    client.play({ agents: [{ agentId: "a", status: "missed" }] });
    start();
    expect(kinds()).toEqual(["missed"]);
  });

  test("shows the alerts of a client that was paused before.", () => {
    stop();
    client.play({ agents: [{ agentId: "a", status: "on hold", since: client.now() - 120_000 }] });
    client.pause();
    start();
    expect(kinds()).toEqual(["status"]);
  });

  test("leaves no timer and no listener when it has no subscriber.", () => {
    stop();
    expect(vi.getTimerCount()).toBe(0);
    client.advance(10_000);
    client.play({ agents: [{ agentId: "a", status: "missed" }] });
    expect(calls).toBe(0);
    expect(kinds()).toEqual([]);
  });
});
