import { describe, expect, test } from "vitest";
import { legState, stayFigures } from "../../../core/queues/leg-state.ts";
import { foldContactQueue, foldSuccessor, foldTalk, newLeg, type QueueLeg } from "../../../core/queues/queue-leg.ts";
import type { ContactQueue } from "../../../protocol/queue-updates.ts";
import { NOON } from "../../support/updates.ts";
import { aQueueContact } from "./queue-center.ts";

/** Returns the leg of a contact after the news, each of which overrides the fields of a queued call. */
function legAfter(...news: Partial<ContactQueue>[]): QueueLeg {
  return news.reduce<QueueLeg>((leg, fields) => foldContactQueue(leg, aQueueContact(fields), NOON) ?? leg, newLeg("contact-1"));
}

const secondsLater = (seconds: number) => NOON + seconds * 1000;

describe("A contact", () => {
  test("waits once it was put into a queue.", () => {
    expect(legState(legAfter({}))).toBe("waiting");
  });

  test("is answered when an agent was joined to it.", () => {
    expect(legState(legAfter({}, { connectedAt: secondsLater(12) }))).toBe("answered");
    expect(stayFigures(legAfter({ connectedAt: secondsLater(12) }))).toEqual([
      { queueId: "q1", enqueuedAt: NOON, outcome: "answered", waitMs: 12_000 },
    ]);
  });

  test("is answered when an agent's own news shows the talk.", () => {
    expect(legState(foldTalk(legAfter({}), secondsLater(9), NOON) ?? newLeg("none"))).toBe("answered");
  });

  test("is abandoned when it ended in the queue.", () => {
    expect(legState(legAfter({ endedAt: secondsLater(30) }))).toBe("abandoned");
  });

  test("waits again when it was put into a queue after an agent had it, since the second time.", () => {
    const leg = legAfter({ connectedAt: secondsLater(5) }, { enqueuedAt: secondsLater(60), connectedAt: null });
    expect(legState(leg)).toBe("waiting");
    expect(stayFigures(leg)[0]?.enqueuedAt).toBe(secondsLater(60));
  });

  test("waits since the first time when an offer was missed.", () => {
    const [figures] = stayFigures(legAfter({}, { enqueuedAt: secondsLater(40) }, { connectedAt: secondsLater(50) }));
    expect(figures).toMatchObject({ enqueuedAt: NOON, outcome: "answered", waitMs: 50_000 });
  });

  test("that went on in another queue as another contact has moved, whether or not it ended.", () => {
    const next = legAfter({ contactId: "contact-2", method: "queue_transfer", queueId: "q2", enqueuedAt: secondsLater(20) });
    const moved = foldSuccessor(legAfter({}), next, NOON) ?? newLeg("none");
    expect(legState(moved)).toBe("moved");
    expect(legState(foldContactQueue(moved, aQueueContact({ endedAt: secondsLater(21) }), NOON) ?? moved)).toBe("moved");
    expect(stayFigures(moved)).toEqual([{ queueId: "q1", enqueuedAt: NOON, outcome: "moved", waitMs: 20_000 }]);
  });

  test("that is put into another queue under its own id counts in both.", () => {
    expect(stayFigures(legAfter({}, { queueId: "q2", enqueuedAt: secondsLater(10), connectedAt: secondsLater(15) }))).toEqual([
      { queueId: "q1", enqueuedAt: NOON, outcome: "moved", waitMs: 10_000 },
      { queueId: "q2", enqueuedAt: secondsLater(10), outcome: "answered", waitMs: 5_000 },
    ]);
  });

  test("that goes through three queues waits in each until it is put into the next, in every order of the news.", () => {
    const stays = [0, 10, 30].map((seconds, index) => ({ queueId: `q${index + 1}`, enqueuedAt: secondsLater(seconds) }));
    for (const order of [stays, stays.toReversed()]) {
      const left = stayFigures(legAfter(...order, { queueId: "q3", enqueuedAt: secondsLater(30), endedAt: secondsLater(35) }));
      expect(left.map(({ queueId, outcome, waitMs }) => [queueId, outcome, waitMs]).sort()).toEqual([
        ["q1", "moved", 10_000],
        ["q2", "moved", 20_000],
        ["q3", "abandoned", 5_000],
      ]);
    }
  });

  test("that ended for a callback is no abandoned one.", () => {
    const callback = legAfter({ method: "callback", enqueuedAt: null });
    const asked = foldSuccessor(legAfter({ endedAt: secondsLater(8) }), { ...callback, contactId: "contact-2" }, NOON);
    expect(legState(asked ?? newLeg("none"))).toBe("callback");
  });

  test("of an agent's own queue adds to no queue.", () => {
    expect(stayFigures(legAfter({ queueKind: "agent" }))).toEqual([]);
  });
});

describe("A callback", () => {
  test("is scheduled until it is put into its queue.", () => {
    const scheduled = legAfter({ method: "callback", enqueuedAt: null, scheduledAt: secondsLater(600) });
    expect(legState(scheduled)).toBe("scheduled");
    expect(legState(legAfter({ method: "callback", scheduledAt: secondsLater(600) }))).toBe("waiting");
  });

  test("leaves its queue when an agent accepts it, before the customer answers.", () => {
    const leg = legAfter({ method: "callback" }, { method: "callback", acceptedAt: secondsLater(20) });
    expect(legState(leg)).toBe("answered");
    const joined = legAfter({ method: "callback", acceptedAt: secondsLater(20), connectedAt: secondsLater(45) });
    expect(stayFigures(joined)[0]).toMatchObject({ outcome: "answered", waitMs: 20_000 });
  });

  test("whose customer does not answer is unreached, and not abandoned.", () => {
    const unreached = legAfter({ method: "callback", acceptedAt: secondsLater(20), endedAt: secondsLater(50) });
    expect(legState(unreached)).toBe("unreached");
  });

  test("that is tried again counts as unreached and not as another wish for a callback.", () => {
    const first = legAfter({ method: "callback", acceptedAt: secondsLater(20), endedAt: secondsLater(50) });
    const second = { ...legAfter({ method: "callback", enqueuedAt: null }), contactId: "contact-2" };
    expect(legState(foldSuccessor(first, second, NOON) ?? first)).toBe("unreached");
  });
});
