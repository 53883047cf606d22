import { describe, expect, test } from "vitest";
import { parseQuarter } from "../../../core/queues/quarter.ts";
import { SeededRandom } from "../../simulation/seeded-random.ts";
import { NOON } from "../../support/updates.ts";
import { aQueueContact, aQueueSnapshot, QueueCenter, queueFigures } from "./queue-center.ts";
import { type Faults, SimulatedDay, type TrueLeg } from "./simulated-day.ts";

const SECOND = 1000;
const QUEUES = ["q1", "q2", "q3", "q4", "q5", "q6"];
const SAMPLE_EVERY_MS = 30 * SECOND;
const SNAPSHOT_EVERY_MS = 60 * SECOND;
const MORNING = NOON - (NOON % (24 * 3600 * SECOND)) + 7 * 3600 * SECOND;

interface Measured {
  /** The mean difference of waiting contacts from the truth, for each queue and sample. */
  meanError: number;
  worst: number;
  /** Contacts that wait, that the hub knew, and that it shows as gone. */
  closedWrongly: number;
  asked: number;
  center: QueueCenter;
}

/** Runs a day through the hub's queues. `healing`: snapshots come, and perhaps the truth about suspects, too. */
function runDay(day: SimulatedDay, faults: Faults, healing: "none" | "snapshots" | "asking"): Measured {
  const center = new QueueCenter({}, day.from);
  const random = new SeededRandom(7);
  const byId = new Map(day.legs.map((leg) => [leg.contactId, leg]));
  const deliveries = day.deliveries(faults);
  const known = new Set<string>();
  const wrong = new Set<string>();
  let [errors, samples, worst, asked, next] = [0, 0, 0, 0, 0];
  const until = Math.max(...day.legs.map(({ facts, leftAt }) => facts.endedAt ?? leftAt)) + 120 * SECOND;
  for (let now = day.from; now < until; now += SECOND) {
    center.now = now;
    for (; (deliveries[next]?.at ?? Number.POSITIVE_INFINITY) <= now; next += 1) {
      const update = deliveries[next]?.update ?? aQueueContact();
      center.post(update);
      known.add(update.contactId);
    }
    if (healing !== "none" && (now - day.from) % SNAPSHOT_EVERY_MS === 0) {
      const suspects = center.post(snapshotAt(day, now, Math.round(5 + random.next() * 15) * SECOND)).suspects ?? [];
      for (const contactId of healing === "asking" ? suspects : []) {
        asked += 1;
        center.post(truthAbout(byId.get(contactId), now));
      }
    }
    if ((now - day.from) % SAMPLE_EVERY_MS !== 0) continue;
    for (const queueId of QUEUES) {
      const waiting = day.waitingAt(queueId, now);
      const shown = new Set(center.queues.waitingContacts(queueId).map(({ contactId }) => contactId));
      for (const { contactId } of waiting) if (known.has(contactId) && !shown.has(contactId)) wrong.add(contactId);
      const error = Math.abs(shown.size - waiting.length);
      [errors, samples, worst] = [errors + error, samples + 1, Math.max(worst, error)];
    }
    expect(unaccounted(center)).toBe(0);
  }
  return { meanError: errors / samples, worst, closedWrongly: wrong.size, asked, center };
}

/** The figures of Amazon Connect, which claim to be of now and are older. */
function snapshotAt(day: SimulatedDay, now: number, lag: number) {
  const figures = QUEUES.map((queueId) => {
    const waiting = day.waitingAt(queueId, now - lag);
    const oldest = Math.min(...waiting.map(({ enqueuedAt }) => enqueuedAt));
    const oldestSeconds = waiting.length === 0 ? null : Math.round((now - lag - oldest) / SECOND);
    return queueFigures({ waiting: waiting.length, oldestSeconds }, { queueId, name: queueId });
  });
  return aQueueSnapshot(figures, { takenAt: now });
}

/** What DescribeContact answers about a contact. */
function truthAbout(leg: TrueLeg | undefined, now: number) {
  if (leg === undefined) throw new Error("The hub asks about a contact that never was.");
  const upTo = (at: number | null | undefined) => (at !== null && at !== undefined && at <= now ? at : null);
  const { acceptedAt, connectedAt, endedAt } = leg.facts;
  const times = { acceptedAt: upTo(acceptedAt), connectedAt: upTo(connectedAt), endedAt: upTo(endedAt) };
  return aQueueContact({ ...leg.facts, contactId: leg.contactId, queueId: leg.queueId, ...times, occurredAt: leg.enqueuedAt });
}

/** How many contacts were queued of which it is not known how they left and that do not wait. */
function unaccounted(center: QueueCenter): number {
  let rest = 0;
  for (const { record } of center.store.load().quarters) {
    const { queued, ...left } = parseQuarter(record) ?? { queued: Number.NaN };
    rest += queued - Object.values(left).reduce((sum, waits) => sum + waits.length, 0);
  }
  return rest - center.rows().reduce((sum, { waiting }) => sum + waiting, 0);
}

describe("Queues on a simulated day", () => {
  const day = new SimulatedDay(42, MORNING, 500);
  const FAULTY = { lost: 0.05, repeated: 0.02 };

  test("QUE-2 count every outcome exactly when events are late and repeated.", () => {
    const { meanError, closedWrongly, center } = runDay(day, { lost: 0, repeated: 0.05 }, "none");
    expect(closedWrongly).toBe(0);
    expect(meanError).toBeLessThan(0.05);
    for (const queueId of QUEUES) {
      const legs = day.legs.filter((leg) => leg.queueId === queueId);
      const count = (outcome: TrueLeg["outcome"]) => legs.filter((leg) => leg.outcome === outcome).length;
      const withinTarget = legs.filter(
        ({ outcome, enqueuedAt, leftAt }) => !["moved", "unreached"].includes(outcome) && leftAt - enqueuedAt <= 20 * SECOND,
      ).length;
      expect(center.row(queueId)).toMatchObject({
        waiting: 0,
        today: {
          queued: legs.length,
          answered: count("answered"),
          abandoned: count("abandoned"),
          callbacks: count("callback"),
          withinTarget,
          longestWaitMs: Math.max(...legs.map(({ enqueuedAt, leftAt }) => leftAt - enqueuedAt)),
        },
      });
    }
  });

  test("QUE-11 are healed by snapshots when events are lost, and no contact is closed wrongly.", () => {
    const without = runDay(day, FAULTY, "none");
    const healed = runDay(day, FAULTY, "asking");
    expect(healed.closedWrongly).toBe(0);
    expect(healed.asked).toBeGreaterThan(0);
    expect(healed.meanError).toBeLessThan(without.meanError);
    expect(healed.meanError).toBeLessThan(0.17);
  });

  test("QUE-11 are healed a little slower when Amazon Connect may not be asked, and no contact is closed wrongly.", () => {
    const healed = runDay(day, FAULTY, "snapshots");
    expect(healed.closedWrongly).toBe(0);
    expect(healed.meanError).toBeLessThan(0.2);
  });

  test("QUE-11 lose nothing by snapshots when no event is lost.", () => {
    const { closedWrongly, meanError } = runDay(day, { lost: 0, repeated: 0 }, "snapshots");
    expect(closedWrongly).toBe(0);
    expect(meanError).toBeLessThan(0.05);
  });
});
