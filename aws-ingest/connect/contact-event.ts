import * as v from "valibot";
import type { ContactEnded } from "../../protocol/updates.ts";
import { ForeignValues, timeOrNull } from "./foreign-values.ts";
import { fieldsOf, notMine, type RecordReading, unreadable } from "./reading.ts";

/**
 * Reads EventBridge's "Amazon Connect Contact Event". The samples in the guide differ in the case of field names, so names are
 * read in any case. An unset time may be 1970-01-01T00:00:00.001Z, so times before 2001 count as unset.
 */

const DETAIL_TYPE = "Amazon Connect Contact Event";
const ENDINGS: readonly string[] = ["DISCONNECTED", "COMPLETED"];
/** The other types of the guide ("Amazon Connect contact events", 2026-11). They end nothing. */
const OTHERS: readonly string[] = [
  "INITIATED",
  "CONNECTED_TO_SYSTEM",
  "CONTACT_DATA_UPDATED",
  "QUEUED",
  "CONNECTED_TO_AGENT",
  "PAUSED",
  "RESUMED",
  "AMD_DISABLED",
  "WEBRTC_API",
];

const text = v.fallback(v.nullish(v.string(), null), null);
const detailSchema = v.object({
  eventtype: v.string(),
  contactid: v.pipe(v.string(), v.nonEmpty()),
  initialcontactid: text,
  disconnecttimestamp: text,
});

/** Returns the update for an event that ends a contact, and null for every other event of this instance. */
export function readContactEvent(event: unknown, instanceId: string): RecordReading<ContactEnded | null> {
  const fields = fieldsOf(event);
  if (fields === null) return unreadable("the event is missing or wrong");
  const type = fields["detail-type"];
  if (typeof type === "string" && type !== DETAIL_TYPE) return notMine("another-kind");
  if (type !== DETAIL_TYPE) return unreadable("detail-type is missing or wrong");
  const given = fieldsOf(fields["detail"]);
  if (given === null) return unreadable("detail is missing or wrong");
  const detail = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const instanceArn = detail["instancearn"];
  if (typeof instanceArn !== "string" || !/instance\/[^/]+$/.test(instanceArn)) {
    return unreadable("detail.instancearn is missing or wrong");
  }
  if (!instanceArn.endsWith(`/${instanceId}`)) return notMine("another-instance");
  const result = v.safeParse(detailSchema, detail, { abortEarly: true });
  if (!result.success) return unreadable(`detail.${v.getDotPath(result.issues[0])} is missing or wrong`);
  return ending(result.output, typeof fields["time"] === "string" ? fields["time"] : null);
}

function ending(detail: v.InferOutput<typeof detailSchema>, time: string | null): RecordReading<ContactEnded | null> {
  const values = new ForeignValues();
  const type = detail.eventtype.toUpperCase();
  if (OTHERS.includes(type)) return { outcome: "read", value: null, flaws: values.flaws };
  if (!ENDINGS.includes(type)) return notMine("unknown-type", detail.eventtype);
  const occurredAt = timeOrNull(detail.disconnecttimestamp) ?? timeOrNull(time);
  if (occurredAt === null) return unreadable("time is missing or wrong");
  const value: ContactEnded = {
    type: "contact.ended",
    contactId: values.id(detail.contactid),
    initialContactId: values.idOrNull(detail.initialcontactid),
    occurredAt,
  };
  return { outcome: "read", value, flaws: values.flaws };
}

/** When EventBridge got the event (epoch ms), or null if it does not say. The time is the same in every repeat. */
export function contactEventTime(event: unknown): number | null {
  const time = fieldsOf(event)?.["time"];
  return typeof time === "string" ? timeOrNull(time) : null;
}
