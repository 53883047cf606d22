import * as v from "valibot";
import type { ContactEnded } from "../../protocol/updates.ts";

/**
 * Reads EventBridge's "Amazon Connect Contact Event". The samples in the guide differ in the case of field names, so names are
 * read in any case. An unset time may be 1970-01-01T00:00:00.001Z, so times before 2000 are ignored.
 */

const ENDINGS = ["DISCONNECTED", "COMPLETED"];
const EARLIEST_MS = Date.UTC(2000, 0, 1);

const eventSchema = v.object({
  "detail-type": v.literal("Amazon Connect Contact Event"),
  time: v.string(),
  detail: v.pipe(
    v.record(v.string(), v.unknown()),
    v.transform((detail) => Object.fromEntries(Object.entries(detail).map(([name, value]) => [name.toLowerCase(), value]))),
    v.object({
      eventtype: v.string(),
      contactid: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)),
      initialcontactid: v.optional(v.nullable(v.string()), null),
      instancearn: v.pipe(v.string(), v.regex(/instance\/[^/]+$/)),
      disconnecttimestamp: v.optional(v.nullable(v.string()), null),
    }),
  ),
});

export type ReadContactEvent = { ok: true; update: ContactEnded | null } | { ok: false; reason: string };

/** Returns the update for an event that ends a contact, and null for every other event. */
export function readContactEvent(event: unknown, instanceId: string): ReadContactEvent {
  const result = v.safeParse(eventSchema, event, { abortEarly: true });
  if (!result.success) return { ok: false, reason: `${v.getDotPath(result.issues[0]) ?? "the event"} is missing or wrong` };
  const { detail, time } = result.output;
  if (!detail.instancearn.endsWith(`/${instanceId}`)) return { ok: false, reason: "detail.instanceArn names another instance" };
  if (!ENDINGS.includes(detail.eventtype.toUpperCase())) return { ok: true, update: null };
  const occurredAt = [detail.disconnecttimestamp, time].map(timeOf).find((ms) => ms !== null) ?? null;
  if (occurredAt === null) return { ok: false, reason: "time is missing or wrong" };
  return {
    ok: true,
    update: {
      type: "contact.ended",
      contactId: detail.contactid,
      initialContactId: detail.initialcontactid || null,
      occurredAt,
    },
  };
}

function timeOf(text: string | null): number | null {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) || ms < EARLIEST_MS ? null : ms;
}
