import { describe, expect, it } from "vitest";
import { contactLink, isAlias, readPreferences, START_PREFERENCES } from "../../../dashboard/board/model/preferences.ts";

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
  });

  it("are read without an error, and without the limits, as an earlier version stored them.", () => {
    const former = {
      thresholds: {
        status: { away: { warnSeconds: 20, criticalSeconds: 40 } },
        score: { warn: -1, critical: -2 },
        drop: { points: 2, seconds: 30 },
      },
      connectAlias: "mi-centro",
      sound: true,
      notify: true,
      refreshSeconds: 5,
    };
    expect(readPreferences(JSON.stringify(former))).toEqual({
      ...START_PREFERENCES,
      connectAlias: "mi-centro",
      sound: true,
      notify: true,
      refreshSeconds: 5,
    });
  });

  it("keep the muted rules, and leave out what is no id.", () => {
    expect(readPreferences('{"mutedRules":["acw-long",7]}').mutedRules).toEqual(["acw-long"]);
    expect(readPreferences('{"mutedRules":"acw-long"}').mutedRules).toEqual([]);
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
