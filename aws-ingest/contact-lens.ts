import { readLensRecord } from "./contact-lens-segment.ts";
import type { BatchAnswer } from "./kinesis-batch.ts";
import { LensContacts } from "./lens-contacts.ts";
import { deliverRecords } from "./stream-records.ts";

/**
 * Kinesis batches of Contact Lens' real-time segments -> the same `contact.*` updates as the transcriber's, with no audio.
 *
 * Contact Lens tells each turn once, in batches, so this function alone remembers something from batch to batch: the calls
 * that are going on. That needs one container for all of them: a stream of one shard (1,000 records a second are ample for
 * the 100 calls an instance may have analysed) read one batch at a time.
 */
const contacts = new LensContacts();
/** Contacts that somebody watched at their last post: only those get partial turns. */
const watched = new Set<string>();

export async function handler(event: unknown): Promise<BatchAnswer> {
  const posted = new Set<string>();
  const delivered = await deliverRecords("contact-lens", event, ({ json, arrivedAt }, instanceId) => {
    const read = readLensRecord(json, instanceId);
    if (!read.ok) return read;
    const { ContactId: contactId } = read.record;
    const updates = contacts
      .take(read.record, arrivedAt)
      .filter((update) => update.type !== "contact.turn" || update.final || watched.has(contactId));
    if (updates.length > 0) posted.add(contactId);
    return { ok: true, updates };
  });
  for (const contactId of posted) watched.delete(contactId);
  for (const contactId of delivered.watched) watched.add(contactId);
  return delivered.answer;
}
