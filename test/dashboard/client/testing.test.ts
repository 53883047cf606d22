import { describe, expect, test } from "vitest";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";
import { createFakeAgentClient, fakeAgent, fakeAlert, fakeQueue } from "../../../dashboard/client/testing.ts";

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

  test("keeps queues and alerts like the real client, and plays their changes.", async () => {
    const client = createFakeAgentClient({
      queues: [fakeQueue({ queueId: "q" })],
      alerts: [fakeAlert({ alertId: "x" })],
      script: [
        { atMs: 1000, queues: [{ queueId: "q", waiting: 3 }], alerts: [fakeAlert({ alertId: "y", severity: "critical" })] },
      ],
    });
    client.advance(1000);
    expect(client.queue("q")).toMatchObject({ waiting: 3 });
    expect(client.alerts().map(({ alertId }) => alertId)).toEqual(["y", "x"]);
    expect(await client.acknowledge("y")).toEqual({ alertId: "y", status: "acknowledged", error: null });
    expect(client.alerts()[0]).toMatchObject({ alertId: "y", acknowledgedBy: "Test", acknowledgedAt: client.now() });
    client.play({ removedQueues: ["q"], removedAlerts: ["y"] });
    expect([client.queues(), client.alerts()]).toMatchObject([[], [{ alertId: "x" }]]);
    expect(await client.acknowledge("y")).toMatchObject({ status: "refused", error: "gone" });
  });

  test("refuses acknowledgements where the test says so.", async () => {
    const client = createFakeAgentClient({ alerts: [fakeAlert({ alertId: "x" })], acknowledgeAs: null });
    expect(await client.acknowledge("x")).toMatchObject({ status: "refused", error: "not_allowed" });
  });

  test("sends who waits in a queue to a new listener, also that it is refused.", () => {
    const client = createFakeAgentClient();
    const contacts = [{ contactId: "c", channel: "voice" as const, since: 5, ringingAt: null, callback: false }];
    client.play({ queueContacts: { queueId: "q", contacts } });
    const stop = client.watchQueue("q", () => {});
    expect(client.queueContacts("q")).toMatchObject({ status: "live", contacts });
    expect(client.watchedQueues()).toEqual(["q"]);
    client.play({ queueContacts: { queueId: "q", contacts: [], refused: "not_allowed" } });
    expect(client.queueContacts("q")).toMatchObject({ status: "refused", error: "not_allowed" });
    stop();
    expect(client.watchedQueues()).toEqual([]);
  });

  test("has a transport only while it is live, like the real client, and forgets why it was lost.", () => {
    const client = createFakeAgentClient();
    expect(client.connection().transport).toBe("socket");
    client.play({ connection: { status: "reconnecting", error: "network", cause: new Error("lost") } });
    expect(client.connection().transport).toBeNull();
    client.reconnect();
    expect(client.connection()).toMatchObject({ status: "live", transport: "socket", error: null, cause: null });
    client.close();
    expect(client.connection()).toMatchObject({ status: "closed", transport: null });
    client.connect();
    expect(client.connection()).toMatchObject({ status: "live", transport: "socket" });
    client.play({ connection: { transport: "polling" } });
    expect(client.connection().transport).toBe("polling");
    expect(createFakeAgentClient({ connection: { status: "offline" } }).connection().transport).toBeNull();
  });

  test("refuses a part of an unknown agent, queue or alert.", () => {
    const client = createFakeAgentClient();
    expect(() => client.play({ agents: [{ agentId: "z", status: "away" }] })).toThrow('agent "z"');
    expect(() => client.play({ queues: [{ queueId: "z", waiting: 1 }] })).toThrow('queue "z"');
    expect(() => client.play({ alerts: [{ alertId: "z", value: 1 }] })).toThrow('alert "z"');
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
