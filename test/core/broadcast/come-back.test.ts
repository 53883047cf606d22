import { describe, expect, it } from "vitest";
import { comeBackWithinMs } from "../../../core/broadcast/come-back.ts";
import { Center } from "../center.ts";

describe("The time within which viewers come back", () => {
  it.each([
    [0, 5_000],
    [1, 5_000],
    [2_000, 5_000],
    [2_001, 6_000],
    [10_000, 25_000],
    [24_000, 60_000],
    [1_000_000, 60_000],
  ])("RET-1 A contact center with %i viewers asks them to come back within %i ms.", (viewers, ms) => {
    expect(comeBackWithinMs(viewers)).toBe(ms);
  });

  it("RET-1 The whole list and a resume carry the time, and count the viewers of other objects.", () => {
    const center = new Center();
    const frameOf = (id: string, more: object = {}) => {
      const [frame] = center.join(id, more).texts;
      return JSON.parse(frame ?? "{}");
    };
    expect(frameOf("first")).toMatchObject({ type: "initialAgentList", comeBackWithinMs: 5_000 });
    center.broadcaster.viewersElsewhere = 9_998;
    expect(frameOf("second")).toMatchObject({ type: "initialAgentList", comeBackWithinMs: 25_000 });
    const at = { epoch: "epoch-1", seq: 0 };
    expect(frameOf("third", { at })).toMatchObject({ type: "resumed", comeBackWithinMs: 26_000 });
  });

  it("RET-1 Legacy viewers get their first frame as before.", () => {
    const [frame] = new Center().join("old", { legacy: true }).texts;
    expect(frame).not.toContain("comeBackWithinMs");
  });
});
