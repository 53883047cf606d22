import type { AlertRule, Watch } from "../../../protocol/alert-rules.ts";

/** The days of quiet hours, as rules name them. */
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

/** The unit of a rule's limits. */
export type LimitUnit = "seconds" | "count" | "score" | "points" | "percent";

/** How the limits of one kind of rule are written. */
interface LimitForm {
  unit: LimitUnit;
  min: number;
  max: number;
  step: number;
  /** What is graver the lower it is has its critical limit below the warning. */
  lowerIsWorse: boolean;
}

const form = (unit: LimitUnit, min: number, max: number, step = 1, lowerIsWorse = false): LimitForm => ({
  unit,
  min,
  max,
  step,
  lowerIsWorse,
});
/** A day, the most that a rule takes. */
const SECONDS = form("seconds", 0, 86_400);
const COUNT = form("count", 1, 100_000);

/** What a rule can watch, in the order of the menu. */
export const LIMIT_FORMS: Readonly<Record<Watch, LimitForm>> = {
  statusTime: SECONDS,
  missedInRow: COUNT,
  agentSilence: SECONDS,
  sentimentRecent: form("score", -5, 5, 0.1, true),
  sentimentFall: form("points", 0.1, 10, 0.1),
  contactTime: SECONDS,
  transcriptionLost: SECONDS,
  answerWait: SECONDS,
  queueWaiting: COUNT,
  queueOldest: SECONDS,
  queueServiceLevel: form("percent", 0, 100, 1, true),
  queueUnattended: SECONDS,
  feedSilence: SECONDS,
};

/** The filters that lists of names make. */
export const NAME_FILTERS = ["groups", "queues", "statusNames", "exceptStatusNames"] as const;
export type NameFilter = (typeof NAME_FILTERS)[number];

const OF_QUEUE: readonly NameFilter[] = ["groups", "queues"];
const OF_AGENT: readonly NameFilter[] = NAME_FILTERS;

/** The filters by names that a rule may have. */
export const FILTERS_OF: Readonly<Record<Watch, readonly NameFilter[]>> = {
  statusTime: OF_AGENT,
  missedInRow: OF_AGENT,
  agentSilence: OF_AGENT,
  sentimentRecent: OF_QUEUE,
  sentimentFall: OF_QUEUE,
  contactTime: OF_QUEUE,
  transcriptionLost: OF_QUEUE,
  answerWait: OF_QUEUE,
  queueWaiting: OF_QUEUE,
  queueOldest: OF_QUEUE,
  queueServiceLevel: OF_QUEUE,
  queueUnattended: OF_QUEUE,
  feedSilence: [],
};

const WITHOUT_CHANNELS: readonly Watch[] = ["queueWaiting", "queueOldest", "queueServiceLevel", "queueUnattended", "feedSilence"];

export function hasChannels(watch: Watch): boolean {
  return !WITHOUT_CHANNELS.includes(watch);
}

/** The field by which a value counts as evidence; null = the rule has none. */
export function minimumFieldOf(watch: Watch): "minCustomerTurns" | "minContacts" | null {
  if (watch === "sentimentRecent" || watch === "sentimentFall") return "minCustomerTurns";
  return watch === "queueServiceLevel" ? "minContacts" : null;
}

/** Returns an id for a new rule that no other rule has. */
export function newRuleId(watch: Watch, rules: readonly Pick<AlertRule, "id">[]): string {
  const stem = watch.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const used = new Set(rules.map(({ id }) => id));
  let number = 1;
  while (used.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}
