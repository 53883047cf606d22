import * as v from "valibot";
import type { ContactQueue } from "../../protocol/queue-updates.ts";
import type { ContactEnded } from "../../protocol/updates.ts";
import { contactQueueOf, type QueueEvent } from "./contact-queue.ts";
import { ForeignValues, timeOrNull, unlessAhead } from "./foreign-values.ts";
import { fieldsOf, notMine, type RecordReading, unreadable } from "./reading.ts";

/**
 * Reads EventBridge's "Amazon Connect Contact Event". The samples in the guide differ in the case of field names, so names are
 * read in any case. An unset time may be 1970-01-01T00:00:00.001Z, so times before 2001 count as unset.
 */

const DETAIL_TYPE = "Amazon Connect Contact Event";
const ENDINGS: readonly string[] = ["DISCONNECTED", "COMPLETED"];
/** The types that say something about a contact in a queue (Administrator Guide, "Amazon Connect contact events", 2026-11). */
const OF_QUEUES: readonly string[] = ["INITIATED", "QUEUED", "CONNECTED_TO_AGENT", "PAUSED", "RESUMED", ...ENDINGS];
/** The other types of the guide. They say nothing that the board shows. */
const OTHERS: readonly string[] = ["CONNECTED_TO_SYSTEM", "CONTACT_DATA_UPDATED", "AMD_DISABLED", "WEBRTC_API"];
/** An INITIATED of another method is followed by QUEUED, if the contact comes to a queue. */
const FOLLOWERS: readonly string[] = ["CALLBACK", "QUEUE_TRANSFER", "TRANSFER"];

const text = v.fallback(v.nullish(v.string(), null), null);
const detailSchema = v.object({
  eventtype: v.string(),
  contactid: v.pipe(v.string(), v.nonEmpty()),
  initialcontactid: text,
  previouscontactid: text,
  channel: text,
  initiationmethod: text,
  initiationtimestamp: text,
  connectedtosystemtimestamp: text,
  scheduledtimestamp: text,
  disconnecttimestamp: text,
});

/** What one contact event says: at most one update of each type. */
export type ContactNews = (ContactQueue | ContactEnded)[];

/** Returns the updates of an event of this instance. The list is empty for an event that says nothing about a queue or an end. */
export function readContactEvent(event: unknown, instanceId: string): RecordReading<ContactNews> {
  const fields = fieldsOf(event);
  if (fields === null) return unreadable("the event is missing or wrong");
  const detailType = fields["detail-type"];
  if (typeof detailType === "string" && detailType !== DETAIL_TYPE) return notMine("another-kind");
  if (detailType !== DETAIL_TYPE) return unreadable("detail-type is missing or wrong");
  const detail = namesInLowerCase(fields["detail"]);
  if (detail === null) return unreadable("detail is missing or wrong");
  const instanceArn = detail["instancearn"];
  if (typeof instanceArn !== "string" || !/instance\/[^/]+$/.test(instanceArn)) {
    return unreadable("detail.instancearn is missing or wrong");
  }
  if (!instanceArn.endsWith(`/${instanceId}`)) return notMine("another-instance");
  const result = v.safeParse(detailSchema, detail, { abortEarly: true });
  if (!result.success) return unreadable(`detail.${v.getDotPath(result.issues[0])} is missing or wrong`);
  const { eventtype } = result.output;
  const type = eventtype.toUpperCase();
  const values = new ForeignValues();
  if (OTHERS.includes(type)) return { outcome: "read", value: [], flaws: values.flaws };
  if (!OF_QUEUES.includes(type)) return notMine("unknown-type", eventtype);
  const method = result.output.initiationmethod?.toUpperCase() ?? "";
  if (type === "INITIATED" && !FOLLOWERS.includes(method)) return { outcome: "read", value: [], flaws: values.flaws };
  const sentAt = contactEventTime(event);
  const known = {
    ...result.output,
    type,
    queueInfo: namesInLowerCase(detail["queueinfo"]),
    agentInfo: namesInLowerCase(detail["agentinfo"]),
  };
  return newsOf(known, sentAt, values);
}

/** @param sentAt when EventBridge got the event, epoch ms; null = it does not say */
function newsOf(detail: QueueEvent, sentAt: number | null, values: ForeignValues): RecordReading<ContactNews> {
  const news: ContactNews = [];
  const isQueueNews = detail.queueInfo !== null || FOLLOWERS.includes(detail.initiationmethod?.toUpperCase() ?? "");
  if (isQueueNews) {
    const leg = contactQueueOf(detail, sentAt, values);
    if (leg !== null) news.push(leg);
  }
  if (ENDINGS.includes(detail.type)) {
    const occurredAt = unlessAhead(timeOrNull(detail.disconnecttimestamp)) ?? sentAt;
    if (occurredAt === null) return unreadable("time is missing or wrong");
    news.push({
      type: "contact.ended",
      contactId: values.id(detail.contactid),
      initialContactId: values.idOrNull(detail.initialcontactid),
      occurredAt,
    });
  }
  return { outcome: "read", value: news, flaws: values.flaws };
}

/** When EventBridge got the event (epoch ms), or null if it does not say. The time is the same in every repeat. */
export function contactEventTime(event: unknown): number | null {
  const time = fieldsOf(event)?.["time"];
  return typeof time === "string" ? timeOrNull(time) : null;
}

/** Returns the fields of a JSON object with their names in lower case, or null if the value is none. */
function namesInLowerCase(json: unknown): Readonly<Record<string, unknown>> | null {
  const fields = fieldsOf(json);
  return fields && Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
}
