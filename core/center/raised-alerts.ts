import type { CenterAlert } from "../../protocol/alert.ts";
import type { AlertRaised } from "../../protocol/alert-raised.ts";
import { isRaisedRule, raisedRuleId } from "../../protocol/raised-rule-id.ts";
import type { AlertChange } from "../alerts/alert-change.ts";
import { type Facts, groupsOfFacts, isGoing, nameOf, subjectId, subjectKey, subjectOf } from "../alerts/facts.ts";
import { sameJson } from "../board/same-json.ts";

/** Amazon Connect says when a rule matches and not when the matter is over. It checks rules on metrics every minute or more seldom. */
const LASTS_MS = 15 * 60_000;

/** The subjects as the alerts know them, by their keys (`subjectKey`). */
type FactsOf = (subjectKey: string) => Facts | undefined;

/** The alerts that Amazon Connect's own rules raise. Each lasts 15 min from its event. It holds no clock. */
export class RaisedAlerts {
  /** Alert id -> alert, also those of the history: a repeated event raises none anew. */
  readonly #alerts = new Map<string, CenterAlert>();
  readonly #firing = new Set<string>();
  /** Events about an alert that fired already, by the id that an alert of theirs would have, with their time. A restart forgets them. */
  readonly #joined = new Map<string, number>();
  /** Rule id -> the name of the rule. A restart forgets it. */
  readonly #names = new Map<string, string>();

  /** @param known the alerts on the board, of whatever rules */
  constructor(known: Iterable<CenterAlert>) {
    for (const alert of known) if (isRaisedRule(alert.rule)) this.#noteAlert(alert);
  }

  /**
   * Takes over one event. Returns null when it is repeated, or over by now. An event about a rule and a subject that have an alert
   * already is news too, and changes nothing.
   */
  applyRaised(update: AlertRaised, factsOf: FactsOf, now: number): AlertChange[] | null {
    const { ruleName, severity, contactId, agentId, queueId, occurredAt } = update;
    const rule = raisedRuleId(ruleName);
    const subject: CenterAlert["subject"] =
      contactId !== null ? { contactId } : agentId !== null ? { agentId } : queueId !== null ? { queueId } : "hub";
    const alertId = `${rule}:${subjectId(subject)}:${occurredAt}`;
    if (this.#alerts.has(alertId) || this.#joined.has(alertId) || occurredAt + LASTS_MS <= now) return null;
    const key = subjectKey(subject);
    const isKnown = [...this.#firing].some((id) => {
      const alert = this.#alerts.get(id);
      return alert !== undefined && alert.rule === rule && subjectKey(alert.subject) === key;
    });
    if (isKnown) {
      // An event that is over is stale without being remembered.
      for (const [id, at] of this.#joined) if (at + LASTS_MS <= now) this.#joined.delete(id);
      this.#joined.set(alertId, occurredAt);
      return [];
    }
    // A contact that nobody has reported yet belongs to the agent that the event names.
    const facts = factsOf(key) ?? (agentId === null ? undefined : factsOf(subjectKey({ agentId })));
    const groups = facts === undefined ? [] : [...groupsOfFacts(facts)];
    const alert: CenterAlert = {
      alertId,
      rule,
      severity,
      subject,
      groups,
      since: occurredAt,
      state: "firing",
      value: 1,
      limit: 1,
      acknowledgedBy: null,
      acknowledgedAt: null,
      resolvedAt: null,
    };
    this.#names.set(rule, ruleName);
    return [this.#changeOf("fired", alert, facts, now)];
  }

  /** Gives the alerts the groups that their subjects have now. What is gone leaves them as they are. */
  applyFacts(facts: readonly Facts[], now: number): AlertChange[] {
    if (this.#firing.size === 0) return [];
    const going = new Map(facts.filter(isGoing).map((each) => [subjectKey(subjectOf(each)), each]));
    return [...this.#firing].sort().flatMap((alertId) => {
      const alert = this.#alerts.get(alertId);
      const known = alert === undefined ? undefined : going.get(subjectKey(alert.subject));
      if (alert === undefined || known === undefined) return [];
      const groups = [...groupsOfFacts(known)];
      return sameJson(groups, alert.groups) ? [] : [this.#changeOf("moved", { ...alert, groups }, known, now)];
    });
  }

  /** Resolves the alerts whose time is over. */
  advance(factsOf: FactsOf, now: number): AlertChange[] {
    const changes: AlertChange[] = [];
    for (const alertId of [...this.#firing].sort()) {
      const alert = this.#alerts.get(alertId);
      if (alert === undefined || alert.since + LASTS_MS > now) continue;
      const resolved: CenterAlert = { ...alert, state: "resolved", resolvedAt: alert.since + LASTS_MS };
      changes.push(this.#changeOf("resolved", resolved, factsOf(subjectKey(alert.subject)), alert.since + LASTS_MS));
    }
    return changes;
  }

  /** When {@link advance} has something to do, epoch ms; null = never. */
  nextWake(): number | null {
    const times = [...this.#firing].flatMap((alertId) => this.#alerts.get(alertId)?.since ?? []);
    return times.length === 0 ? null : Math.min(...times) + LASTS_MS;
  }

  /** Notes who acknowledged an alert. The first name stays. null = no such alert fires. */
  acknowledge(alertId: string, name: string, now: number): AlertChange | null {
    const alert = this.#firing.has(alertId) ? this.#alerts.get(alertId) : undefined;
    if (alert === undefined) return null;
    const isFirst = alert.acknowledgedBy === null;
    return this.#changeOf(
      "acknowledged",
      isFirst ? { ...alert, acknowledgedBy: name, acknowledgedAt: now } : alert,
      undefined,
      now,
    );
  }

  /** Forgets alerts that left the history. */
  forget(alertIds: Iterable<string>): void {
    for (const alertId of alertIds) this.#alerts.delete(alertId);
  }

  #changeOf(type: AlertChange["type"], alert: CenterAlert, facts: Facts | undefined, at: number): AlertChange {
    this.#noteAlert(alert);
    const ruleName = this.#names.get(alert.rule) ?? alert.rule;
    const subjectName = facts === undefined ? null : nameOf(facts);
    return { type, alert, at, rule: null, ruleName, subjectName };
  }

  #noteAlert(alert: CenterAlert): void {
    this.#alerts.set(alert.alertId, alert);
    if (alert.state === "firing") this.#firing.add(alert.alertId);
    else this.#firing.delete(alert.alertId);
  }
}

/** Returns a look-up of facts by their subjects. Events are rare, so it is made for each of them. */
export function factsByKey(facts: Iterable<Facts>): FactsOf {
  const wanted = [...facts];
  return (key) => wanted.find((one) => subjectKey(subjectOf(one)) === key);
}
