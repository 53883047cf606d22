import { describe, expect, it } from "vitest";
import { commonWindow, dayStrip, withPresent, workedWindow } from "../../../../dashboard/board/model/day/day-strip.ts";
import { axisMarks, dateAfter, isOtherZone, zoneTime } from "../../../../dashboard/board/model/day/zone-time.ts";
import { anAgent } from "../an-agent.ts";
import { aCall, aDay, aDayContact, aSpell, HOUR, MIDNIGHT } from "./a-day.ts";

const at = (hours: number) => MIDNIGHT + hours * HOUR;
const eightToTen = { from: at(8), to: at(10) };

describe("The strip of a day", () => {
  it("places each time span by its share of the window, and cuts what lies outside.", () => {
    const { statuses } = dayStrip({ spells: [aSpell(7, 9), aSpell(9.5, null)], contacts: [] }, eightToTen, at(10));
    expect(statuses.map(({ x, width }) => [x, width])).toEqual([
      [0, 0.5],
      [0.75, 0.25],
    ]);
  });

  it("leaves gaps empty, and draws no time span without length or outside the window.", () => {
    const spells = [aSpell(8, 8), aSpell(6, 7), aSpell(10, 11), aSpell(8.5, 9)];
    const { statuses } = dayStrip({ spells, contacts: [] }, eightToTen, at(12));
    expect(statuses.map(({ x, width }) => [x, width])).toEqual([[0.25, 0.25]]);
  });

  it("gives contacts at the same time a lane each, and the whole height to a contact alone.", () => {
    const spells = [aCall("a", 8, 9), aCall("b", 8.5, 9.25), aCall("c", 9, 9.5), aCall("d", 9.75, 10)];
    const { contacts } = dayStrip({ spells, contacts: [] }, eightToTen, at(10));
    expect(contacts.map(({ spell, y, height }) => [spell.contactId, y, height])).toEqual([
      ["a", 0, 0.5],
      ["b", 0.5, 0.5],
      ["c", 0, 0.5],
      ["d", 0, 1],
    ]);
  });

  it("keeps all phases of a contact in its lane.", () => {
    const spells = [aCall("a", 8, 8.5), aCall("a", 8.5, 9, { kind: "on hold" }), aCall("b", 8.75, null)];
    const { contacts } = dayStrip({ spells, contacts: [] }, eightToTen, at(10));
    expect(contacts.map(({ spell, y }) => [spell.kind, y])).toEqual([
      ["on a call", 0],
      ["on hold", 0],
      ["on a call", 0.5],
    ]);
  });

  it("marks the sentiment of each contact that has a score, from the answer to the end.", () => {
    const contacts = [
      aDayContact("a", 8, 9, { answeredAt: at(8.5), sentiment: { score: -2, quarters: [-2, null, null, null] } }),
      aDayContact("b", 9, 10, { sentiment: { score: null, quarters: [null, null, null, null] } }),
      aDayContact("c", 9, 10),
    ];
    expect(dayStrip({ spells: [], contacts }, eightToTen, at(10)).marks).toEqual([
      { contactId: "a", x: 0.25, width: 0.25, score: -2 },
    ]);
  });
});

describe("The window of a strip", () => {
  it("goes from the first sign of the agent to the present, and leaves out offline and unknown time at both ends.", () => {
    const spells = [
      aSpell(0, 8, { kind: "offline" }),
      aSpell(8, 9),
      aSpell(9, 9.5, { kind: "unknown", status: null }),
      aSpell(9.5, null, { kind: "offline" }),
    ];
    expect(workedWindow(aDay({ spells }), at(10))).toEqual({ from: at(8), to: at(9) });
    expect(workedWindow(aDay({ spells: [aSpell(8, null)] }), at(10))).toEqual(eightToTen);
    expect(workedWindow(aDay({ spells: [aSpell(0, null, { kind: "offline" })] }), at(10))).toBeNull();
    expect(workedWindow(aDay({ spells: [] }), at(10))).toBeNull();
  });

  it("ends with the day, also where the agent worked on after midnight.", () => {
    expect(workedWindow(aDay({ spells: [aSpell(20, null)] }), at(26))).toEqual({ from: at(20), to: at(24) });
  });

  it("of a team holds the windows of all.", () => {
    expect(commonWindow([{ from: 5, to: 6 }, null, { from: 3, to: 4 }])).toEqual({ from: 3, to: 6 });
    expect(commonWindow([null])).toBeNull();
  });
});

describe("What the board has seen since the answer", () => {
  const day = aDay({ spells: [aSpell(8, null), aCall("c1", 9, null)], serverTime: at(9.5) });

  it("ends what went on, and begins the present status.", () => {
    const agent = anAgent({ status: "away", statusName: "Lunch", since: at(9.75), contactId: null });
    expect(withPresent(day, agent)).toEqual([
      aSpell(8, 9.75),
      aCall("c1", 9, 9.75),
      aSpell(9.75, null, { kind: "away", status: "Lunch" }),
    ]);
  });

  it("changes nothing while the answer is newer than the status.", () => {
    expect(withPresent(day, anAgent({ since: at(9) }))).toBe(day.spells);
  });
});

describe("The hours below a strip", () => {
  const marks = (from: number, to: number, midnight: number) =>
    axisMarks({ from, to }, midnight).map((mark) => (mark - midnight) / HOUR);

  it("are full hours in the time of the contact center, at most seven.", () => {
    expect(marks(at(8.2), at(12), MIDNIGHT)).toEqual([9, 10, 11, 12]);
    expect(marks(at(0), at(24), MIDNIGHT)).toEqual([0, 4, 8, 12, 16, 20, 24]);
    expect(marks(at(8), at(8.5), MIDNIGHT)).toEqual([8, 8 + 5 / 60, 8 + 10 / 60, 8.25, 8 + 20 / 60, 8 + 25 / 60, 8.5]);
  });

  it("number 23 on the day on which summer time begins, and 25 on the day on which it ends.", () => {
    const zone = zoneTime("en", "Europe/Madrid");
    const spring = Date.UTC(2026, 2, 28, 23);
    const autumn = Date.UTC(2026, 9, 24, 22);
    expect(axisMarks({ from: spring, to: spring + 3 * HOUR }, spring).map(zone.minute)).toContain("03:00");
    expect(axisMarks({ from: spring, to: spring + 3 * HOUR }, spring).map(zone.minute)).not.toContain("02:00");
    const doubled = axisMarks({ from: autumn + HOUR, to: autumn + 5 * HOUR }, autumn).map(zone.minute);
    expect(doubled.filter((mark) => mark === "02:00")).toHaveLength(2);
    expect(zone.date(autumn + 24.5 * HOUR)).toBe("2026-10-25");
    expect(zone.date(autumn + 25 * HOUR)).toBe("2026-10-26");
  });
});

describe("The time of the contact center", () => {
  it("is shown in its own zone, and the page says so where the reader's clock differs.", () => {
    expect(zoneTime("es-MX", "America/Mexico_City").second(at(8.5))).toBe("08:30:00");
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(isOtherZone(own, at(0), at(24))).toBe(false);
    expect(isOtherZone("Pacific/Kiritimati", at(0), at(24))).toBe(true);
    expect(isOtherZone("Nowhere/Unknown", at(0), at(24))).toBe(false);
  });

  it("has the next date after each date, also at the end of a month and a year.", () => {
    expect(dateAfter("2026-03-01", -1)).toBe("2026-02-28");
    expect(dateAfter("2026-12-31", 1)).toBe("2027-01-01");
  });
});
