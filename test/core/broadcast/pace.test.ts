import { describe, expect, it } from "vitest";
import { flushWindowMs } from "../../../core/broadcast/flush-window.ts";
import { paceFor } from "../../../core/broadcast/paced-changes.ts";
import { anAgentState, NOON } from "../../support/updates.ts";
import { Center, type TestPort } from "../center.ts";

/** A center with an agent, whose broadcaster is flushed as a timer does it. */
class PacedCenter extends Center {
  #round = 0;

  /** Posts a new name, waits, and flushes. */
  change(afterMs: number, agentId = "agent-1"): void {
    this.#round += 1;
    this.now += afterMs;
    this.post(anAgentState({ agentId, name: `Round ${this.#round}`, occurredAt: NOON + this.#round }));
    this.flush();
  }

  /** Flushes the slower paces alone. */
  wait(ms: number): void {
    this.now += ms;
    this.broadcaster.flush(this.now, true);
  }
}

const namesIn = (port: TestPort) => port.newFrames().map(({ data }) => data.map(({ name }) => name));

function centerWith(...viewers: string[]): { center: PacedCenter; ports: TestPort[] } {
  const center = new PacedCenter();
  center.change(0);
  const ports = viewers.map((id) => center.join(id));
  for (const port of ports) port.newFrames();
  return { center, ports };
}

describe("A viewer with a pace", () => {
  it("PAC-1 is served at the next slower pace of a few.", () => {
    expect([100, 101, 250, 500, 1000, 3000, 10_000].map((interval) => paceFor(interval, 100))).toEqual([
      0, 200, 500, 500, 1000, 5000, 10_000,
    ]);
    expect([100, 250, 251].map((interval) => paceFor(interval, 250))).toEqual([0, 0, 500]);
    expect(paceFor(100, 50)).toBe(100);
  });

  it("PAC-1 PAC-2 gets one frame a second, with all that happened meanwhile once, while others get every flush.", () => {
    const { center, ports } = centerWith("quick", "slow");
    const [quick, slow] = ports;
    if (quick === undefined || slow === undefined) throw new Error("Both have joined.");
    center.broadcaster.setPace("slow", 1000, center.now);
    for (let round = 0; round < 30; round += 1) center.change(100);
    expect(namesIn(quick)).toHaveLength(30);
    const frames = slow.newFrames();
    expect(frames).toHaveLength(3);
    expect(frames.map(({ from, to }) => [from, to])).toEqual([
      [1, 2],
      [2, 12],
      [12, 22],
    ]);
    center.wait(1000);
    expect(slow.newFrames()).toMatchObject([{ from: 22, to: 31, data: [{ agentId: "agent-1", name: "Round 31" }] }]);
    expect(center.broadcaster.nextSlowFlush(center.now)).toBeNull();
  });

  it("PAC-2 gets the first change after a long quiet at once.", () => {
    const { center, ports } = centerWith("slow");
    center.broadcaster.setPace("slow", 10_000, center.now);
    center.change(60_000);
    expect(ports.map(namesIn)).toEqual([[["Round 2"]]]);
    center.change(100);
    expect(center.broadcaster.nextSlowFlush(center.now)).toBe(center.now - 100 + 10_000);
  });

  it("PAC-3 gets at once what the others had before it when it asks for every flush again.", () => {
    const { center, ports } = centerWith("slow", "other");
    const [slow] = ports;
    if (slow === undefined) throw new Error("It has joined.");
    center.broadcaster.setPace("slow", 5000, center.now);
    center.change(100);
    center.change(100);
    expect(slow.newFrames()).toMatchObject([{ from: 1, to: 2 }]);
    center.broadcaster.setPace("slow", 100, center.now);
    expect(slow.newFrames()).toMatchObject([{ type: "resumed", from: 2, to: 3 }]);
    center.change(100);
    expect(slow.newFrames()).toMatchObject([{ type: "agentStatusBatch", from: 3, to: 4 }]);
  });

  it("PAC-3 misses nothing when it changes its pace while changes wait, or while a flush is on its way.", () => {
    const center = new PacedCenter(undefined, undefined, 1);
    center.change(0);
    const ports = ["a", "b", "c"].map((id) => center.join(id));
    for (const port of ports) port.newFrames();
    center.change(100);
    expect(center.broadcaster.isFanningOut).toBe(true);
    center.broadcaster.setPace("c", 1000, center.now);
    while (center.broadcaster.isFanningOut) center.broadcaster.takeStep(center.now);
    center.change(100);
    while (center.broadcaster.isFanningOut) center.broadcaster.takeStep(center.now);
    center.wait(1000);
    const frames = ports[2]?.newFrames() ?? [];
    let seq = 1;
    for (const { from, to } of frames) {
      expect(from).toBeLessThanOrEqual(seq);
      seq = to;
    }
    expect(seq).toBe(3);
  });

  it("PAC-2 gets answers and lists at once.", () => {
    const { center, ports } = centerWith("slow");
    center.broadcaster.setPace("slow", 10_000, center.now);
    center.now += 3000;
    center.broadcaster.resync("slow", center.now);
    center.broadcaster.sendError("slow", "not_allowed", "No.");
    expect(ports[0]?.newFrames().map(({ type }) => type)).toEqual(["initialAgentList", "error"]);
  });

  it("PAC-1 costs the hub at most an eighth of the frames when it asks for a second.", () => {
    const { center } = centerWith("slow");
    center.broadcaster.setPace("slow", 1000, center.now);
    const { frames } = center.broadcaster.counters;
    for (let round = 0; round < 80; round += 1) center.change(100, `agent-${round % 5}`);
    expect(center.broadcaster.counters.frames - frames).toBeLessThanOrEqual(80 / 8);
  });
});

describe("The flush window", () => {
  it.each([
    [100, 1, 0, 100],
    [100, 1000, 40, 100],
    [100, 1500, 0, 100],
    [100, 3000, 90, 200],
    [100, 3000, 150, 225],
    [100, 90_000, 0, 1000],
    [100, 10, 800, 1000],
    [2000, 10, 800, 2000],
    [0, 30, 0, 2],
  ])("FLU-12 With %i ms, %i viewers and a fan-out of %i ms the window is %i ms.", (intervalMs, viewers, fanOutMs, window) => {
    expect(flushWindowMs(intervalMs, viewers, fanOutMs)).toBe(window);
  });
});
