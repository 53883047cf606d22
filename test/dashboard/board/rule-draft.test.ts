import { describe, expect, it } from "vitest";
import { faultOfDrafts, faultOfPath, type RuleDraft, ruleDraftOf, ruleOf } from "../../../dashboard/board/model/rule-draft.ts";
import { newRuleId } from "../../../dashboard/board/model/rule-fields.ts";
import { mergedRules } from "../../../dashboard/board/model/rule-merge.ts";
import { ruleName } from "../../../dashboard/board/model/rule-words.ts";
import { STANDARD_RULES } from "../../../dashboard/board/model/rules-answer.ts";
import { readRules } from "../../../dashboard/board/model/rules-reading.ts";
import { createText } from "../../../dashboard/board/text/text.ts";
import { parseAlertRules } from "../../../protocol/alert-rules.ts";

const drafts = STANDARD_RULES.rules.map(ruleDraftOf);

function draft(id: string, change: Partial<RuleDraft> = {}): RuleDraft {
  const found = drafts.find((other) => other.id === id);
  if (found === undefined) throw new Error(`There is no default rule ${id}.`);
  return { ...found, ...change };
}

describe("The form of a rule", () => {
  it("returns the same rules when nothing was edited.", () => {
    expect(parseAlertRules({ rules: drafts.map(ruleOf) })).toEqual({ ok: true, rules: { rules: STANDARD_RULES.rules } });
  });

  it("keeps every field that a rule can have.", () => {
    const full = {
      id: "full",
      watch: "statusTime",
      title: "Pausa larga",
      enabled: false,
      forSeconds: 10,
      cooldownSeconds: 30,
      quietHours: [{ days: ["mon", "sun"], from: "22:00", to: "07:00" }],
      to: ["shift-leads"],
      groups: ["Ventas, MX"],
      queues: ["Soporte"],
      channels: ["voice"],
      statusNames: ["Baño"],
      exceptStatusNames: ["Comida"],
      statuses: ["away"],
      warning: 60,
      critical: 120,
    };
    const parsed = parseAlertRules({ rules: [full] });
    const [rule] = parsed.ok ? parsed.rules.rules : [];
    expect(rule === undefined ? null : ruleOf(ruleDraftOf(rule))).toEqual(full);
  });

  it("writes a share as percent, without the errors of binary numbers.", () => {
    expect(draft("service-level")).toMatchObject({ warning: "80", critical: "60" });
    expect(ruleOf(draft("service-level", { warning: "82.5", critical: "57" }))).toMatchObject({ warning: 0.825, critical: 0.57 });
  });

  it("takes an empty field for one that the rule does not have.", () => {
    const rule = ruleOf(draft("acw-long", { warning: "", title: "  ", names: { ...draft("acw-long").names, groups: " \n" } }));
    expect(Object.keys(rule)).not.toContain("warning");
    expect(Object.keys(rule)).not.toContain("title");
    expect(Object.keys(rule)).not.toContain("groups");
  });

  it.each([
    ["no limit", { warning: "", critical: "" }, "warning", "noLimit"],
    ["a word", { warning: "soon" }, "warning", "range"],
    ["a fraction of a second", { critical: "300.5" }, "critical", "range"],
    ["a critical limit below the warning", { critical: "60" }, "critical", "order"],
    ["a negative hold-off", { forSeconds: "-1" }, "forSeconds", "wholeNumber"],
    ["a window without an end", { quietHours: [{ days: [], from: "22:00", to: "" }] }, "quietHours", "quietTime"],
    ["an empty window", { quietHours: [{ days: [], from: "22:00", to: "22:00" }] }, "quietHours", "quietEmpty"],
  ] as const)("names the field of %s.", (_, change, field, problem) => {
    expect(faultOfDrafts([draft("hold-long"), draft("acw-long", change)])).toEqual({
      ruleId: "acw-long",
      field,
      problem,
      message: "",
    });
  });

  it("finds no fault in the default rules, nor in limits where lower is worse.", () => {
    expect(faultOfDrafts(drafts)).toBeNull();
    expect(faultOfDrafts([draft("sentiment-low", { critical: "-2" })])).toMatchObject({ field: "critical", problem: "order" });
  });

  it("finds the field of a place that the hub names.", () => {
    const place = (path: string) => faultOfPath(path, "Why.", drafts)?.field;
    expect(faultOfPath("rules[2].critical", "Why.", drafts)).toEqual({
      ruleId: drafts[2]?.id,
      field: "critical",
      problem: "hub",
      message: "Why.",
    });
    expect(place("rules[0].quietHours[1].to")).toBe("quietHours");
    expect(place("rules[0].groups[3]")).toBe("groups");
    expect(place("rules[8].minCustomerTurns")).toBe("minimum");
    expect(place("rules[0]")).toBe("title");
    expect(place("rules")).toBeUndefined();
    expect(place("rules[99].critical")).toBeUndefined();
  });

  it("gives a new rule an id that no other rule has.", () => {
    expect(newRuleId("statusTime", [])).toBe("status-time-1");
    expect(newRuleId("statusTime", [{ id: "status-time-1" }])).toBe("status-time-2");
  });
});

describe("Rules that two people changed", () => {
  const [one, two, three] = [draft("acw-long"), draft("hold-long"), draft("call-long")];
  const base = [one, two];

  it("have the changes of both.", () => {
    const mine = [{ ...one, warning: "1" }, two, three];
    const theirs = [one, { ...two, warning: "2" }];
    expect(mergedRules(base, mine, theirs)).toEqual({
      drafts: [{ ...one, warning: "1" }, { ...two, warning: "2" }, three],
      both: [],
    });
  });

  it("keep the reader's version of a rule that both changed, and name it.", () => {
    const mine = [{ ...one, warning: "1" }, two];
    const theirs = [{ ...one, warning: "9" }, two];
    expect(mergedRules(base, mine, theirs)).toEqual({ drafts: mine, both: ["acw-long"] });
  });

  it("lose a rule that one deleted and the other left alone, and keep it if the other changed it.", () => {
    expect(mergedRules(base, [two], [one, two])).toEqual({ drafts: [two], both: [] });
    expect(mergedRules(base, base, [two])).toEqual({ drafts: [two], both: [] });
    const changed = { ...one, warning: "9" };
    expect(mergedRules(base, [two], [changed, two])).toEqual({ drafts: [changed, two], both: ["acw-long"] });
    expect(mergedRules(base, [changed, two], [two])).toEqual({ drafts: [two, changed], both: ["acw-long"] });
  });

  it("are the saved ones when nothing was changed here.", () => {
    expect(mergedRules(base, base, [three, one])).toEqual({ drafts: [three, one], both: [] });
  });
});

describe("The answer of the hub about rules", () => {
  it("is read with the roles of the reader, and without a rule of tomorrow.", () => {
    const [rule] = STANDARD_RULES.rules;
    const body = { rules: [rule, { id: "x", watch: "weather" }], version: 3, changedAt: 5, changedBy: "Laura", roles: ["admin"] };
    expect(readRules(body)).toEqual({
      rules: [rule],
      version: 3,
      changedAt: 5,
      changedBy: "Laura",
      roles: ["admin"],
      targets: [],
    });
    expect(readRules({ rules: [], version: 1 })?.roles).toBeNull();
    expect(readRules({ error: "not_found" })).toBeNull();
    expect(readRules(null)).toBeNull();
  });

  it("names its rules by what they watch, or by their title.", () => {
    const text = createText("en");
    const name = (id: string) => {
      const rule = STANDARD_RULES.rules.find((other) => other.id === id);
      return rule === undefined ? "" : ruleName(rule, text);
    };
    expect(name("acw-long")).toBe(`${text.text("status.after call work")}: time in a status`);
    expect(name("break-meal")).toBe("Lunch and Meal: time in a status");
    expect(name("missed-in-row")).toBe("Contacts missed in a row");
  });
});
