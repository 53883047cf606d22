import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { QUEUES, type QueueRow } from "../../../core/queues/queue-row.ts";
import type { Update } from "../../../protocol/updates.ts";
import { Center } from "../center.ts";
import { queueUpdate } from "./random-queue-updates.ts";

const RUNS = { numRuns: 150 };

/** Returns the queues on the board, sorted by id. */
function queueRows(center: Center): QueueRow[] {
  const queues = center.core.board.collections.find(({ definition }) => definition.name === "queues");
  const rows = [...(queues?.visible(null) ?? [])].flatMap((row) => QUEUES.parse(row) ?? []);
  return rows.sort((a, b) => (a.queueId < b.queueId ? -1 : 1));
}

/** Returns the rows after the updates, each in a post of its own. */
function rowsAfter(updates: readonly Update[]): QueueRow[] {
  const center = new Center();
  center.postEach(...updates);
  return queueRows(center);
}

const updates = fc.array(queueUpdate, { minLength: 1, maxLength: 25 });
/** Updates, and the same once more in another order with repetitions. */
const shuffled = updates.chain((all) =>
  fc
    .tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.shuffledSubarray(all))
    .map(([first, second, again]) => [first, [...second, ...again]] as const),
);

describe("The order of queue updates", () => {
  test("QUE-2 The same updates give the same queues in any order and with any repetition.", () => {
    fc.assert(
      fc.property(shuffled, ([first, second]) => {
        expect(rowsAfter(second)).toEqual(rowsAfter(first));
      }),
      RUNS,
    );
  });

  test("QUE-2 The same updates give the same queues however they are split into posts.", () => {
    fc.assert(
      fc.property(updates, fc.nat({ max: 25 }), (all, at) => {
        const center = new Center();
        center.post(...all.slice(0, at), ...all.slice(0, 1));
        center.post(...all.slice(at), ...all.slice(0, 1));
        expect(queueRows(center)).toEqual(rowsAfter(all));
      }),
      RUNS,
    );
  });

  test("QUE-2 The same updates of contacts and snapshots give the same queues over a restart between any two posts.", () => {
    const unlessOfAgents = updates.map((all) => all.filter(({ type }) => type !== "agent.state"));
    fc.assert(
      fc.property(unlessOfAgents, fc.nat({ max: 25 }), (all, at) => {
        const center = new Center();
        center.post(...all.slice(0, at), ...all.slice(0, 1));
        center.restart();
        center.post(...all.slice(at), ...all.slice(0, 1));
        expect(queueRows(center)).toEqual(rowsAfter(all));
      }),
      RUNS,
    );
  });

  test("QUE-9 A restart changes no row and no position.", () => {
    fc.assert(
      fc.property(updates, (all) => {
        const center = new Center();
        center.postEach(...all);
        const [before, seq] = [queueRows(center), center.core.board.seq];
        center.restart();
        center.post();
        expect(queueRows(center)).toEqual(before);
        expect(center.core.board.seq).toBe(seq);
      }),
      RUNS,
    );
  });

  test("QUE-2 A repeated update of a contact is stale and changes no row.", () => {
    fc.assert(
      fc.property(updates, (all) => {
        const center = new Center();
        center.postEach(...all);
        const { seq } = center.core.board;
        const again = center.post(...all.filter(({ type }) => type === "contact.queue"));
        expect(again.accepted).toBe(0);
        expect(center.core.board.seq).toBe(seq);
      }),
      RUNS,
    );
  });
});
