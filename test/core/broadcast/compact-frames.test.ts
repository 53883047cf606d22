import { inflateRawSync } from "node:zlib";
import * as v from "valibot";
import { describe, expect, it, vi } from "vitest";
import { Board } from "../../../core/board/board.ts";
import { Broadcaster } from "../../../core/broadcast/broadcaster.ts";
import { rowNumber } from "../../../protocol/row-number.ts";
import { nodeDeflation } from "../../support/node-deflation.ts";
import { aContact, anAgentState, aSentiment, NOON } from "../../support/updates.ts";
import { Center, TestPort } from "../center.ts";
import { LAMPS } from "../sample-collection.ts";

const compactFrame = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ shapes: v.optional(v.record(v.string(), v.array(v.string())), {}), data: v.array(v.unknown()) }),
);
const newest = (port: TestPort) => v.parse(compactFrame, port.texts.at(-1));
const onCall = (agentId: string, contactId: string) => anAgentState({ agentId, contacts: [aContact({ contactId })] });

function centerOf(count: number): Center {
  const center = new Center();
  for (let index = 0; index < count; index += 1) center.post(onCall(`agent-${index}`, `contact-${index}`));
  center.flush();
  return center;
}

describe("Compact rows", () => {
  it("ZIP-3 ZIP-4 A score is a row of numbers: the agent by its number, the fields by a shape, and no more than was touched.", () => {
    const center = centerOf(1);
    const port = center.join("v", { compact: true });
    center.post(aSentiment(-5, { contactId: "contact-0" }));
    center.flush();
    center.post(
      aSentiment(-2.5, {
        contactId: "contact-0",
        occurredAt: NOON + 1,
        customer: { score: -2.5, quarters: [-5, 0, null, null], recent: -5 },
      }),
    );
    center.flush();
    const { shapes, data } = newest(port);
    const [row] = v.parse(v.array(v.tupleWithRest([v.number(), v.number()], v.unknown())), data);
    expect(row?.[0]).toBe(rowNumber("agent-0"));
    const names = shapes[row?.[1] ?? ""] ?? [];
    expect(Object.fromEntries(names.map((name, index) => [name, row?.[index + 2]]))).toMatchObject({
      sentimentScore: -2.5,
      "sentiment.customer.score": -2.5,
      "sentiment.customer.quarters.1": 0,
      "contacts.0.sentimentScore": -2.5,
    });
    const untouched = ["sentiment.customer.quarters.0", "sentiment.customer.recent", "contacts"];
    expect(names.filter((name) => name.startsWith("sentiment.agent") || untouched.includes(name))).toEqual([]);
  });

  it("ZIP-3 An agent that came, or changed its groups, comes whole, and so does the first score of a call.", () => {
    const center = centerOf(2);
    const port = center.join("v", { compact: true });
    center.post(anAgentState({ agentId: "agent-new" }));
    center.post(anAgentState({ agentId: "agent-0", groups: ["Norte"], occurredAt: NOON + 1 }));
    center.post(aSentiment(5, { contactId: "contact-1" }));
    center.flush();
    const { data, shapes } = newest(port);
    const whole = data.filter((row) => !Array.isArray(row));
    expect(whole).toMatchObject([
      { agentId: "agent-new", name: "Jane Doe", status: "available" },
      { agentId: "agent-0", groups: ["Norte"], status: "available" },
    ]);
    expect(Object.values(shapes).flat()).toContain("sentiment");
  });

  it("ZIP-4 Rows whose keys share a number come with their keys, and the others by number.", () => {
    const [first, second] = twoKeysOfOneNumber();
    const center = new Center();
    for (const agentId of [first, second, "agent-other"]) center.post(anAgentState({ agentId }));
    center.flush();
    const port = center.join("v", { compact: true });
    for (const agentId of [first, second, "agent-other"])
      center.post(anAgentState({ agentId, name: "Ana", occurredAt: NOON + 1 }));
    center.flush();
    expect(newest(port).data).toEqual([
      { agentId: first, name: "Ana" },
      { agentId: second, name: "Ana" },
      [rowNumber("agent-other"), 0, "Ana"],
    ]);
  });

  it("ZIP-3 The shapes of a frame are those of its own rows, and two filters share the row's text.", () => {
    const center = new Center();
    center.post(anAgentState({ agentId: "a", groups: ["Ventas"] }), anAgentState({ agentId: "b", groups: ["Norte"] }));
    center.flush();
    const [all, sales] = [
      center.join("all", { compact: true }),
      center.join("sales", { compact: true, groupFilter: ["Ventas"] }),
    ];
    center.post(anAgentState({ agentId: "b", groups: ["Norte"], routingProfile: "X", occurredAt: NOON + 1 }));
    center.post(anAgentState({ agentId: "a", groups: ["Ventas"], name: "Ana", occurredAt: NOON + 1 }));
    center.flush();
    expect(Object.values(newest(all).shapes)).toEqual([["routingProfile"], ["name"]]);
    expect(newest(sales)).toMatchObject({ data: [[rowNumber("a"), 1, "Ana"]], shapes: { 1: ["name"] } });
    expect(Object.keys(newest(sales).shapes)).toEqual(["1"]);
  });

  it("ZIP-1 ZIP-3 Beside a compact viewer, others get their frames as before.", () => {
    const center = centerOf(1);
    const [text, legacy, compact] = [center.join("t"), center.join("l", { legacy: true }), center.join("c", { compact: true })];
    for (const port of [text, legacy, compact]) port.newFrames();
    center.post(anAgentState({ agentId: "agent-0", name: "Ana", occurredAt: NOON + 1 }));
    center.flush();
    expect(text.newFrames()).toMatchObject([{ type: "agentStatusBatch", data: [{ agentId: "agent-0", name: "Ana" }] }]);
    expect(legacy.newFrames()).toMatchObject([{ type: "agentStatusUpdate", data: { agentId: "agent-0", name: "Ana" } }]);
    expect(compact.newFrames()).toHaveLength(1);
    expect([...text.packed, ...legacy.packed]).toEqual([]);
  });

  it("ZIP-3 Any other collection of the board has compact rows under its name.", () => {
    const board = new Board("epoch-1");
    board.addCollection({ ...LAMPS, name: "first" });
    const lamps = board.addCollection(LAMPS);
    const broadcaster = new Broadcaster(board, nodeDeflation);
    const port = new TestPort();
    const note = (color: string) => {
      const change = lamps.change("l1", { lampId: "l1", color, rooms: [] });
      if (change !== undefined) broadcaster.noteChange(change);
    };
    note("red");
    const viewer = { id: "v", subject: "v", legacy: false, compact: true, groupFilter: null, expiresAt: NOON + 1 };
    broadcaster.addSubscriber({ ...viewer, watching: new Set() }, port);
    broadcaster.flush(NOON);
    note("green");
    broadcaster.flush(NOON);
    expect(newest(port)).toMatchObject({
      data: [],
      lamps: { data: [[rowNumber("l1"), 0, "green"]], removed: [] },
      shapes: { 0: ["color"] },
    });
  });
});

describe("Packed frames", () => {
  it("ZIP-2 A list above 1 KiB is one binary message, and a small change is a text.", () => {
    const center = centerOf(5);
    const port = center.join("v", { compact: true });
    expect(port.packed).toHaveLength(1);
    expect(port.newFrames()).toMatchObject([{ type: "initialAgentList", data: { length: 5 } }]);
    center.post(anAgentState({ agentId: "agent-0", name: "Ana", occurredAt: NOON + 1 }));
    center.flush();
    expect([port.packed.length, port.texts.length]).toEqual([1, 1]);
  });

  it("ZIP-5 The head of a packed frame can be read as it is.", () => {
    const port = centerOf(5).join("v", { compact: true });
    expect(Buffer.from(port.packed[0] ?? []).toString("latin1")).toContain(
      '{"type":"initialAgentList","epoch":"epoch-1","seq":5,',
    );
  });

  it("ZIP-2 Every packed frame can be read without any other, also a list that was written in steps.", () => {
    const center = centerOf(1500);
    const port = center.join("v", { compact: true });
    while (center.broadcaster.nextStepAt(center.now) === center.now) center.broadcaster.takeStep(center.now);
    expect(port.packed).toHaveLength(1);
    const list = v.parse(compactFrame, inflateRawSync(port.packed[0] ?? Buffer.alloc(0)).toString());
    expect(list.data).toHaveLength(1500);
  });

  it("ZIP-2 300 viewers with 100 filters of one effect cost one compression of a flush, of a list and of a resume.", () => {
    const center = centerOf(100);
    const deflate = vi.spyOn(nodeDeflation, "deflate");
    const filterOf = (index: number) => ["Ventas", `Directory ${index % 100}`];
    const ports = Array.from({ length: 300 }, (_, index) =>
      center.join(`v${index}`, { compact: true, groupFilter: filterOf(index) }),
    );
    expect(ports.every((port) => port.packed.length === 1)).toBe(true);
    expect(deflate).toHaveBeenCalledTimes(1);
    const { epoch, seq } = ports[0]?.newFrames()[0] ?? { epoch: "", seq: 0 };
    for (let index = 0; index < 100; index += 1) {
      center.post(anAgentState({ agentId: `agent-${index}`, name: `Agente ${index}`, occurredAt: NOON + 1 }));
    }
    center.flush();
    while (center.broadcaster.isFanningOut) center.broadcaster.takeStep(center.now);
    expect(ports.every((port) => port.packed.length === 2)).toBe(true);
    expect(deflate).toHaveBeenCalledTimes(2);
    for (let index = 0; index < 50; index += 1) {
      center.join(`back-${index}`, { compact: true, groupFilter: filterOf(0), at: { epoch, seq } });
    }
    expect(deflate).toHaveBeenCalledTimes(3);
    deflate.mockRestore();
  });

  it("ZIP-2 When hundreds of filters have a viewer each, the hub compresses some of their frames and sends the others as text.", () => {
    const center = new Center();
    const groups = Array.from({ length: 200 }, (_, index) => `Team ${index}`);
    const name = "x".repeat(250);
    for (const [index, group] of groups.entries()) {
      for (let agent = 0; agent < 6; agent += 1) center.post(anAgentState({ agentId: `${index}-${agent}`, groups: [group] }));
    }
    center.flush();
    const ports = groups.map((group) => center.join(group, { compact: true, groupFilter: [group] }));
    for (const port of ports) port.packed.length = 0;
    for (const [index, group] of groups.entries()) {
      for (let agent = 0; agent < 6; agent += 1)
        center.post(anAgentState({ agentId: `${index}-${agent}`, groups: [group], name, occurredAt: NOON + 1 }));
    }
    center.flush();
    while (center.broadcaster.isFanningOut) center.broadcaster.takeStep(center.now);
    const packed = ports.filter((port) => port.packed.length > 0).length;
    expect(packed).toBe(64);
    expect(ports.every((port) => newest(port).data.length === 6)).toBe(true);
  });

  it("ZIP-2 The bytes that the hub counts are those that it sends.", () => {
    const center = centerOf(50);
    const before = center.broadcaster.counters.bytes;
    const port = center.join("v", { compact: true });
    expect(center.broadcaster.counters.bytes - before).toBe(port.packed[0]?.length);
  });
});

function twoKeysOfOneNumber(): [string, string] {
  const known = new Map<number, string>();
  for (let index = 0; ; index += 1) {
    const key = `agent-${index}`;
    const other = known.get(rowNumber(key));
    if (other !== undefined) return [other, key];
    known.set(rowNumber(key), key);
  }
}
