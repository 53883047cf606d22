import { describe, expect, test } from "vitest";
import { QuietHours, WallClock } from "../../../core/alerts/quiet-hours.ts";
import type { QuietWindow } from "../../../protocol/alert-rules.ts";
import { agentFacts, engineOf, linesOf, MINUTE, post, rulesOf, SECOND, T0 } from "./sample-facts.ts";

/** When it is no longer quiet, as UTC; "now" = it is not quiet. */
function endOf(timeZone: string, windows: QuietWindow[], at: string): string {
  const start = Date.parse(at);
  const end = new QuietHours(windows, new WallClock(timeZone)).endAfter(start);
  return end === start ? "now" : new Date(end).toISOString().slice(0, 16);
}

const NIGHT: QuietWindow[] = [{ from: "22:00", to: "07:00" }];

describe("Quiet hours", () => {
  test("ALR-6 go by the clocks of the time zone and may pass midnight.", () => {
    expect(endOf("America/Mexico_City", NIGHT, "2026-11-24T03:59:00Z")).toBe("now");
    expect(endOf("America/Mexico_City", NIGHT, "2026-11-24T04:00:30Z")).toBe("2026-11-24T13:00");
    expect(endOf("America/Mexico_City", NIGHT, "2026-11-24T13:00:00Z")).toBe("now");
    expect(endOf("Asia/Kathmandu", NIGHT, "2026-11-24T16:15:00Z")).toBe("2026-11-25T01:15");
  });

  // Europe/Madrid: 29 March 2026, 02:00 becomes 03:00; 25 October 2026, 03:00 becomes 02:00.
  test("ALR-6 are an hour shorter in the night when clocks go forward, and an hour longer when they go back.", () => {
    expect(endOf("Europe/Madrid", NIGHT, "2026-03-28T21:00:00Z")).toBe("2026-03-29T05:00");
    expect(endOf("Europe/Madrid", NIGHT, "2026-10-24T20:00:00Z")).toBe("2026-10-25T06:00");
  });

  test("ALR-6 that end in the hour that does not exist end when it would have begun, and an hour that comes twice is quiet twice.", () => {
    const until: QuietWindow[] = [{ from: "01:00", to: "02:30" }];
    expect(endOf("Europe/Madrid", until, "2026-03-29T00:30:00Z")).toBe("2026-03-29T01:00");
    expect(endOf("Europe/Madrid", until, "2026-10-24T23:30:00Z")).toBe("2026-10-25T00:30");
    expect(endOf("Europe/Madrid", until, "2026-10-25T01:10:00Z")).toBe("2026-10-25T01:30");
  });

  test("ALR-6 belong to the day on which they begin.", () => {
    const friday: QuietWindow[] = [{ days: ["fri"], from: "22:00", to: "07:00" }];
    expect(endOf("UTC", friday, "2026-11-28T06:00:00Z")).toBe("2026-11-28T07:00");
    expect(endOf("UTC", friday, "2026-11-28T23:00:00Z")).toBe("now");
    expect(endOf("UTC", friday, "2026-11-27T06:00:00Z")).toBe("now");
  });

  test("ALR-6 of the whole weekend end on Monday, and those of all days count as eight days.", () => {
    const weekend: QuietWindow[] = [{ days: ["sat", "sun"], from: "00:00", to: "24:00" }];
    expect(endOf("UTC", weekend, "2026-11-28T12:00:00Z")).toBe("2026-11-30T00:00");
    expect(endOf("UTC", [{ from: "00:00", to: "24:00" }], "2026-11-28T12:00:00Z")).toBe("2026-12-06T12:00");
  });

  test("ALR-6 hold an alert back until they end, and let one that fires go on and resolve.", () => {
    const rule = { watch: "statusTime", warning: 60, critical: 180, quietHours: [{ from: "10:02", to: "10:10" }] };
    const agent = (minutes: number, agentId: string, since: number) =>
      agentFacts(T0 + minutes * MINUTE, { agentId, status: "after call work", since });
    const engine = engineOf(rulesOf(rule));
    engine.applyFacts([agent(0, "A1", T0), agent(0, "A2", T0 + 90 * SECOND)], T0);
    expect(linesOf(engine.advance(T0 + 2 * MINUTE))).toEqual(["fired warning 60/60 +60s"]);
    expect(engine.applyFacts([agent(4, "A1", T0), agent(4, "A2", T0 + 90 * SECOND), post(T0)], T0 + 4 * MINUTE)).toEqual([]);
    expect(engine.applyFacts([agent(9, "A1", T0), agent(9, "A2", T0 + 90 * SECOND)], T0 + 9 * MINUTE)).toEqual([]);
    expect(linesOf(engine.advance(T0 + 10 * MINUTE))).toEqual([
      "escalated critical 600/180 +600s",
      "fired critical 510/180 +600s",
    ]);
  });
});
