import * as v from "valibot";
import { channelSchema } from "../../protocol/agent.ts";
import {
  type ContactCategory,
  type ContactEnded,
  type ContactSentiment,
  type ContactTranscription,
  type ContactTurn,
  contactSentimentSchema,
} from "../../protocol/updates.ts";
import { numberRecordSchema } from "../board/number-record.ts";
import { customerWaitSchema, foldCustomerWait, mayBeChat, NO_WAIT } from "./customer-wait.ts";
import { foldSign, foldTranscription, isSignWorthARow, transcriptionRecordSchema } from "./transcription.ts";

/** Categories of one contact. Each costs every frame that has the agent whole, and a row of SQLite must stay below 2 MB. */
const MAX_CATEGORIES = 100;

/** Storage may hold a time that a post of today may no longer have. */
const storedSentimentSchema = v.object({ ...contactSentimentSchema.entries, occurredAt: v.number() });

/** The hub's knowledge of one contact, in registers like an agent's record. Each field has a default for older stored records. */
export const contactRecordSchema = v.object({
  contactId: v.string(),
  initialContactId: v.fallback(v.nullable(v.string()), null),
  sentiment: v.fallback(v.nullable(storedSentimentSchema), null),
  /** Category name -> when it was first matched. */
  categories: v.fallback(numberRecordSchema, {}),
  /** When somebody said that the contact ended; null = nobody did. Newer talk takes it back: {@link endOfContact}. */
  endedAt: v.fallback(v.nullable(v.number()), null),
  /** When the newest turn was spoken. */
  talkedUntil: v.fallback(v.number(), 0),
  /** Whether any of its turns are known. */
  hasTurns: v.fallback(v.boolean(), false),
  /** When the newest news of the contact arrived, on the hub's clock. */
  receivedAt: v.fallback(v.number(), 0),
  /** The groups of the agents that held it last: they decide who may read its transcript. */
  groups: v.fallback(v.array(v.string()), []),
  /** Whether it is listened to; null = nobody said so. */
  transcription: v.fallback(v.nullable(transcriptionRecordSchema), null),
  /** As the agents said that held it or another part of the conversation; null = no agent did. */
  channel: v.fallback(v.nullable(channelSchema), null),
  /** Whether the customer waits for an answer, which only a chat shows. */
  customerWait: v.fallback(customerWaitSchema, NO_WAIT),
  /** Turns up to this time have left, because there were too many; 0 = none had to. */
  turnsDroppedUntil: v.fallback(v.number(), 0),
});
export type ContactRecord = Readonly<v.InferOutput<typeof contactRecordSchema>>;

export function newContact(contactId: string): ContactRecord {
  return v.parse(contactRecordSchema, { contactId });
}

/** The updates that set one register of a contact. */
export type ContactFact = ContactSentiment | ContactCategory | ContactEnded | ContactTranscription;

/** Returns the new record, or null when the update says nothing new. */
export function foldContact(record: ContactRecord, update: ContactFact, now: number): ContactRecord | null {
  const news = newsOf(record, update, now);
  const initialContactId = initialOf(record, update);
  if (news === null && initialContactId === record.initialContactId) return null;
  return { ...record, ...news, initialContactId, receivedAt: now };
}

/**
 * Notes a turn: it keeps the contact from expiring and may bring the id of the first contact.
 * @param news whether the turn was new
 * @param droppedUntil the time of the newest turn that had to leave for it; 0 = none had to
 */
export function foldContactTurn(
  record: ContactRecord,
  turn: ContactTurn,
  news: boolean,
  now: number,
  droppedUntil = 0,
): ContactRecord | null {
  const initialContactId = initialOf(record, turn);
  const talkedUntil = Math.max(record.talkedUntil, turn.occurredAt);
  if (!news && initialContactId === record.initialContactId && talkedUntil === record.talkedUntil) return null;
  const transcription = news ? foldSign(record.transcription, now) : record.transcription;
  const turnsDroppedUntil = Math.max(record.turnsDroppedUntil, droppedUntil);
  const customerWait = mayBeChat(record.channel) ? foldCustomerWait(record.customerWait, turn) : record.customerWait;
  const registers = { initialContactId, transcription, talkedUntil, turnsDroppedUntil, customerWait };
  return { ...record, ...registers, hasTurns: true, receivedAt: now };
}

/** Returns when the contact ended, or null while it goes on. A turn or a score of later talk takes an end back that came too early. */
export function endOfContact({ endedAt, talkedUntil, sentiment }: ContactRecord): number | null {
  const newest = Math.max(talkedUntil, sentiment?.occurredAt ?? 0);
  return endedAt !== null && endedAt >= newest ? endedAt : null;
}

/** Whether a turn changed more of its contact than the time of its news. One more turn alone is not worth a row. */
export function isTurnWorthARow(before: ContactRecord, after: ContactRecord): boolean {
  if (!before.hasTurns || after.initialContactId !== before.initialContactId) return true;
  if (endOfContact(before) !== endOfContact(after) || before.turnsDroppedUntil !== after.turnsDroppedUntil) return true;
  // Alerts tell how long the customer of a chat has waited, also after a restart.
  const [waited, waits] = [before.customerWait, after.customerWait];
  const isFirstAnswer = waited.answeredAt === 0 && waits.answeredAt > 0;
  if (mayBeChat(after.channel) && (isFirstAnswer || waited.unanswered[0] !== waits.unanswered[0])) return true;
  return isSignWorthARow(before.transcription, after.transcription);
}

function newsOf(record: ContactRecord, update: ContactFact, now: number): Partial<ContactRecord> | null {
  const sign = { transcription: foldSign(record.transcription, now) };
  switch (update.type) {
    case "contact.sentiment":
      return isNewer(update, record.sentiment) ? { sentiment: update, ...sign } : null;
    case "contact.category": {
      const known = record.categories[update.name];
      if (known !== undefined && known <= update.occurredAt) return null;
      const categories = firstMatched({ ...record.categories, [update.name]: update.occurredAt });
      return Object.hasOwn(categories, update.name) ? { categories, ...sign } : null;
    }
    case "contact.ended":
      return record.endedAt !== null && record.endedAt >= update.occurredAt ? null : { endedAt: update.occurredAt };
    case "contact.transcription": {
      const transcription = foldTranscription(record.transcription, update, now);
      return transcription === null ? null : { transcription };
    }
  }
}

/** The earliest categories. One that is left out can never count later, because the others' times only get earlier. */
function firstMatched(categories: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const all = Object.entries(categories);
  if (all.length <= MAX_CATEGORIES) return categories;
  all.sort(([a, atA], [b, atB]) => atA - atB || (a < b ? -1 : 1));
  return Object.fromEntries(all.slice(0, MAX_CATEGORIES));
}

/** When two updates disagree, the greater id counts, in every order alike. */
function initialOf(record: ContactRecord, { initialContactId }: { initialContactId: string | null }): string | null {
  return initialContactId !== null && initialContactId > (record.initialContactId ?? "")
    ? initialContactId
    : record.initialContactId;
}

/** When the board's news of the contact was last new. It is read off the record, so that no order matters. */
export function updatedAt({ sentiment, endedAt, categories, transcription }: ContactRecord): number {
  return Math.max(sentiment?.occurredAt ?? 0, endedAt ?? 0, transcription?.occurredAt ?? 0, ...Object.values(categories));
}

function isNewer(update: ContactSentiment, than: ContactSentiment | null): boolean {
  if (than === null || update.occurredAt > than.occurredAt) return true;
  return update.occurredAt === than.occurredAt && JSON.stringify(update) > JSON.stringify(than);
}
