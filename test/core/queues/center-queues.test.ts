import { describe, expect, test } from "vitest";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { aQueueContact, aQueueSnapshot, QueueCenter, queueFigures } from "./queue-center.ts";

const secondsLater = (seconds: number) => NOON + seconds * 1000;
const HOUR_MS = 60 * 60_000;

describe("The row of a queue", () => {
  test("QUE-1 appears with the first contact, under its id until a snapshot names it.", () => {
    const center = new QueueCenter();
    center.post(aQueueContact());
    expect(center.row()).toMatchObject({
      name: "q1",
      waiting: 1,
      oldestSince: NOON,
      channels: { voice: 1 },
      serviceLevelSeconds: 20,
    });
    center.post(aQueueSnapshot([queueFigures({}, { serviceLevelSeconds: 30 })]));
    expect(center.row()).toMatchObject({ name: "Ventas", waiting: 1, serviceLevelSeconds: 30 });
  });

  test("QUE-4 counts a contact that rings at an agent among those that wait.", () => {
    const center = new QueueCenter();
    center.post(aQueueContact());
    center.noteAgent("agent-1", { status: "ringing" }, [aContact({ state: "ringing", connectedAt: null })]);
    expect(center.row()).toMatchObject({ waiting: 1, ringing: 1 });
    expect(center.queues.waitingContacts("q1")).toEqual([
      { contactId: "contact-1", channel: "voice", since: NOON, ringingAt: "agent-1", callback: false },
    ]);
    center.noteAgent("agent-1", { status: "missed" }, [aContact({ state: "missed", connectedAt: null })]);
    expect(center.row()).toMatchObject({ waiting: 1, ringing: 0 });
  });

  test("QUE-14 names one and the same agent of two at whom a contact rings, whoever's news comes first.", () => {
    for (const agents of [
      ["agent-1", "agent-2"],
      ["agent-2", "agent-1"],
    ]) {
      const center = new QueueCenter();
      center.post(aQueueContact());
      for (const agentId of agents) {
        center.noteAgent(agentId, { status: "ringing" }, [aContact({ state: "ringing", connectedAt: null })]);
      }
      expect(center.queues.waitingContacts("q1")).toMatchObject([{ ringingAt: "agent-1" }]);
      expect(center.row()).toMatchObject({ waiting: 1, ringing: 1 });
    }
  });

  test("QUE-3 counts a contact as answered when an agent's news shows the talk, in either order.", () => {
    const talk = anAgentState({ contacts: [aContact({ connectedAt: secondsLater(7) })], occurredAt: secondsLater(7) });
    const left = anAgentState({ contacts: [], occurredAt: secondsLater(90) });
    for (const updates of [
      [aQueueContact(), talk, left],
      [left, talk, aQueueContact()],
    ]) {
      const center = new QueueCenter();
      for (const update of updates) center.post(update);
      expect(center.row()).toMatchObject({ waiting: 0, today: { queued: 1, answered: 1, averageAnswerMs: 7000 } });
    }
  });

  test.each(["connected", "hold"] as const)(
    "QUE-3 takes the time of the talk from the state %s where the news has no time of the answer.",
    (state) => {
      const center = new QueueCenter();
      const contacts = [aContact({ state, since: secondsLater(7), connectedAt: null })];
      center.post(aQueueContact(), anAgentState({ contacts, occurredAt: secondsLater(7) }));
      expect(center.row()).toMatchObject({ waiting: 0, today: { queued: 1, answered: 1, averageAnswerMs: 7000 } });
    },
  );

  test("QUE-5 counts the service level as Amazon Connect does: removed within the target, of those queued.", () => {
    const center = new QueueCenter();
    center.post(
      aQueueContact({ contactId: "quick", connectedAt: secondsLater(20) }),
      aQueueContact({ contactId: "late", connectedAt: secondsLater(21) }),
      aQueueContact({ contactId: "hasty", endedAt: secondsLater(3) }),
      aQueueContact({ contactId: "patient", endedAt: secondsLater(90) }),
      aQueueContact({ contactId: "waiting" }),
    );
    expect(center.row().today).toEqual({
      queued: 5,
      answered: 2,
      abandoned: 2,
      callbacks: 0,
      withinTarget: 2,
      serviceLevel: 0.4,
      averageAnswerMs: 20_500,
      longestWaitMs: 90_000,
    });
  });

  test("QUE-5 counts the service level by answers alone with the other formula.", () => {
    const center = new QueueCenter({ formula: "answered" });
    center.post(
      aQueueContact({ contactId: "quick", connectedAt: secondsLater(20) }),
      aQueueContact({ contactId: "late", connectedAt: secondsLater(21) }),
      aQueueContact({ contactId: "hasty", endedAt: secondsLater(3) }),
      aQueueContact({ contactId: "patient", endedAt: secondsLater(90) }),
      aQueueContact({ contactId: "waiting" }),
    );
    expect(center.row()).toMatchObject({ serviceLevelFormula: "answered", today: { withinTarget: 1, serviceLevel: 0.3333 } });
  });

  test("QUE-5 counts anew when a snapshot brings another target.", () => {
    const center = new QueueCenter();
    center.post(aQueueContact({ connectedAt: secondsLater(25) }));
    expect(center.row().today.serviceLevel).toBe(0);
    center.post(aQueueSnapshot([queueFigures({}, { serviceLevelSeconds: 30 })]));
    expect(center.row().today.serviceLevel).toBe(1);
  });

  test("QUE-3 turns an abandoned contact into a callback when the news of the callback is late.", () => {
    const center = new QueueCenter();
    center.post(aQueueContact({ endedAt: secondsLater(15) }));
    expect(center.row().today).toMatchObject({ queued: 1, abandoned: 1, callbacks: 0 });
    center.now += 2 * HOUR_MS;
    center.queues.expire(center.now);
    const callback = {
      contactId: "contact-2",
      previousContactId: "contact-1",
      method: "callback",
      enqueuedAt: null,
      queueId: null,
    };
    center.post(aQueueContact({ ...callback, scheduledAt: secondsLater(600) }));
    expect(center.row()).toMatchObject({ waiting: 0, scheduled: 1, today: { queued: 1, abandoned: 0, callbacks: 1 } });
    center.post(aQueueContact({ contactId: "contact-2", method: "callback", enqueuedAt: secondsLater(600) }));
    expect(center.row()).toMatchObject({ waiting: 1, scheduled: 0, today: { queued: 2 } });
    expect(center.queues.waitingContacts("q1")[0]?.callback).toBe(true);
  });

  test("QUE-1 appears with a callback that was asked for, whether or not it is known by then that it has begun.", () => {
    const center = new QueueCenter();
    center.noteAgent("agent-1", {}, [aContact({ state: "ended" })]);
    center.post(aQueueContact({ method: "callback", enqueuedAt: null }));
    expect(center.row()).toMatchObject({ queueId: "q1", waiting: 0, scheduled: 0 });
  });

  test("QUE-1 appears with a callback that was asked for in it, although newer news names another queue.", () => {
    const center = new QueueCenter();
    const callback = { method: "callback", enqueuedAt: null, occurredAt: NOON };
    center.post(aQueueContact({ ...callback, queueId: "q2", occurredAt: NOON + 1 }));
    center.post(aQueueContact({ ...callback, queueId: "q1" }));
    expect(center.row("q1")).toMatchObject({ scheduled: 0 });
    expect(center.row("q2")).toMatchObject({ scheduled: 1 });
  });

  test("QUE-2 keeps the queues of single agents out.", () => {
    const center = new QueueCenter();
    center.post(aQueueContact({ queueId: "agent-1", queueKind: "agent" }));
    expect(center.rows()).toEqual([]);
  });

  test("QUE-12 has no estimate when snapshots stop.", () => {
    const center = new QueueCenter();
    center.post(aQueueSnapshot([queueFigures({ estimatedWaitSeconds: 95 })]));
    expect(center.row().estimatedWaitMs).toBe(95_000);
    expect(center.queues.nextWake()).toBe(NOON + 5 * 60_000);
    center.expireAt(NOON + 5 * 60_000);
    expect(center.row().estimatedWaitMs).toBeNull();
  });

  test("QUE-13 leaves the board when a complete snapshot lacks it and nobody used it for two hours, and comes back.", () => {
    const center = new QueueCenter();
    center.post(aQueueContact({ endedAt: secondsLater(5) }));
    center.post(aQueueSnapshot([queueFigures({}, { queueId: "q2" })], { takenAt: NOON + HOUR_MS }));
    expect(center.rows().map(({ queueId }) => queueId)).toEqual(["q1", "q2"]);
    center.post(aQueueSnapshot([queueFigures({}, { queueId: "q2" })], { takenAt: NOON + 3 * HOUR_MS }));
    expect(center.rows().map(({ queueId }) => queueId)).toEqual(["q2"]);
    center.post(aQueueContact({ contactId: "contact-2", enqueuedAt: NOON + 4 * HOUR_MS }));
    expect(center.rows().map(({ queueId }) => queueId)).toEqual(["q1", "q2"]);
  });

  test("QUE-14 has at most 200 waiting contacts for those who watch it, the oldest first.", () => {
    const center = new QueueCenter();
    const contacts = Array.from({ length: 230 }, (_, index) => ({
      contactId: `call-${index}`,
      enqueuedAt: secondsLater(300 - index),
    }));
    center.post(...contacts.map(aQueueContact));
    const waiting = center.queues.waitingContacts("q1");
    expect([waiting.length, waiting[0]?.contactId, waiting[199]?.contactId]).toEqual([200, "call-229", "call-30"]);
    expect(center.row().waiting).toBe(230);
  });

  test("QUE-1 changes only when its content does.", () => {
    const center = new QueueCenter();
    center.post(aQueueContact(), aQueueSnapshot([queueFigures({ waiting: 1, oldestSeconds: 0 })]));
    const { changes } = center;
    center.post(aQueueContact());
    center.post(aQueueSnapshot([queueFigures({ waiting: 1, oldestSeconds: 60 })], { takenAt: NOON + 60_000 }));
    expect(center.changes).toBe(changes);
  });
});

describe("The staff of a queue", () => {
  const profiles = [
    { name: "Ventas ES", queues: ["q1", "q2"] },
    { name: "Soporte", queues: ["q2"] },
  ];

  /** A center with two queues and the profiles that serve them. */
  function staffedCenter(): QueueCenter {
    const center = new QueueCenter();
    center.post(aQueueSnapshot([queueFigures(), queueFigures({}, { queueId: "q2", name: "Soporte" })], { profiles }));
    return center;
  }

  test("QUE-6 is who is signed in with a profile that serves it and in no custom status.", () => {
    const center = staffedCenter();
    center.noteAgent("ana", { routingProfile: "Ventas ES" });
    center.noteAgent("bea", { routingProfile: "Ventas ES", status: "on a call" });
    center.noteAgent("carla", { routingProfile: "Ventas ES", status: "away" });
    center.noteAgent("dora", { routingProfile: "Ventas ES", status: "on a call" }, [], true);
    center.noteAgent("eva", { routingProfile: "Ventas ES", status: "offline" });
    center.noteAgent("fina", { routingProfile: "Soporte" });
    expect(center.row("q1")).toMatchObject({ staffed: 2, available: 1, silent: 0, profiles: ["Ventas ES"] });
    expect(center.row("q2")).toMatchObject({ staffed: 3, available: 2, profiles: ["Soporte", "Ventas ES"] });
  });

  test("QUE-6 counts an available agent apart of whom nothing is heard.", () => {
    const center = staffedCenter();
    center.noteAgent("ana", { routingProfile: "Ventas ES", stale: true });
    center.noteAgent("bea", { routingProfile: "Ventas ES" });
    expect(center.row()).toMatchObject({ staffed: 2, available: 1, silent: 1 });
  });

  test("QUE-6 is that of Amazon Connect while no profile is known, and nobody where none serves the queue.", () => {
    const center = new QueueCenter();
    center.post(aQueueSnapshot([queueFigures({}, { staffed: 7, available: 1 })]));
    expect(center.row()).toMatchObject({ staffed: 7, available: 1, silent: null });
    center.post(
      aQueueSnapshot([queueFigures({}, { staffed: 7, available: 1 })], { takenAt: NOON + 1000, profiles: profiles.slice(1) }),
    );
    expect(center.row()).toMatchObject({ staffed: 0, available: 0, silent: 0 });
  });

  test("QUE-7 decides who may see the queue, and is not sent.", () => {
    const center = staffedCenter();
    center.noteAgent("ana", { routingProfile: "Ventas ES", groups: ["Mexico", "Ventas"] });
    center.noteAgent("bea", { routingProfile: "Soporte", groups: ["Soporte"] });
    expect(center.queues.groupsOf("q1")).toEqual(["Mexico", "Ventas"]);
    expect(center.queues.groupsOf("q2")).toEqual(["Mexico", "Soporte", "Ventas"]);
    const [queues] = center.board.collections;
    expect(queues?.visible(["Soporte"]).map(({ queueId }) => queueId)).toEqual(["q2"]);
    const row = queues?.row("q1")?.value;
    expect(Object.keys(row === null || row === undefined ? {} : (queues?.definition.toWire(row, NOON) ?? {}))).not.toContain(
      "groups",
    );
    center.noteAgent("ana", null);
    expect(center.queues.groupsOf("q1")).toEqual([]);
  });
});
