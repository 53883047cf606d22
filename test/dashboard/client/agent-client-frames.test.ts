import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createAgentClient } from "../../../dashboard/client/agent-client.ts";
import type { AgentClient } from "../../../dashboard/client/contract.ts";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";
import type { ServerMessage } from "../../../protocol/messages.ts";
import { LoopbackHub } from "./loopback-hub.ts";

const NOW = 1_800_000_000_000;

let hub: LoopbackHub;
let clock: FakeClock;
let client: AgentClient;

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });
function batch(from: number, agentId: string): Extract<ServerMessage, { type: "agentStatusBatch" }> {
  const data = [fakeAgent({ agentId })];
  return { type: "agentStatusBatch", epoch: "e", from, to: from + 1, serverTime: NOW, data, removed: [] };
}
/** Connects, and waits for the first pong so that no keepalive deadline is open. */
async function live(first: { serverTime?: number; sessionExpiresAt?: number }): Promise<void> {
  hub.greeting = () => ({ type: "initialAgentList", epoch: "e", seq: 1, data: [], ...first });
  client.connect();
  await until(() => expect(client.connection()).toMatchObject({ status: "live", latencyMs: expect.any(Number) }));
}

beforeEach(async () => {
  hub = await LoopbackHub.start();
  clock = new FakeClock(NOW);
  client = createAgentClient({ url: hub.url, instanceId: "i", getTicket: async () => "t", clock, random: () => 0.5 });
});
afterEach(async () => {
  client.close();
  await hub.stop();
});

describe("The agent client", () => {
  test("uses this machine's time until a frame carries the hub's.", async () => {
    await live({});
    expect(client.now()).toBe(NOW);
    hub.last.send({ ...batch(1, "a"), serverTime: NOW + 5_000 });
    await until(() => expect(client.now()).toBe(NOW + 5_000));
  });

  test("extends its session, although frames without the end of the session come in between.", async () => {
    await live({ serverTime: NOW, sessionExpiresAt: NOW + 10_000 });
    hub.last.send(batch(1, "a"));
    await until(() => expect(client.agent("a")).toBeDefined());
    clock.advance(8_000);
    await until(() => expect(hub.last.messages).toEqual([{ type: "refresh", ticket: "t" }]));
  });

  test("leaves no session timer when the hub ends the connection for good.", async () => {
    await live({ serverTime: NOW, sessionExpiresAt: NOW + 100_000 });
    hub.last.socket.close(4503);
    await until(() => expect(client.connection().status).toBe("unauthorized"));
    expect(clock.waitingTimers).toBe(0);
  });

  test("connects again from its old position when the hub does not answer a resync within 15 s.", async () => {
    await live({ serverTime: NOW });
    hub.last.send(batch(5, "a"));
    await until(() => expect(hub.last.messages).toEqual([{ type: "resync" }]));
    hub.last.send(batch(6, "a"));
    hub.last.send(batch(1, "b"));
    await until(() => expect(client.agent("b")).toBeDefined());
    clock.advance(14_999);
    expect(client.connection().status).toBe("live");
    expect(hub.last.messages).toHaveLength(1);
    clock.advance(1);
    expect(client.connection()).toMatchObject({ status: "reconnecting", error: "timeout" });
    clock.advance((client.connection().nextRetryAt ?? 0) - clock.now());
    await until(() => expect(hub.viewers).toHaveLength(2));
    expect(hub.last.path).toContain("epoch=e&seq=2");
  });

  test("leaves no resync deadline once the list has come, and none with the end of the connection.", async () => {
    await live({ serverTime: NOW });
    const idle = clock.waitingTimers;
    hub.last.send(batch(5, "a"));
    await until(() => expect(clock.waitingTimers).toBe(idle + 1));
    hub.last.send({ type: "initialAgentList", epoch: "e", seq: 6, data: [] });
    await until(() => expect(clock.waitingTimers).toBe(idle));
    hub.last.send(batch(8, "a"));
    await until(() => expect(clock.waitingTimers).toBe(idle + 1));
    client.close();
    expect(clock.waitingTimers).toBe(0);
  });
});
