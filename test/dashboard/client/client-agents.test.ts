import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AgentChange, InitialData } from "../../../dashboard/client/contract.ts";
import { fakeAgent, fakeAlert, fakeQueue } from "../../../dashboard/client/testing.ts";
import { ClientFixture, NOW, until } from "./client-fixture.ts";

let fixture: ClientFixture;

beforeEach(async () => {
  fixture = await ClientFixture.start();
});
afterEach(() => fixture.stop());

const shown = () => fixture.client.agents().map(({ agentId, status }) => `${agentId} ${status}`);

describe("When access ends,", () => {
  test.each([
    [4503, "revoked"],
    [4507, "not_allowed"],
    [4500, "bad_ticket"],
  ])("with code %i, the client drops agents and transcripts, and tells its listeners once.", async (code, error) => {
    await fixture.live();
    let calls = 0;
    fixture.client.subscribe(() => {
      calls += 1;
    });
    let ofA = 0;
    fixture.client.subscribeAgent("a", () => {
      ofA += 1;
    });
    const changes: AgentChange[] = [];
    fixture.client.onAgentChange((change) => changes.push(change));
    const words = {
      turnId: "1",
      role: "agent",
      beginMs: 0,
      endMs: 1,
      text: "Hola",
      final: true,
      sentiment: null,
      occurredAt: 0,
    } as const;
    fixture.client.watch("c", () => {});
    fixture.hub.last.send({ type: "transcript", contactId: "c", turns: [words], complete: true });
    await until(() => expect(fixture.client.transcript("c").turns).toHaveLength(1));
    fixture.hub.last.socket.close(code);
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "unauthorized", error }));
    expect(fixture.client.agents()).toEqual([]);
    expect(fixture.client.agent("a")).toBeUndefined();
    expect(fixture.client.transcript("c")).toMatchObject({ status: "refused", error: "revoked", turns: [] });
    expect([calls, ofA, changes]).toEqual([1, 1, []]);
    expect(fixture.clock.waitingTimers).toBe(0);
  });

  test("the client drops also what a pause shows.", async () => {
    await fixture.live();
    fixture.client.pause();
    fixture.change(1, "a", "away", ["b"]);
    fixture.hub.last.socket.close(4503);
    await until(() => expect(fixture.client.connection().error).toBe("revoked"));
    expect(fixture.client.agents()).toEqual([]);
    expect(fixture.client.agent("b")).toBeUndefined();
    fixture.client.resume();
    expect(fixture.client.agents()).toEqual([]);
  });

  test.each([
    [403, []],
    [401, ["a available", "b available"]],
  ])("by a getTicket that fails with %i, the client shows %j.", async (status, expected) => {
    let refuses = false;
    fixture.create({ getTicket: () => (refuses ? Promise.reject({ status }) : "t") });
    await fixture.live();
    refuses = true;
    fixture.hub.last.socket.close(4412);
    await until(() => expect(fixture.client.connection().status).toBe("reconnecting"));
    fixture.retry();
    await until(() => expect(fixture.client.connection().error).toBe("ticket_refused"));
    expect(shown()).toEqual(expected);
  });

  test("the next sign-in gets a whole list.", async () => {
    await fixture.live();
    fixture.hub.last.socket.close(4503);
    await until(() => expect(fixture.client.connection().error).toBe("revoked"));
    fixture.client.reconnect();
    await until(() => expect(shown()).toHaveLength(2));
    expect(fixture.hub.last.path).not.toContain("seq=");
  });
});

describe("A change event", () => {
  test("has the agent before and after, comes once per agent, and not for the first list.", async () => {
    const changes: AgentChange[] = [];
    const stop = fixture.client.onAgentChange((change) => changes.push(change));
    await fixture.live();
    const [a, b] = [fixture.client.agent("a"), fixture.client.agent("b")];
    fixture.change(1, "a", "away", ["b"]);
    await until(() => expect(changes).toHaveLength(2));
    expect(changes).toEqual([
      { agentId: "a", before: a, after: fixture.client.agent("a") },
      { agentId: "b", before: b, after: undefined },
    ]);
    stop();
    fixture.change(2, "a", "ringing");
    await until(() => expect(shown()).toEqual(["a ringing"]));
    expect(changes).toHaveLength(2);
  });

  test("reaches the listener that is an option, too.", async () => {
    const changes: AgentChange[] = [];
    fixture.create({ onAgentChange: (change) => changes.push(change) });
    await fixture.live();
    fixture.change(1, "a", "away");
    await until(() => expect(changes).toMatchObject([{ agentId: "a", after: { status: "away" } }]));
  });

  test("waits for the end of a pause, and then compares with what the page has shown.", async () => {
    await fixture.live();
    const changes: AgentChange[] = [];
    fixture.client.onAgentChange((change) => changes.push(change));
    fixture.client.pause();
    fixture.change(1, "a", "away");
    fixture.change(2, "a", "ringing");
    fixture.hub.last.send({
      type: "agentStatusBatch",
      epoch: "e",
      from: 3,
      to: 4,
      serverTime: NOW,
      data: [fakeAgent({ agentId: "c" })],
      removed: [],
    });
    fixture.hub.last.send({ type: "agentStatusBatch", epoch: "e", from: 4, to: 5, serverTime: NOW, data: [], removed: ["c"] });
    fixture.hub.last.send({ type: "transcript", contactId: "c", turns: [], complete: false });
    let arrived = false;
    fixture.client.watch("z", () => {
      arrived = true;
    });
    fixture.hub.last.send({ type: "transcript", contactId: "z", turns: [], complete: false });
    await until(() => expect(arrived).toBe(true));
    expect(changes).toEqual([]);
    fixture.client.resume();
    expect(changes.map(({ agentId, before, after }) => [agentId, before?.status, after?.status])).toEqual([
      ["a", "available", "ringing"],
    ]);
  });

  test("comes for what a resumed connection brings.", async () => {
    await fixture.live();
    const changes: AgentChange[] = [];
    fixture.client.onAgentChange((change) => changes.push(change));
    fixture.hub.greeting = () => ({
      type: "initialAgentList",
      epoch: "e2",
      seq: 9,
      serverTime: NOW,
      data: [fakeAgent({ agentId: "a", status: "missed" }), fakeAgent({ agentId: "b" })],
    });
    fixture.client.reconnect();
    await until(() => expect(changes.map(({ agentId, after }) => [agentId, after?.status])).toEqual([["a", "missed"]]));
  });
});

describe("Initial data", () => {
  const initialData: InitialData = {
    epoch: "e",
    seq: 7,
    serverTime: NOW - 5_000,
    data: [fakeAgent({ agentId: "a", status: "ringing", since: NOW - 65_000 })],
  };

  test("is there before connect(), stays what the server rendered, and the client resumes from it.", async () => {
    const changes: AgentChange[] = [];
    fixture.create({ initialData });
    fixture.client.onAgentChange((change) => changes.push(change));
    expect(shown()).toEqual(["a ringing"]);
    expect(fixture.client.connection().status).toBe("idle");
    expect(fixture.client.initial).toEqual({ agents: fixture.client.agents(), queues: [], alerts: [], now: NOW - 5_000 });
    expect(fixture.tickets).toBe(0);
    fixture.hub.greeting = () => ({
      type: "resumed",
      epoch: "e",
      from: 7,
      to: 8,
      serverTime: NOW,
      data: [fakeAgent({ agentId: "a", status: "away" })],
      removed: [],
    });
    await fixture.live();
    expect(fixture.hub.last.path).toContain("epoch=e&seq=7");
    expect(shown()).toEqual(["a away"]);
    expect(changes).toHaveLength(1);
    expect(fixture.client.initial.agents).toMatchObject([{ status: "ringing" }]);
  });

  test("may have queues and alerts, which stay what the server rendered.", async () => {
    const queues = [fakeQueue({ queueId: "q", waiting: 2 })];
    const alerts = [fakeAlert({ alertId: "x" })];
    fixture.create({ initialData: { ...initialData, queues, alerts } });
    expect(fixture.client.initial).toMatchObject({ queues, alerts });
    fixture.hub.greeting = () => ({
      type: "resumed",
      epoch: "e",
      from: 7,
      to: 8,
      serverTime: NOW,
      data: [],
      removed: [],
      queues: { data: [fakeQueue({ queueId: "q", waiting: 9 })], removed: [] },
    });
    await fixture.live();
    expect([fixture.client.queues(), fixture.client.alerts()]).toMatchObject([[{ waiting: 9 }], [{ alertId: "x" }]]);
    expect(fixture.client.initial.queues).toEqual(queues);
  });

  test("is empty at time 0 without the option.", () => {
    expect(fixture.client.initial).toEqual({ agents: [], queues: [], alerts: [], now: 0 });
  });
});
