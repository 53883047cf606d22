import { describe, expect, test } from "vitest";
import { NOON } from "../../support/updates.ts";
import { aQueueContact, aQueueSnapshot, QueueCenter, queueFigures } from "./queue-center.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Lets the alarms of the queues run until a time. Returns how many ran. */
function pass(center: QueueCenter, until: number): number {
  let runs = 0;
  for (let at = center.queues.nextWake(); at !== null && at <= until; at = center.queues.nextWake()) {
    center.expireAt(Math.max(at, center.now));
    runs += 1;
    if (runs > 5_000) throw new Error("The alarms of the queues never end.");
  }
  return runs;
}

const ids = (center: QueueCenter) => center.rows().map(({ queueId }) => queueId);

describe("A queue that nobody mentions", () => {
  test("QUE-13 leaves the board after 30 days and the storage after 30 more, and the profiles go with the last one.", () => {
    const center = new QueueCenter();
    center.post(aQueueSnapshot([queueFigures({}, { queueId: "q1" })], { profiles: [{ name: "Ventas", queues: ["q1"] }] }));
    pass(center, NOON + 30 * DAY_MS - 1);
    expect(center.store.load().profiles).not.toBeNull();
    expect(ids(center)).toEqual(["q1"]);
    pass(center, NOON + 31 * DAY_MS);
    expect([ids(center), center.board.rowCount]).toEqual([[], 1]);
    const atTombstone = center.board.position;
    pass(center, NOON + 62 * DAY_MS);
    expect([center.board.rowCount, center.queues.nextWake()]).toEqual([0, null]);
    const stored = center.store.load();
    expect([[...stored.chunks].flatMap(({ queues }) => queues), stored.profiles]).toEqual([[], null]);
    expect([center.board.canResume({ ...atTombstone, seq: 1 }), center.board.canResume(atTombstone)]).toEqual([false, true]);
    expect(center.store.oldestResumableSeq).toBe(center.board.oldestResumableSeq);
  });

  test("QUE-13 stays as long as a task is scheduled for it.", () => {
    const center = new QueueCenter();
    const scheduledAt = NOON + 80 * DAY_MS;
    center.post(aQueueContact({ channel: "task", method: "api", enqueuedAt: null, scheduledAt }));
    pass(center, NOON + 70 * DAY_MS);
    expect(center.row("q1")).toMatchObject({ scheduled: 1, waiting: 0 });
  });

  test("QUE-11 no longer counts for the difference between hub and snapshots once it is gone.", () => {
    const center = new QueueCenter();
    center.post(aQueueSnapshot([queueFigures({ waiting: 3 }, { queueId: "q1" })]));
    expect(center.queues.counts.snapshotDifference).toBe(3);
    center.post(aQueueSnapshot([queueFigures({ waiting: 0 }, { queueId: "q2" })], { takenAt: NOON + 3 * HOUR_MS }));
    expect([ids(center), center.queues.counts.snapshotDifference]).toEqual([["q2"], 0]);
  });

  test("QUE-12 loses its estimate five minutes after the last snapshot, also when the hub restarted meanwhile.", () => {
    const center = new QueueCenter();
    center.post(aQueueSnapshot([queueFigures({ waiting: 1, estimatedWaitSeconds: 30 })]));
    expect(center.row().estimatedWaitMs).toBe(30_000);
    center.restart();
    pass(center, NOON + 5 * MINUTE_MS);
    expect(center.row().estimatedWaitMs).toBeNull();
  });
});
