import { describe, expect, test } from "vitest";
import { anAgentState } from "../../support/updates.ts";
import { aQueueContact } from "../queues/queue-center.ts";
import { at, call, DayCenter, HOUR, MINUTE, NINE, SHIFT, stateAt } from "./day-center.ts";

const minutesOf = (since: number) => (since - NINE) / MINUTE;

describe("An agent's day", () => {
  test("DAY-1 sums up a shift by the definitions of Amazon Connect.", () => {
    const center = new DayCenter();
    center.post(...SHIFT);
    expect(center.day().totals).toEqual({
      handled: 1,
      missed: 1,
      averageHandleMs: 11 * MINUTE,
      // Busy from 11 to 22. Free but for ringing, missed and lunch: 10 + 8 + 7 + 5 minutes.
      occupancy: 0.2683,
      signedInMs: HOUR,
      talkMs: 7 * MINUTE,
      holdMs: 2 * MINUTE,
      afterCallMs: 2 * MINUTE,
      unknownMs: 0,
      byStatus: [
        { status: "Available", ms: 45 * MINUTE },
        { status: "Almuerzo", ms: 15 * MINUTE },
      ],
    });
  });

  test("DAY-2 has the agent's own statuses and, beside them, what it did on contacts.", () => {
    const center = new DayCenter();
    center.post(...SHIFT);
    const spells = center.day().spells.map(({ since, until, kind, contactId }) => {
      return [minutesOf(since), until === null ? null : minutesOf(until), kind, contactId];
    });
    expect(spells).toEqual([
      [0, 40, "available", null],
      [10, 11, "ringing", "contact-1"],
      [11, 15, "on a call", "contact-1"],
      [15, 17, "on hold", "contact-1"],
      [17, 20, "on a call", "contact-1"],
      [20, 22, "after call work", "contact-1"],
      [30, 31, "ringing", "contact-2"],
      [31, 33, "missed", "contact-2"],
      [40, 55, "away", null],
      [55, 60, "available", null],
      [60, null, "offline", null],
    ]);
  });

  test("DAY-2 begins no time span when only the configuration changed.", () => {
    const center = new DayCenter();
    center.post(...SHIFT, { ...stateAt(5, "Available", 0), routingProfile: "Other", groups: ["Soporte"] });
    expect(center.day().spells.filter(({ kind }) => kind === "available")).toHaveLength(2);
  });

  test("DAY-3 counts concurrent contacts once for occupancy, and each for itself otherwise.", () => {
    const center = new DayCenter();
    const chat = (id: string) => call("connected", 0, 0, { contactId: id, channel: "chat" });
    const done = (id: string) => call("ended", 10, 0, { contactId: id, channel: "chat" });
    center.post(
      stateAt(0, "Available", 0, chat("a"), chat("b")),
      stateAt(10, "Available", 0, done("a"), chat("b")),
      stateAt(12, "Available", 0, chat("b")),
      stateAt(20, "Available", 0),
      stateAt(30, "Offline", 30),
    );
    const { totals } = center.day();
    expect(totals).toMatchObject({ handled: 2, talkMs: 30 * MINUTE, afterCallMs: 2 * MINUTE, averageHandleMs: 16 * MINUTE });
    expect(totals.occupancy).toBe(0.6667);
  });

  test("DAY-4 closes what it knows at the last sighting when an agent falls silent, and says that the rest is unknown.", () => {
    const center = new DayCenter();
    center.post(stateAt(0, "Available", 0), stateAt(5, "Available", 0, call("connected", 5, 5)));
    center.now = at(100);
    const { spells, totals, contacts } = center.day();
    expect(spells.map(({ kind, since }) => [kind, minutesOf(since)])).toEqual([
      ["available", 0],
      ["unknown", 5],
    ]);
    expect(contacts).toMatchObject([{ contactId: "contact-1", end: at(5), endKnown: false }]);
    expect(totals).toMatchObject({ averageHandleMs: null, signedInMs: 5 * MINUTE, unknownMs: 95 * MINUTE });
    center.post(stateAt(100, "Almuerzo", 90));
    center.now = at(101);
    expect(center.day().spells.map(({ kind, since }) => [kind, minutesOf(since)])).toEqual([
      ["available", 0],
      ["unknown", 5],
      ["away", 90],
    ]);
  });

  test("DAY-4 knows no silence while heartbeats come.", () => {
    const center = new DayCenter();
    center.post(stateAt(0, "Available", 0));
    for (let minute = 2; minute < 240; minute += 2)
      center.post({ type: "agent.heartbeat", agentId: "agent-1", occurredAt: at(minute) });
    center.now = at(240);
    expect(center.day().spells).toMatchObject([{ kind: "available", since: NINE, until: null }]);
    // Four hours have 24 slots of ten minutes, and heartbeats of one slot are one row.
    expect(center.rowsWritten).toBeLessThan(30);
  });

  test("DAY-5 takes the end of a call from a contact event when the agent's stream lost it.", () => {
    const center = new DayCenter();
    const event = aQueueContact({ agentId: "agent-1", enqueuedAt: at(4), connectedAt: at(5), endedAt: at(9), occurredAt: at(9) });
    center.post(stateAt(0, "Available", 0), event, stateAt(12, "Available", 0));
    expect(center.day().totals).toMatchObject({ handled: 1, talkMs: 4 * MINUTE, averageHandleMs: 4 * MINUTE });
    center.post(stateAt(5, "Available", 0, call("connected", 5, 5)));
    expect(center.day().totals).toMatchObject({ handled: 1, talkMs: 4 * MINUTE });
  });

  test("DAY-5 counts a contact that was missed and offered again as one missed and one handled.", () => {
    const center = new DayCenter();
    center.post(
      stateAt(0, "Available", 0, call("missed", 0)),
      stateAt(2, "Available", 0),
      stateAt(4, "Available", 0, call("ringing", 4)),
      stateAt(5, "Available", 0, call("connected", 5, 5)),
      stateAt(8, "Available", 0),
    );
    expect(center.day().totals).toMatchObject({ missed: 1, handled: 1, talkMs: 3 * MINUTE });
  });

  test("DAY-5 lets a list heal a lost event, and one that lags behind change nothing.", () => {
    const center = new DayCenter();
    center.post(...SHIFT);
    const before = center.day().totals;
    const lagging = stateAt(16, "Available", 0, call("connected", 11, 11));
    const { type: _, ...late } = { ...stateAt(41, "Available", 0) };
    const { type: __, ...entry } = lagging;
    center.post({ type: "roster.snapshot", takenAt: at(41), agents: [late] });
    expect(center.day().totals).toEqual(before);
    const healed = new DayCenter();
    healed.post(
      stateAt(0, "Available", 0),
      { type: "roster.snapshot", takenAt: at(16), agents: [entry] },
      stateAt(20, "Available", 0),
    );
    expect(healed.day().totals).toMatchObject({ handled: 1, averageHandleMs: 9 * MINUTE });
  });

  test("DAY-6 goes from midnight to midnight on the clocks of the center, also on days of 23 and 25 hours.", () => {
    for (const [date, hours] of [
      ["2026-03-29", 23],
      ["2026-10-25", 25],
    ] as const) {
      const center = new DayCenter({ timeZone: "Europe/Madrid", historyDays: 300 });
      const { from, until } = center.history.dayOfDate(date) ?? { from: 0, until: 0 };
      center.now = until + 2 * HOUR;
      const available = { name: "Available", kind: "routable" as const, since: from - HOUR };
      for (let time = from - HOUR; time <= until + HOUR; time += 10 * MINUTE)
        center.post({ ...stateAt(0, "Available", 0), status: available, occurredAt: time });
      const day = center.day("agent-1", date);
      expect([day.from, day.to, day.date]).toEqual([from, until, date]);
      expect(day.spells).toMatchObject([{ since: from, until, kind: "available" }]);
      expect(day.totals.signedInMs).toBe(hours * HOUR);
    }
  });

  test("DAY-6 shares a call over midnight: each day has its part of the talk, and the later one the contact.", () => {
    const center = new DayCenter();
    const midnight = at(15 * 60);
    const minute = 15 * 60;
    center.now = midnight + 2 * HOUR;
    center.post(
      stateAt(minute - 10, "Available", minute - 30, call("connected", minute - 10, minute - 10)),
      stateAt(minute + 5, "Available", minute - 30, call("ended", minute + 5, minute - 10)),
      stateAt(minute + 6, "Available", minute - 30),
    );
    expect(center.day("agent-1", "2026-11-26").totals).toMatchObject({ handled: 0, talkMs: 10 * MINUTE });
    expect(center.day("agent-1", "2026-11-27").totals).toMatchObject({
      handled: 1,
      talkMs: 5 * MINUTE,
      averageHandleMs: 16 * MINUTE,
    });
  });
});

describe("The figures on the board", () => {
  test("DAY-7 change only when a contact or a status of the agent ends.", () => {
    const center = new DayCenter();
    const seen = SHIFT.map((state) => {
      center.post(state);
      return center.history.today("agent-1");
    });
    const changes = seen.map((today, index) => JSON.stringify(today) !== JSON.stringify(seen[index - 1] ?? null));
    const changed = SHIFT.flatMap(({ occurredAt }, index) => (changes[index] === true ? minutesOf(occurredAt) : []));
    expect(changed).toEqual([0, 22, 31, 33, 40, 55, 60]);
    const { handled, missed, averageHandleMs, occupancy, signedInMs } = center.day().totals;
    expect(seen.at(-1)).toEqual({ handled, missed, averageHandleMs, occupancy, signedInMs });
  });

  test("DAY-7 begin anew at midnight, also after a restart.", () => {
    const center = new DayCenter();
    center.post(...SHIFT);
    center.restart("agent-1");
    expect(center.history.today("agent-1")?.handled).toBe(1);
    const midnight = at(15 * 60);
    expect(center.history.nextWake()).toBe(midnight);
    expect([...center.history.beginDay(midnight)]).toEqual(["agent-1"]);
    expect(center.history.today("agent-1")).toBeNull();
  });

  test("DAY-13 say which date is the first that is kept, and null when no days are kept.", () => {
    expect(new DayCenter({ historyDays: 7 }).day().keptFrom).toBe("2026-11-19");
    expect(new DayCenter({ historyDays: 1 }).day().keptFrom).toBe("2026-11-25");
    expect(new DayCenter({ historyDays: 0 }).day().keptFrom).toBeNull();
  });

  test("DAY-8 are deleted when the last kept day begins at the center's midnight, also after the clocks have changed.", () => {
    const iso = (text: string) => Date.parse(text);
    const india = new DayCenter({ historyDays: 7, timeZone: "Asia/Kolkata" }).history;
    const noon = iso("2026-11-26T12:00:00Z");
    expect(india.endOfKeeping(iso("2026-11-19T12:00:00Z"), noon)).toBe(iso("2026-11-26T18:30:00Z"));
    expect(india.endOfKeeping(noon, noon)).toBe(iso("2026-12-03T18:30:00Z"));
    expect(india.endOfKeeping(iso("2026-11-18T18:29:59Z"), noon)).toBe(noon);
    // The clocks of New York go back on 1 November, so the day of 30 October is kept an hour longer.
    const newYork = new DayCenter({ historyDays: 7, timeZone: "America/New_York" }).history;
    const early = iso("2026-11-07T04:30:00Z");
    expect(newYork.endOfKeeping(iso("2026-10-30T12:00:00Z"), early)).toBe(iso("2026-11-07T05:00:00Z"));
  });

  test("DAY-8 of a date that is no longer kept show nothing, although a later day shares an hour with it.", () => {
    const center = new DayCenter({ historyDays: 1, timeZone: "Asia/Kolkata" });
    center.now = Date.parse("2026-11-25T18:20:00Z");
    center.post(anAgentState({ agentId: "agent-1", occurredAt: center.now }));
    expect(center.day("agent-1", "2026-11-25").spells).not.toEqual([]);
    center.now = Date.parse("2026-11-27T12:00:00Z");
    expect(center.day("agent-1", "2026-11-25").spells).toEqual([]);
  });

  test("DAY-8 are not there and nothing is written when no days are kept.", () => {
    const center = new DayCenter({ historyDays: 0 });
    center.post(...SHIFT);
    expect([center.history.today("agent-1"), center.rowsWritten]).toEqual([null, 0]);
    expect(center.day().spells).toEqual([]);
  });
});
