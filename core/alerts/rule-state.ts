import * as v from "valibot";
import { alertSubjectSchema, centerAlertSchema, severitySchema } from "../../protocol/alert.ts";

/**
 * What must be remembered of one rule and one subject. Everything else follows from the facts and the time. Each field has a
 * default for rows that an earlier version stored.
 */
export const ruleStateSchema = v.object({
  rule: v.string(),
  subject: alertSubjectSchema,
  /** When this state last changed, epoch ms. A restart goes on from there. */
  changedAt: v.fallback(v.number(), 0),
  /** When a measured level reached each limit, epoch ms; null = it has not. */
  warningSince: v.fallback(v.nullable(v.number()), null),
  criticalSince: v.fallback(v.nullable(v.number()), null),
  /** When the hub first saw a condition that goes on since then, epoch ms. */
  lastingSince: v.fallback(v.nullable(v.number()), null),
  /** The alert that fires; null = none. */
  alert: v.fallback(v.nullable(centerAlertSchema), null),
  /** The spell of which the alert is. Null = the rule knows no spells. */
  spell: v.fallback(v.nullable(v.number()), null),
  /** The highest severity of the alert in its life. */
  worst: v.fallback(v.nullable(severitySchema), null),
  /** The severity at which somebody acknowledged the alert. */
  acknowledgedAs: v.fallback(v.nullable(severitySchema), null),
  /** Until when alerts of that severity or a lower one are held back. */
  cooldown: v.fallback(v.nullable(v.object({ until: v.number(), severity: severitySchema })), null),
});
export type RuleState = Readonly<v.InferOutput<typeof ruleStateSchema>>;

const EMPTY = {
  changedAt: 0,
  warningSince: null,
  criticalSince: null,
  lastingSince: null,
  alert: null,
  spell: null,
  worst: null,
  acknowledgedAs: null,
  cooldown: null,
} satisfies Partial<RuleState>;

/** The state of a rule and a subject of which nothing is remembered. */
export function emptyState(rule: string, subject: RuleState["subject"]): RuleState {
  return { ...EMPTY, rule, subject };
}

/** Whether nothing has to be remembered. */
export function isEmpty({ warningSince, criticalSince, lastingSince, alert, cooldown }: RuleState): boolean {
  const measuresNothing = warningSince === null && criticalSince === null && lastingSince === null;
  return measuresNothing && alert === null && cooldown === null;
}

const storedAlertsSchema = v.object({
  /** Since when posts have come without a break, epoch ms. */
  feedSince: v.fallback(v.number(), 0),
  lookedAt: v.fallback(v.number(), 0),
  states: v.fallback(v.array(v.unknown()), []),
});

/** What a restart needs, as plain JSON. */
export interface StoredAlerts {
  feedSince: number;
  /** Until when time has passed for the alerts, epoch ms. An older time is safe: deadlines since then are looked at again. */
  lookedAt: number;
  states: readonly RuleState[];
}

/** Reads what another version may have written. A state that cannot be read is left out: its alert fires anew. */
export function parseStoredAlerts(stored: unknown): StoredAlerts {
  const parsed = v.safeParse(storedAlertsSchema, stored);
  if (!parsed.success) return { feedSince: 0, lookedAt: 0, states: [] };
  const states = parsed.output.states.flatMap((state) => {
    const read = v.safeParse(ruleStateSchema, state);
    return read.success ? [read.output] : [];
  });
  return { ...parsed.output, states };
}
