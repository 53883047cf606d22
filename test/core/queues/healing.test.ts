import { describe, expect, test } from "vitest";
import type { ContactQueue } from "../../../protocol/queue-updates.ts";
import { aContact, NOON } from "../../support/updates.ts";
import { aQueueContact, aQueueSnapshot, QueueCenter, queueFigures } from "./queue-center.ts";

const MINUTE_MS = 60_000;

/** Returns a center in which some contacts wait since NOON, and the time is a minute later. */
function centerWith(...contacts: Partial<ContactQueue>[]): QueueCenter {
  const center = new QueueCenter();
  for (const fields of contacts) center.post(aQueueContact(fields));
  center.now = NOON + MINUTE_MS;
  return center;
}

/** Posts Amazon Connect's figures of now, and returns the contacts that it is asked about. */
function snapshot(center: QueueCenter, waiting: number | null, oldestSeconds: number | null = null): string[] {
  const { suspects } = center.post(aQueueSnapshot([queueFigures({ waiting, oldestSeconds })], { takenAt: center.now }));
  return suspects ?? [];
}

describe("A snapshot", () => {
  test("QUE-11 makes a contact a suspect that waits longer than any of its own.", () => {
    const center = centerWith({ contactId: "ghost" }, { contactId: "real", enqueuedAt: NOON + 40_000 });
    expect(snapshot(center, 1, 20)).toEqual(["ghost"]);
    expect(center.row().waiting).toBe(2);
  });

  test("QUE-11 closes a contact without asking when the next one contradicts it, too.", () => {
    const center = centerWith({ contactId: "ghost" });
    expect(snapshot(center, 0)).toEqual(["ghost"]);
    center.now += MINUTE_MS;
    expect(snapshot(center, 0)).toEqual([]);
    expect(center.row()).toMatchObject({ waiting: 0, today: { queued: 0, abandoned: 0 } });
  });

  test("QUE-11 closes nothing when the contact was confirmed in between.", () => {
    const center = centerWith({ contactId: "real" });
    snapshot(center, 0);
    center.post(aQueueContact({ contactId: "real" }));
    center.now += MINUTE_MS;
    expect(snapshot(center, 0)).toEqual(["real"]);
    expect(center.row().waiting).toBe(1);
  });

  test("QUE-11 closes nothing when one in between agreed, or when both are of one moment.", () => {
    const center = centerWith({ contactId: "real" });
    snapshot(center, 0);
    center.now += MINUTE_MS;
    snapshot(center, 1, 120);
    center.now += MINUTE_MS;
    expect(snapshot(center, 0)).toEqual(["real"]);
    center.now += 5000;
    snapshot(center, 0);
    expect(center.row().waiting).toBe(1);
  });

  test("QUE-11 suspects nobody that was put into the queue in the past 25 seconds, though it counts nobody.", () => {
    const center = centerWith({ enqueuedAt: NOON + 36_000 });
    expect(snapshot(center, 0)).toEqual([]);
  });

  test("QUE-11 suspects no contact that rings at an agent, nor a paused task.", () => {
    const center = centerWith({ contactId: "ringing" }, { contactId: "paused", channel: "voice", paused: true });
    center.noteAgent("agent-1", { status: "ringing" }, [aContact({ contactId: "ringing", state: "ringing", connectedAt: null })]);
    expect(snapshot(center, 0)).toEqual([]);
  });

  test("QUE-11 asks about at most five contacts, and the next time about others.", () => {
    const center = centerWith(...Array.from({ length: 8 }, (_, index) => ({ contactId: `call-${index}` })));
    const first = snapshot(center, 1, 60);
    expect(first).toEqual(["call-0", "call-1", "call-2", "call-3", "call-4"]);
    center.now += MINUTE_MS;
    expect(snapshot(center, 1, 120).slice(0, 2)).toEqual(["call-5", "call-6"]);
    expect(center.row().waiting).toBe(8);
  });

  test("QUE-11 that knows no number heals nothing, and adds no contact that the hub does not know.", () => {
    const center = centerWith({});
    expect(snapshot(center, null)).toEqual([]);
    center.now += MINUTE_MS;
    expect(snapshot(center, 9, 300)).toEqual([]);
    expect(center.row().waiting).toBe(1);
    expect(center.queues.counts).toMatchObject({ openLegs: 1, snapshotDifference: 8 });
  });

  test("QUE-11 that is older than the newest one heals nothing.", () => {
    const center = centerWith({});
    snapshot(center, 1, 60);
    const old = aQueueSnapshot([queueFigures({ waiting: 0 })], { takenAt: center.now - 1000 });
    expect(center.post(old)).toEqual({ accepted: 0, suspects: [] });
  });

  test("QUE-11 does not forget over a restart that it contradicted a contact.", () => {
    const center = centerWith({ contactId: "ghost" });
    snapshot(center, 0);
    center.restart();
    center.now += MINUTE_MS;
    snapshot(center, 0);
    expect(center.row().waiting).toBe(0);
  });

  test("QUE-11 closes a contact for as long as there is no news of it: the truth counts when it comes late.", () => {
    const center = centerWith({});
    snapshot(center, 0);
    center.now += MINUTE_MS;
    snapshot(center, 0);
    center.post(aQueueContact({ endedAt: NOON + 30_000 }));
    expect(center.row()).toMatchObject({ waiting: 0, today: { queued: 1, abandoned: 1 } });
  });
});
