import * as v from "valibot";
import { agentStatusSchema, channelSchema } from "./agent.ts";
import { messageOf, pathOf } from "./validation-issue.ts";

/** Rules of one center. More are a mistake, and each costs every change of an agent. */
const MAX_RULES = 200;
/** Names in one filter. */
const MAX_NAMES = 100;
/** Windows of one rule: three shifts on each day of the week. */
const MAX_WINDOWS = 21;
/** Limits and holds in seconds: a day. Nothing on the board lasts longer than a shift. */
const MAX_SECONDS = 86_400;

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));
const names = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(256))), v.minLength(1), v.maxLength(MAX_NAMES));
const seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SECONDS));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
const score = v.pipe(v.number(), v.minValue(-5), v.maxValue(5));
const points = v.pipe(v.number(), v.minValue(0.1), v.maxValue(10));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Times when a rule starts no alert, by the clocks of the center's `TIME_ZONE`. */
const quietWindowSchema = v.strictObject({
  /** The days on which the window begins; absent = every day. */
  days: v.optional(v.pipe(v.array(v.picklist(DAYS)), v.minLength(1), v.maxLength(7))),
  from: v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/)),
  /** Not part of the window. Earlier than `from` = on the next day. */
  to: v.pipe(v.string(), v.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)),
});
export type QuietWindow = v.InferOutput<typeof quietWindowSchema>;

/** What every rule has. */
const shared = {
  id,
  /** What people read instead of the standard text. */
  title: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
  enabled: v.optional(v.boolean(), true),
  /** Hold-off: the limit must be passed for so long before the alert fires. */
  forSeconds: v.optional(seconds, 0),
  /** After the alert resolved, the same subject fires no new one of the same or a lower severity for so long. */
  cooldownSeconds: v.optional(seconds, 60),
  quietHours: v.optional(v.pipe(v.array(quietWindowSchema), v.maxLength(MAX_WINDOWS)), []),
  /** The targets that get messages; absent = all of them, [] = none. */
  to: v.optional(v.pipe(v.array(id), v.maxLength(50))),
};
/** Limits in the unit of the rule. At least one of them is there. */
const limits = <Limit extends v.GenericSchema<unknown, number>>(limit: Limit) => ({
  warning: v.optional(limit),
  critical: v.optional(limit),
});
/** Filters of agents and contacts: one of the values must fit. An absent filter lets everything through. */
const placed = {
  groups: v.optional(names),
  queues: v.optional(names),
  channels: v.optional(v.pipe(v.array(channelSchema), v.minLength(1))),
};
const ofAgent = {
  ...placed,
  statusNames: v.optional(names),
  /** Status names that another rule looks after. */
  exceptStatusNames: v.optional(names),
};
/** A score counts as evidence from so many final turns of the customer on. */
const evidence = { minCustomerTurns: v.optional(count, 4) };
const ofQueue = { groups: v.optional(names), queues: v.optional(names) };

const anyRuleSchema = v.variant("watch", [
  /** Seconds that an agent is in its status. */
  v.strictObject({
    watch: v.literal("statusTime"),
    ...shared,
    ...ofAgent,
    statuses: v.optional(v.pipe(v.array(agentStatusSchema), v.minLength(1))),
    ...limits(seconds),
  }),
  /** Contacts that an agent missed in a row. */
  v.strictObject({ watch: v.literal("missedInRow"), ...shared, ...ofAgent, ...limits(count) }),
  /** Seconds without any news of a signed-in agent, while others have news. */
  v.strictObject({ watch: v.literal("agentSilence"), ...shared, ...ofAgent, ...limits(seconds) }),
  /** The customer's mean of the last minute, at or below. */
  v.strictObject({ watch: v.literal("sentimentRecent"), ...shared, ...placed, ...evidence, ...limits(score) }),
  /** Points from the customer's best quarter down to the mean of the last minute. */
  v.strictObject({ watch: v.literal("sentimentFall"), ...shared, ...placed, ...evidence, ...limits(points) }),
  /** Seconds that a contact lasts. */
  v.strictObject({ watch: v.literal("contactTime"), ...shared, ...placed, ...limits(seconds) }),
  /** Seconds since the transcription of a contact was lost or gave up. */
  v.strictObject({ watch: v.literal("transcriptionLost"), ...shared, ...placed, ...limits(seconds) }),
  /** Seconds that the customer of a chat waits for an answer. */
  v.strictObject({ watch: v.literal("answerWait"), ...shared, ...placed, ...limits(seconds) }),
  /** Contacts that wait. */
  v.strictObject({ watch: v.literal("queueWaiting"), ...shared, ...ofQueue, ...limits(count) }),
  /** Seconds that the oldest contact waits. */
  v.strictObject({ watch: v.literal("queueOldest"), ...shared, ...ofQueue, ...limits(seconds) }),
  /** The service level of today, at or below. It counts from `minContacts` contacts on. */
  v.strictObject({
    watch: v.literal("queueServiceLevel"),
    ...shared,
    ...ofQueue,
    minContacts: v.optional(count, 20),
    ...limits(share),
  }),
  /** Seconds that contacts wait while no agent is available. */
  v.strictObject({ watch: v.literal("queueUnattended"), ...shared, ...ofQueue, ...limits(seconds) }),
  /** Seconds without any post to the hub. */
  v.strictObject({ watch: v.literal("feedSilence"), ...shared, ...limits(seconds) }),
]);

/** One rule: what it watches, its limits, for whom it counts, and when. */
export type AlertRule = v.InferOutput<typeof anyRuleSchema>;
/** What a rule watches. */
export type Watch = AlertRule["watch"];

const alertRulesSchema = v.strictObject({ rules: v.pipe(v.array(anyRuleSchema), v.maxLength(MAX_RULES)) });
export type AlertRules = v.InferOutput<typeof alertRulesSchema>;

/** What is graver the lower it is. */
const LOWER_IS_WORSE: ReadonlySet<Watch> = new Set(["sentimentRecent", "queueServiceLevel"]);

/** Whether the value has reached the limit. */
export function reaches(watch: Watch, value: number, limit: number): boolean {
  return LOWER_IS_WORSE.has(watch) ? value <= limit : value >= limit;
}

export type ParsedAlertRules = { ok: true; rules: AlertRules } | { ok: false; path: string; message: string };

/**
 * Parses the rules of a center, all or nothing. A refusal names the first wrong place (`rules[2].critical`) and does not repeat
 * its value. Unknown fields are refused too: a limit with a spelling mistake would never fire.
 */
export function parseAlertRules(json: unknown): ParsedAlertRules {
  const result = v.safeParse(alertRulesSchema, json, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    return { ok: false, path: pathOf(issue), message: describeIssue(issue) };
  }
  const { rules } = result.output;
  for (const [index, rule] of rules.entries()) {
    const problem = problemOf(rule, rules.slice(0, index));
    if (problem !== null) return { ok: false, path: `rules[${index}].${problem.field}`, message: problem.message };
  }
  return { ok: true, rules: result.output };
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "regex") return formOf(pathOf(issue));
  if (issue.type === "strict_object" && issue.expected === "never") return "Unknown field; expected a field that this watch has.";
  return messageOf(issue);
}

/** Says in words which form a text must have. A regular expression says it to few. */
function formOf(path: string): string {
  if (/\.(from|to)$/.test(path)) return "Invalid time; expected HH:MM by the clock of the center, such as 07:30.";
  return "Invalid id; expected 1 to 64 lower-case letters, digits and hyphens, beginning with a letter or digit.";
}

/** Returns what the schema cannot see: limits that contradict each other, ids that are used twice, empty windows. */
function problemOf(rule: AlertRule, earlier: readonly AlertRule[]): { field: string; message: string } | null {
  const { warning, critical, watch } = rule;
  if (earlier.some((other) => other.id === rule.id)) {
    return { field: "id", message: "Used twice; expected an id that no other rule has." };
  }
  if (warning === undefined && critical === undefined) {
    return { field: "warning", message: "Missing; expected a limit in warning, in critical, or in both." };
  }
  if (warning !== undefined && critical !== undefined && (critical === warning || !reaches(watch, critical, warning))) {
    const way = LOWER_IS_WORSE.has(watch) ? "below" : "above";
    return { field: "critical", message: `Never reached after the warning; expected a number ${way} warning.` };
  }
  const empty = rule.quietHours.findIndex(({ from, to }) => from === to);
  if (empty >= 0) {
    return {
      field: `quietHours[${empty}].to`,
      message: "Equal to from; expected another time. The whole day is 00:00 to 24:00.",
    };
  }
  return null;
}
