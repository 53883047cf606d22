import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AgentClient, TicketRequest } from "../../../dashboard/client/contract.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { ClientFixture, NOW, until } from "./client-fixture.ts";

const LONG_MS = 600_000;
const center = { name: "Ventas", timeZone: "America/Mexico_City" };

let fixture: ClientFixture;
let asked: TicketRequest[];

beforeEach(async () => {
  fixture = await ClientFixture.start();
  asked = [];
  fixture.hub.greeting = () => ({
    type: "initialAgentList",
    epoch: "e",
    seq: 1,
    serverTime: NOW,
    sessionExpiresAt: NOW + LONG_MS,
    center,
    data: [fakeAgent({ agentId: "a" })],
  });
});
afterEach(async () => {
  await fixture.stop();
});

const getTicket = (request: TicketRequest) => {
  asked.push(request);
  return `t${asked.length}`;
};

/** Waits until the client is closed, and then expects that it does nothing more. */
async function staysClosed(): Promise<void> {
  await until(() => expect(fixture.client.connection().status).toBe("closed"));
  await until(() => expect(fixture.hub.openSockets).toBe(0));
  expect(fixture.client.connection()).toMatchObject({ status: "closed", error: null, transport: null });
  expect(fixture.clock.waitingTimers).toBe(0);
  const sockets = fixture.hub.viewers.length;
  const tickets = asked.length;
  fixture.clock.advance(LONG_MS);
  expect([fixture.hub.viewers.length, asked.length]).toEqual([sockets, tickets]);
  expect(fixture.client.connection().status).toBe("closed");
}

describe("A client stays closed and leaves no timer when close() is called", () => {
  test.each<[string, (client: AgentClient) => void]>([
    ["by the listener of the first list", (client) => client.subscribe(client.close)],
    ["by the listener of one agent", (client) => client.subscribeAgent("a", client.close)],
    ["by a listener of the connection as soon as an attempt begins", (client) => client.subscribeConnection(client.close)],
    [
      "by a listener of the connection at the first message",
      (client) => client.subscribeConnection(() => client.connection().lastMessageAt !== null && client.close()),
    ],
    [
      "by a listener of the connection when the hub has said the center",
      (client) => client.subscribeConnection(() => client.center() !== null && client.close()),
    ],
    [
      "by a listener of the connection when it is live",
      (client) => client.subscribeConnection(() => client.connection().status === "live" && client.close()),
    ],
  ])("%s.", async (_when, listen) => {
    fixture.create({ getTicket });
    listen(fixture.client);
    fixture.client.connect();
    await staysClosed();
  });

  test("by onError after a lost connection.", async () => {
    fixture.create({ getTicket, onError: () => fixture.client.close() });
    await fixture.live();
    fixture.hub.last.socket.terminate();
    await staysClosed();
  });

  test("by onError after a getTicket that threw.", async () => {
    fixture.create({
      getTicket: () => {
        throw new Error("nobody is signed in");
      },
      onError: () => fixture.client.close(),
    });
    fixture.client.connect();
    await staysClosed();
  });

  test("by onError after a getTicket that threw while it extends the session.", async () => {
    fixture.create({
      getTicket: (request) => {
        if (request.reason === "refresh") throw new Error("nobody is signed in");
        return getTicket(request);
      },
      onError: () => fixture.client.close(),
    });
    await fixture.live();
    // Without an answer to its pings, the client would connect again before the end of its session.
    for (let second = 0; second < LONG_MS / 1000 && fixture.client.connection().status === "live"; second += 25) {
      const { pings } = fixture.hub.last;
      fixture.clock.advance(25_000);
      if (fixture.client.connection().status === "live") await until(() => expect(fixture.hub.last.pings).toBeGreaterThan(pings));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await staysClosed();
  });

  test.each([
    ["the list of agents", (client: AgentClient) => client.subscribe(client.close)],
    [
      "the connection",
      (client: AgentClient) => client.subscribeConnection(() => client.connection().lastMessageAt !== null && client.close()),
    ],
  ])("by a listener of %s, while it polls.", async (_what, listen) => {
    fixture.hub.poll = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ epoch: "e", seq: 1, serverTime: NOW, data: [fakeAgent({ agentId: "a" })] }));
    };
    fixture.hub.available = false;
    fixture.create({ getTicket });
    listen(fixture.client);
    fixture.client.connect();
    for (let attempt = 1; attempt < 3; attempt += 1) {
      await until(() => expect(fixture.client.connection()).toMatchObject({ status: "reconnecting", attempt }));
      fixture.retry();
    }
    await staysClosed();
  });
});

describe("A new attempt that onError starts", () => {
  test("is the only one, and begins without the agents of a person whose access has ended.", async () => {
    const agents: number[] = [];
    fixture.create({
      getTicket,
      onError: () => {
        agents.push(fixture.client.agents().length);
        fixture.client.reconnect();
      },
    });
    await fixture.live();
    fixture.hub.last.socket.close(CLOSE.revoked.code);
    await until(() => expect(fixture.hub.viewers).toHaveLength(2));
    await until(() => expect(fixture.client.connection().status).toBe("live"));
    expect(agents).toEqual([0]);
    expect(fixture.hub.last.path).not.toContain("seq=");
    expect(fixture.hub.openSockets).toBe(1);
  });

  test("takes the place of the attempt that would come later.", async () => {
    let calls = 0;
    fixture.create({
      getTicket,
      onError: () => {
        calls += 1;
        if (calls === 1) fixture.client.reconnect();
      },
    });
    await fixture.live();
    fixture.hub.last.socket.terminate();
    await until(() => expect(fixture.hub.viewers).toHaveLength(2));
    await until(() => expect(fixture.client.connection().status).toBe("live"));
    fixture.client.close();
    expect(fixture.clock.waitingTimers).toBe(0);
  });
});

test("A reconnect() in the listener of the first list starts one new attempt and leaves no timer of the old one.", async () => {
  fixture.create({ getTicket });
  const stop = fixture.client.subscribe(() => {
    stop();
    fixture.client.reconnect();
  });
  fixture.client.connect();
  await until(() => expect(fixture.hub.viewers).toHaveLength(2));
  await until(() => expect(fixture.client.connection().status).toBe("live"));
  await until(() => expect(fixture.hub.openSockets).toBe(1));
  fixture.client.close();
  expect(fixture.clock.waitingTimers).toBe(0);
});
