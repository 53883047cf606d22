import { describe, expect, test } from "vitest";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";
import { createFakeAgentClient, fakeAgent } from "../../../dashboard/client/testing.ts";

const final = {
  turnId: "1",
  role: "agent" as const,
  beginMs: 0,
  endMs: 1,
  text: "Hola",
  final: true,
  sentiment: null,
  occurredAt: 0,
};

describe("The fake client", () => {
  test("plays its script as its time advances.", () => {
    const client = createFakeAgentClient({
      agents: [fakeAgent({ agentId: "a" })],
      script: [
        { atMs: 2000, agents: [{ agentId: "a", status: "away" }, fakeAgent({ agentId: "b" })] },
        { atMs: 1000, agents: [{ agentId: "a", status: "ringing" }] },
        { atMs: 3000, removed: ["b"], connection: { status: "reconnecting", attempt: 1, error: "network" } },
      ],
    });
    const seen: (string | undefined)[] = [];
    client.subscribeAgent("a", () => seen.push(client.agent("a")?.status));
    const start = client.now();
    client.advance(2500);
    expect(seen).toEqual(["ringing", "away"]);
    expect(client.agents()).toHaveLength(2);
    expect(client.connection()).toMatchObject({ status: "live", since: start });
    client.advance(500);
    expect(client.agents()).toHaveLength(1);
    expect(client.connection()).toMatchObject({ status: "reconnecting", since: start + 3000, error: "network" });
    client.reconnect();
    expect(client.connection()).toMatchObject({ status: "live", error: null });
  });

  test("keeps trends and the start of calls like the real client.", () => {
    const client = createFakeAgentClient({ agents: [fakeAgent({ agentId: "a" })] });
    const start = client.now();
    client.play({
      agents: [{ agentId: "a", status: "on a call", contactId: "c", duration: 0, since: start, sentimentScore: 1 }],
    });
    client.advance(5000);
    client.play({ agents: [{ agentId: "a", sentimentScore: -3 }] });
    expect(client.agent("a")).toMatchObject({
      callStartedAt: start,
      trend: [
        { at: start, score: 1 },
        { at: start + 5000, score: -3 },
      ],
    });
  });

  test("sends the whole transcript so far to a new listener.", () => {
    const client = createFakeAgentClient();
    client.play({ transcript: { contactId: "c", turns: [final] } });
    const stop = client.watch("c", () => {});
    expect(client.transcript("c")).toMatchObject({ status: "live", turns: [{ text: "Hola" }] });
    expect(client.watched()).toEqual(["c"]);
    client.play({ transcript: { contactId: "c", turns: [{ ...final, turnId: "2", beginMs: 5 }], complete: true } });
    expect(client.transcript("c")).toMatchObject({ status: "complete", turns: [{}, {}] });
    stop();
    expect(client.watched()).toEqual([]);
  });

  test("refuses a part of an unknown agent.", () => {
    expect(() => createFakeAgentClient().play({ agents: [{ agentId: "z", status: "away" }] })).toThrow('agent "z"');
  });
});

test("The fake clock fires each due timer at its own moment, in order.", () => {
  const clock = new FakeClock(100);
  const fired: number[] = [];
  clock.setTimeout(() => {
    fired.push(clock.now());
    clock.setTimeout(() => fired.push(clock.now()), 5);
  }, 10);
  clock.clearTimeout(clock.setTimeout(() => fired.push(-1), 12));
  clock.setTimeout(() => fired.push(clock.now()), 200);
  clock.advance(50);
  expect(fired).toEqual([110, 115]);
  expect(clock.waitingTimers).toBe(1);
});
