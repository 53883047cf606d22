import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, NOON } from "../../support/updates.ts";
import { update } from "../arbitraries.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const onCall = (agentId: string, ...contactIds: string[]) =>
  anAgentState({ agentId, contacts: contactIds.map((contactId) => aContact({ contactId })) });

/** All that a viewer could ever learn of the board, and from which position on. */
function wholeBoard(center: Center) {
  const { board } = center.state;
  const rows = board.collections.flatMap((each) => [...each.rows()].map((row) => ({ of: each.definition.name, ...row })));
  rows.sort((a, b) => (`${a.of} ${a.key}` < `${b.of} ${b.key}` ? -1 : 1));
  return { position: board.position, oldestResumableSeq: board.oldestResumableSeq, rows };
}

function rowsOf(center: Center, ...updates: Update[]): number {
  const before = center.store.rowsWritten;
  center.post(...updates);
  return center.store.rowsWritten - before;
}

describe("A score in storage", () => {
  it("ING-7 A score writes the row of its contact and none of its agent.", () => {
    const center = new Center();
    center.postEach(onCall("agent-1", "contact-1"), aSentiment(1));
    expect(rowsOf(center, aSentiment(2, { occurredAt: NOON + 1 }))).toBe(1);
    expect(center.agent().sentimentScore).toBe(2);
  });

  it("SEQ-1 The board of a restart is the board before it, after any updates and any time.", () => {
    const step = fc.oneof(
      { arbitrary: fc.array(update, { minLength: 1, maxLength: 6 }), weight: 8 },
      { arbitrary: fc.constantFrom(0, MINUTE, 20 * MINUTE, 8 * 60 * MINUTE, 31 * DAY), weight: 1 },
      { arbitrary: fc.constant("restart" as const), weight: 1 },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        const center = new Center();
        for (const one of [...steps, "restart" as const]) {
          if (one === "restart") {
            const before = wholeBoard(center);
            center.restart();
            expect(wholeBoard(center)).toEqual(before);
          } else if (typeof one === "number") center.expireAt(center.now + one);
          else center.post(...one);
        }
      }),
      { numRuns: 300 },
    );
  });
});
