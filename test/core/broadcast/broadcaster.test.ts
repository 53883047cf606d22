import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { BACKLOG_LIMIT_BYTES, SLOW_LIMIT_MS } from "../../../core/broadcast/slow-consumers.ts";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { serverMessageSchema } from "../../../protocol/messages.ts";
import type { AgentState, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { Center, type TestFrame } from "../center.ts";

const agent = (agentId: string, fields: Partial<AgentState> = {}) => anAgentState({ agentId, ...fields });
const removed = (agentId: string, occurredAt: number): Update => ({ type: "agent.removed", agentId, occurredAt });
const ids = (frame: TestFrame | undefined) => frame?.data.map(({ agentId }) => agentId);

function centerWith(...updates: Update[]): Center {
  const center = new Center();
  center.postEach(...updates);
  center.flush();
  return center;
}

describe("First frames", () => {
  it("SEQ-7 FLU-7 A new viewer gets the whole list with its epoch, seq and times.", () => {
    const center = centerWith(agent("a"), agent("b"));
    const [frame, ...more] = center.join("v").newFrames();
    expect(frame).toMatchObject({
      type: "initialAgentList",
      epoch: "epoch-1",
      seq: 2,
      serverTime: NOON,
      sessionExpiresAt: NOON + 3_600_000,
    });
    expect(ids(frame)).toEqual(["a", "b"]);
    expect(more).toEqual([]);
  });

  it("SEQ-5 A viewer that can resume gets the changed agents whole and the ids of the removed ones.", () => {
    const center = centerWith(agent("a"), agent("b"), agent("c"));
    center.postEach(agent("a", { occurredAt: NOON + 1, name: "Ana" }), removed("b", NOON + 1));
    center.flush();
    const [frame] = center.join("v", { at: { epoch: "epoch-1", seq: 3 } }).newFrames();
    expect(frame).toMatchObject({ type: "resumed", epoch: "epoch-1", from: 3, to: 5, serverTime: NOON, removed: ["b"] });
    expect(frame?.data).toEqual([center.agent("a")]);
  });

  it.each([
    ["another epoch", { epoch: "epoch-0", seq: 1 }],
    ["a seq that was never given out", { epoch: "epoch-1", seq: 9 }],
  ])("SEQ-6 A viewer that resumes from %s gets the whole list.", (_, at) => {
    const [frame] = centerWith(agent("a")).join("v", { at }).newFrames();
    expect(frame?.type).toBe("initialAgentList");
  });

  it("SEQ-7 The hub answers a resync with the whole list.", () => {
    const center = centerWith(agent("a"));
    const port = center.join("v");
    port.newFrames();
    center.broadcaster.resync("v", NOON);
    expect(port.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 1 }]);
  });

  it("SES-9 A renewed session is confirmed, and another group filter brings a whole list.", () => {
    const center = centerWith(agent("a", { groups: ["Ventas"] }), agent("b", { groups: ["Soporte"] }));
    const port = center.join("v", { groupFilter: ["Ventas"] });
    port.newFrames();
    center.broadcaster.renewSession("v", NOON + 9, ["Ventas", "Ventas"], NOON);
    expect(port.newFrames()).toEqual([{ type: "refreshed", sessionExpiresAt: NOON + 9 }]);
    center.broadcaster.renewSession("v", NOON + 9, ["Soporte"], NOON);
    const [, list] = port.newFrames();
    expect(ids(list)).toEqual(["b"]);
    center.post(agent("a", { occurredAt: NOON + 1, name: "Ana", groups: ["Ventas"] }));
    center.flush();
    expect(port.newFrames()).toEqual([]);
  });

  it("SES-8 The broadcaster wakes for the next end of a session and closes the viewer then.", () => {
    const center = centerWith();
    const port = center.join("v");
    const end = center.broadcaster.nextWake(NOON);
    expect(end).toBe(NOON + 3_600_000);
    center.broadcaster.expireSessions((end ?? 0) - 1);
    expect(port.closed).toBeNull();
    center.broadcaster.expireSessions(end ?? 0);
    expect(port.closed).toEqual(CLOSE.ticketExpired);
    expect(center.broadcaster.size).toBe(0);
    expect(center.broadcaster.nextWake(NOON)).toBeNull();
  });

  it("SES-14 A revocation closes the viewer's socket and no other viewer's.", () => {
    const center = centerWith();
    const [one, other] = [center.join("v"), center.join("w")];
    expect(center.broadcaster.revoke("v")).toBe(1);
    expect([one.closed, other.closed]).toEqual([CLOSE.revoked, null]);
  });
});

describe("Flushes", () => {
  it("FLU-2 Each changed agent comes once, with the fields that changed.", () => {
    const center = centerWith(agent("a"), agent("b"));
    const port = center.join("v");
    port.newFrames();
    center.postEach(agent("a", { occurredAt: NOON + 1, name: "Ana" }), agent("a", { occurredAt: NOON + 2, name: "Anna" }));
    center.flush();
    expect(port.newFrames()).toEqual([
      {
        type: "agentStatusBatch",
        epoch: "epoch-1",
        from: 2,
        to: 4,
        serverTime: NOON,
        data: [{ agentId: "a", name: "Anna" }],
        removed: [],
      },
    ]);
  });

  it("FLU-2 A field that ended where it began is sent too, because a viewer may have joined in between.", () => {
    const center = centerWith(agent("a", { name: "Ana" }));
    const early = center.join("early");
    center.post(agent("a", { occurredAt: NOON + 1, name: "Bea" }));
    const late = center.join("late");
    center.post(agent("a", { occurredAt: NOON + 2, name: "Ana" }));
    center.flush();
    for (const port of [early, late]) expect(port.newFrames().at(-1)).toMatchObject({ data: [{ agentId: "a", name: "Ana" }] });
  });

  it("FLU-2 A new agent comes whole, and so does one whose groups changed.", () => {
    const center = centerWith(agent("a", { groups: ["Ventas"] }));
    const port = center.join("v");
    port.newFrames();
    center.postEach(agent("b"), agent("a", { occurredAt: NOON + 1, groups: ["Ventas", "Soporte"] }));
    center.flush();
    expect(port.newFrames()[0]?.data).toEqual([center.agent("b"), center.agent("a")]);
  });

  it("FLU-2 The duration comes only when the start of the call changed.", () => {
    const center = centerWith(agent("a"));
    const port = center.join("v");
    port.newFrames();
    center.now = NOON + 5_000;
    center.post(agent("a", { occurredAt: NOON + 1, contacts: [aContact({ since: NOON, connectedAt: NOON })] }));
    center.flush();
    expect(port.newFrames()[0]?.data[0]).toMatchObject({ status: "on a call", duration: 5 });
    center.post(agent("a", { occurredAt: NOON + 2, contacts: [aContact({ since: NOON, connectedAt: NOON, queue: "Otra" })] }));
    center.flush();
    expect(port.newFrames()[0]?.data[0]).toEqual({
      agentId: "a",
      queue: "Otra",
      contacts: [expect.objectContaining({ queue: "Otra" })],
    });
  });

  it("FLU-2 An agent that came and went between two flushes is removed and never shown.", () => {
    const center = centerWith();
    const port = center.join("v");
    port.newFrames();
    center.postEach(agent("a"), removed("a", NOON + 1));
    center.flush();
    expect(port.newFrames()).toMatchObject([{ data: [], removed: ["a"], from: 0, to: 2 }]);
  });

  it("FLU-3 A viewer that joined between two flushes gets a frame whose `from` is below its seq.", () => {
    const center = centerWith(agent("a"));
    center.join("early");
    center.post(agent("a", { occurredAt: NOON + 1, name: "Bea" }));
    const port = center.join("v");
    expect(port.newFrames()).toMatchObject([{ seq: 2 }]);
    center.post(agent("b"));
    center.flush();
    expect(port.newFrames()).toMatchObject([{ from: 1, to: 3 }]);
  });

  it("SEQ-4 A viewer that already has the newest change gets no frame from the next flush.", () => {
    const center = centerWith(agent("a"));
    center.post(agent("a", { occurredAt: NOON + 1, name: "Bea" }));
    const port = center.join("v");
    port.newFrames();
    center.flush();
    expect(port.newFrames()).toEqual([]);
  });

  it("SEQ-3 SEQ-4 Frames follow each other without a gap, however many changes a group filter hides.", () => {
    const center = centerWith(agent("a", { groups: ["Ventas"] }), agent("b", { groups: ["Soporte"] }));
    const port = center.join("v", { groupFilter: ["Ventas"] });
    let { seq } = port.newFrames()[0] ?? { seq: -1 };
    for (let round = 1; round <= 20; round += 1) {
      const [agentId, group] = round % 5 === 0 ? ["a", "Ventas"] : ["b", "Soporte"];
      center.post(agent(agentId ?? "", { occurredAt: NOON + round, name: `Round ${round}`, groups: [group ?? ""] }));
      center.flush();
      for (const frame of port.newFrames()) {
        expect(frame.from).toBeLessThanOrEqual(seq);
        expect(frame.to).toBeGreaterThan(seq);
        ({ to: seq } = frame);
      }
    }
    expect(seq).toBe(22);
  });

  it("SEQ-4 A viewer that missed nothing sees no gap after a restart that its socket outlived.", () => {
    const center = centerWith(agent("a", { groups: ["Ventas"] }), agent("b", { groups: ["Soporte"] }));
    const before = center.join("v", { groupFilter: ["Ventas"] });
    const { seq } = before.newFrames()[0] ?? { seq: -1 };
    center.post(agent("b", { occurredAt: NOON + 1, name: "Bea", groups: ["Soporte"] }));
    center.flush();
    center.restart();
    center.broadcaster.addSubscriber(
      { id: "v", subject: "v", legacy: false, groupFilter: ["Ventas"], expiresAt: NOON + 1, watching: new Set() },
      before,
    );
    center.post(agent("a", { occurredAt: NOON + 2, name: "Ana", groups: ["Ventas"] }));
    center.flush();
    const [frame] = before.newFrames();
    expect(frame?.from).toBeLessThanOrEqual(seq);
    expect(frame?.data).toEqual([{ agentId: "a", name: "Ana" }]);
  });

  it("FLU-7 Every frame matches the schema of the protocol.", () => {
    const center = centerWith(agent("a", { contacts: [aContact()] }));
    const ports = [center.join("v"), center.join("w", { legacy: true }), center.join("x", { at: { epoch: "epoch-1", seq: 0 } })];
    center.postEach(agent("b"), removed("a", NOON + 1));
    center.flush();
    center.broadcaster.sendError("v", "not_json", "The message is not valid JSON.");
    center.broadcaster.renewSession("v", NOON, null, NOON);
    const frames = ports.flatMap((port) => port.newFrames());
    expect(frames.length).toBeGreaterThan(8);
    for (const frame of frames) expect(v.safeParse(serverMessageSchema, frame).success, frame.type).toBe(true);
  });
});

describe("Visibility", () => {
  it("VIS-3 An agent that leaves the viewer's groups is removed, and one that enters comes whole.", () => {
    const center = centerWith(agent("a", { groups: ["Ventas"] }));
    const [sales, support, all] = [
      center.join("s", { groupFilter: ["Ventas"] }),
      center.join("t", { groupFilter: ["Soporte"] }),
      center.join("u"),
    ];
    for (const port of [sales, support, all]) port.newFrames();
    center.post(agent("a", { occurredAt: NOON + 1, groups: ["Soporte"] }));
    center.flush();
    expect(sales.newFrames()).toMatchObject([{ data: [], removed: ["a"] }]);
    expect(support.newFrames()).toMatchObject([{ data: [center.agent("a")], removed: [] }]);
    expect(all.newFrames()).toMatchObject([{ data: [center.agent("a")], removed: [] }]);
  });

  it("VIS-2 VIS-4 No frame names an agent outside the viewer's groups.", () => {
    const center = centerWith(agent("secret", { groups: ["Soporte"] }));
    const ports = [
      center.join("v", { groupFilter: ["Ventas"] }),
      center.join("w", { groupFilter: ["Ventas"], legacy: true }),
      center.join("x", { groupFilter: [] }),
      center.join("y", { groupFilter: ["Ventas"], at: { epoch: "epoch-1", seq: 0 } }),
    ];
    center.post(agent("secret", { occurredAt: NOON + 1, name: "Nobody", groups: ["Soporte", "Otros"] }));
    center.flush();
    center.post(removed("secret", NOON + 2));
    center.flush();
    center.broadcaster.resync("v", NOON);
    expect(ports.flatMap((port) => port.texts).join()).not.toContain("secret");
    expect(center.poll(["Ventas"])).not.toContain("secret");
  });

  it("VIS-2 Viewers with the same group filter get the same text.", () => {
    const center = centerWith(agent("a", { groups: ["Ventas"] }));
    const ports = [
      center.join("v", { groupFilter: ["Ventas", "Otros"] }),
      center.join("w", { groupFilter: ["Otros", "Ventas"] }),
    ];
    center.post(agent("a", { occurredAt: NOON + 1, name: "Ana", groups: ["Ventas"] }));
    center.flush();
    expect(ports[0]?.texts.at(-1)).toBe(ports[1]?.texts.at(-1));
  });

  it("POL-1 The polling endpoint gives the same list as the first frame.", () => {
    const center = centerWith(agent("a", { groups: ["Ventas"] }), agent("b", { groups: ["Soporte"] }));
    const first = JSON.parse(center.join("v", { groupFilter: ["Ventas"] }).texts[0] ?? "");
    const { type: _, sessionExpiresAt: __, comeBackWithinMs: ___, ...list } = first;
    expect(JSON.parse(center.poll(["Ventas"]))).toEqual(list);
  });
});

describe("Legacy viewers", () => {
  it("FLU-8 A legacy viewer gets the list and then one frame per changed agent.", () => {
    const center = centerWith(agent("a"), agent("b"));
    const port = center.join("p", { legacy: true });
    expect(port.newFrames()).toEqual([
      { type: "initialAgentList", epoch: "epoch-1", seq: 2, data: [center.legacyAgent("a"), center.legacyAgent("b")] },
    ]);
    center.postEach(agent("a", { occurredAt: NOON + 1, name: "Ana" }), removed("b", NOON + 1));
    center.flush();
    expect(port.newFrames()).toEqual([
      { type: "agentStatusUpdate", data: center.legacyAgent("a"), epoch: "epoch-1", seq: 3 },
      { type: "agentRemoved", data: { agentId: "b" } },
    ]);
  });

  it("FLU-8 A legacy viewer that joined between two flushes gets only changes that are newer than its list.", () => {
    const center = centerWith(agent("a"));
    center.post(agent("a", { occurredAt: NOON + 1, name: "Ana" }));
    const port = center.join("p", { legacy: true });
    port.newFrames();
    center.post(agent("b"));
    center.flush();
    expect(port.newFrames()).toMatchObject([{ type: "agentStatusUpdate", seq: 3, data: { agentId: "b" } }]);
  });

  it("FLU-8 A legacy viewer cannot resume and gets no error frame.", () => {
    const center = centerWith(agent("a"));
    const port = center.join("p", { legacy: true, at: { epoch: "epoch-1", seq: 1 } });
    center.broadcaster.sendError("p", "not_json", "The message is not valid JSON.");
    expect(port.newFrames()).toMatchObject([{ type: "initialAgentList" }]);
  });
});

describe("Slow consumers", () => {
  /** Returns a viewer with a full connection, after one change that it did not get. */
  function slowConsumer(legacy = false) {
    const center = centerWith(agent("a"), agent("b"));
    const [slow, quick] = [center.join("slow", { legacy }), center.join("quick")];
    slow.newFrames();
    quick.newFrames();
    slow.unsent = BACKLOG_LIMIT_BYTES + 1;
    const change = (round: number) => {
      center.post(agent("a", { occurredAt: NOON + round, name: `Round ${round}` }));
      center.now += 100;
      center.flush();
    };
    change(1);
    return { center, slow, quick, change };
  }

  it("FLU-5 A viewer above 256 KiB unsent gets nothing until it drains to 64 KiB, and no other viewer waits.", () => {
    const { slow, quick, change, center } = slowConsumer();
    change(2);
    expect(slow.newFrames()).toEqual([]);
    expect(quick.newFrames()).toHaveLength(2);
    expect(center.broadcaster.hasSlowConsumers).toBe(true);
    slow.unsent = BACKLOG_LIMIT_BYTES / 4 + 1;
    change(3);
    expect(slow.newFrames()).toEqual([]);
  });

  it("FLU-5 A drained viewer gets one frame with all it missed, and then the changes again.", () => {
    const { slow, quick, change, center } = slowConsumer();
    change(2);
    slow.unsent = BACKLOG_LIMIT_BYTES / 4;
    change(3);
    expect(slow.newFrames()).toMatchObject([
      { type: "resumed", from: 2, to: 5, data: [{ agentId: "a", name: "Round 3" }], removed: [] },
    ]);
    expect(center.broadcaster.hasSlowConsumers).toBe(false);
    change(4);
    expect(slow.newFrames()).toMatchObject([{ type: "agentStatusBatch", from: 5, to: 6 }]);
    expect(quick.newFrames()).toHaveLength(4);
  });

  it("FLU-5 A drained viewer gets the missed changes even if nothing else changes.", () => {
    const { slow, center } = slowConsumer();
    slow.unsent = 0;
    center.flush();
    expect(slow.newFrames()).toMatchObject([{ type: "resumed", from: 2, to: 3 }]);
  });

  it("FLU-8 A drained legacy viewer gets the whole list.", () => {
    const { slow, center } = slowConsumer(true);
    slow.unsent = 0;
    center.flush();
    expect(slow.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 3 }]);
  });

  it("FLU-6 The hub closes a viewer that has not drained within 30 s.", () => {
    const { slow, quick, center } = slowConsumer();
    const since = center.now;
    center.broadcaster.expireSessions(since + SLOW_LIMIT_MS - 1);
    expect(slow.closed).toBeNull();
    center.broadcaster.expireSessions(since + SLOW_LIMIT_MS);
    expect([slow.closed, quick.closed]).toEqual([CLOSE.slowConsumer, null]);
    expect(center.broadcaster.counters.slowCloses).toBe(1);
  });

  it("SES-15 Repeated resyncs of a slow viewer neither fill its connection nor restart the 30 s.", () => {
    const { slow, center } = slowConsumer();
    const since = center.now;
    for (let times = 0; times < 50; times += 1) center.broadcaster.resync("slow", since + times * 500);
    expect(slow.newFrames()).toEqual([]);
    slow.unsent = 0;
    center.flush();
    expect(slow.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 3 }]);
    slow.unsent = BACKLOG_LIMIT_BYTES + 1;
    center.broadcaster.resync("slow", since);
    center.broadcaster.resync("slow", since + SLOW_LIMIT_MS - 1);
    center.broadcaster.expireSessions(since + SLOW_LIMIT_MS);
    expect(slow.closed).toEqual(CLOSE.slowConsumer);
  });
});
