import * as v from "valibot";

/** How grave an alert is. */
export const severitySchema = v.picklist(["warning", "critical"]);
export type Severity = v.InferOutput<typeof severitySchema>;

/** Whom or what an alert is about. "hub" is the way from Amazon Connect to the hub as a whole. */
export const alertSubjectSchema = v.union([
  v.object({ agentId: v.string() }),
  v.object({ contactId: v.string() }),
  v.object({ queueId: v.string() }),
  v.literal("hub"),
]);
export type AlertSubject = v.InferOutput<typeof alertSubjectSchema>;

/** One alert of the center, the same for every viewer. */
export const centerAlertSchema = v.object({
  /** The rule, the subject and `since`, joined by colons. It stays the same as long as the alert lives. */
  alertId: v.string(),
  /** The id of the rule (`protocol/alert-rules.ts`). */
  rule: v.string(),
  severity: severitySchema,
  subject: alertSubjectSchema,
  /** The groups of the subject. A viewer with a group filter sees the alert when it shares one of them. */
  groups: v.array(v.string()),
  /** When the first limit was reached, epoch ms. The hold-off of the rule is not in it. */
  since: v.number(),
  state: v.picklist(["firing", "resolved"]),
  /**
   * What the rule measured when the alert took its severity: whole seconds, a count, a score from -5 to +5, points of a score,
   * or a share from 0 to 1. The rule says which. It does not tick.
   */
  value: v.number(),
  /** The limit of that severity, in the unit of `value`. */
  limit: v.number(),
  /** The name of the person who acknowledged it. null = nobody did, at this severity. */
  acknowledgedBy: v.nullable(v.string()),
  /** Epoch ms. */
  acknowledgedAt: v.nullable(v.number()),
  /** Epoch ms; null = it fires. */
  resolvedAt: v.optional(v.nullable(v.number()), null),
});
export type CenterAlert = v.InferOutput<typeof centerAlertSchema>;

/** The fields of one alert that changed, as a batch carries them. */
export type AlertPatch = Partial<CenterAlert> & Pick<CenterAlert, "alertId">;
