import { describe, expect, it } from "vitest";
import { BACKLOG_LIMIT_BYTES } from "../../../core/broadcast/slow-consumers.ts";
import { anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const anAgent = (agentId: string, fields: { occurredAt?: number; name?: string } = {}) => anAgentState({ agentId, ...fields });

describe("a flush to more viewers than one slice holds", () => {
  /** Three viewers and slices of one send: after a flush only the first of them has the change. */
  function sliced() {
    const center = new Center(undefined, undefined, 1);
    center.postEach(anAgent("a"), anAgent("b"));
    const ports = ["first", "second", "third"].map((id) => center.join(id));
    for (const port of ports) port.newFrames();
    center.post(anAgent("a", { occurredAt: NOON + 1, name: "Ana" }));
    center.flush();
    const [first, second, third] = ports;
    if (first === undefined || second === undefined || third === undefined) throw new Error("Three were seated.");
    return { center, first, second, third };
  }
  const batch = (from: number, to: number) => ({ type: "agentStatusBatch", from, to });

  it("FLU-9 tells them slice by slice, each the same frame", () => {
    const { center, first, second, third } = sliced();
    expect([first.newFrames().length, second.newFrames().length, third.newFrames().length]).toEqual([1, 0, 0]);
    center.broadcaster.continueFanOut(NOON);
    expect([second.newFrames().length, third.newFrames().length]).toEqual([1, 0]);
    center.broadcaster.continueFanOut(NOON);
    expect(third.newFrames()).toMatchObject([batch(2, 3)]);
    center.broadcaster.continueFanOut(NOON);
    expect(center.broadcaster.isFanningOut).toBe(false);
  });

  it("FLU-9 what changes meanwhile comes with the next flush, after the rest of this one", () => {
    const { center, third } = sliced();
    center.post(anAgent("b", { occurredAt: NOON + 1, name: "Bea" }));
    center.flush();
    while (center.broadcaster.isFanningOut) center.broadcaster.continueFanOut(NOON);
    expect(third.newFrames()).toMatchObject([batch(2, 3), batch(3, 4)]);
  });

  it("FLU-9 who has got the whole list meanwhile is passed over, who has left costs nothing", () => {
    const { center, second, third } = sliced();
    center.broadcaster.resync("second", NOON);
    const late = center.join("late");
    center.broadcaster.removeSubscriber("third");
    while (center.broadcaster.isFanningOut) center.broadcaster.continueFanOut(NOON);
    expect(second.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 3 }]);
    expect(late.newFrames()).toMatchObject([{ type: "initialAgentList", seq: 3 }]);
    expect(third.newFrames()).toEqual([]);
  });

  it("FLU-9 who is too slow when its turn comes misses from there on", () => {
    const { center, third } = sliced();
    third.unsent = BACKLOG_LIMIT_BYTES + 1;
    while (center.broadcaster.isFanningOut) center.broadcaster.continueFanOut(NOON);
    expect(third.newFrames()).toEqual([]);
    third.unsent = 0;
    center.flush();
    expect(third.newFrames()).toMatchObject([{ type: "resumed", from: 2, to: 3 }]);
  });
});
