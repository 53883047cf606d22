import { describe, expect, test } from "vitest";
import { LocalDays, QUARTER_MS } from "../../../core/board/local-day.ts";

const HOUR_MS = 60 * 60_000;

/** Returns the day of an instant as ISO times, with its hours. */
function dayIn(timeZone: string, at: string): [from: string, hours: number] {
  const { from, until } = new LocalDays(timeZone).dayOf(Date.parse(at));
  return [new Date(from).toISOString(), (until - from) / HOUR_MS];
}

describe("A day", () => {
  test.each([
    ["UTC", "2026-11-26T13:05:00Z", "2026-11-26T00:00:00.000Z", 24],
    ["America/Mexico_City", "2026-11-26T03:00:00Z", "2026-11-25T06:00:00.000Z", 24],
    ["Asia/Kathmandu", "2026-11-26T18:14:59Z", "2026-11-25T18:15:00.000Z", 24],
    ["Europe/Madrid", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00.000Z", 23],
    ["Europe/Madrid", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00.000Z", 25],
    ["America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T04:00:00.000Z", 25],
    ["America/New_York", "2026-11-01T06:30:00Z", "2026-11-01T04:00:00.000Z", 25],
    ["Australia/Lord_Howe", "2026-04-05T00:00:00Z", "2026-04-04T13:00:00.000Z", 24.5],
    // In Santiago the clocks go forward at midnight, so this day begins at one o'clock.
    ["America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00.000Z", 23],
  ])("in %s at %s begins at %s and has %d hours.", (timeZone, at, from, hours) => {
    expect(dayIn(timeZone, at)).toEqual([from, hours]);
  });

  test("begins and ends with a quarter of an hour in every time zone that the runtime knows.", () => {
    const format = (timeZone: string, at: number) =>
      new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }).format(at);
    const winter = Date.parse("2026-01-15T00:00:00Z");
    const odd = Intl.supportedValuesOf("timeZone").filter((timeZone) => {
      const offsets = [winter, winter + 181 * 24 * HOUR_MS].map((at) =>
        /GMT([+-]\d\d):(\d\d)(:\d\d)?$/.exec(format(timeZone, at)),
      );
      return offsets.some(
        (found) => found !== null && (found[3] !== undefined || Number(found[2]) % (QUARTER_MS / 60_000) !== 0),
      );
    });
    expect(odd).toEqual([]);
  });

  test("follows the one before without a gap, over a year with both clock changes.", () => {
    const days = new LocalDays("America/New_York");
    let { from, until } = days.dayOf(Date.parse("2026-01-01T12:00:00Z"));
    for (let count = 0; count < 365; count += 1) {
      const next = days.dayOf(until);
      expect(next.from).toBe(until);
      ({ from, until } = next);
    }
    expect(new Date(from).toISOString()).toBe("2027-01-01T05:00:00.000Z");
  });
});
