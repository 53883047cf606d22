import * as v from "valibot";
import { type Sentiment, sentimentSchema } from "../../protocol/agent.ts";
import { numberRecordSchema } from "../board/number-record.ts";
import type { ContactRecord } from "../state/contact-record.ts";

const contactNoteSchema = v.object({
  contactId: v.string(),
  /** The customer's; null = nothing was scored. */
  sentiment: v.fallback(v.nullable(v.pick(sentimentSchema, ["score", "quarters"])), null),
  scoredAt: v.fallback(v.number(), 0),
  /** Category name -> when it was first matched. */
  categories: v.fallback(numberRecordSchema, {}),
});
/** What stays of a contact once its record and its transcript have expired. It has no word of anybody. */
export type ContactNote = v.InferOutput<typeof contactNoteSchema>;

/** Reads a stored note. null = it is unreadable. */
export function parseContactNote(stored: unknown): ContactNote | null {
  const parsed = v.safeParse(contactNoteSchema, stored);
  return parsed.success ? parsed.output : null;
}

/** Returns the note on a contact; null = nothing of it is worth one. */
export function noteOf({ contactId, sentiment, categories }: ContactRecord): ContactNote | null {
  const customer = sentiment === null ? null : scoreOf(sentiment.customer);
  if (customer === null && Object.keys(categories).length === 0) return null;
  return { contactId, sentiment: customer, scoredAt: sentiment?.occurredAt ?? 0, categories };
}

/** Joins two notes on one contact: the newer score, and the first match of each category. */
export function mergeNotes(a: ContactNote, b: ContactNote): ContactNote {
  const scored = a.scoredAt > b.scoredAt || (a.scoredAt === b.scoredAt && JSON.stringify(a) > JSON.stringify(b)) ? a : b;
  const categories = new Map(Object.entries(a.categories));
  for (const [name, at] of Object.entries(b.categories)) categories.set(name, Math.min(at, categories.get(name) ?? at));
  return { ...scored, categories: Object.fromEntries(categories) };
}

function scoreOf({ score, quarters }: Sentiment): ContactNote["sentiment"] {
  return score === null && quarters.every((quarter) => quarter === null) ? null : { score, quarters };
}
