import type { Update } from "../../protocol/updates.ts";
import { fetchCallAnalysis, fetchChatAnalysis } from "../clients/contact-analysis.ts";
import { ChatContacts } from "../connect/chat-contacts.ts";
import { isChat, readChatRecord } from "../connect/chat-segment.ts";
import { readLensRecord } from "../connect/contact-lens-segment.ts";
import { LensContacts } from "../connect/lens-contacts.ts";
import { type AnalysisEvent, LensListening } from "../connect/lens-listening.ts";
import { LiveShards } from "../connect/live-shards.ts";
import { mapReading, type RecordReading } from "../connect/reading.ts";
import { AnalysisBackfill } from "../delivery/analysis-backfill.ts";
import type { BatchAnswer } from "../delivery/kinesis-batch.ts";
import { deliverRecords, type RecordTools } from "../delivery/stream-records.ts";
import type { InvocationContext } from "../runtime/invocation.ts";

/**
 * A batch starts no backfill later than this after its arrival, so that old turns do not delay new ones. Together with the time
 * of one backfill (`delivery/analysis-backfill.ts`) and the posts it stays below the function's timeout.
 */
const START_BACKFILL_WITHIN_MS = 5000;

/**
 * Turns Kinesis batches of Contact Lens' real-time segments, of calls and of chats, into the same `contact.*` updates as the
 * transcriber's, without audio.
 *
 * Contact Lens sends each turn once and a score needs all turns. So this is the only function that keeps contacts in memory from
 * one batch to the next. A new container asks Contact Lens for the earlier turns. All batches must come to one container, so
 * the stream has one shard. One shard takes 1,000 records a second, which is enough for the 100 calls an instance may analyse
 * at once. With several shards, Lambda spreads one call's records over several containers and no container has all of them.
 * In that case the function keeps nothing, and every batch starts a backfill.
 */
const calls = new LensContacts();
const chats = new ChatContacts();
const callBackfill = new AnalysisBackfill(calls, fetchCallAnalysis);
const chatBackfill = new AnalysisBackfill(chats, fetchChatAnalysis);
const listening = new LensListening();
/** Contacts that a viewer watched at their last post. Only these get partial turns. */
const watched = new Set<string>();
const shards = new LiveShards();

/** A record with its updates, first those that a backfill brings. */
interface ContactNews {
  record: AnalysisEvent;
  earlier(): Promise<Update[]>;
  news(): Update[];
}

export async function handler(event: unknown, context: InvocationContext | null = null): Promise<BatchAnswer> {
  const posted = new Set<string>();
  const backfilledContacts = new Set<string>();
  const begunAt = Date.now();
  if (shards.count > 1) forgetAllContacts();
  const delivered = await deliverRecords(event, context, {
    service: "contact-lens",
    policy: "dead-letter-or-retry",
    async read({ json, arrivedAt, shard }, tools) {
      // The hub refuses an update without a time.
      const at = arrivedAt > 0 ? arrivedAt : begunAt;
      const reading = readNews(json, at, begunAt + START_BACKFILL_WITHIN_MS, tools);
      if (reading.outcome !== "read") return reading;
      const { record, earlier, news } = reading.value;
      noteShard(shard, at, tools);
      const backfilled = await earlier();
      if (backfilled.length > 0) backfilledContacts.add(record.ContactId);
      const all = [...backfilled, ...news(), ...listening.addRecord(record, at)];
      const updates = all.filter((update) => update.type !== "contact.turn" || update.final || watched.has(record.ContactId));
      if (updates.length > 0) posted.add(record.ContactId);
      return { ...reading, value: updates };
    },
  });
  if (delivered.answer.batchItemFailures.length > 0) {
    for (const contactId of backfilledContacts) calls.forgetContact(contactId);
    // A record of a chat may bring more turns than it has. A repeat of it would not bring them again.
    for (const contactId of posted) chats.forgetContact(contactId);
  }
  for (const contactId of posted) watched.delete(contactId);
  for (const contactId of delivered.watched) watched.add(contactId);
  return delivered.answer;
}

/** Reads a record about a call or a chat. */
function readNews(json: unknown, at: number, until: number, tools: RecordTools): RecordReading<ContactNews> {
  if (!isChat(json)) {
    return mapReading(readLensRecord(json, tools.instanceId), (record) => ({
      record,
      earlier: () => callBackfill.updatesBefore(record, at, until, tools),
      news: () => calls.addRecord(record, at),
    }));
  }
  return mapReading(readChatRecord(json, tools.instanceId), (record) => ({
    record,
    earlier: () => chatBackfill.updatesBefore(record, at, until, tools),
    news: () => chats.addRecord(record, at),
  }));
}

function forgetAllContacts(): void {
  calls.forgetAllContacts();
  chats.forgetAllContacts();
  listening.forgetAllContacts();
}

/** A container that sees a new shard may have missed what other containers got. The next record of each call asks for all turns. */
function noteShard(shard: string, at: number, { log }: RecordTools): void {
  if (!shards.noteShard(shard, at)) return;
  forgetAllContacts();
  log.error("The Contact Lens stream has several shards, so scores may be late. Use a stream with one shard.", {
    shards: shards.count,
  });
}
