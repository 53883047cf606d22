import { type ScoredTurn, scoreContact } from "../core/sentiment.ts";
import type { ContactTurn, Update } from "../protocol/updates.ts";
import type { LensIssue, LensRecord } from "./contact-lens-segment.ts";
import { type CharacterOffsets, issuesIn } from "./issues.ts";

/** Longer than any call. An ended one is kept as well: its last batch may be repeated. */
const FORGET_AFTER_MS = 6 * 60 * 60 * 1000;
/** Contact Lens analyses 100 calls of an instance at once. */
const MAX_CONTACTS = 5000;
/** A contact first heard of later in its call than this has turns that nobody here knows. */
const BEGINNING_MS = 30_000;

interface LensContact {
  turns: Map<string, ScoredTurn>;
  /** By turn, the pieces of its partial text: Contact Lens tells each piece once. */
  partials: Map<string, Map<string, string>>;
  categories: Set<string>;
  /** Every turn since the call began is known, so that a score is a score. */
  complete: boolean;
  touchedAt: number;
}

/**
 * The contacts that Contact Lens is analysing now. Its records hold only what is new, so the turns so far are kept from one
 * batch to the next, each contact's for some hours. Repeated records change nothing. A contact whose beginning was
 * missed (a new container in the middle of a call) gets its turns posted but no score rather than a wrong one.
 */
export class LensContacts {
  readonly #contacts = new Map<string, LensContact>();

  /** What a record says. `at` (epoch ms) is when Kinesis got it: Contact Lens itself tells only offsets within the call. */
  take(record: LensRecord, at: number): Update[] {
    if (record.Channel.toUpperCase() !== "VOICE") return [];
    const { ContactId: contactId } = record;
    if (record.EventType === "COMPLETED") return [{ type: "contact.ended", contactId, initialContactId: null, occurredAt: at }];
    if (record.EventType === "FAILED") return [];

    const contact = this.#contact(record, at);
    const updates: Update[] = [];
    let scored = false;
    for (const segment of record.Segments ?? []) {
      const { Utterance: utterance, Transcript: transcript, Categories: categories } = segment;
      if (utterance?.ParticipantRole) {
        const pieces = contact.partials.get(utterance.TranscriptId) ?? new Map<string, string>();
        contact.partials.set(utterance.TranscriptId, pieces.set(utterance.Id, utterance.PartialContent));
        const text = [...pieces.values()].join(" ");
        if (!contact.turns.has(utterance.TranscriptId)) {
          const turn = { turnId: utterance.TranscriptId, role: utterance.ParticipantRole, text, final: false, sentiment: null };
          updates.push(turnUpdate(contactId, { ...turn, ...spanOf(utterance) }, at));
        }
      }
      if (transcript?.ParticipantRole) {
        const { Id: turnId, ParticipantRole: role, Sentiment: mood, Content: text } = transcript;
        contact.partials.delete(turnId);
        const issues = issuesIn(text, transcript.IssuesDetected.map(offsetsOf));
        const said = { turnId, role, text, final: true, sentiment: mood, ...(issues.length > 0 && { issues }) };
        updates.push(turnUpdate(contactId, { ...said, ...spanOf(transcript) }, at));
        if (mood !== null) {
          contact.turns.set(turnId, { turnId, role, mood, ...spanOf(transcript) });
          scored = true;
        }
      }
      for (const name of categories?.MatchedCategories ?? []) {
        if (name === "" || contact.categories.has(name)) continue;
        contact.categories.add(name);
        updates.push({ type: "contact.category", contactId, initialContactId: null, name, occurredAt: at });
      }
    }
    if (scored && contact.complete) {
      const score = scoreContact(contact.turns.values());
      updates.push({ type: "contact.sentiment", contactId, initialContactId: null, occurredAt: at, ...score });
    }
    return updates;
  }

  #contact(record: LensRecord, at: number): LensContact {
    const known = this.#contacts.get(record.ContactId);
    if (known !== undefined) {
      known.touchedAt = at;
      return known;
    }
    const begins = (record.Segments ?? []).flatMap(({ Utterance, Transcript }) =>
      [Utterance, Transcript].flatMap((part) => (part === undefined ? [] : [part.BeginOffsetMillis])),
    );
    const complete = record.EventType === "STARTED" || Math.min(...begins) < BEGINNING_MS;
    const contact = { turns: new Map(), partials: new Map(), categories: new Set<string>(), complete, touchedAt: at };
    for (const [id, { touchedAt }] of this.#contacts) {
      if (touchedAt < at - FORGET_AFTER_MS || this.#contacts.size >= MAX_CONTACTS) this.#contacts.delete(id);
    }
    this.#contacts.set(record.ContactId, contact);
    return contact;
  }
}

function offsetsOf({ CharacterOffsets: at }: LensIssue): CharacterOffsets {
  return { begin: at?.BeginOffsetChar, end: at?.EndOffsetChar };
}

function spanOf(part: { BeginOffsetMillis: number; EndOffsetMillis: number }): { beginMs: number; endMs: number } {
  return { beginMs: part.BeginOffsetMillis, endMs: part.EndOffsetMillis };
}

function turnUpdate(
  contactId: string,
  turn: Omit<ContactTurn, "type" | "contactId" | "initialContactId" | "occurredAt">,
  at: number,
) {
  return { type: "contact.turn", contactId, initialContactId: null, ...turn, occurredAt: at } satisfies Update;
}
