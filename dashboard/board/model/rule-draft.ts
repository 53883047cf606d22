import type { AgentStatus, Channel } from "../../../protocol/agent.ts";
import type { AlertRule, Watch } from "../../../protocol/alert-rules.ts";
import { type Day, FILTERS_OF, hasChannels, LIMIT_FORMS, minimumFieldOf, NAME_FILTERS, type NameFilter } from "./rule-fields.ts";

/** One window of quiet hours in the form. No day means every day. */
export interface QuietDraft {
  days: readonly Day[];
  from: string;
  to: string;
}

/** A rule as text in the form, right or wrong. An empty text means that the rule does not have the field. */
export interface RuleDraft {
  id: string;
  watch: Watch;
  title: string;
  enabled: boolean;
  warning: string;
  critical: string;
  forSeconds: string;
  cooldownSeconds: string;
  /** From how many turns or contacts on a value counts. */
  minimum: string;
  /** Names, one on a line. */
  names: Readonly<Record<NameFilter, string>>;
  channels: readonly Channel[];
  statuses: readonly AgentStatus[];
  quietHours: readonly QuietDraft[];
  /** Null = all targets. */
  to: readonly string[] | null;
}

export function ruleDraftOf(rule: AlertRule): RuleDraft {
  const { unit } = LIMIT_FORMS[rule.watch];
  const limit = (value: number | undefined) => {
    if (value === undefined) return "";
    return String(unit === "percent" ? Math.round(value * 10_000) / 100 : value);
  };
  const minimum = "minCustomerTurns" in rule ? rule.minCustomerTurns : "minContacts" in rule ? rule.minContacts : "";
  const lines = (names: readonly string[] | undefined) => (names ?? []).join("\n");
  return {
    id: rule.id,
    watch: rule.watch,
    title: rule.title ?? "",
    enabled: rule.enabled,
    warning: limit(rule.warning),
    critical: limit(rule.critical),
    forSeconds: String(rule.forSeconds),
    cooldownSeconds: String(rule.cooldownSeconds),
    minimum: String(minimum),
    names: {
      groups: "groups" in rule ? lines(rule.groups) : "",
      queues: "queues" in rule ? lines(rule.queues) : "",
      statusNames: "statusNames" in rule ? lines(rule.statusNames) : "",
      exceptStatusNames: "exceptStatusNames" in rule ? lines(rule.exceptStatusNames) : "",
    },
    channels: "channels" in rule ? (rule.channels ?? []) : [],
    statuses: "statuses" in rule ? (rule.statuses ?? []) : [],
    quietHours: rule.quietHours.map(({ days = [], from, to }) => ({ days, from, to })),
    to: rule.to ?? null,
  };
}

/** Returns the rule as the hub takes it. The hub refuses what is wrong in it and names the place. */
export function ruleOf(draft: RuleDraft): Record<string, unknown> {
  const { watch } = draft;
  const { unit } = LIMIT_FORMS[watch];
  const limit = (text: string) => (unit === "percent" ? Math.round(Number(text) * 100) / 10_000 : Number(text));
  const minimumField = minimumFieldOf(watch);
  const names = NAME_FILTERS.filter((name) => FILTERS_OF[watch].includes(name)).flatMap((name) => {
    const list = linesOf(draft.names[name]);
    return list.length === 0 ? [] : [[name, list] as const];
  });
  return {
    id: draft.id,
    watch,
    enabled: draft.enabled,
    ...(draft.title.trim() !== "" && { title: draft.title.trim() }),
    ...(draft.warning !== "" && { warning: limit(draft.warning) }),
    ...(draft.critical !== "" && { critical: limit(draft.critical) }),
    ...(draft.forSeconds !== "" && { forSeconds: Number(draft.forSeconds) }),
    ...(draft.cooldownSeconds !== "" && { cooldownSeconds: Number(draft.cooldownSeconds) }),
    ...(minimumField !== null && draft.minimum !== "" && { [minimumField]: Number(draft.minimum) }),
    ...Object.fromEntries(names),
    ...(hasChannels(watch) && draft.channels.length > 0 && { channels: draft.channels }),
    ...(watch === "statusTime" && draft.statuses.length > 0 && { statuses: draft.statuses }),
    quietHours: draft.quietHours.map(({ days, from, to }) => ({ ...(days.length > 0 && { days }), from, to })),
    ...(draft.to !== null && { to: draft.to }),
  };
}

/** Returns the names in a field: one on a line. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The fields of the form that a mistake can be in. */
export type RuleField = Exclude<keyof RuleDraft, "names" | "watch" | "enabled"> | NameFilter;

/** A mistake in a rule. `problem` is one that the form finds itself, else `message` is what the hub said. */
export interface RuleFault {
  ruleId: string;
  field: RuleField;
  problem: "noLimit" | "range" | "order" | "wholeNumber" | "quietTime" | "quietEmpty" | "hub";
  message: string;
}

/** Finds the first mistake that the form can tell in the reader's language. The hub has the last word. */
export function faultOfDrafts(drafts: readonly RuleDraft[]): RuleFault | null {
  for (const draft of drafts) {
    const found = faultOfDraft(draft);
    if (found !== null) return { ruleId: draft.id, message: "", ...found };
  }
  return null;
}

function faultOfDraft(draft: RuleDraft): Pick<RuleFault, "field" | "problem"> | null {
  const { min, max, step, lowerIsWorse } = LIMIT_FORMS[draft.watch];
  if (draft.warning === "" && draft.critical === "") return { field: "warning", problem: "noLimit" };
  for (const field of ["warning", "critical"] as const) {
    const value = Number(draft[field]);
    const inRange = value >= min && value <= max && (step < 1 || Number.isInteger(value));
    if (draft[field] !== "" && !inRange) return { field, problem: "range" };
  }
  if (draft.warning !== "" && draft.critical !== "") {
    const worse = Number(draft.critical) - Number(draft.warning);
    if (!(lowerIsWorse ? worse < 0 : worse > 0)) return { field: "critical", problem: "order" };
  }
  for (const field of ["forSeconds", "cooldownSeconds", "minimum"] as const) {
    const value = Number(draft[field]);
    if (!(Number.isInteger(value) && value >= 0 && value <= 86_400)) return { field, problem: "wholeNumber" };
  }
  for (const { from, to } of draft.quietHours) {
    if (from === "" || to === "") return { field: "quietHours", problem: "quietTime" };
    if (from === to) return { field: "quietHours", problem: "quietEmpty" };
  }
  return null;
}

/** Reads where the hub found a mistake (`rules[2].critical`). */
export function faultOfPath(path: string, message: string, drafts: readonly RuleDraft[]): RuleFault | null {
  const [, index = "", word = ""] = /^rules\[(\d+)\]\.?(\w*)/.exec(path) ?? [];
  const draft = drafts[Number(index)];
  if (index === "" || draft === undefined) return null;
  return { ruleId: draft.id, field: fieldOf(word), problem: "hub", message };
}

function fieldOf(word: string): RuleField {
  if (word === "minCustomerTurns" || word === "minContacts") return "minimum";
  const name = NAME_FILTERS.find((filter) => filter === word);
  if (name !== undefined) return name;
  return FIELDS.find((field) => field === word) ?? "title";
}

const FIELDS: readonly RuleField[] = [
  "title",
  "warning",
  "critical",
  "forSeconds",
  "cooldownSeconds",
  "channels",
  "statuses",
  "quietHours",
  "to",
];
