import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ScopedSubjects } from "../../../../dashboard/board/model/alert-scope.ts";
import { boardAlerts } from "../../../../dashboard/board/model/board-alert.ts";
import { alertMarks, markBeside, placedMarks } from "../../../../dashboard/board/model/replay/alert-marks.ts";
import { daysOf, endOfDay, onDay, readTimeField, startOfDay, timeField } from "../../../../dashboard/board/model/replay/days.ts";
import { inScope } from "../../../../dashboard/board/model/scope.ts";
import { readAddress, writeAddress } from "../../../../dashboard/board/page/address.ts";
import { fakeAlert } from "../../../../dashboard/client/testing.ts";

const HOUR = 60 * 60_000;
/** In this zone the clocks go back on 2026-11-01 and forward on 2026-03-08. */
const NEW_YORK = "America/New_York";

describe("The days of the past", () => {
  beforeEach(() => vi.stubEnv("TZ", NEW_YORK));
  afterEach(() => vi.unstubAllEnvs());

  test("begin and end by the clock, also when a day has 23 or 25 hours.", () => {
    const [short, long] = [new Date(2026, 2, 8, 12).getTime(), new Date(2026, 10, 1, 12).getTime()];
    expect(endOfDay(short) - startOfDay(short)).toBe(23 * HOUR);
    expect(endOfDay(long) - startOfDay(long)).toBe(25 * HOUR);
    const days = daysOf(new Date(2026, 9, 30, 15).getTime(), new Date(2026, 10, 2, 9).getTime());
    expect(days).toEqual([2, 1, 0, -1].map((date) => new Date(2026, 10, date).getTime()));
  });

  test("are all of them when the oldest moment is the newest one.", () => {
    const at = new Date(2026, 10, 2, 9).getTime();
    expect(daysOf(at, at)).toEqual([startOfDay(at)]);
  });

  test("keep the time of the clock when the reader chooses another one.", () => {
    const at = new Date(2026, 10, 2, 10, 40, 12).getTime();
    expect(onDay(at, new Date(2026, 9, 31).getTime())).toBe(new Date(2026, 9, 31, 10, 40, 12).getTime());
    expect(timeField(at)).toBe("10:40:12");
    expect(readTimeField("23:05", at)).toBe(new Date(2026, 10, 2, 23, 5).getTime());
    expect(readTimeField("23:05:07", at)).toBe(new Date(2026, 10, 2, 23, 5, 7).getTime());
    expect(readTimeField("", at)).toBeNull();
  });
});

/** What is in these groups, on a board that knows neither agents nor queues. */
function within(groups: readonly string[]): ScopedSubjects {
  const scope = inScope({ teams: [], groups });
  return { scope, pathOf: () => undefined, knownQueues: new Set(), scopedQueues: new Set() };
}

describe("The marks of alerts", () => {
  const alerts = boardAlerts(
    [
      fakeAlert({ alertId: "late", since: 5_000, groups: ["Ventas"], subject: { agentId: "a" }, severity: "critical" }),
      fakeAlert({ alertId: "early", since: 1_000, groups: ["Ventas"], subject: { agentId: "a" } }),
      fakeAlert({ alertId: "other", since: 3_000, groups: ["Soporte"], subject: { agentId: "b" } }),
    ],
    { agents: [], queueNames: {}, rules: [] },
  );

  test("are those of the reader's teams, in the order of time.", () => {
    expect(alertMarks(alerts, within(["Ventas"]))).toEqual([
      { at: 1_000, critical: false },
      { at: 5_000, critical: true },
    ]);
    expect(alertMarks(alerts, within([]))).toHaveLength(3);
  });

  test("lead from one alert to the next and back, within what is kept.", () => {
    const marks = alertMarks(alerts, within([]));
    expect(markBeside(marks, 1_000, "next", null)).toBe(3_000);
    expect(markBeside(marks, 4_000, "last", null)).toBe(3_000);
    expect(markBeside(marks, 3_000, "last", 2_000)).toBeNull();
    expect(markBeside(marks, 5_000, "next", null)).toBeNull();
  });

  test("share a place of the slider, where the critical one is seen.", () => {
    const marks = [
      { at: 1_000, critical: true },
      { at: 1_001, critical: false },
      { at: 100_000, critical: false },
      { at: 200_001, critical: false },
    ];
    expect(placedMarks(marks, 0, 200_000)).toEqual([
      { share: 0.005, critical: true },
      { share: 0.5, critical: false },
    ]);
    expect(placedMarks(marks, 0, 0)).toEqual([]);
  });
});

describe("The address of a moment", () => {
  const momentIn = (query: string) => readAddress(new URLSearchParams(query)).at;

  test("has epoch milliseconds, or a date and time, and anything else is the live board.", () => {
    expect(momentIn("at=1795678633000")).toBe(1_795_678_633_000);
    expect(momentIn("at=2026-11-26T10:40:12Z")).toBe(Date.UTC(2026, 10, 26, 10, 40, 12));
    expect(["", "at=", "at=noon", "at=-5", "at=1e99"].map(momentIn)).toEqual([null, null, null, null, null]);
  });

  test("is written and taken away again without the rest.", () => {
    const query = writeAddress(new URLSearchParams("lang=es"), { at: 5_000 });
    expect(query.toString()).toBe("lang=es&at=5000");
    expect(writeAddress(query, { at: null }).toString()).toBe("lang=es");
  });
});
