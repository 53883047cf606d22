import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TicketRequest } from "../../../dashboard/client/contract.ts";
import { fakeAgent, fakeAlert, fakeQueue } from "../../../dashboard/client/testing.ts";
import { ClientFixture, NOW, until } from "./client-fixture.ts";

/** So many sockets without a frame let the client poll. */
const SOCKETS = 3;

let fixture: ClientFixture;
let requests: TicketRequest[];
let polls: IncomingHttpHeaders[];
let status: number;
let seq: number;
/** Whether the hub knows more than agents. */
let withQueues: boolean;

/** Answers polls as the hub does (POL-1, POL-2). */
function answer(response: ServerResponse, headers: IncomingHttpHeaders): void {
  polls.push(headers);
  const etag = `"${seq}"`;
  if (status === 200 && headers["if-none-match"] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const data = [fakeAgent({ agentId: "a", status: seq === 1 ? "available" : "away" })];
  response.writeHead(status, { etag, "content-type": "application/json" });
  const queues = [fakeQueue({ queueId: "q", waiting: seq })];
  const rows = withQueues ? { data, queues, alerts: [fakeAlert({ alertId: "x" })] } : { data };
  response.end(JSON.stringify({ epoch: "e", seq, serverTime: NOW, ...rows }));
}

beforeEach(async () => {
  fixture = await ClientFixture.start();
  requests = [];
  polls = [];
  status = 200;
  seq = 1;
  withQueues = true;
  fixture.hub.available = false;
  fixture.hub.poll = answer;
  create();
});
afterEach(async () => {
  await fixture.stop();
  vi.unstubAllGlobals();
});

function create(options: Parameters<ClientFixture["create"]>[0] = {}): void {
  fixture.create({
    getTicket: (request) => {
      requests.push(request);
      return `t${requests.length}`;
    },
    ...options,
  });
}

async function pollingBegins(): Promise<void> {
  fixture.client.connect();
  for (let attempt = 1; attempt < SOCKETS; attempt += 1) {
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "reconnecting", attempt }));
    expect(polls).toEqual([]);
    fixture.retry();
  }
  await until(() => expect(fixture.client.connection()).toMatchObject({ status: "live", transport: "polling" }));
}

describe("A client whose sockets do not get through", () => {
  test("POL-1 The client polls after three sockets without a frame, with a fresh ticket for each poll.", async () => {
    await pollingBegins();
    expect(fixture.client.connection()).toMatchObject({ attempt: 0, nextRetryAt: null, error: null, cause: null });
    expect(fixture.client.agents()).toMatchObject([{ agentId: "a", status: "available" }]);
    expect(requests.map(({ reason }) => reason)).toEqual(["connect", "connect", "connect", "poll"]);
    expect(polls.map(({ authorization }) => authorization)).toEqual(["Bearer t4"]);
    expect(fixture.problems.map(({ error }) => error)).toEqual(["network", "network", "network"]);
  });

  test("POL-2 The client polls every 5 s and draws nothing again while nothing has changed.", async () => {
    await pollingBegins();
    const before = fixture.client.agents();
    let calls = 0;
    fixture.client.subscribe(() => {
      calls += 1;
    });
    fixture.clock.advance(5_000);
    await until(() => expect(fixture.client.connection().lastMessageAt).toBe(fixture.clock.now()));
    expect(polls[1]?.["if-none-match"]).toBe('"1"');
    expect(fixture.client.agents()).toBe(before);
    expect(calls).toBe(0);
    seq = 2;
    fixture.clock.advance(5_000);
    await until(() => expect(fixture.client.agent("a")?.status).toBe("away"));
    expect(calls).toBe(1);
  });

  test("POL-1 The client takes queues and alerts from the same answer, with the same ticket.", async () => {
    await pollingBegins();
    expect(fixture.client.queues()).toMatchObject([{ queueId: "q", waiting: 1 }]);
    expect(fixture.client.alerts()).toMatchObject([{ alertId: "x" }]);
    seq = 2;
    fixture.clock.advance(5_000);
    await until(() => expect(fixture.client.queue("q")?.waiting).toBe(2));
    expect(polls).toHaveLength(2);
    withQueues = false;
    seq = 3;
    fixture.clock.advance(5_000);
    await until(() => expect(fixture.client.queues()).toEqual([]));
    expect(fixture.client.alerts()).toEqual([]);
    expect(fixture.client.connection().status).toBe("live");
  });

  test("refuses waiting contacts and acknowledgements with polling, because only a socket carries them.", async () => {
    fixture.client.watchQueue("q", () => {});
    await pollingBegins();
    fixture.client.watchQueue("r", () => {});
    for (const queueId of ["q", "r"]) {
      expect(fixture.client.queueContacts(queueId)).toMatchObject({ status: "refused", error: "polling" });
    }
    expect(await fixture.client.acknowledge("x")).toEqual({ alertId: "x", status: "refused", error: "polling" });
  });

  test("tries a socket again within a minute, stays live meanwhile, and goes on with the socket that gets through.", async () => {
    await pollingBegins();
    const statuses = new Set<string>();
    fixture.client.subscribeConnection(() => statuses.add(fixture.client.connection().status));
    const sockets = () => requests.filter(({ reason }) => reason === "connect").length;
    const before = sockets();
    for (let second = 0; second < 70; second += 5) {
      fixture.clock.advance(5_000);
      await until(() => expect(fixture.client.connection().lastMessageAt).toBe(fixture.clock.now()));
    }
    await until(() => expect(sockets()).toBeGreaterThan(before));
    expect([...statuses]).toEqual(["live"]);
    fixture.hub.available = true;
    fixture.hub.greeting = () => ({ type: "resumed", epoch: "e", from: 1, to: 2, serverTime: NOW, data: [], removed: [] });
    fixture.clock.advance(60_000);
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "live", transport: "socket" }));
    expect(fixture.hub.last.path).toContain("epoch=e&seq=1");
    const { length } = polls;
    fixture.clock.advance(10_000);
    await until(() => expect(fixture.hub.last.pings).toBeGreaterThan(0));
    expect(polls).toHaveLength(length);
  });

  test("shows a watched transcript as refused with polling, because only a socket brings it.", async () => {
    fixture.client.watch("c", () => {});
    await pollingBegins();
    fixture.client.watch("d", () => {});
    for (const contactId of ["c", "d"]) {
      expect(fixture.client.transcript(contactId)).toMatchObject({ status: "refused", error: "polling" });
    }
  });

  test.each([503, 404])("reconnects when a poll is answered with %i, and polls again after the next socket.", async (refusal) => {
    await pollingBegins();
    status = refusal;
    fixture.clock.advance(5_000);
    await until(() =>
      expect(fixture.client.connection()).toMatchObject({ status: "reconnecting", transport: null, error: "network" }),
    );
    expect(String(fixture.client.connection().cause)).toContain(String(refusal));
    expect(fixture.client.agents()).toHaveLength(1);
    status = 200;
    fixture.retry();
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "live", transport: "polling" }));
  });

  test("reconnects when a poll has no answer within 15 s.", async () => {
    await pollingBegins();
    fixture.hub.poll = (_response, headers) => polls.push(headers);
    fixture.clock.advance(5_000);
    await until(() => expect(polls).toHaveLength(2));
    fixture.clock.advance(15_000);
    expect(fixture.client.connection()).toMatchObject({ status: "reconnecting", error: "network" });
    expect(String(fixture.client.connection().cause)).toContain("A poll had no answer in time.");
  });

  test("stops and drops the agents when a fresh ticket is refused twice, as after a revocation.", async () => {
    await pollingBegins();
    status = 401;
    fixture.clock.advance(5_000);
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "reconnecting", error: "ticket_expired" }));
    fixture.clock.advance(0);
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "unauthorized", error: "bad_ticket" }));
    expect(fixture.client.agents()).toEqual([]);
    expect(fixture.clock.waitingTimers).toBe(0);
  });

  test("polls no more after close().", async () => {
    await pollingBegins();
    fixture.client.close();
    expect(fixture.clock.waitingTimers).toBe(0);
    expect(fixture.client.connection()).toMatchObject({ status: "closed", transport: null });
  });

  test("shows offline without a network, and begins with a socket when it returns.", async () => {
    const page = new EventTarget();
    vi.stubGlobal("window", page);
    vi.stubGlobal("document", new EventTarget());
    await pollingBegins();
    page.dispatchEvent(new Event("offline"));
    expect(fixture.client.connection()).toMatchObject({ status: "offline", transport: null, error: "offline" });
    const { length } = polls;
    fixture.hub.available = true;
    page.dispatchEvent(new Event("online"));
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "live", transport: "socket" }));
    expect(polls).toHaveLength(length);
  });

  test("starts with a socket again after reconnect().", async () => {
    await pollingBegins();
    fixture.hub.available = true;
    fixture.client.reconnect();
    expect(fixture.client.connection()).toMatchObject({ status: "reconnecting", transport: null });
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "live", transport: "socket" }));
  });
});

describe("A client", () => {
  test("without WebSocket polls at once, and buys no ticket for a socket.", async () => {
    vi.stubGlobal("WebSocket", undefined);
    create();
    fixture.client.connect();
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "live", transport: "polling" }));
    expect(requests.map(({ reason }) => reason)).toEqual(["poll"]);
    status = 503;
    fixture.clock.advance(5_000);
    await until(() => expect(fixture.client.connection().status).toBe("reconnecting"));
    status = 200;
    fixture.retry();
    await until(() => expect(fixture.client.connection().status).toBe("live"));
  });

  test("does not poll when the hub refuses its sockets with a code, nor without a network.", async () => {
    fixture.hub.available = true;
    fixture.hub.refuseWith = 4429;
    fixture.client.connect();
    for (let attempt = 1; attempt <= SOCKETS + 1; attempt += 1) {
      await until(() => expect(fixture.client.connection().nextRetryAt).not.toBeNull());
      fixture.retry();
      await until(() => expect(fixture.hub.viewers.length).toBeGreaterThanOrEqual(attempt + 1));
    }
    expect(polls).toEqual([]);
  });

  test("polls also when sockets open and no frame comes, as behind a proxy that holds frames back.", async () => {
    fixture.hub.available = true;
    fixture.hub.greeting = () => null;
    fixture.client.connect();
    for (let attempt = 1; attempt <= SOCKETS; attempt += 1) {
      await until(() => expect(fixture.hub.viewers).toHaveLength(attempt));
      await until(() => expect(fixture.clock.waitingTimers).toBe(1));
      fixture.clock.advance(15_000);
      expect(fixture.client.connection()).toMatchObject({ status: "reconnecting", error: "timeout" });
      if (attempt < SOCKETS) fixture.retry();
    }
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "live", transport: "polling" }));
  });
});

test("POL-4 A poll that is one too many is asked again as late as the hub wants, also by a client without sockets.", async () => {
  vi.stubGlobal("WebSocket", undefined);
  fixture.hub.poll = (response) => response.writeHead(429, { "retry-after": "20" }).end("{}");
  fixture.client.connect();
  await until(() => expect(fixture.client.connection().status).toBe("reconnecting"));
  expect(fixture.client.connection()).toMatchObject({ error: "too_many_requests", nextRetryAt: NOW + 20_000 });
  fixture.hub.poll = answer;
  fixture.retry();
  await until(() => expect(fixture.client.connection()).toMatchObject({ status: "live", transport: "polling" }));
});

test("A browser that refuses to open sockets is told as network, and the client polls.", async () => {
  const refused = new DOMException("A page over HTTPS opens no ws:// address.", "SecurityError");
  const open = vi.fn(function refusedSocket() {
    throw refused;
  });
  vi.stubGlobal("WebSocket", open);
  await pollingBegins();
  expect(fixture.problems.map(({ error, cause }) => [error, cause])).toEqual(Array(SOCKETS).fill(["network", refused]));
});
