import { describe, expect, it } from "vitest";
import { BACKLOG_LIMIT_BYTES } from "../../../core/broadcast/slow-consumers.ts";
import { anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const anAgent = (agentId: string, fields: { occurredAt?: number; name?: string } = {}) => anAgentState({ agentId, ...fields });

describe("A flush to more viewers than one batch holds", () => {
  /** Begins a fan-out to three viewers in batches of one. Only the first viewer has the change yet. */
  function fanOutToThree() {
    const center = new Center(undefined, undefined, 1);
    center.postEach(anAgent("a"), anAgent("b"));
    const ports = ["first", "second", "third"].map((id) => center.join(id));
    for (const port of ports) port.newFrames();
    center.post(anAgent("a", { occurredAt: NOON + 1, name: "Ana" }));
    center.flush();
    const [first, second, third] = ports;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error("One of the three viewers did not join.");
    return { center, first, second, third };
  }
  const batch = (from: number, to: number) => ({ type: "agentStatusBatch", from, to });

  it("FLU-9 The fan-out reaches one batch of viewers after the other.", () => {
    const { center, first, second, third } = fanOutToThree();
    expect([first.newFrames().length, second.newFrames().length, third.newFrames().length]).toEqual([1, 0, 0]);
    center.broadcaster.continueFanOut(NOON);
    expect([second.newFrames().length, third.newFrames().length]).toEqual([1, 0]);
    center.broadcaster.continueFanOut(NOON);
    expect(third.newFrames()).toMatchObject([batch(2, 3)]);
    center.broadcaster.continueFanOut(NOON);
    expect(center.broadcaster.isFanningOut).toBe(false);
  });

  it("FLU-9 A change during a fan-out comes with the next flush, after the rest of this one.", () => {
    const { center, third } = fanOutToThree();
    center.post(anAgent("b", { occurredAt: NOON + 1, name: "Bea" }));
    center.flush();
    while (center.broadcaster.isFanningOut) center.broadcaster.continueFanOut(NOON);
    expect(third.newFrames()).toMatchObject([batch(2, 3), batch(3, 4)]);
  });

  it("FLU-9 The fan-out skips viewers that got the whole list meanwhile and viewers that left.", () => {
    const { center, second, third } = fanOutToThree();
    center.broadcaster.resync("second", NOON);
    const late = center.join("late");
    center.broadcaster.removeSubscriber("third");
    while (center.broadcaster.isFanningOut) center.broadcaster.continueFanOut(NOON);
    expect(second.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 3 }]);
    expect(late.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 3 }]);
    expect(third.newFrames()).toEqual([]);
  });

  it("FLU-9 A viewer that is too slow for its batch gets the missed changes once it has drained.", () => {
    const { center, third } = fanOutToThree();
    third.unsent = BACKLOG_LIMIT_BYTES + 1;
    while (center.broadcaster.isFanningOut) center.broadcaster.continueFanOut(NOON);
    expect(third.newFrames()).toEqual([]);
    third.unsent = 0;
    center.flush();
    expect(third.newFrames()).toMatchObject([{ type: "resumed", from: 2, to: 3 }]);
  });
});
