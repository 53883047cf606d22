import { deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createAgentClient } from "../../../dashboard/client/agent-client.ts";
import type { AgentClient } from "../../../dashboard/client/contract.ts";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";
import { rowNumber } from "../../../protocol/row-number.ts";
import { LoopbackHub } from "./loopback-hub.ts";

const NOW = 1_800_000_000_000;
const quarters: [number, null, null, null] = [1, null, null, null];
const side = { score: 1, quarters, recent: 1 };
const AGENTS = [
  fakeAgent({ agentId: "a", sentiment: { customer: side, agent: side }, status: "on a call", sentimentScore: 1, contactId: "c" }),
  fakeAgent({ agentId: "b" }),
];
const list = { type: "initialAgentList", epoch: "e", seq: 1, serverTime: NOW, data: AGENTS };
const batch = (from: number, to: number, data: unknown[], shapes = {}) => ({
  ...{ type: "agentStatusBatch", epoch: "e", from, to, serverTime: NOW, data, removed: [], shapes },
});
const pack = (frame: object) => deflateRawSync(JSON.stringify(frame));

let hub: LoopbackHub;
let clock: FakeClock;
let client: AgentClient;
let errors: string[];

class PageDocument extends EventTarget {
  visibilityState = "visible";
}
let page: PageDocument;

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

beforeEach(async () => {
  hub = await LoopbackHub.start();
  hub.compact = true;
  clock = new FakeClock(NOW);
  errors = [];
  page = new PageDocument();
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("document", page);
  client = createAgentClient({
    url: hub.url,
    instanceId: "i",
    getTicket: () => "t",
    clock,
    random: () => 0,
    onError: ({ error }) => errors.push(error),
  });
  client.connect();
  await until(() => expect(hub.viewers).toHaveLength(1));
  hub.last.socket.send(pack(list));
  await until(() => expect(client.connection().status).toBe("live"));
});
afterEach(async () => {
  client.close();
  vi.unstubAllGlobals();
  await hub.stop();
});

describe("Packed frames", () => {
  test("ZIP-2 The client applies packed frames and texts in the order in which they came.", async () => {
    const many = Array.from({ length: 3000 }, (_, index) => fakeAgent({ agentId: `x${index}` }));
    const names: string[] = [];
    client.subscribe(() => names.push(client.agent("b")?.name ?? ""));
    hub.last.socket.send(pack(batch(1, 2, [...many, { agentId: "b", name: "first" }])));
    hub.last.socket.send(JSON.stringify(batch(2, 3, [{ agentId: "b", name: "second" }])));
    hub.last.socket.send(pack(batch(3, 4, [{ agentId: "b", name: "third" }])));
    hub.last.socket.send(JSON.stringify(batch(4, 5, [{ agentId: "b", name: "fourth" }])));
    await until(() => expect(names).toEqual(["first", "second", "third", "fourth"]));
    expect(hub.last.messages).toEqual([]);
  });

  test("ZIP-2 A close counts after the frames that came before it.", async () => {
    const ended: string[] = [];
    client.subscribe(() => ended.push("frame"));
    client.subscribeConnection(() => ended.push(client.connection().status));
    hub.last.socket.send(pack(batch(1, 2, [{ agentId: "b", name: "last words" }])));
    hub.last.socket.close(4412);
    await until(() => expect(ended).toContain("reconnecting"));
    expect(ended.indexOf("frame")).toBeLessThan(ended.indexOf("reconnecting"));
    expect(client.agent("b")?.name).toBe("last words");
  });

  test.each([
    ["is cut off", pack(batch(1, 2, [{ agentId: "b", name: "cut" }])).subarray(0, 20)],
    ["is no deflate", Buffer.from("\u0007 is no deflate")],
    ["has something behind its end", Buffer.concat([pack(batch(1, 2, [])), Buffer.from("more")])],
  ])(
    "ZIP-5 A frame that %s ends the connection with one reason, and the next one is without packed frames.",
    async (_, broken) => {
      hub.last.socket.send(broken);
      hub.last.socket.send(pack(batch(1, 2, [])));
      await until(() => expect(client.connection()).toMatchObject({ status: "reconnecting", error: "unreadable_frame" }));
      expect(errors).toEqual(["unreadable_frame"]);
      clock.advance(500);
      await until(() => expect(hub.viewers).toHaveLength(2));
      expect(hub.last.protocols).toEqual(["hub.v1", "ticket.t"]);
      expect(hub.last.path).toContain("epoch=e&seq=1");
      await until(() => expect(client.connection().status).not.toBe("live"));
    },
  );

  test("ZIP-1 The last attempt before polling offers no packed frames: something on the way may not let them through.", async () => {
    hub.refuseWith = 1011;
    hub.last.socket.terminate();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await until(() => expect(client.connection().nextRetryAt).not.toBeNull());
      const { length } = hub.viewers;
      clock.advance((client.connection().nextRetryAt ?? 0) - clock.now());
      await until(() => expect(hub.viewers).toHaveLength(length + 1));
    }
    expect(hub.viewers.map(({ protocols }) => protocols[0])).toEqual(["hub.v1.z", "hub.v1.z", "hub.v1.z", "hub.v1"]);
  });
});

describe("Compact rows", () => {
  test("ZIP-3 A row changes what its shape names, and what lies around it stays.", async () => {
    const before = client.agent("a");
    const shapes = { 3: ["sentimentScore", "sentiment.customer.score", "sentiment.customer.quarters"] };
    hub.last.send(JSON.stringify(batch(1, 2, [[rowNumber("a"), 3, -4, -4.2, [1, -4.2, null, null]]], shapes)));
    await until(() => expect(client.agent("a")?.sentimentScore).toBe(-4));
    expect(client.agent("a")?.sentiment).toEqual({
      customer: { score: -4.2, quarters: [1, -4.2, null, null], recent: 1 },
      agent: side,
    });
    // A page may still hold the row as it was.
    expect(before?.sentiment).toEqual({ customer: side, agent: side });
  });

  test.each([
    ["an unknown number", [1, 0, "X"], { 0: ["name"] }],
    ["an unknown shape", [rowNumber("b"), 7, "X"], { 0: ["name"] }],
  ])(
    "ZIP-4 A row of %s is a gap: the client asks for the whole list, and applies nothing of the frame.",
    async (_, row, shapes) => {
      hub.last.send(JSON.stringify(batch(1, 2, [{ agentId: "a", name: "Ana" }, row], shapes)));
      await until(() => expect(hub.last.messages).toEqual([{ type: "resync" }]));
      expect(client.agents().map(({ name }) => name)).toEqual(["Agent a", "Agent b"]);
    },
  );

  test("ZIP-4 A number that two known rows have is a gap.", async () => {
    const [first, second] = ["agent-1849", "agent-7486"] as const;
    expect(rowNumber(first)).toBe(rowNumber(second));
    hub.last.send(JSON.stringify(batch(1, 2, [fakeAgent({ agentId: first }), fakeAgent({ agentId: second })])));
    await until(() => expect(client.agents()).toHaveLength(4));
    hub.last.send(JSON.stringify(batch(2, 3, [[rowNumber(first), 0, "X"]], { 0: ["name"] })));
    await until(() => expect(hub.last.messages).toEqual([{ type: "resync" }]));
  });
});

describe("The pace", () => {
  const paces = () => hub.last.messages.filter((message) => Reflect.get(Object(message), "type") === "pace");

  test("PAC-4 A hidden page asks for one flush a second, and a shown one for every flush.", async () => {
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    await until(() => expect(paces()).toEqual([{ type: "pace", intervalMs: 1000 }]));
    page.visibilityState = "visible";
    page.dispatchEvent(new Event("visibilitychange"));
    await until(() => expect(paces()).toHaveLength(2));
    expect(paces().at(-1)).toEqual({ type: "pace", intervalMs: 100 });
  });

  test("PAC-4 A page that asks for a pace keeps it through a new connection, and a hidden one is at least as slow.", async () => {
    client.setPace(500);
    client.setPace(500);
    await until(() => expect(paces()).toEqual([{ type: "pace", intervalMs: 500 }]));
    client.reconnect();
    await until(() => expect(hub.viewers).toHaveLength(2));
    hub.last.socket.send(pack(list));
    await until(() => expect(paces()).toEqual([{ type: "pace", intervalMs: 500 }]));
    client.setPace(5000);
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    client.setPace(null);
    await until(() => expect(paces()).toHaveLength(3));
    expect(paces().slice(1)).toEqual([
      { type: "pace", intervalMs: 5000 },
      { type: "pace", intervalMs: 1000 },
    ]);
  });

  test("PAC-4 A hub that answers hub.v1 is never asked.", async () => {
    hub.compact = false;
    client.reconnect();
    await until(() => expect(hub.viewers).toHaveLength(2));
    hub.last.send(JSON.stringify(list));
    await until(() => expect(client.connection().status).toBe("live"));
    client.setPace(1000);
    hub.last.send(JSON.stringify(batch(1, 2, [{ agentId: "b", name: "Bea" }])));
    await until(() => expect(client.agent("b")?.name).toBe("Bea"));
    expect(hub.last.messages).toEqual([]);
  });
});
