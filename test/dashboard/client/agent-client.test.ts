import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createAgentClient } from "../../../dashboard/client/agent-client.ts";
import type { AgentClient, AgentClientOptions, TicketRequest } from "../../../dashboard/client/contract.ts";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";
import type { Agent } from "../../../protocol/agent.ts";
import type { ServerMessage } from "../../../protocol/messages.ts";
import { LoopbackHub } from "./loopback-hub.ts";

const NOW = 1_800_000_000_000;

let hub: LoopbackHub;
let clock: FakeClock;
let client: AgentClient;
let tickets: TicketRequest[];

function list(agents: Agent[], seq = 1, more: { sessionExpiresAt?: number; serverTime?: number } = {}): ServerMessage {
  return { type: "initialAgentList", epoch: "e", seq, serverTime: NOW, data: agents, ...more };
}
function batch(from: number, to: number, data: (Partial<Agent> & { agentId: string })[], removed: string[] = []): ServerMessage {
  return { type: "agentStatusBatch", epoch: "e", from, to, serverTime: NOW, data, removed };
}
function make(options: Partial<AgentClientOptions> = {}): AgentClient {
  client = createAgentClient({
    url: hub.url,
    instanceId: "center 1",
    getTicket: async (request) => {
      tickets.push(request);
      return `t${tickets.length}`;
    },
    onError: () => {},
    clock,
    random: () => 0.5,
    ...options,
  });
  return client;
}
const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });
const status = (expected: string) => until(() => expect(client.connection().status).toBe(expected));
async function live(): Promise<void> {
  client.connect();
  await status("live");
}

beforeEach(async () => {
  hub = await LoopbackHub.start();
  hub.greeting = () => list([fakeAgent({ agentId: "a" }), fakeAgent({ agentId: "b" })]);
  clock = new FakeClock(NOW);
  tickets = [];
});
afterEach(async () => {
  client.close();
  await hub.stop();
});

describe("A client that connects", () => {
  test("asks for no ticket before connect().", () => {
    make();
    expect(tickets).toEqual([]);
    expect(client.connection()).toMatchObject({ status: "idle", error: null });
    expect(client.agents()).toEqual([]);
    client.close();
    expect(client.connection().status).toBe("idle");
  });

  test("SES-5 The ticket travels as a subprotocol and not in the address.", async () => {
    make();
    await live();
    expect(hub.last.path).toBe("/v1/instances/center%201/live");
    expect(hub.last.protocols).toEqual(["hub.v1.z", "hub.v1", "ticket.t1"]);
    expect(client.agents().map(({ agentId }) => agentId)).toEqual(["a", "b"]);
  });

  test("opens one socket when connect() is called twice.", async () => {
    make();
    client.connect();
    await live();
    client.connect();
    expect(tickets).toHaveLength(1);
    expect(hub.viewers).toHaveLength(1);
  });

  test("opens no socket when close() comes before the ticket.", async () => {
    let give: (ticket: string) => void = () => {};
    make({ getTicket: () => new Promise((resolve) => (give = resolve)) });
    client.connect();
    client.close();
    give("late");
    await Promise.resolve();
    expect(client.connection().status).toBe("closed");
    expect(hub.viewers).toEqual([]);
    expect(clock.waitingTimers).toBe(0);
  });

  test("ignores a getTicket that fails after close().", async () => {
    let fail: (error: Error) => void = () => {};
    make({ getTicket: () => new Promise((_resolve, reject) => (fail = reject)) });
    client.connect();
    client.close();
    fail(new Error("The login service is down."));
    await new Promise((resolve) => setImmediate(resolve));
    expect(client.connection()).toMatchObject({ status: "closed", error: null });
  });

  test.each(["", "vigia.example", "ftp://vigia.example", "/v1"])("refuses the address %j.", (url) => {
    expect(() => createAgentClient({ url, instanceId: "i", getTicket: async () => "t" })).toThrow(/must start with http/);
    make();
  });

  test("retries when the hub opens the socket and sends nothing for 15 s.", async () => {
    hub.greeting = () => null;
    make();
    client.connect();
    await until(() => expect(hub.viewers).toHaveLength(1));
    await until(() => expect(clock.waitingTimers).toBe(1));
    clock.advance(15_000);
    expect(client.connection()).toMatchObject({ status: "reconnecting", error: "timeout", attempt: 1 });
  });
});

describe("A client that reconnects", () => {
  test("SEQ-5 After a restart of the hub, the client resumes from its position with a new ticket and keeps its agents.", async () => {
    make();
    await live();
    hub.last.send(batch(1, 4, [{ agentId: "a", status: "away" }]));
    await until(() => expect(client.agent("a")?.status).toBe("away"));
    const untouched = client.agent("b");
    hub.greeting = () => ({
      type: "resumed",
      epoch: "e",
      from: 4,
      to: 6,
      serverTime: NOW,
      data: [fakeAgent({ agentId: "a", status: "ringing" })],
      removed: [],
    });
    hub.last.socket.close(4412);
    await status("reconnecting");
    expect(client.connection()).toMatchObject({ attempt: 1, error: "restarting", nextRetryAt: NOW + 250 });
    expect(client.agents()).toHaveLength(2);
    clock.advance(250);
    await status("live");
    expect(hub.last.path).toBe("/v1/instances/center%201/live?epoch=e&seq=4");
    expect(hub.last.protocols).toContain("ticket.t2");
    expect(client.agent("a")?.status).toBe("ringing");
    expect(client.agent("b")).toBe(untouched);
  });

  test("counts failed attempts and asks for a ticket each time.", async () => {
    make();
    hub.available = false;
    client.connect();
    for (const attempt of [1, 2, 3]) {
      await until(() => expect(client.connection().attempt).toBe(attempt));
      if (attempt < 3) clock.advance((client.connection().nextRetryAt ?? 0) - clock.now());
    }
    const connects = tickets.filter(({ reason }) => reason === "connect");
    expect(connects).toMatchObject([0, 1, 2].map((attempt) => ({ reason: "connect", attempt })));
    expect(client.connection()).toMatchObject({ status: "reconnecting", error: "network", nextRetryAt: clock.now() + 1000 });
    hub.available = true;
    client.reconnect();
    await status("live");
    expect(tickets.at(-1)).toMatchObject({ reason: "connect", attempt: 0 });
    expect(client.connection()).toMatchObject({ attempt: 0, error: null, nextRetryAt: null });
  });

  test("sends nothing before the first list of agents.", async () => {
    hub.greeting = () => null;
    make();
    client.connect();
    await until(() => expect(hub.viewers).toHaveLength(1));
    await until(() => expect(clock.waitingTimers).toBe(1));
    client.watch("c1", () => {});
    hub.last.send(list([]));
    await status("live");
    hub.last.send(batch(9, 10, []));
    await until(() => expect(hub.last.messages).toEqual([{ type: "watch", contactId: "c1" }, { type: "resync" }]));
  });

  test("shows whether it connects for the first time or again, and with reconnect() at once.", async () => {
    make();
    const statuses: string[] = [];
    client.subscribeConnection(() => statuses.push(client.connection().status));
    await live();
    client.reconnect();
    await until(() => expect(hub.viewers).toHaveLength(2));
    await status("live");
    const changes = statuses.filter((word, index) => word !== statuses[index - 1]);
    expect(changes).toEqual(["connecting", "live", "reconnecting", "live"]);
  });

  test("SES-10 After close code 4401 the client retries once at once, with a new ticket.", async () => {
    hub.refuseWith = 4401;
    make();
    client.connect();
    await until(() => expect(client.connection().error).toBe("ticket_expired"));
    clock.advance(0);
    await until(() => expect(client.connection()).toMatchObject({ attempt: 1, error: "ticket_expired" }));
    expect(client.connection().nextRetryAt).toBe(NOW + 250);
    expect(hub.viewers.map(({ protocols }) => protocols.at(-1))).toEqual(["ticket.t1", "ticket.t2"]);
  });

  test.each([
    [4501, "closed", "bad_message"],
    [4504, "closed", "too_many_viewers"],
  ])(
    "SES-10 Close code %i ends the connection as %s with the error %s. The agents stay and no timer is left.",
    async (code, expected, error) => {
      make();
      await live();
      hub.last.socket.close(code);
      await status(expected);
      expect(client.connection()).toMatchObject({ error, nextRetryAt: null });
      expect(clock.waitingTimers).toBe(0);
      expect(client.agents()).toHaveLength(2);
    },
  );

  test("asks for a whole list after a new sign-in.", async () => {
    make();
    await live();
    hub.last.socket.close(4503);
    await status("unauthorized");
    hub.greeting = () => list([fakeAgent({ agentId: "z" })], 9);
    client.reconnect();
    await status("live");
    expect(hub.last.path).not.toContain("seq=");
    expect(client.agents().map(({ agentId }) => agentId)).toEqual(["z"]);
  });

  test.each([401, 403])("waits for a sign-in when the ticket is refused with %i.", async (refusal) => {
    make({ getTicket: async () => Promise.reject(Object.assign(new Error("No."), { status: refusal })) });
    client.connect();
    await status("unauthorized");
    expect(client.connection().error).toBe("ticket_refused");
    expect(clock.waitingTimers).toBe(0);
  });

  test.each([new Error("Down."), "down", null])("counts a getTicket that fails with %j as a failed attempt.", async (failure) => {
    make({ getTicket: () => Promise.reject(failure) });
    client.connect();
    await until(() => expect(client.connection()).toMatchObject({ status: "reconnecting", attempt: 1, error: "ticket_failed" }));
  });
});

describe("The keepalive", () => {
  test("SES-11 The client pings at once to measure the latency, and then every 25 s.", async () => {
    make();
    await live();
    await until(() => expect(client.connection().latencyMs).toBe(0));
    clock.advance(25_000);
    await until(() => expect(hub.last.pings).toBe(2));
  });

  test("starts another connection when no answer comes within 10 s.", async () => {
    make();
    await live();
    await until(() => expect(client.connection().latencyMs).toBe(0));
    hub.answersPings = false;
    clock.advance(25_000);
    await until(() => expect(hub.last.pings).toBe(2));
    clock.advance(9_999);
    expect(client.connection().status).toBe("live");
    clock.advance(1);
    expect(client.connection()).toMatchObject({ status: "reconnecting", error: "timeout" });
    await until(() => expect(hub.openSockets).toBe(0));
  });
});

describe("The session", () => {
  test("SES-9 The client extends the session before it ends, and extends the new session too.", async () => {
    hub.greeting = () => list([], 1, { sessionExpiresAt: NOW + 10_000 });
    make();
    await live();
    await until(() => expect(client.connection().latencyMs).toBe(0));
    clock.advance(7_999);
    expect(tickets).toHaveLength(1);
    clock.advance(1);
    await until(() => expect(hub.last.messages).toEqual([{ type: "refresh", ticket: "t2" }]));
    expect(tickets[1]).toMatchObject({ reason: "refresh", attempt: 0 });
    hub.last.send({ type: "refreshed", sessionExpiresAt: NOW + 18_000 });
    await until(() => expect(clock.waitingTimers).toBe(2));
    clock.advance(8_000);
    await until(() => expect(hub.last.messages).toHaveLength(2));
  });
});

describe("A gap", () => {
  test("SEQ-4 The client ignores a frame after a gap, sends one resync and applies the list it gets.", async () => {
    make();
    await live();
    hub.last.send(batch(3, 5, [{ agentId: "a", status: "away" }]));
    hub.last.send(batch(5, 6, [{ agentId: "b", status: "away" }]));
    await until(() => expect(hub.last.messages).toEqual([{ type: "resync" }]));
    expect(client.agents().every((agent) => agent.status === "available")).toBe(true);
    hub.last.send(list([fakeAgent({ agentId: "a", status: "away" })], 6));
    await until(() => expect(client.agents()).toHaveLength(1));
    hub.last.send(batch(9, 10, []));
    await until(() => expect(hub.last.messages).toHaveLength(2));
  });

  test("is also a resumed frame that begins after the client's position.", async () => {
    make();
    await live();
    hub.greeting = () => ({ type: "resumed", epoch: "e", from: 3, to: 4, serverTime: NOW, data: [], removed: [] });
    client.reconnect();
    await until(() => expect(hub.viewers).toHaveLength(2));
    await until(() => expect(hub.last.messages).toEqual([{ type: "resync" }]));
  });

  test("SEQ-4 FLU-4 Old and unknown frames change nothing.", async () => {
    make();
    await live();
    let calls = 0;
    client.subscribe(() => {
      calls += 1;
    });
    hub.last.send(batch(0, 1, [{ agentId: "a", status: "error" }]));
    hub.last.send('{"type":"weather","data":"sunny"}');
    hub.last.send("{");
    hub.last.send(batch(1, 2, [{ agentId: "b", status: "away" }]));
    await until(() => expect(client.agent("b")?.status).toBe("away"));
    expect(client.agent("a")?.status).toBe("available");
    expect(calls).toBe(1);
  });
});

describe("A listener", () => {
  test("is called once per frame after all changes are applied, and a listener of one agent only when this agent changes.", async () => {
    make();
    await live();
    const seen: string[][] = [];
    let ofB = 0;
    const stop = client.subscribe(() => seen.push(client.agents().map((agent) => agent.status)));
    client.subscribeAgent("b", () => {
      ofB += 1;
    });
    hub.last.send(batch(1, 3, [fakeAgent({ agentId: "c" }), { agentId: "a", status: "away" }]));
    hub.last.send(batch(3, 4, [], ["b"]));
    await until(() => expect(client.agent("b")).toBeUndefined());
    expect(seen).toEqual([
      ["away", "available", "available"],
      ["away", "available"],
    ]);
    expect(ofB).toBe(1);
    stop();
    hub.last.send(batch(4, 5, [{ agentId: "a", status: "error" }]));
    await until(() => expect(client.agent("a")?.status).toBe("error"));
    expect(seen).toHaveLength(2);
  });

  test("is silent during a pause. The agents stand still, and resume shows all changes at once.", async () => {
    make();
    await live();
    client.pause();
    let calls = 0;
    client.subscribe(() => {
      calls += 1;
    });
    hub.last.send(batch(1, 2, [{ agentId: "a", status: "away" }], ["b"]));
    hub.last.send(batch(9, 10, []));
    await until(() => expect(hub.last.messages).toEqual([{ type: "resync" }]));
    expect([client.paused, client.agent("a")?.status, client.agent("b")?.status]).toEqual([true, "available", "available"]);
    expect(calls).toBe(0);
    client.resume();
    expect(calls).toBe(1);
    expect(client.agents().map((agent) => [agent.agentId, agent.status])).toEqual([["a", "away"]]);
  });
});

test("The client takes the hub's time from the frames.", async () => {
  hub.greeting = () => list([], 1, { serverTime: NOW + 5000 });
  make();
  await live();
  expect(client.now()).toBe(NOW + 5000);
});

test("TRA-1 The client watches a transcript while it has a listener, and watches it again on a new connection.", async () => {
  make();
  const stop = client.watch("c1", () => {});
  await live();
  await until(() => expect(hub.last.messages).toEqual([{ type: "watch", contactId: "c1" }]));
  const turn = {
    turnId: "t",
    role: "agent" as const,
    beginMs: 0,
    endMs: 5,
    text: "Hola",
    final: true,
    sentiment: null,
    occurredAt: NOW,
  };
  hub.last.send({ type: "transcript", contactId: "c1", turns: [turn], complete: false });
  await until(() => expect(client.transcript("c1")).toMatchObject({ status: "live", turns: [{ text: "Hola" }] }));
  client.reconnect();
  await until(() => expect(hub.viewers).toHaveLength(2));
  await until(() => expect(hub.last.messages).toEqual([{ type: "watch", contactId: "c1" }]));
  stop();
  await until(() => expect(hub.last.messages.at(-1)).toEqual({ type: "unwatch", contactId: "c1" }));
});
