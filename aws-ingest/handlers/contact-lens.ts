import { type Analysis, askAnalysis } from "../clients/contact-analysis.ts";
import { type LensRecord, readLensRecord } from "../connect/contact-lens-segment.ts";
import { isVoice, LensContacts } from "../connect/lens-contacts.ts";
import type { BatchAnswer } from "../delivery/kinesis-batch.ts";
import { deliverRecords, type RecordTools } from "../delivery/stream-records.ts";
import type { InvocationContext } from "../runtime/invocation.ts";

/** Asking for what was said before must not hold up what is said now: so long after a batch has come, nothing more is asked. */
const ASKING_MS = 5000;
/** A call of hours is many pages at one a second. With {@link ASKING_MS} and the posts it stays below the function's timeout. */
const ONE_CALL_MS = 45_000;
/** Whoever does not answer is left alone for a while. */
const PAUSE_AFTER_FAILURE_MS = 60_000;

/**
 * Kinesis batches of Contact Lens' real-time segments -> the same `contact.*` updates as the transcriber's, with no audio.
 *
 * Contact Lens tells each turn once, in batches, so this function alone remembers something from batch to batch: the calls that
 * are going on. A new container asks Contact Lens for what was said before it. Batches must come to one container after
 * another, which a stream of one shard does (1,000 records a second are ample for the 100 calls an instance may have analysed):
 * with several, Lambda deals them to its containers at will and each would know a part of every call. Then nothing is
 * remembered, and every batch asks anew.
 */
const contacts = new LensContacts();
/** Contacts that somebody watched at their last post: only those get partial turns. */
const watched = new Set<string>();
const shards = new Set<string>();
let askAgainAt = 0;

export async function handler(event: unknown, context: InvocationContext | null = null): Promise<BatchAnswer> {
  const posted = new Set<string>();
  const asked = new Set<string>();
  const begunAt = Date.now();
  if (shards.size > 1) contacts.forgetAll();
  const delivered = await deliverRecords(
    "contact-lens",
    event,
    context,
    "put-aside-or-retry",
    async ({ json, arrivedAt, shard }, tools) => {
      const read = readLensRecord(json, tools.instanceId);
      if (!read.ok) return read;
      noteShard(shard, tools);
      const { ContactId: contactId } = read.record;
      const learned = await learn(read.record, arrivedAt, begunAt + ASKING_MS, tools);
      if (learned.length > 0) asked.add(contactId);
      const updates = [...learned, ...contacts.take(read.record, arrivedAt)].filter(
        (update) => update.type !== "contact.turn" || update.final || watched.has(contactId),
      );
      if (updates.length > 0) posted.add(contactId);
      return { ok: true, updates };
    },
  );
  if (delivered.answer.batchItemFailures.length > 0) for (const contactId of asked) contacts.forget(contactId);
  for (const contactId of posted) watched.delete(contactId);
  for (const contactId of delivered.watched) watched.add(contactId);
  return delivered.answer;
}

/** The turns before this record, if they have to be asked for and can be had; a call whose beginning cannot is incomplete. */
async function learn(record: LensRecord, arrivedAt: number, until: number, tools: RecordTools) {
  if (record.EventType === "FAILED" && isVoice(record)) incomplete(record, "analysis_failed", tools);
  const lacks = contacts.lacks(record, arrivedAt);
  if (lacks === "nothing") return [];
  const analysis = await ask(record, until, tools);
  if (analysis.ok) return contacts.learn(record, analysis.segments, arrivedAt);
  if (lacks === "gap") return [];
  const last = record.EventType === "COMPLETED";
  if ((last || !analysis.again) && contacts.giveUp(record, arrivedAt)) incomplete(record, "beginning_unknown", tools);
  return [];
}

async function ask(record: LensRecord, until: number, { instanceId, log }: RecordTools): Promise<Analysis> {
  const now = Date.now();
  if (now >= until || now < askAgainAt) return { ok: false, again: true, reason: "not asked now" };
  const analysis = await askAnalysis(instanceId, record.ContactId, now + ONE_CALL_MS);
  if (analysis.ok) return analysis;
  log.warn("Contact Lens did not tell what was said before.", { contactId: record.ContactId, reason: analysis.reason });
  if (analysis.again) askAgainAt = Date.now() + PAUSE_AFTER_FAILURE_MS;
  return analysis;
}

function incomplete({ ContactId: contactId }: LensRecord, incompleteReasons: string, { log, meter }: RecordTools): void {
  meter.add("CallsIncomplete", 1);
  log.error("Analysis incomplete.", { contactId, incompleteReasons });
}

/** The second shard that is seen ends all trust in what is remembered; one that replaces another in a resharding does too. */
function noteShard(shard: string, { log }: RecordTools): void {
  if (shard === "" || shards.has(shard)) return;
  shards.add(shard);
  if (shards.size === 1) return;
  contacts.forgetAll();
  log.error("The stream of Contact Lens has several shards; scores may be late.", { shards: shards.size });
}
