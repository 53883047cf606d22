import type { CenterAlert, Severity } from "../../protocol/alert.ts";
import { type AlertRule, reaches } from "../../protocol/alert-rules.ts";
import type { AlertChange } from "./alert-change.ts";
import { type Facts, groupsOfFacts, isGoing, subjectId, subjectOf } from "./facts.ts";
import { type Measure, measure } from "./measure.ts";
import type { QuietHours } from "./quiet-hours.ts";
import { passesFilter } from "./rule-filter.ts";
import { emptyState, isEmpty, type RuleState } from "./rule-state.ts";

/** What is the same for all rules at one moment. */
export interface Surroundings {
  /** How long facts count after the newest news that confirmed them, ms. */
  readonly trustForMs: number;
  /** Since when posts have come without a break, epoch ms. */
  readonly feedSince: number;
  /** Until when the feed counts as alive, epoch ms. */
  readonly feedTrustedUntil: number;
}

/** The outcome of one look at one rule and one subject. */
export interface Evaluation {
  readonly before: RuleState;
  /** The new state; the same object when nothing changed. */
  readonly state: RuleState;
  readonly change: Pick<AlertChange, "type" | "alert"> | null;
  /** When time alone changes something, epoch ms; infinity = never. */
  readonly due: number;
  /** If true, the rule must be looked at again when the feed is back. */
  readonly waitsForFeed: boolean;
}

const RANK: Readonly<Record<Severity, number>> = { warning: 1, critical: 2 };
const NEVER = Number.POSITIVE_INFINITY;

/** A limit that is or will be reached: since when (epoch ms), and what is measured at the time of the look. */
interface Breach {
  severity: Severity;
  since: number;
  limit: number;
}

/**
 * Decides about one rule and one subject at the time `at` (epoch ms). It is pure, and a second look at the same time changes
 * nothing. Returns null for the most frequent case by far: nothing is remembered, and nothing has to be.
 * @param rule null = the rule was deleted or is off
 * @param known undefined = nothing is remembered of the rule and the subject
 * @param facts undefined = the subject is unknown
 */
export function evaluate(
  rule: AlertRule | null,
  quiet: QuietHours | null,
  known: RuleState | undefined,
  facts: Facts | undefined,
  surroundings: Surroundings,
  at: number,
): Evaluation | null {
  const read = rule !== null && facts !== undefined && isGoing(facts) ? measure(rule, facts, surroundings.feedSince) : null;
  if (known === undefined && (rule === null || read === null || isCalm(rule, read))) return null;
  // Most rules measure nothing at a given agent, and filters cost more than that.
  const measured = rule !== null && facts !== undefined && read !== null && passesFilter(rule, facts) ? read : null;
  if (measured === null && (known === undefined || isEmpty(known))) return null;
  const state = known ?? (rule !== null && facts !== undefined ? emptyState(rule.id, subjectOf(facts)) : null);
  if (state === null) return null;
  const remembered = remember(rule, state, measured, at);
  const breaches = rule === null || measured === null ? [] : breachesOf(rule, remembered, measured);
  const reached = breaches.filter(({ since }) => since <= at);
  if (rule === null || facts === undefined || measured === null || reached.length === 0) {
    return settled(state, resolve(rule, remembered, at), dueOf(rule, breaches, at));
  }
  if (remembered.alert !== null && isOtherSpell(remembered, measured)) {
    // No cooldown: had the news come in time, the alert of this spell would have fired already.
    const resolved = resolve(null, remembered, at);
    return settled(state, resolved, dueOf(rule, breaches, at));
  }
  const held = rule.forSeconds * 1000;
  const active = reached.find(({ since }) => since + held <= at);
  if (active === undefined) return settled(state, kept(remembered, facts), dueOf(rule, breaches, at));
  const { alert } = remembered;
  const rising = alert === null || RANK[active.severity] > RANK[alert.severity];
  const obstacle = rising ? obstacleOf(rule, quiet, remembered, active.severity, facts, surroundings, at) : null;
  if (obstacle !== null) {
    const outcome = settled(state, kept(remembered, facts), Math.min(obstacle.until, dueOf(rule, breaches, at)));
    return { ...outcome, waitsForFeed: obstacle.feed };
  }
  const spell = measured.type === "elapsed" ? (measured.spell ?? null) : null;
  const outcome = raise(rule, { ...remembered, spell }, facts, breaches, active, measuredValue(remembered, measured, at));
  return settled(state, outcome, dueOf(rule, breaches, at));
}

/** Whether a level reaches no limit. */
function isCalm({ watch, warning, critical }: AlertRule, measured: Measure): boolean {
  if (measured.type !== "level") return false;
  const reached = (limit: number | undefined) => limit !== undefined && reaches(watch, measured.value, limit);
  return !reached(warning) && !reached(critical);
}

function isOtherSpell({ spell }: RuleState, measured: Measure): boolean {
  return measured.type === "elapsed" && measured.spell !== undefined && spell !== null && spell !== measured.spell;
}

type Step = Pick<Evaluation, "state" | "change">;

function settled(before: RuleState, { state, change }: Step, due: number): Evaluation {
  const cooldownEnd = state.cooldown !== null && state.alert === null ? state.cooldown.until : NEVER;
  const same = change === null && sameMemory(before, state);
  return { before, state: same ? before : state, change, due: Math.min(due, cooldownEnd), waitsForFeed: false };
}

function sameMemory(a: RuleState, b: RuleState): boolean {
  return (
    a.alert === b.alert &&
    a.cooldown === b.cooldown &&
    a.warningSince === b.warningSince &&
    a.criticalSince === b.criticalSince &&
    a.lastingSince === b.lastingSince
  );
}

/**
 * Notes when levels were reached and when a lasting condition began. Forgets a cooldown that is over, but not under an alert: time
 * alone must change nothing there, because no deadline is set for it.
 */
function remember(rule: AlertRule | null, state: RuleState, measured: Measure | null, at: number): RuleState {
  const isOver = state.alert === null && state.cooldown !== null && state.cooldown.until <= at;
  const cooldown = isOver ? null : state.cooldown;
  const next = { ...state, cooldown, warningSince: null, criticalSince: null, lastingSince: null };
  if (rule === null || measured === null || measured.type === "elapsed") return next;
  const from = Math.min(measured.at, at);
  if (measured.type === "lasting") return { ...next, lastingSince: state.lastingSince ?? from };
  const reachedSince = (limit: number | undefined, known: number | null) =>
    limit !== undefined && reaches(rule.watch, measured.value, limit) ? (known ?? from) : null;
  return {
    ...next,
    warningSince: reachedSince(rule.warning, state.warningSince),
    criticalSince: reachedSince(rule.critical, state.criticalSince),
  };
}

/** Returns the limits with the time since when they are reached, which may lie ahead: the critical one first. */
function breachesOf(rule: AlertRule, state: RuleState, measured: Measure): Breach[] {
  const critical = breachOf("critical", rule.critical, state.criticalSince, state, measured);
  const warning = breachOf("warning", rule.warning, state.warningSince, state, measured);
  if (critical === null) return warning === null ? [] : [warning];
  return warning === null ? [critical] : [critical, warning];
}

function breachOf(
  severity: Severity,
  limit: number | undefined,
  levelSince: number | null,
  state: RuleState,
  measured: Measure,
): Breach | null {
  if (limit === undefined) return null;
  if (measured.type === "level") return levelSince === null ? null : { severity, since: levelSince, limit };
  const has = state.alert !== null && RANK[state.alert.severity] >= RANK[severity];
  return { severity, since: beginOf(state, measured, has) + limit * 1000, limit };
}

function beginOf(state: RuleState, measured: Exclude<Measure, { type: "level" }>, isFiring: boolean): number {
  if (measured.type === "lasting") return state.lastingSince ?? measured.at;
  return isFiring ? (measured.sinceWhenFiring ?? measured.since) : measured.since;
}

function measuredValue(state: RuleState, measured: Measure, at: number): number {
  if (measured.type === "level") return Math.round(measured.value * 100) / 100;
  return Math.floor((at - beginOf(state, measured, false)) / 1000);
}

/** When time alone makes a limit count, after `at`. */
function dueOf(rule: AlertRule | null, breaches: readonly Breach[], at: number): number {
  const held = (rule?.forSeconds ?? 0) * 1000;
  let due = NEVER;
  for (const { since } of breaches) if (since + held > at) due = Math.min(due, since + held);
  return due;
}

/**
 * Returns why the severity may not be shown yet, and until when (infinity = until there is news); null = it may. Time that
 * nobody has confirmed proves nothing, but it does not end an alert either.
 */
function obstacleOf(
  rule: AlertRule,
  quiet: QuietHours | null,
  { cooldown }: RuleState,
  severity: Severity,
  facts: Facts,
  { trustForMs, feedTrustedUntil }: Surroundings,
  at: number,
): { until: number; feed: boolean } | null {
  if (rule.watch === "agentSilence" && at > feedTrustedUntil) return { until: NEVER, feed: true };
  const isAboutSilence = rule.watch === "agentSilence" || rule.watch === "feedSilence";
  if (!isAboutSilence && at > facts.confirmedAt + trustForMs) return { until: NEVER, feed: false };
  if (cooldown !== null && cooldown.until > at && RANK[severity] <= RANK[cooldown.severity])
    return { until: cooldown.until, feed: false };
  const quietUntil = quiet?.endAfter(at) ?? at;
  return quietUntil > at ? { until: quietUntil, feed: false } : null;
}

/** Keeps the alert as it is, but for its groups. */
function kept(state: RuleState, facts: Facts): Step {
  const { alert } = state;
  const groups = [...groupsOfFacts(facts)];
  if (alert === null || alert.groups.join("\n") === groups.join("\n")) return { state, change: null };
  const moved = { ...alert, groups };
  return { state: { ...state, alert: moved }, change: { type: "moved", alert: moved } };
}

/** Fires, escalates, eases or keeps the alert. */
function raise(
  rule: AlertRule,
  state: RuleState,
  facts: Facts,
  breaches: readonly Breach[],
  { severity, limit }: Breach,
  value: number,
): Step {
  const { alert } = state;
  if (alert !== null && alert.severity === severity) return kept(state, facts);
  const groups = [...groupsOfFacts(facts)];
  const worst = severity === "critical" || state.worst === "critical" ? "critical" : "warning";
  if (alert === null) {
    const since = Math.min(...breaches.map((breach) => breach.since));
    const fired: CenterAlert = {
      alertId: `${rule.id}:${subjectId(state.subject)}:${since}`,
      rule: rule.id,
      severity,
      subject: state.subject,
      groups,
      since,
      state: "firing",
      value,
      limit,
      acknowledgedBy: null,
      acknowledgedAt: null,
      resolvedAt: null,
    };
    return { state: { ...state, alert: fired, worst, acknowledgedAs: null }, change: { type: "fired", alert: fired } };
  }
  // Who acknowledged a warning has not seen the critical alert.
  const seen = severity === "warning" || state.acknowledgedAs === "critical";
  const acknowledged = seen ? {} : { acknowledgedBy: null, acknowledgedAt: null };
  const next: CenterAlert = { ...alert, ...acknowledged, groups, severity, value, limit };
  const type = severity === "critical" ? "escalated" : "eased";
  return { state: { ...state, alert: next, worst }, change: { type, alert: next } };
}

/** Resolves the alert, if there is one. */
function resolve(rule: AlertRule | null, state: RuleState, at: number): Step {
  const { alert } = state;
  if (alert === null) return { state, change: null };
  const cooldownMs = (rule?.cooldownSeconds ?? 0) * 1000;
  const cooldown = cooldownMs > 0 ? { until: at + cooldownMs, severity: state.worst ?? alert.severity } : null;
  const resolved: CenterAlert = { ...alert, state: "resolved", resolvedAt: at };
  return {
    state: { ...state, alert: null, spell: null, worst: null, acknowledgedAs: null, cooldown },
    change: { type: "resolved", alert: resolved },
  };
}

/** Returns the state to keep, dated; null = nothing has to be remembered. */
export function keptState(before: RuleState, after: RuleState, at: number): RuleState | null {
  if (isEmpty(after)) return null;
  return before === after ? after : { ...after, changedAt: at };
}
