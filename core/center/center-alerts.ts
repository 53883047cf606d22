import type { CenterAlert } from "../../protocol/alert.ts";
import type { AlertRaised } from "../../protocol/alert-raised.ts";
import type { AlertRules } from "../../protocol/alert-rules.ts";
import { isRaisedRule } from "../../protocol/raised-rule-id.ts";
import type { AlertChange } from "../alerts/alert-change.ts";
import { AlertEngine } from "../alerts/alert-engine.ts";
import { ALERTS } from "../alerts/alert-row.ts";
import { type Facts, isGoing, subjectKey } from "../alerts/facts.ts";
import { parseStoredAlerts } from "../alerts/rule-state.ts";
import type { Board } from "../board/board.ts";
import type { Collection } from "../board/collection.ts";
import { type GroupFilter, mayView } from "../board/visibility.ts";
import { type AgentEvidence, AlertFacts } from "./alert-facts.ts";
import { AlertHistory } from "./alert-history.ts";
import { type CenterRules, parseCenterRules } from "./center-rules.ts";
import type { AlertStore, CenterEvents, SavedAlerts } from "./ports.ts";
import { factsByKey, RaisedAlerts } from "./raised-alerts.ts";
import { previewRules, type RulePreview } from "./rule-preview.ts";

/** After a restart the engine goes through the deadlines since the stored time, so it need not be newer. Rows cost money. */
const SAVE_CLOCK_EVERY_MS = 10_000;

/** What the alerts are derived from and live with. */
interface AlertSurroundings {
  readonly board: Board;
  readonly store: AlertStore;
  readonly events: CenterEvents;
  readonly timeZone: string;
  readonly agentIds: Iterable<string>;
  readonly evidenceOf: (agentId: string) => AgentEvidence;
  readonly queueFacts: readonly Facts[];
}

/**
 * The alerts of one center: their rules, those that fire, and the history of the last days, on the board and in the store. Each
 * method belongs into one transaction. It holds no clock: `now` is epoch milliseconds.
 */
export class CenterAlerts {
  readonly #alerts: Collection<CenterAlert>;
  readonly #store: AlertStore;
  readonly #events: CenterEvents;
  readonly #board: Board;
  readonly #facts: AlertFacts;
  readonly #engine: AlertEngine;
  readonly #history: AlertHistory;
  readonly #raised: RaisedAlerts;
  readonly #timeZone: string;
  /** Alerts on the board that nobody remembers: what was stored of them could not be read. */
  #orphans: string[];
  #rules: CenterRules;
  #feedSince: number;
  /** The time of the last look as it is stored, epoch ms. */
  #savedLookedAt = Number.NEGATIVE_INFINITY;

  constructor(saved: SavedAlerts, { board, store, events, timeZone, agentIds, evidenceOf, queueFacts }: AlertSurroundings) {
    this.#store = store;
    this.#events = events;
    this.#board = board;
    this.#timeZone = timeZone;
    this.#rules = parseCenterRules(saved.rules);
    this.#alerts = board.addCollection(ALERTS);
    for (const row of saved.rows) this.#alerts.restoreRow(row);
    this.#facts = new AlertFacts(evidenceOf);
    const stored = parseStoredAlerts({ ...plain(saved.clock), states: saved.states });
    this.#feedSince = stored.feedSince;
    const facts = [...this.#facts.factsOf(agentIds), ...queueFacts].filter(isGoing);
    if (saved.lastPostAt !== null) facts.push({ kind: "hub", confirmedAt: saved.lastPostAt });
    this.#engine = new AlertEngine({ rules: this.#rules, timeZone }, stored, facts);
    const known = [...this.#alerts.rows()].flatMap(({ value }) => value ?? []);
    this.#history = new AlertHistory(known);
    this.#raised = new RaisedAlerts(known);
    const firing = new Set(this.#engine.firing().map(({ alertId }) => alertId));
    this.#orphans = known.flatMap(({ alertId, rule, state }) =>
      state === "firing" && !firing.has(alertId) && !isRaisedRule(rule) ? [alertId] : [],
    );
  }

  /** The rules in force. */
  get rules(): CenterRules {
    return this.#rules;
  }

  /** Takes over agents that changed or were heard of. `others` are facts about subjects of other kinds, `posted` = a post arrived. */
  applyNews(agentIds: Iterable<string>, others: readonly Facts[], posted: boolean, now: number): void {
    const facts = [...this.#facts.factsOf(agentIds), ...others];
    if (posted) facts.push({ kind: "hub", confirmedAt: now });
    const moved = this.#raised.applyFacts(facts, now);
    this.#publish([...this.#engine.applyFacts(facts, now), ...moved, ...this.#raisedOver(now)], now);
  }

  /** Lets time pass for the alerts alone. It looks only at subjects with a limit that is due. */
  advance(now: number): void {
    this.#publish([...this.#engine.advance(now), ...this.#raisedOver(now)], now);
  }

  /** Takes over an event of one of Amazon Connect's own rules. Returns false when it is repeated, or over by now. */
  applyRaised(update: AlertRaised, now: number): boolean {
    const changes = this.#raised.applyRaised(update, this.#goingFacts(), now);
    if (changes === null) return false;
    this.#publish(changes, now);
    return true;
  }

  /** When {@link advance} has something to do, epoch ms; null = never. */
  nextDeadline(): number | null {
    const times = [this.#engine.nextWake(), this.#raised.nextWake()].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /**
   * Whether a limit of the agent or of its contacts counts only by the news that arrived at `confirmedAt`, and storage has older
   * news from `storedAt`. After a restart it would be missed.
   */
  needsNews(agentId: string, storedAt: number, confirmedAt: number): boolean {
    if (storedAt >= confirmedAt) return false;
    const subjects = [{ agentId }, ...[...this.#facts.contactsOf(agentId)].map((contactId) => ({ contactId }))];
    return subjects.some((subject) => this.#engine.needsNews(subjectKey(subject), storedAt, confirmedAt));
  }

  /**
   * Notes who acknowledged an alert. The first name stays.
   * @param filter the groups of that person
   * @returns the alert as it is now; null = no such alert fires within the filter
   */
  acknowledge(alertId: string, name: string, filter: GroupFilter, now: number): CenterAlert | null {
    const alert = this.#alerts.row(alertId)?.value ?? null;
    if (alert === null || !mayView(filter, alert.groups)) return null;
    const change = this.#engine.acknowledge(alertId, name, now) ?? this.#raised.acknowledge(alertId, name, now);
    if (change === null) return null;
    this.#publish([change], now);
    return change.alert;
  }

  /** Puts other rules in force, saved by the person of this name. */
  replaceRules({ rules }: AlertRules, name: string, now: number): CenterRules {
    this.#rules = { rules, version: this.#rules.version + 1, changedAt: now, changedBy: name };
    this.#store.saveRules(this.#rules);
    this.#publish(this.#engine.replaceRules(this.#rules, now), now);
    return this.#rules;
  }

  /** Finds what would fire by other rules within the filter, in steps. It changes nothing. */
  preview(rules: AlertRules, filter: GroupFilter, now: number): Generator<void, RulePreview[]> {
    return previewRules(rules, this.#timeZone, this.#feedSince, [...this.#engine.facts()], filter, now);
  }

  /** Returns the alerts within the filter, the newest first. */
  list(filter: GroupFilter, state: "firing" | "all"): CenterAlert[] {
    const alerts = this.#alerts.visible(filter).filter((alert) => state === "all" || alert.state === "firing");
    return alerts.sort((a, b) => b.since - a.since || (a.alertId < b.alertId ? -1 : 1));
  }

  /** Deletes the alerts that are too old for the history, or too many. */
  dropOld(now: number): void {
    const dropped = this.#history.dropOld(now);
    if (dropped.length === 0) return;
    this.#raised.forget(dropped);
    for (const alertId of dropped) this.#alerts.deleteRow(alertId);
    this.#store.deleteAlerts(dropped, this.#board.oldestResumableSeq);
  }

  /** When {@link dropOld} has something to do, epoch ms; null = never. */
  nextDrop(): number | null {
    return this.#history.nextDrop();
  }

  /** A restart forgets what is gone, so it counts for no alert of Amazon Connect's rules. */
  #goingFacts(): (subjectKey: string) => Facts | undefined {
    return factsByKey([...this.#engine.facts()].filter(isGoing));
  }

  #raisedOver(now: number): AlertChange[] {
    const next = this.#raised.nextWake();
    return next === null || next > now ? [] : this.#raised.advance(this.#goingFacts(), now);
  }

  /** Puts changes on the board and into the store. */
  #publish(changes: readonly AlertChange[], now: number): void {
    const alerts = new Map([...this.#orphanedAlerts(now), ...changes.map(({ alert }) => alert)].map((a) => [a.alertId, a]));
    for (const alert of alerts.values()) {
      this.#history.noteAlert(alert);
      const change = this.#alerts.change(alert.alertId, alert);
      if (change === undefined) continue;
      this.#events.rowChanged(change);
      const row = this.#alerts.row(alert.alertId);
      if (row !== undefined) this.#store.saveAlert(row);
    }
    this.#saveStates();
    if (changes.length > 0) this.#events.alertsChanged(changes, now);
  }

  #saveStates(): void {
    const { feedSince, lookedAt, states } = this.#engine.drainUnsaved();
    if (states.size === 0 && feedSince === null) return;
    this.#feedSince = feedSince ?? this.#feedSince;
    for (const [key, perRule] of states) this.#store.saveRuleStates(key, perRule);
    if (feedSince === null && lookedAt - this.#savedLookedAt < SAVE_CLOCK_EVERY_MS) return;
    this.#store.saveAlertClock({ feedSince: this.#feedSince, lookedAt });
    this.#savedLookedAt = lookedAt;
  }

  /** Resolves alerts that nobody remembers. One whose limit is still reached has fired anew by now, under the same id. */
  #orphanedAlerts(now: number): CenterAlert[] {
    if (this.#orphans.length === 0) return [];
    const firing = new Set(this.#engine.firing().map(({ alertId }) => alertId));
    const lost = this.#orphans.filter((alertId) => !firing.has(alertId));
    this.#orphans = [];
    return lost.flatMap((alertId) => {
      const alert = this.#alerts.row(alertId)?.value ?? null;
      return alert === null ? [] : [{ ...alert, state: "resolved" as const, resolvedAt: now }];
    });
  }
}

function plain(stored: unknown): object {
  return typeof stored === "object" && stored !== null ? stored : {};
}
