import { describe, expect, test } from "vitest";
import type { ScopedSubjects } from "../../../../dashboard/board/model/alert-scope.ts";
import { boardAlerts } from "../../../../dashboard/board/model/board-alert.ts";
import { alertMarks, markBeside, placedMarks } from "../../../../dashboard/board/model/replay/alert-marks.ts";
import { inScope } from "../../../../dashboard/board/model/scope.ts";
import { readAddress, writeAddress } from "../../../../dashboard/board/page/address.ts";
import { fakeAlert } from "../../../../dashboard/client/testing.ts";

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
