import type { CenterAlert } from "../../protocol/alert.ts";
import type { AlertRules } from "../../protocol/alert-rules.ts";
import { ActiveRules } from "./active-rules.ts";
import type { AlertChange } from "./alert-change.ts";
import { Deadlines } from "./deadlines.ts";
import { type Evaluation, evaluate, keptState, type Surroundings } from "./evaluate.ts";
import { type Facts, isGoing, nameOf, newerFacts, subjectKey, subjectOf } from "./facts.ts";
import { WallClock } from "./quiet-hours.ts";
import { parseStoredAlerts, type RuleState, type StoredAlerts } from "./rule-state.ts";

/** Amazon Connect repeats an agent's state every 120 s. Beyond that and half a minute on the way, nobody has confirmed it. */
const TRUST_FOR_MS = 150_000;
/** Means: look at the subject at the next moment, whenever that is. */
const AT_ONCE = Number.NEGATIVE_INFINITY;

/** Facts about a subject that is gone stay so long, so that older ones do not bring it back. */
const REMEMBER_GONE_MS = 10 * 60_000;

/** More deadlines than the rules of one subject have in a row. */
const MAX_RESUME_STEPS = 50;

export interface AlertSettings {
  readonly rules: AlertRules;
  /** IANA name: quiet hours go by the clocks there. */
  readonly timeZone: string;
  /** How long facts count without news that confirms them, ms. The default fits the heartbeats of Amazon Connect. */
  readonly trustForMs?: number;
}

/**
 * Decides which alerts fire. It is given facts as they change, and the time; it holds no clock. The alerts follow from the
 * facts, the time and {@link StoredAlerts}: neither the steps in which time passes nor a restart makes a difference.
 */
export class AlertEngine {
  readonly #clock: WallClock;
  readonly #trustForMs: number;
  #rules: ActiveRules;
  readonly #facts = new Map<string, Facts>();
  /** Subject -> rule -> what is remembered. */
  readonly #states = new Map<string, Map<string, RuleState>>();
  /** One for each subject: the earliest of its rules. */
  readonly #deadlines = new Deadlines();
  /** Subjects whose silence cannot be judged while the feed is away. */
  readonly #waitForFeed = new Set<string>();
  /** Subjects that are gone, by the time when the engine saw it: the oldest first. */
  readonly #gone = new Map<string, number>();
  readonly #unsaved = new Set<string>();
  #feedSince: number;
  #lookedAt: number;
  #isFeedUnsaved = false;
  #lastPostAt = Number.NEGATIVE_INFINITY;

  /**
   * @param stored what {@link stored} or {@link drainUnsaved} gave an earlier engine; anything else counts as nothing
   * @param facts all subjects as they stand. They change nothing until time passes or news comes.
   */
  constructor(settings: AlertSettings, stored: unknown, facts: Iterable<Facts>) {
    this.#clock = new WallClock(settings.timeZone);
    this.#trustForMs = settings.trustForMs ?? TRUST_FOR_MS;
    this.#rules = new ActiveRules(settings.rules, this.#clock);
    const { feedSince, lookedAt, states } = parseStoredAlerts(stored);
    [this.#feedSince, this.#lookedAt] = [feedSince, lookedAt];
    for (const state of states) this.#restoreState(state);
    for (const fact of facts) this.#setFacts(fact);
    for (const key of this.#facts.keys()) this.#resume(key);
    // What the alerts are about may be gone since they were stored.
    for (const key of this.#states.keys()) if (!this.#facts.has(key)) this.#deadlines.schedule(key, AT_ONCE);
  }

  /**
   * Takes over facts that changed or were confirmed, in any order, and returns what that and the passing of time did to the
   * alerts. Facts about the hub say that a post arrived.
   */
  applyFacts(facts: Iterable<Facts>, now: number): AlertChange[] {
    const changes = this.advance(now);
    this.#forgetGone(now);
    const postBefore = this.#lastPostAt;
    const batch = new Map<string, Facts>();
    for (const fact of facts) {
      const key = subjectKey(subjectOf(fact));
      batch.set(key, newerFacts(batch.get(key), fact));
    }
    for (const fact of batch.values()) this.#setFacts(fact);
    const touched = new Set(batch.keys());
    if (this.#lastPostAt > postBefore) {
      if (this.#lastPostAt > postBefore + this.#trustForMs) {
        this.#feedSince = this.#lastPostAt;
        this.#isFeedUnsaved = true;
      }
      for (const key of this.#waitForFeed) touched.add(key);
      this.#waitForFeed.clear();
    }
    for (const key of [...touched].sort()) changes.push(...this.#look(key, now));
    return changes;
  }

  /** Lets time pass until `now` and returns what that did to the alerts, each at its own time. */
  advance(now: number): AlertChange[] {
    const changes: AlertChange[] = [];
    this.#lookedAt = Math.max(this.#lookedAt, now);
    for (let next = this.#deadlines.popDue(now); next !== undefined; next = this.#deadlines.popDue(now)) {
      changes.push(...this.#look(next.key, next.due === AT_ONCE ? now : next.due));
    }
    return changes;
  }

  /** When {@link advance} has something to do, epoch ms; null = never. */
  nextWake(): number | null {
    const next = this.#deadlines.next();
    return next === AT_ONCE ? 0 : next;
  }

  /** The subjects as the engine knows them. */
  facts(): Iterable<Facts> {
    return this.#facts.values();
  }

  /**
   * Whether the next deadline of a subject counts only because news of it arrived at `confirmedAt`, and would not by older news
   * from `storedAt` (both epoch ms).
   */
  needsNews(subjectKey: string, storedAt: number, confirmedAt: number): boolean {
    const due = this.#deadlines.dueOf(subjectKey);
    return due > storedAt + this.#trustForMs && due <= confirmedAt + this.#trustForMs;
  }

  /** The alerts that fire, in the order of their ids. */
  firing(): CenterAlert[] {
    const alerts = [...this.#states.values()].flatMap((states) => [...states.values()].map(({ alert }) => alert));
    return alerts.filter((alert) => alert !== null).sort((a, b) => (a.alertId < b.alertId ? -1 : 1));
  }

  /** Notes who acknowledged an alert. The first name stays. Returns null when no such alert fires. */
  acknowledge(alertId: string, name: string, now: number): AlertChange | null {
    for (const [key, states] of this.#states) {
      for (const state of states.values()) {
        const { alert } = state;
        if (alert?.alertId !== alertId) continue;
        if (alert.acknowledgedBy !== null) return this.#changeOf("acknowledged", alert, key, now);
        const acknowledged = { ...alert, acknowledgedBy: name, acknowledgedAt: now };
        this.#saveState(key, { ...state, alert: acknowledged, acknowledgedAs: alert.severity, changedAt: now });
        return this.#changeOf("acknowledged", acknowledged, key, now);
      }
    }
    return null;
  }

  /** Puts other rules in force. Alerts of rules that are gone, off or no longer reached resolve. */
  replaceRules(rules: AlertRules, now: number): AlertChange[] {
    const changes = this.advance(now);
    this.#rules = new ActiveRules(rules, this.#clock);
    for (const key of [...new Set([...this.#facts.keys(), ...this.#states.keys()])].sort()) changes.push(...this.#look(key, now));
    return changes;
  }

  /** All that a restart needs beside the facts. */
  stored(): StoredAlerts {
    const states = [...this.#states.values()].flatMap((perRule) => [...perRule.values()]);
    return { feedSince: this.#feedSince, lookedAt: this.#lookedAt, states };
  }

  /**
   * Returns what to write since the last call: the states of each subject that changed, whole (an empty list = delete them), and
   * `feedSince` if it changed. Write it, and `lookedAt` when you write anyway, in the transaction of the rows.
   */
  drainUnsaved(): { feedSince: number | null; lookedAt: number; states: ReadonlyMap<string, readonly RuleState[]> } {
    const feedSince = this.#isFeedUnsaved ? this.#feedSince : null;
    this.#isFeedUnsaved = false;
    const states = new Map([...this.#unsaved].map((key) => [key, [...(this.#states.get(key)?.values() ?? [])]]));
    this.#unsaved.clear();
    return { feedSince, lookedAt: this.#lookedAt, states };
  }

  #restoreState(state: RuleState): void {
    const key = subjectKey(state.subject);
    this.#states.set(key, (this.#states.get(key) ?? new Map<string, RuleState>()).set(state.rule, state));
  }

  /** Facts that time alone has changed have the old `confirmedAt`, so at the same time the later call counts. */
  #setFacts(facts: Facts): void {
    const key = subjectKey(subjectOf(facts));
    if ((this.#facts.get(key)?.confirmedAt ?? 0) > facts.confirmedAt) return;
    this.#facts.set(key, facts);
    if (facts.kind === "hub") this.#lastPostAt = facts.confirmedAt;
  }

  /** Looks at all rules of one subject at the time `at`, keeps what is to remember, and sets its next deadline. */
  #look(key: string, at: number): AlertChange[] {
    const changes: AlertChange[] = [];
    let outcomes = this.#evaluateAll(key, at);
    this.#keepOutcomes(key, outcomes, at, changes);
    // What resolved may fire anew at once, for another spell.
    if (changes.some(({ type }) => type === "resolved")) {
      outcomes = this.#evaluateAll(key, at);
      this.#keepOutcomes(key, outcomes, at, changes);
    }
    this.#schedule(key, outcomes);
    const facts = this.#facts.get(key);
    this.#gone.delete(key);
    if (facts !== undefined && !isGoing(facts)) this.#gone.set(key, at);
    return changes;
  }

  #keepOutcomes(key: string, outcomes: readonly Evaluation[], at: number, changes: AlertChange[]): void {
    for (const { before, state, change } of outcomes) {
      const after = keptState(before, state, at);
      if (after !== before && (after !== null || this.#states.get(key)?.has(before.rule))) {
        this.#saveState(key, after ?? before, after === null);
      }
      if (change !== null) changes.push(this.#changeOf(change.type, change.alert, key, at));
    }
  }

  /** It sets no deadline for that: waking up costs more than the memory. */
  #forgetGone(now: number): void {
    for (const [key, at] of this.#gone) {
      if (at + REMEMBER_GONE_MS > now) return;
      this.#gone.delete(key);
      if (!this.#states.has(key)) this.#facts.delete(key);
    }
  }

  /**
   * Sets the deadline of a subject as it was before the restart. The stored time of the last look may be too old. So this goes
   * from deadline to deadline until what is remembered fits. Nothing is skipped that time did meanwhile.
   */
  #resume(key: string): void {
    const changedAt = [...(this.#states.get(key)?.values() ?? [])].map((state) => state.changedAt);
    const start = Math.max(this.#lookedAt, this.#facts.get(key)?.confirmedAt ?? 0, ...changedAt);
    let at = start;
    for (let tries = 0; tries < MAX_RESUME_STEPS && Number.isFinite(at); tries += 1) {
      const outcomes = this.#evaluateAll(key, at);
      if (outcomes.every(({ before, state }) => state === before)) {
        this.#schedule(key, outcomes);
        return;
      }
      // Nothing is remembered of what has fired by now: this is the first look, or what was stored is lost.
      if (!this.#states.has(key)) break;
      at = earliestDue(outcomes);
    }
    this.#deadlines.schedule(key, start);
  }

  /** Returns what there is to be done about the rules of one subject. Rules that find nothing are left out. */
  #evaluateAll(key: string, at: number): Evaluation[] {
    const facts = this.#facts.get(key);
    const states = this.#states.get(key);
    const surroundings: Surroundings = {
      trustForMs: this.#trustForMs,
      feedSince: this.#feedSince,
      feedTrustedUntil: this.#lastPostAt + this.#trustForMs,
    };
    const outcomes: Evaluation[] = [];
    const look = (ruleId: string) => {
      const { rule, quiet } = this.#rules.find(ruleId);
      const outcome = evaluate(rule, quiet, states?.get(ruleId), facts, surroundings, at);
      if (outcome !== null) outcomes.push(outcome);
    };
    const ofKind = facts === undefined ? [] : this.#rules.idsFor(facts.kind);
    ofKind.forEach(look);
    if (states !== undefined) for (const ruleId of [...states.keys()]) if (!ofKind.includes(ruleId)) look(ruleId);
    return outcomes;
  }

  #schedule(key: string, outcomes: readonly Evaluation[]): void {
    this.#deadlines.schedule(key, earliestDue(outcomes));
    if (outcomes.some(({ waitsForFeed }) => waitsForFeed)) this.#waitForFeed.add(key);
    else this.#waitForFeed.delete(key);
  }

  #saveState(key: string, state: RuleState, isOver = false): void {
    const states = this.#states.get(key) ?? new Map<string, RuleState>();
    if (isOver) states.delete(state.rule);
    else states.set(state.rule, state);
    if (states.size === 0) this.#states.delete(key);
    else this.#states.set(key, states);
    this.#unsaved.add(key);
  }

  #changeOf(type: AlertChange["type"], alert: CenterAlert, key: string, at: number): AlertChange {
    const facts = this.#facts.get(key);
    return { type, alert, at, rule: this.#rules.find(alert.rule).rule, subjectName: facts ? nameOf(facts) : null };
  }
}

function earliestDue(outcomes: readonly Evaluation[]): number {
  return outcomes.reduce((earliest, { due }) => Math.min(earliest, due), Number.POSITIVE_INFINITY);
}
