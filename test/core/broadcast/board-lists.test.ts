import { describe, expect, it } from "vitest";
import { BACKLOG_LIMIT_BYTES } from "../../../core/broadcast/slow-consumers.ts";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { anAgentState, aTurn, NOON } from "../../support/updates.ts";
import { Center, TestPort } from "../center.ts";

/** A step writes 600 rows. */
const STEP = 600;

function centerOf(agents: number, groups: string[] = []): Center {
  const center = new Center();
  center.post(...Array.from({ length: agents }, (_, index) => anAgentState({ agentId: `agent-${index}`, groups })));
  center.flush();
  return center;
}

/** Takes steps until nothing is due. Returns how many. */
function takeSteps(center: Center): number {
  const { broadcaster } = center;
  let steps = 0;
  for (; broadcaster.nextStepAt(center.now) === center.now; steps += 1) broadcaster.takeStep(center.now);
  return steps;
}

const named = (index: number, round: number) =>
  anAgentState({ agentId: `agent-${index}`, name: `Round ${round}`, occurredAt: NOON + round });

/** The names on the board that a viewer builds from its frames. Throws if there is a gap. */
function namesAfter(port: TestPort): Map<string, string | undefined> {
  const board = new Map<string, string | undefined>();
  let seq = -1;
  for (const frame of port.newFrames()) {
    if (frame.type === "initialAgentList") board.clear();
    else if (frame.from > seq) throw new Error(`A frame from ${frame.from} leaves a gap after ${seq}.`);
    for (const agent of frame.data) board.set(agent.agentId, agent.name ?? board.get(agent.agentId));
    for (const agentId of frame.removed ?? []) board.delete(agentId);
    seq = frame.to ?? frame.seq;
  }
  return board;
}

describe("A list that is longer than a step", () => {
  it("FLU-10 The list is written a step at a time, and sent when it is complete.", () => {
    const center = centerOf(4 * STEP);
    const port = center.join("v");
    expect(port.texts).toEqual([]);
    expect(takeSteps(center)).toBeGreaterThanOrEqual(4);
    expect(port.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 4 * STEP, data: { length: 4 * STEP } }]);
    expect(center.broadcaster.nextStepAt(center.now)).toBeNull();
  });

  it("FLU-10 SEQ-4 What changes, comes and goes while the list is written follows it without a gap.", () => {
    const center = centerOf(4 * STEP);
    const port = center.join("v");
    center.broadcaster.takeStep(center.now);
    // One row is in the list already, one is not yet, one is new, and one goes.
    center.post(named(0, 1), named(4 * STEP - 1, 1), anAgentState({ agentId: "new" }));
    center.post({ type: "agent.removed", agentId: "agent-1", occurredAt: NOON + 1 });
    center.flush();
    takeSteps(center);
    center.post(named(0, 2));
    center.flush();
    const names = namesAfter(port);
    expect(names.size).toBe(4 * STEP);
    expect([names.get("agent-0"), names.get(`agent-${4 * STEP - 1}`)]).toEqual(["Round 2", "Round 1"]);
    expect([names.has("new"), names.has("agent-1")]).toEqual([true, false]);
  });

  it("FLU-10 FLU-8 A legacy viewer gets the changes since its list one by one, and no second list.", () => {
    const center = centerOf(2 * STEP);
    const port = center.join("v", { legacy: true });
    center.post(named(0, 1), { type: "agent.removed", agentId: "agent-1", occurredAt: NOON + 1 });
    center.flush();
    takeSteps(center);
    expect(port.newFrames()).toMatchObject([
      { type: "initialAgentList" },
      { type: "agentStatusUpdate", data: { agentId: "agent-0", name: "Round 1" } },
      { type: "agentRemoved", data: { agentId: "agent-1" } },
    ]);
  });

  it("FLU-10 Viewers that come while a list is written share it, although the board changes.", () => {
    const center = centerOf(2 * STEP);
    const ports = [center.join("v")];
    for (let index = 1; index <= 20; index += 1) {
      center.post(named(index, index));
      ports.push(center.join(`v${index}`));
    }
    expect(takeSteps(center)).toBeLessThan(3 + 2 * ports.length);
    for (const port of ports) expect(namesAfter(port).size).toBe(2 * STEP);
  });

  it("FLU-10 A viewer that leaves before its list is sent costs no more steps.", () => {
    const center = centerOf(4 * STEP);
    const port = center.join("v");
    center.broadcaster.removeSubscriber("v");
    expect([center.broadcaster.nextStepAt(center.now), port.texts]).toEqual([null, []]);
  });

  it("FLU-10 TRA-1 Turns that come before a viewer's first list follow it.", () => {
    const center = centerOf(2 * STEP);
    const port = center.join("v", { watching: ["contact-1"] });
    center.broadcaster.sendTurns("contact-1", [aTurn()], false, [], center.now);
    expect([port.texts, port.resent]).toEqual([[], []]);
    takeSteps(center);
    expect([port.newFrames().length, port.resent]).toEqual([1, ["contact-1"]]);
  });

  it("FLU-10 A resume is written a step at a time too, and is whole if a tombstone is deleted meanwhile.", () => {
    const center = centerOf(2 * STEP);
    center.post({ type: "agent.removed", agentId: "agent-9", occurredAt: NOON + 1 });
    const port = center.join("v", { at: { epoch: "epoch-1", seq: 1 } });
    expect(port.texts).toEqual([]);
    center.state.board.collections[0]?.deleteTombstone("agent-9");
    takeSteps(center);
    expect(port.newFrames()).toMatchObject([{ type: "initialAgentList", data: { length: 2 * STEP - 1 } }]);
  });

  it("POL-1 A poll of a long list is answered when the list is complete, and stands for the seq at its beginning.", () => {
    const center = centerOf(2 * STEP);
    const bodies: string[] = [];
    const seq = center.broadcaster.poll(null, center.now, (body) => bodies.push(body));
    expect(bodies).toEqual([]);
    center.post(named(0, 1));
    takeSteps(center);
    expect(bodies.map((body) => JSON.parse(body))).toMatchObject([{ seq, data: { length: 2 * STEP } }]);
  });
});

/** A connection that keeps what it is sent. */
class StuckPort extends TestPort {
  override send(text: string): void {
    this.unsent += text.length;
    super.send(text);
  }
}

describe("Lists on their way to many viewers", () => {
  /** Joins viewers whose connections hold all they were sent. */
  function joinStuck(center: Center, count: number): TestPort[] {
    return Array.from({ length: count }, (_, index) => {
      const port = new StuckPort();
      const [id, expiresAt] = [`v${index}`, center.now + 3_600_000];
      const viewer = { id, subject: id, legacy: false, groupFilter: null, expiresAt, watching: new Set<string>() };
      center.broadcaster.addSubscriber(viewer, port);
      center.broadcaster.sendFirstFrame(id, null, center.now);
      return port;
    });
  }
  const served = (ports: readonly TestPort[]) => ports.filter((port) => port.texts.length > 0).length;

  it("FLU-11 While lists of 4 MiB are unsent the next viewers wait, and get theirs once the first have drained.", () => {
    const center = centerOf(2 * STEP, [`Ventas ${"x".repeat(2000)}`]);
    const ports = joinStuck(center, 6);
    takeSteps(center);
    const first = served(ports);
    expect(first).toBeLessThan(4);
    expect(center.broadcaster.nextStepAt(center.now)).toBeGreaterThan(center.now);
    for (const port of ports) port.unsent = 0;
    takeSteps(center);
    expect(served(ports)).toBe(2 * first);
  });

  it("FLU-11 Viewers that do not read keep the others waiting for three seconds at most.", () => {
    const center = centerOf(2 * STEP, [`Ventas ${"x".repeat(2000)}`]);
    const ports = joinStuck(center, 4);
    takeSteps(center);
    const first = served(ports);
    center.now += 3000;
    takeSteps(center);
    expect(served(ports)).toBeGreaterThan(first);
  });
});

describe("Resyncs", () => {
  it("SES-15 A resync is answered once in two seconds, and the last one is not forgotten.", () => {
    const center = centerOf(1);
    const port = center.join("v");
    port.newFrames();
    for (let times = 0; times < 59; times += 1) center.broadcaster.resync("v", center.now);
    expect(port.newFrames()).toHaveLength(1);
    expect(center.broadcaster.nextStepAt(center.now)).toBe(center.now + 2000);
    center.post(named(0, 1));
    center.now += 2000;
    takeSteps(center);
    expect(port.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 2 }]);
    expect(center.broadcaster.nextStepAt(center.now)).toBeNull();
  });

  it("SES-15 A viewer that waits for its resync gets no changes before, and misses none.", () => {
    const center = centerOf(1);
    const port = center.join("v");
    center.broadcaster.resync("v", center.now);
    center.broadcaster.resync("v", center.now);
    port.newFrames();
    center.post(named(0, 1));
    center.flush();
    expect(port.texts).toEqual([]);
    center.now += 2000;
    center.flush();
    center.post(named(0, 2));
    center.flush();
    expect(namesAfter(port).get("agent-0")).toBe("Round 2");
  });

  it("SES-9 Sessions with other groups start anew once in two seconds, and show nothing of the old groups meanwhile.", () => {
    const center = centerOf(1, ["Ventas"]);
    const port = center.join("v", { groupFilter: ["Ventas"] });
    for (const groupFilter of [["Soporte"], ["Otros"], ["Ventas"], ["Soporte"]]) {
      center.broadcaster.renewSession("v", center.now + 3_600_000, groupFilter, center.now);
    }
    center.post(anAgentState({ agentId: "agent-0", name: "Ana", groups: ["Ventas"], occurredAt: NOON + 1 }));
    center.flush();
    expect(port.newFrames().filter(({ type }) => type !== "refreshed")).toHaveLength(2);
    center.now += 2000;
    takeSteps(center);
    expect(port.newFrames()).toMatchObject([{ type: "initialAgentList", data: [] }]);
  });
});

describe("A board that is read from storage again", () => {
  it("ING-11 Viewers keep their sockets and get what was stored and not yet flushed.", () => {
    const center = centerOf(3);
    const [port, full, gone] = [center.join("v"), center.join("full"), center.join("gone")];
    for (const each of [port, full, gone]) each.newFrames();
    full.unsent = BACKLOG_LIMIT_BYTES + 1;
    center.post(named(0, 1));
    const { broadcaster } = center;
    center.restart();
    const { board } = center.state;
    center.broadcaster = broadcaster;
    broadcaster.closeViewer("gone", CLOSE.restarting);
    broadcaster.replaceBoard(board, center.now);
    expect(port.newFrames()).toMatchObject([{ type: "resumed", from: 3, to: 4, data: [{ name: "Round 1" }] }]);
    full.unsent = 0;
    center.post(named(1, 2));
    center.flush();
    expect(port.newFrames()).toMatchObject([{ type: "agentStatusBatch", from: 4, to: 5, data: [{ name: "Round 2" }] }]);
    expect(full.newFrames()).toMatchObject([{ type: "resumed", from: 3, to: 5 }]);
    expect(gone.texts).toEqual([]);
  });
});
