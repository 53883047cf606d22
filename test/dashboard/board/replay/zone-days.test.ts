import { describe, expect, test } from "vitest";
import { ZoneDays } from "../../../../dashboard/board/model/replay/zone-days.ts";

const HOUR = 60 * 60_000;
const at = (iso: string) => Date.parse(iso);

describe("The days of the past", () => {
  // In this zone the clocks go back on 2026-11-01 and forward on 2026-03-08.
  const newYork = new ZoneDays("America/New_York");

  test("begin and end by the center's clock, also when a day has 23 or 25 hours.", () => {
    const [short, long] = [at("2026-03-08T16:00:00Z"), at("2026-11-01T17:00:00Z")];
    expect(newYork.startOfDay(short)).toBe(at("2026-03-08T05:00:00Z"));
    expect(newYork.endOfDay(short) - newYork.startOfDay(short)).toBe(23 * HOUR);
    expect(newYork.endOfDay(long) - newYork.startOfDay(long)).toBe(25 * HOUR);
    const days = newYork.daysOf(at("2026-10-30T19:00:00Z"), at("2026-11-02T14:00:00Z"));
    const dates = ["2026-11-02T05:00:00Z", "2026-11-01T04:00:00Z", "2026-10-31T04:00:00Z", "2026-10-30T04:00:00Z"];
    expect(days).toEqual(dates.map(at));
  });

  test("begin at half past the hour of UTC in India, and a quarter after it in Nepal.", () => {
    const noon = at("2026-11-26T12:00:00Z");
    expect(new ZoneDays("Asia/Kolkata").startOfDay(noon)).toBe(at("2026-11-25T18:30:00Z"));
    expect(new ZoneDays("Asia/Kathmandu").startOfDay(noon)).toBe(at("2026-11-25T18:15:00Z"));
    expect(new ZoneDays("Pacific/Kiritimati").startOfDay(noon)).toBe(at("2026-11-26T10:00:00Z"));
  });

  test("begin at one o'clock where the clocks skip midnight, and at the first midnight where they have two.", () => {
    // Cairo: 2026-04-24, 0:00 is 1:00. Havana: 2026-11-01, 1:00 is 0:00 again.
    const cairo = new ZoneDays("Africa/Cairo");
    expect(cairo.startOfDay(at("2026-04-24T12:00:00Z"))).toBe(at("2026-04-23T22:00:00Z"));
    expect(cairo.timeField(at("2026-04-23T22:00:00Z"))).toBe("01:00:00");
    const havana = new ZoneDays("America/Havana");
    expect(havana.startOfDay(at("2026-11-01T20:00:00Z"))).toBe(at("2026-11-01T04:00:00Z"));
    expect(havana.endOfDay(at("2026-11-01T20:00:00Z"))).toBe(at("2026-11-02T05:00:00Z"));
  });

  test("are one when the oldest moment is the newest one, and at most 400.", () => {
    const moment = at("2026-11-02T14:00:00Z");
    expect(newYork.daysOf(moment, moment)).toEqual([newYork.startOfDay(moment)]);
    expect(newYork.daysOf(0, moment)).toHaveLength(400);
  });

  test("keep the time of the clock when the reader chooses another one.", () => {
    const moment = at("2026-11-02T15:40:12Z");
    expect(newYork.onDay(moment, at("2026-10-31T04:00:00Z"))).toBe(at("2026-10-31T14:40:12Z"));
    expect(newYork.timeField(moment)).toBe("10:40:12");
    expect(newYork.readTimeField("23:05", moment)).toBe(at("2026-11-03T04:05:00Z"));
    expect(newYork.readTimeField("23:05:07", moment)).toBe(at("2026-11-03T04:05:07Z"));
    expect(newYork.readTimeField("", moment)).toBeNull();
  });

  test("go by the browser's own clock in a zone that it does not know.", () => {
    const own = new ZoneDays(Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(new ZoneDays("Moon/Tranquility").startOfDay(at("2026-11-02T15:40:12Z"))).toBe(
      own.startOfDay(at("2026-11-02T15:40:12Z")),
    );
  });
});
