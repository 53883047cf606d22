import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HubConnection } from "../../../dashboard/client/connection.ts";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";
import { LoopbackHub } from "./loopback-hub.ts";

const NOW = 1_800_000_000_000;

let hub: LoopbackHub;
let clock: FakeClock;
let page: EventTarget;
let events: string[];
let tickets: number;
let connection: HubConnection;

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });
async function connect(): Promise<void> {
  connection.connect();
  await until(() => expect(connection.snapshot).toMatchObject({ status: "live", latencyMs: expect.any(Number) }));
}
const dispatch = (name: string) => page.dispatchEvent(new Event(name));

beforeEach(async () => {
  hub = await LoopbackHub.start();
  hub.greeting = () => ({ type: "initialAgentList", epoch: "e", seq: 1, serverTime: NOW, data: [] });
  clock = new FakeClock(NOW);
  page = new EventTarget();
  vi.stubGlobal("window", page);
  vi.stubGlobal("document", new EventTarget());
  events = [];
  tickets = 0;
  const getTicket = async () => {
    tickets += 1;
    return `t${tickets}`;
  };
  connection = new HubConnection({ url: hub.url, instanceId: "i", getTicket, random: () => 0.5 }, clock, {
    address: (resource) => `${resource === "live" ? hub.url.replace("http", "ws") : hub.url}/${resource}`,
    applyFrame: ({ type }) => events.push(type),
    onLive: () => events.push("live"),
    onRelease: () => {},
    onVisibility: () => {},
    onStop: () => events.push("stop"),
    onChange: () => {},
    onProblem: () => {},
  });
});
afterEach(async () => {
  connection.close();
  vi.unstubAllGlobals();
  await hub.stop();
});

describe("The connection", () => {
  test("is live after its first list has been applied, and stops with close().", async () => {
    await connect();
    hub.last.send({ type: "refreshed", sessionExpiresAt: NOW });
    await until(() => expect(events).toEqual(["initialAgentList", "live", "refreshed"]));
    connection.close();
    connection.close();
    expect(events).toEqual(["initialAgentList", "live", "refreshed", "stop"]);
    expect(clock.waitingTimers).toBe(0);
    await until(() => expect(hub.openSockets).toBe(0));
  });

  test("RET-2 comes back within the time that the newest list of the hub gave.", async () => {
    const list = { type: "initialAgentList" as const, epoch: "e", seq: 1, serverTime: NOW, data: [] };
    hub.greeting = () => ({ ...list, comeBackWithinMs: 60_000 });
    await connect();
    hub.last.send({ ...list, comeBackWithinMs: 9_000 });
    await until(() => expect(events).toHaveLength(3));
    hub.last.socket.close(1012);
    await until(() => expect(connection.snapshot).toMatchObject({ status: "reconnecting", nextRetryAt: NOW + 4_500 }));
  });

  test("is not live after a frame that is no list of agents.", async () => {
    hub.greeting = () => ({ type: "refreshed", sessionExpiresAt: NOW });
    connection.connect();
    await until(() => expect(events).toEqual(["refreshed"]));
    expect(connection.snapshot.status).toBe("connecting");
  });

  test("ignores what the socket of an earlier attempt still brings.", async () => {
    const sockets: WebSocket[] = [];
    const Socket = WebSocket;
    vi.stubGlobal(
      "WebSocket",
      class extends Socket {
        constructor(url: string, protocols: string[]) {
          super(url, protocols);
          sockets.push(this);
        }
      },
    );
    await connect();
    connection.reconnect();
    await until(() => expect(connection.snapshot.status).toBe("live"));
    const { length } = events;
    const frame = JSON.stringify({ type: "refreshed", sessionExpiresAt: NOW });
    sockets[0]?.onmessage?.(new MessageEvent("message", { data: frame }));
    expect(events).toHaveLength(length);
    expect(sockets).toHaveLength(2);
  });

  test("sends no second ping for a second list of agents.", async () => {
    await connect();
    hub.last.send({ type: "initialAgentList", epoch: "e", seq: 2, serverTime: NOW, data: [] });
    await until(() => expect(events).toHaveLength(3));
    expect(events).toEqual(["initialAgentList", "live", "initialAgentList"]);
    expect(clock.waitingTimers).toBe(1);
  });

  test("changes lastMessageAt at most once a second.", async () => {
    await connect();
    expect(connection.snapshot.lastMessageAt).toBe(NOW);
    clock.advance(999);
    hub.last.send({ type: "refreshed", sessionExpiresAt: NOW });
    await until(() => expect(events).toHaveLength(3));
    expect(connection.snapshot.lastMessageAt).toBe(NOW);
    clock.advance(1);
    hub.last.send({ type: "refreshed", sessionExpiresAt: NOW });
    await until(() => expect(events).toHaveLength(4));
    expect(connection.snapshot.lastMessageAt).toBe(NOW + 1_000);
  });

  test("keeps the start of its status while other fields change.", async () => {
    await connect();
    clock.advance(5_000);
    hub.last.send({ type: "refreshed", sessionExpiresAt: NOW });
    await until(() => expect(connection.snapshot.lastMessageAt).toBe(NOW + 5_000));
    expect(connection.snapshot.since).toBe(NOW);
    hub.last.socket.close(4412);
    await until(() => expect(connection.snapshot.status).toBe("reconnecting"));
    expect(connection.snapshot.since).toBe(NOW + 5_000);
  });

  test("counts as a failure again after it has been live for less than 5 s.", async () => {
    await connect();
    for (const [attempt, liveMs] of [
      [1, 4_999],
      [2, 4_999],
      [1, 5_000],
    ] as const) {
      clock.advance(liveMs);
      const { length } = events;
      hub.last.send({ type: "refreshed", sessionExpiresAt: NOW });
      await until(() => expect(events).toHaveLength(length + 1));
      hub.last.socket.close(4412);
      await until(() => expect(connection.snapshot).toMatchObject({ status: "reconnecting", attempt }));
      clock.advance((connection.snapshot.nextRetryAt ?? 0) - clock.now());
      await until(() => expect(connection.snapshot.status).toBe("live"));
    }
  });
});

describe("A page event", () => {
  test("lets a live connection send a ping, and ends it without an answer within 3 s.", async () => {
    await connect();
    hub.answersPings = false;
    dispatch("online");
    await until(() => expect(hub.last.pings).toBe(2));
    clock.advance(3_000);
    expect(connection.snapshot).toMatchObject({ status: "reconnecting", error: "timeout" });
  });

  test("lets a waiting connection retry at once.", async () => {
    await connect();
    dispatch("offline");
    expect(connection.snapshot).toMatchObject({ status: "offline", error: "offline", nextRetryAt: NOW + 30_000 });
    dispatch("online");
    await until(() => expect(connection.snapshot.status).toBe("live"));
    expect(tickets).toBe(2);
    expect(hub.viewers).toHaveLength(2);
  });

  test("changes nothing while an attempt is under way.", async () => {
    hub.greeting = () => null;
    connection.connect();
    await until(() => expect(hub.viewers).toHaveLength(1));
    dispatch("online");
    expect(tickets).toBe(1);
    expect(connection.snapshot.status).toBe("connecting");
  });

  test("changes nothing while an attempt after a live connection is under way.", async () => {
    await connect();
    hub.greeting = () => null;
    connection.reconnect();
    await until(() => expect(hub.viewers).toHaveLength(2));
    dispatch("online");
    clock.advance(3_000);
    expect(connection.snapshot.status).toBe("reconnecting");
    expect(connection.snapshot.nextRetryAt).toBeNull();
    expect(tickets).toBe(2);
  });

  test("changes nothing after close(), and works again after reconnect().", async () => {
    await connect();
    connection.close();
    dispatch("online");
    dispatch("offline");
    expect(connection.snapshot.status).toBe("closed");
    expect(tickets).toBe(1);
    connection.reconnect();
    await until(() => expect(connection.snapshot.status).toBe("live"));
    connection.reconnect();
    await until(() => expect(hub.viewers).toHaveLength(3));
    await until(() => expect(hub.last.pings).toBe(1));
    dispatch("online");
    await until(() => expect(hub.last.pings).toBe(2));
  });
});
