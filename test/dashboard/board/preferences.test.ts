import { describe, expect, it } from "vitest";
import { contactLink, isAlias, readPreferences, START_PREFERENCES } from "../../../dashboard/board/model/preferences.ts";
import { DEFAULT_THRESHOLDS } from "../../../dashboard/board/model/threshold-alerts.ts";
import { draftOf, thresholdsOf } from "../../../dashboard/board/model/threshold-draft.ts";

describe("The preferences", () => {
  it("are read as they were stored.", () => {
    const kept = {
      ...START_PREFERENCES,
      connectAlias: "mi-centro",
      sound: true,
      views: [{ name: "Míos", query: "status=away" }],
    };
    expect(readPreferences(JSON.stringify(kept))).toEqual(kept);
  });

  it("use the start value for each part that is not valid.", () => {
    expect(readPreferences(null)).toEqual(START_PREFERENCES);
    expect(readPreferences("not JSON")).toEqual(START_PREFERENCES);
    expect(readPreferences('{"sound":true,"connectAlias":"a/b","views":[{"name":"x"},7],"thresholds":{"status":{}}}')).toEqual({
      ...START_PREFERENCES,
      sound: true,
    });
    expect(
      readPreferences(
        '{"thresholds":{"status":{"away":{"warnSeconds":"9"}},"score":{"warn":-1,"critical":-2},"drop":{"points":2,"seconds":30}}}',
      ).thresholds,
    ).toEqual({
      status: {},
      score: { warn: -1, critical: -2 },
      drop: { points: 2, seconds: 30 },
    });
  });

  it("keep a refresh interval that was stored under its former name.", () => {
    expect(readPreferences('{"rhythm":15}').refreshSeconds).toBe(15);
    expect(readPreferences('{"rhythm":15,"refreshSeconds":5}').refreshSeconds).toBe(5);
    expect(readPreferences('{"rhythm":7}').refreshSeconds).toBe(0);
  });

  it("keep views that were saved before a mood was called a sentiment.", () => {
    const kept = JSON.stringify({ views: [{ name: "Angry", query: "mood=negative&sort=mood&cols=time+mood" }] });
    expect(readPreferences(kept).views).toEqual([
      { name: "Angry", query: "sentiment=negative&sort=sentiment&cols=time+sentiment" },
    ]);
  });

  it("link to a contact only with a valid alias.", () => {
    expect(contactLink("", "c1")).toBeNull();
    expect(contactLink("bebopruebas", "b373d225")).toBe(
      "https://bebopruebas.my.connect.aws/contact-trace-records/details/b373d225",
    );
    expect(["", "a", "a-b2"].every(isAlias)).toBe(true);
    expect(["a.b", "evil.com/", "-a", "a b"].some(isAlias)).toBe(false);
  });
});

describe("The form for thresholds", () => {
  it("returns the same thresholds when nothing was edited.", () => {
    expect(thresholdsOf(draftOf(DEFAULT_THRESHOLDS))).toEqual({ ok: true, thresholds: DEFAULT_THRESHOLDS });
  });

  it("names the row that contradicts itself, and reads an empty row as no threshold.", () => {
    const draft = draftOf(DEFAULT_THRESHOLDS);
    expect(thresholdsOf({ ...draft, status: { ...draft.status, away: { warn: "20", critical: "10" } } })).toEqual({
      ok: false,
      fault: "away",
    });
    expect(thresholdsOf({ ...draft, scoreCritical: "0" })).toEqual({ ok: false, fault: "score" });
    const result = thresholdsOf({
      ...draft,
      status: { away: { warn: "", critical: "" }, "on hold": { warn: "5", critical: "" } },
    });
    expect(result.ok && result.thresholds.status).toEqual({ "on hold": { warnSeconds: 5, criticalSeconds: 5 } });
  });
});
