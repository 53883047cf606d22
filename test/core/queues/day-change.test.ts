import { describe, expect, test } from "vitest";
import { aQueueContact, QueueCenter } from "./queue-center.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Returns a center in a time zone at an instant. */
function centerAt(timeZone: string, at: string): QueueCenter {
  return new QueueCenter({ timeZone }, Date.parse(at));
}

/** Posts one contact that was put into its queue now. */
function enqueue(center: QueueCenter, contactId: string): void {
  center.post(aQueueContact({ contactId, enqueuedAt: center.now, occurredAt: center.now }));
}

describe("The day of a queue", () => {
  test("QUE-8 begins at local midnight, by an alarm if nobody posts.", () => {
    const center = centerAt("America/Mexico_City", "2026-11-26T05:59:00Z");
    enqueue(center, "yesterday");
    expect(center.row().today.queued).toBe(1);
    const midnight = Date.parse("2026-11-26T06:00:00Z");
    expect(center.queues.nextWake()).toBe(midnight);
    center.expireAt(midnight);
    expect(center.row()).toMatchObject({
      waiting: 1,
      oldestSince: midnight - MINUTE_MS,
      today: { queued: 0, serviceLevel: null },
    });
    enqueue(center, "today");
    expect(center.row().today.queued).toBe(1);
  });

  test("QUE-8 begins with the first post after midnight if that comes before the alarm.", () => {
    const center = centerAt("UTC", "2026-11-25T23:59:00Z");
    enqueue(center, "yesterday");
    center.now += 2 * MINUTE_MS;
    enqueue(center, "today");
    expect(center.row().today.queued).toBe(1);
  });

  test.each([
    ["2026-03-28T23:00:00Z", 23],
    ["2026-10-24T22:00:00Z", 25],
  ])("QUE-8 has 23 or 25 hours when the clocks change: from %s it has %d.", (from, hours) => {
    const center = centerAt("Europe/Madrid", from);
    for (let hour = 0; hour < hours; hour += 1) {
      center.now = Date.parse(from) + hour * HOUR_MS;
      const answered = { enqueuedAt: center.now, connectedAt: center.now + 5000, endedAt: center.now + 65_000 };
      center.post(aQueueContact({ contactId: `contact-${hour}`, ...answered }));
      center.queues.expire(center.now);
    }
    expect(center.row().today.queued).toBe(hours);
    center.expireAt(Date.parse(from) + hours * HOUR_MS);
    expect(center.row().today.queued).toBe(0);
  });

  test("QUE-9 goes on after a restart, and a repeated contact is not counted twice.", () => {
    const center = centerAt("UTC", "2026-11-26T09:00:00Z");
    const answered = aQueueContact({ enqueuedAt: center.now, connectedAt: center.now + 5000, endedAt: center.now + 65_000 });
    center.post(answered);
    enqueue(center, "waiting");
    const before = center.rows();
    const { board } = center;
    center.restart();
    center.queues.settle(center.now);
    expect(center.rows()).toEqual(before);
    expect(center.board.seq).toBe(board.seq);
    for (let hour = 0; hour < 5; hour += 1) center.expireAt(center.now + HOUR_MS);
    center.post(answered);
    expect(center.row()).toMatchObject({ waiting: 1, today: { queued: 2, answered: 1 } });
  });

  test("QUE-9 keeps nothing of a contact for longer than a day can be.", () => {
    const center = centerAt("UTC", "2026-11-26T09:00:00Z");
    center.post(aQueueContact({ enqueuedAt: center.now, endedAt: center.now + 65_000 }));
    for (let hour = 0; hour < 28; hour += 1) center.expireAt(center.now + HOUR_MS);
    expect(center.store.sizes).toEqual({ legs: 0, quarters: 0, chunks: 1 });
    for (let day = 0; day < 62; day += 1) center.expireAt(center.now + 24 * HOUR_MS);
    expect(center.store.sizes).toMatchObject({ legs: 0, quarters: 0 });
    expect(center.queues.nextWake()).toBeNull();
    expect(center.rows()).toEqual([]);
  });

  test("QUE-10 gives a call up after six hours without news, but not a chat of a week nor a task of a month.", () => {
    const center = centerAt("UTC", "2026-11-26T09:00:00Z");
    for (const channel of ["voice", "chat", "task"] as const)
      center.post(aQueueContact({ contactId: channel, channel, enqueuedAt: center.now }));
    for (let hour = 0; hour < 7; hour += 1) center.expireAt(center.now + HOUR_MS);
    expect(center.row()).toMatchObject({ waiting: 2, channels: { chat: 1, task: 1 } });
    expect(center.row().today.queued).toBe(2);
    for (let day = 0; day < 9; day += 1) center.expireAt(center.now + 24 * HOUR_MS);
    expect(center.row()).toMatchObject({ waiting: 1, channels: { task: 1 } });
  });
});
