import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentState } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

/** 56 digits, as Kinesis counts. */
const order = (count: number) =>
  String(49_600_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n + BigInt(count));
const ringing = anAgentState({ order: order(1), contacts: [aContact({ state: "ringing", connectedAt: null })] });
const talking = anAgentState({ order: order(2), contacts: [aContact()] });
const free = anAgentState({ order: order(3) });

function statusAfter(...states: AgentState[]): string {
  const center = new Center();
  center.postEach(...states);
  center.restart();
  return center.agent().status;
}

describe("ROS-19 Two states of one agent with the same time", () => {
  it("ROS-19 The state with the greater order counts, in every order of arrival and after a restart.", () => {
    for (const pair of [
      [ringing, talking],
      [talking, ringing],
    ] as const)
      expect(statusAfter(...pair)).toBe("on a call");
    for (const pair of [
      [talking, free],
      [free, talking],
    ] as const)
      expect(statusAfter(...pair)).toBe("available");
  });

  it("ROS-19 The longer order is the greater one, because the source counts in decimals without leading zeros.", () => {
    const nine = anAgentState({ order: "9", name: "Zoe" });
    const ten = anAgentState({ order: "10", name: "Ana" });
    const center = new Center();
    expect(center.postEach(nine, ten, nine).map(({ accepted }) => accepted)).toEqual([1, 1, 0]);
    expect(center.agent().name).toBe("Ana");
  });

  it("ROS-19 A state with an order counts before one without, and the text decides between two without.", () => {
    const ordered = anAgentState({ order: "1", name: "Ana" });
    const [plain, other] = [anAgentState({ name: "Zoe" }), anAgentState({ name: "Bea" })];
    for (const states of [
      [ordered, plain],
      [plain, ordered],
    ]) {
      const center = new Center();
      center.post(...states);
      expect(center.agent().name).toBe("Ana");
    }
    const center = new Center();
    center.post(plain, other);
    expect(center.agent().name).toBe("Zoe");
  });

  it("ROS-19 A later time counts before any order.", () => {
    const late = anAgentState({ occurredAt: NOON + 1, order: "1", name: "Ana" });
    const center = new Center();
    center.post(anAgentState({ order: "99999", name: "Zoe" }), late);
    expect(center.agent().name).toBe("Ana");
  });

  it("ROS-19 Of any states of one time, in any order of arrival, the one with the greatest order is shown.", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.bigInt({ min: 0n, max: 10n ** 60n }), { minLength: 1, maxLength: 8 }), (orders) => {
        const center = new Center();
        for (const each of orders) center.post(anAgentState({ order: String(each), name: `Agent ${each}` }));
        const greatest = orders.toSorted((a, b) => Number(a - b)).at(-1);
        expect(center.agent().name).toBe(`Agent ${greatest}`);
      }),
      { numRuns: 300 },
    );
  });
});
