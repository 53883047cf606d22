import { describe, expect, test } from "vitest";
import { parseAlertRules } from "../../protocol/alert-rules.ts";
import { DEFAULT_ALERT_RULES } from "../../protocol/default-alert-rules.ts";

const GOOD = { id: "acw-long", watch: "statusTime", statuses: ["after call work"], warning: 120, critical: 300 };

/** What is wrong with the second of two rules: `place: message`. */
function problem(change: Record<string, unknown>): string {
  const parsed = parseAlertRules({
    rules: [
      { ...GOOD, id: "first" },
      { ...GOOD, ...change },
    ],
  });
  return parsed.ok ? "" : `${parsed.path}: ${parsed.message}`;
}

describe("The rules of alerts", () => {
  test("ALR-9 A rule needs an id, a watch and a limit; the rest has defaults.", () => {
    expect(parseAlertRules({ rules: [{ id: "a", watch: "queueOldest", critical: 60 }] })).toEqual({
      ok: true,
      rules: {
        rules: [
          { id: "a", watch: "queueOldest", critical: 60, enabled: true, forSeconds: 0, cooldownSeconds: 60, quietHours: [] },
        ],
      },
    });
    expect(parseAlertRules({ rules: [] }).ok).toBe(true);
  });

  test.each([
    [
      { id: "Wait Long" },
      "rules[1].id: Invalid id; expected 1 to 64 lower-case letters, digits and hyphens, beginning with a letter or digit.",
    ],
    [{ id: "first" }, "rules[1].id: Used twice; expected an id that no other rule has."],
    [
      { warning: undefined, critical: undefined },
      "rules[1].warning: Missing; expected a limit in warning, in critical, or in both.",
    ],
    [{ critical: 100 }, "rules[1].critical: Never reached after the warning; expected a number above warning."],
    [{ critical: 120 }, "rules[1].critical: Never reached after the warning; expected a number above warning."],
    [{ critcal: 100 }, "rules[1].critcal: Unknown field; expected a field that this watch has."],
    [{ minCustomerTurns: 3 }, "rules[1].minCustomerTurns: Unknown field; expected a field that this watch has."],
    [{ warning: -1 }, "rules[1].warning: Invalid min value; expected >=0."],
    [{ warning: 1.5 }, "rules[1].warning: Invalid number; expected a whole number."],
    [{ warning: "secret" }, "rules[1].warning: Invalid number; expected number."],
    [{ statuses: [] }, "rules[1].statuses: Invalid min length; expected >=1."],
    [{ channels: [] }, "rules[1].channels: Invalid min length; expected >=1."],
    [
      { quietHours: [{ from: "7:30", to: "08:00" }] },
      "rules[1].quietHours[0].from: Invalid time; expected HH:MM by the clock of the center, such as 07:30.",
    ],
    [
      { quietHours: [{ from: "07:30", to: "07:30" }] },
      "rules[1].quietHours[0].to: Equal to from; expected another time. The whole day is 00:00 to 24:00.",
    ],
  ])("ALR-9 A wrong rule is refused with its place: %j.", (change, message) => {
    expect(problem(change)).toBe(message);
  });

  test("ALR-9 A limit of what is worse when it is lower must fall from warning to critical.", () => {
    const low = { id: "low", watch: "sentimentRecent", warning: -4, critical: -2 };
    expect(parseAlertRules({ rules: [low] })).toMatchObject({
      path: "rules[0].critical",
      message: expect.stringContaining("below"),
    });
    expect(parseAlertRules({ rules: [{ ...low, critical: -4.5 }] }).ok).toBe(true);
  });

  test("ALR-9 What is no list of rules is refused, and never repeated.", () => {
    for (const json of [
      null,
      [],
      "secret",
      { rules: "secret" },
      { rules: [{ ...GOOD, watch: "secret" }] },
      { rules: [], more: 1 },
    ]) {
      const parsed = parseAlertRules(json);
      expect(parsed.ok, JSON.stringify(json)).toBe(false);
      expect(JSON.stringify(parsed)).not.toContain("secret");
    }
    expect(parseAlertRules({ rules: Array.from({ length: 201 }, (_, n) => ({ ...GOOD, id: `r${n}` })) }).ok).toBe(false);
  });

  test("ALR-10 The default rules are valid and say all that they have.", () => {
    expect(parseAlertRules(JSON.parse(JSON.stringify(DEFAULT_ALERT_RULES)))).toEqual({ ok: true, rules: DEFAULT_ALERT_RULES });
  });
});
