import { type Analysis, fetchAnalysis } from "../clients/contact-analysis.ts";
import { type LensRecord, readLensRecord } from "../connect/contact-lens-segment.ts";
import { isVoice, LensContacts } from "../connect/lens-contacts.ts";
import { LensListening } from "../connect/lens-listening.ts";
import { LiveShards } from "../connect/live-shards.ts";
import type { BatchAnswer } from "../delivery/kinesis-batch.ts";
import { countFlaws } from "../delivery/outcomes.ts";
import { deliverRecords, type RecordTools } from "../delivery/stream-records.ts";
import type { InvocationContext } from "../runtime/invocation.ts";

/** A batch starts no backfill later than this after its arrival, so that old turns do not delay new ones. */
const START_BACKFILL_WITHIN_MS = 5000;
/**
 * Time limit of one backfill. A call of hours has many pages, and the quota is one page a second. Together with
 * {@link START_BACKFILL_WITHIN_MS} and the posts it stays below the function's timeout.
 */
const ONE_BACKFILL_MS = 45_000;
/** After a failure that may pass, no contact is asked for until this time is over. */
const PAUSE_AFTER_FAILURE_MS = 60_000;

/**
 * Turns Kinesis batches of Contact Lens' real-time segments into the same `contact.*` updates as the transcriber's, without
 * audio.
 *
 * Contact Lens sends each turn once and a score needs all turns. So this is the only function that keeps calls in memory from
 * one batch to the next. A new container asks Contact Lens for the earlier turns. All batches must come to one container, so
 * the stream has one shard. One shard takes 1,000 records a second, which is enough for the 100 calls an instance may analyse
 * at once. With several shards, Lambda spreads one call's records over several containers and no container has all of them.
 * In that case the function keeps nothing, and every batch starts a backfill.
 */
const contacts = new LensContacts();
const listening = new LensListening();
/** Contacts that a viewer watched at their last post. Only these get partial turns. */
const watched = new Set<string>();
const shards = new LiveShards();
let noBackfillBefore = 0;

export async function handler(event: unknown, context: InvocationContext | null = null): Promise<BatchAnswer> {
  const posted = new Set<string>();
  const backfilledContacts = new Set<string>();
  const begunAt = Date.now();
  if (shards.count > 1) {
    contacts.forgetAllContacts();
    listening.forgetAllContacts();
  }
  const delivered = await deliverRecords(event, context, {
    service: "contact-lens",
    policy: "dead-letter-or-retry",
    async read({ json, arrivedAt, shard }, tools) {
      const reading = readLensRecord(json, tools.instanceId);
      if (reading.outcome !== "read") return reading;
      // The hub refuses an update without a time.
      const at = arrivedAt > 0 ? arrivedAt : begunAt;
      noteShard(shard, at, tools);
      const { ContactId: contactId } = reading.value;
      const backfilled = await backfill(reading.value, at, begunAt + START_BACKFILL_WITHIN_MS, tools);
      if (backfilled.length > 0) backfilledContacts.add(contactId);
      const news = [...backfilled, ...contacts.addRecord(reading.value, at), ...listening.addRecord(reading.value, at)];
      const updates = news.filter((update) => update.type !== "contact.turn" || update.final || watched.has(contactId));
      if (updates.length > 0) posted.add(contactId);
      return { ...reading, value: updates };
    },
  });
  if (delivered.answer.batchItemFailures.length > 0)
    for (const contactId of backfilledContacts) contacts.forgetContact(contactId);
  for (const contactId of posted) watched.delete(contactId);
  for (const contactId of delivered.watched) watched.add(contactId);
  return delivered.answer;
}

/** Returns the updates of earlier turns, if they are needed and available. Reports a call as incomplete if they never will be. */
async function backfill(record: LensRecord, arrivedAt: number, until: number, tools: RecordTools) {
  if (record.EventType === "FAILED" && isVoice(record)) reportIncomplete(record, "analysis_failed", tools);
  const needed = contacts.needsBackfill(record, arrivedAt);
  if (needed === "no") return [];
  const analysis = await requestAnalysis(record, until, tools);
  if (analysis.ok) return contacts.backfill(record, analysis.segments, arrivedAt);
  if (needed === "gap") return [];
  const last = record.EventType === "COMPLETED";
  if ((last || !analysis.retryable) && contacts.markIncomplete(record, arrivedAt))
    reportIncomplete(record, "beginning_unknown", tools);
  return [];
}

async function requestAnalysis(record: LensRecord, until: number, { instanceId, log, meter }: RecordTools): Promise<Analysis> {
  const now = Date.now();
  if (now >= until || now < noBackfillBefore) return { ok: false, retryable: true, reason: "no backfill now" };
  const analysis = await fetchAnalysis(instanceId, record.ContactId, now + ONE_BACKFILL_MS);
  if (analysis.ok) {
    countFlaws(analysis.flaws, meter);
    return analysis;
  }
  log.warn("Contact Lens did not return the earlier turns of a call. The call goes on without them.", {
    contactId: record.ContactId,
    reason: analysis.reason,
  });
  if (analysis.retryable) noBackfillBefore = Date.now() + PAUSE_AFTER_FAILURE_MS;
  return analysis;
}

function reportIncomplete({ ContactId: contactId }: LensRecord, incompleteReasons: string, { log, meter }: RecordTools): void {
  meter.add("CallsIncomplete", 1);
  log.error("The analysis of a call is incomplete.", { contactId, incompleteReasons });
}

/** A container that sees a new shard may have missed what other containers got. The next record of each call asks for all turns. */
function noteShard(shard: string, at: number, { log }: RecordTools): void {
  if (!shards.noteShard(shard, at)) return;
  contacts.forgetAllContacts();
  listening.forgetAllContacts();
  log.error("The Contact Lens stream has several shards, so scores may be late. Use a stream with one shard.", {
    shards: shards.count,
  });
}
