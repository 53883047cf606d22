import * as v from "valibot";
import { type CenterAlert, centerAlertSchema, severitySchema } from "../../protocol/alert.ts";
import type { CollectionDefinition } from "../board/collection.ts";

const wire = centerAlertSchema.entries;

/** The fields of an alert, each with what a row has that was written before the field existed. */
const rowEntries = {
  alertId: wire.alertId,
  rule: v.fallback(wire.rule, ""),
  // A severity of a newer version: an alert too grave is better than one that is missed.
  severity: v.fallback(severitySchema, "critical"),
  subject: wire.subject,
  groups: v.fallback(wire.groups, []),
  since: v.fallback(wire.since, 0),
  state: v.fallback(wire.state, "firing"),
  value: v.fallback(wire.value, 0),
  limit: v.fallback(wire.limit, 0),
  acknowledgedBy: v.fallback(wire.acknowledgedBy, null),
  acknowledgedAt: v.fallback(wire.acknowledgedAt, null),
  resolvedAt: v.fallback(wire.resolvedAt, null),
} satisfies Record<keyof CenterAlert, v.GenericSchema>;

const alertRowSchema = v.object(rowEntries);

/** A whole list still has an alert so long after it resolved: somebody who opens the board sees what has just happened. */
const LISTED_AFTER_END_MS = 10 * 60_000;

/** The collection of alerts. A viewer with a group filter sees those of subjects in its groups, and none about the hub. */
export const ALERTS: CollectionDefinition<CenterAlert> = {
  name: "alerts",
  keyField: "alertId",
  fields: Object.keys(rowEntries),
  parse(stored) {
    const parsed = v.safeParse(alertRowSchema, stored);
    return parsed.success ? parsed.output : null;
  },
  groupsOf: ({ groups }) => groups,
  toWire: (alert) => alert,
  toPatch(alert, fields) {
    const patch: Record<string, unknown> = { alertId: alert.alertId };
    for (const field of fields) patch[field] = Reflect.get(alert, field);
    return patch;
  },
  isListed: ({ resolvedAt }, now) => resolvedAt === null || resolvedAt + LISTED_AFTER_END_MS > now,
  firstRelease: null,
};
