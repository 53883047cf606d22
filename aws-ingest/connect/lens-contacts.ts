import { type ContactTurn, MAX_TEXT, type Update } from "../../protocol/updates.ts";
import { CallScore } from "../scoring/sentiment-score.ts";
import type { LensIssue, LensRecord, LensSegment } from "./contact-lens-segment.ts";
import { cutText } from "./foreign-values.ts";
import { type CharacterOffsets, issuesIn } from "./issues.ts";

/** Longer than any call, so a call that goes on is never forgotten. */
const FORGET_AFTER_MS = 6 * 60 * 60 * 1000;
/** Lambda may repeat the last batch of an ended call. It drops records older than 15 min (`infra/data-stream.ts`). */
const FORGET_ENDED_AFTER_MS = 20 * 60 * 1000;
/** After this long without a record, the call was silent, or another container received its turns. */
const GAP_AFTER_MS = 30_000;
/** Bounds the memory. Contact Lens analyses at most 100 calls of an instance at once. */
const MAX_CONTACTS = 5000;

interface LensContact {
  score: CallScore;
  /** Turn id -> utterance id -> text. Contact Lens sends each utterance of a turn once. */
  partials: Map<string, Map<string, string>>;
  /** Ids of the final turns, with or without a sentiment. */
  finished: Set<string>;
  /** Category -> arrival time of its first record (epoch ms). A repeat of that record sends the category again. */
  categories: Map<string, number>;
  /** Whether all turns since the start of the call are known. Only then is a score correct. `unavailable`: Contact Lens has no data. */
  beginning: "known" | "unknown" | "unavailable";
  /** `occurredAt` of the newest score. Another score gets a later time, because the hub keeps one of two equal times. */
  newestScore: number;
  /** The newest score as JSON. A repeated record brings it again with its time. */
  postedScore: string;
  /** Arrival time of the newest record, and the time from which the contact may be forgotten (epoch ms). */
  lastRecordAt: number;
  forgetAt: number;
}

/**
 * Keeps the turns of each contact that Contact Lens analyses now. A record holds only new turns, and a score needs all of
 * them. Repeated records change nothing. A new container in the middle of a call does not know the beginning of the call.
 * It posts the turns without a score until {@link LensContacts.backfill} adds the beginning.
 */
export class LensContacts {
  readonly #contacts = new Map<string, LensContact>();

  /**
   * Returns whether to ask Contact Lens for earlier turns before {@link LensContacts.addRecord} gets this record.
   * `beginning`: the score has to wait for them. `gap`: some turns may be missing, but the score need not wait.
   * @param at arrival time of the record at Kinesis, epoch ms
   */
  needsBackfill(record: LensRecord, at: number): "no" | "beginning" | "gap" {
    if (!isVoice(record) || record.EventType === "STARTED" || record.EventType === "FAILED") return "no";
    const known = this.#contacts.get(record.ContactId);
    // The end of a call needs no earlier turn.
    if (known === undefined) return record.EventType === "COMPLETED" ? "no" : "beginning";
    if (known.beginning === "known") return at > known.lastRecordAt + GAP_AFTER_MS ? "gap" : "no";
    return known.beginning === "unknown" ? "beginning" : "no";
  }

  /**
   * Adds all turns of the record's contact so far, as Contact Lens' API returns them. They may repeat known turns, and they
   * may be ahead of the record. Returns the updates that the hub may lack.
   * @param at arrival time of the record at Kinesis, epoch ms
   */
  backfill(record: LensRecord, segments: readonly LensSegment[], at: number): Update[] {
    const contact = this.#contact(record, at);
    contact.beginning = "known";
    const arrivedAt = estimatedArrivals(record, segments, at);
    const updates = segments.flatMap((segment) => this.#segment(record.ContactId, contact, segment, arrivedAt(segment)));
    return [...updates, ...scoreOf(record.ContactId, contact, at)];
  }

  /** Marks the record's contact: its beginning is unavailable. Returns false if it was marked before. */
  markIncomplete(record: LensRecord, at: number): boolean {
    const contact = this.#contact(record, at);
    const changed = contact.beginning === "unknown";
    contact.beginning = "unavailable";
    return changed;
  }

  /** Call when a contact's backfilled turns have not reached the hub. The next record asks for them again. */
  forgetContact(contactId: string): void {
    this.#contacts.delete(contactId);
  }

  /** Call when other containers may have received turns. The next record of each contact asks for all turns again. */
  forgetAllContacts(): void {
    this.#contacts.clear();
  }

  /**
   * Returns the updates of a record.
   * @param at arrival time of the record at Kinesis, epoch ms. Contact Lens itself sends only offsets within the call.
   */
  addRecord(record: LensRecord, at: number): Update[] {
    if (!isVoice(record)) return [];
    const { ContactId: contactId } = record;
    if (record.EventType === "COMPLETED" || record.EventType === "FAILED") {
      const known = this.#contacts.get(contactId);
      if (known !== undefined) known.forgetAt = at + FORGET_ENDED_AFTER_MS;
      if (record.EventType === "FAILED") return [];
      // A turn or a score after the end would take the end back.
      const occurredAt = Math.max(at, known?.newestScore ?? at, known?.lastRecordAt ?? at);
      return [{ type: "contact.ended", contactId, initialContactId: null, occurredAt }];
    }
    const contact = this.#contact(record, at);
    const updates = (record.Segments ?? []).flatMap((segment) => this.#segment(contactId, contact, segment, at));
    const scored = updates.some((update) => update.type === "contact.turn" && update.sentiment !== null);
    return scored ? [...updates, ...scoreOf(contactId, contact, at)] : updates;
  }

  #segment(contactId: string, contact: LensContact, segment: LensSegment, at: number): Update[] {
    const updates: Update[] = [];
    const { Utterance: utterance, Transcript: transcript, Categories: categories } = segment;
    if (utterance?.ParticipantRole && !contact.finished.has(utterance.TranscriptId)) {
      const pieces = contact.partials.get(utterance.TranscriptId) ?? new Map<string, string>();
      contact.partials.set(utterance.TranscriptId, pieces.set(utterance.Id, utterance.PartialContent));
      const text = cutText([...pieces.values()].join(" "), MAX_TEXT);
      const turn = { role: utterance.ParticipantRole, text, final: false, sentiment: null, ...spanOf(utterance) };
      updates.push(turnUpdate(contactId, { turnId: utterance.TranscriptId, ...turn }, at));
    }
    if (transcript?.ParticipantRole) {
      const { Id: turnId, ParticipantRole: role, Sentiment: sentiment, Content: text } = transcript;
      contact.partials.delete(turnId);
      contact.finished.add(turnId);
      const issues = issuesIn(text, transcript.IssuesDetected.map(offsetsOf));
      const turn = { turnId, role, text, final: true, sentiment, ...(issues.length > 0 && { issues }) };
      updates.push(turnUpdate(contactId, { ...turn, ...spanOf(transcript) }, at));
      if (sentiment !== null) contact.score.addTurn({ turnId, role, sentiment, ...spanOf(transcript) });
    }
    for (const name of categories?.MatchedCategories ?? []) {
      const firstSentAt = contact.categories.get(name) ?? at;
      if (name === "" || at > firstSentAt) continue;
      contact.categories.set(name, at);
      updates.push({ type: "contact.category", contactId, initialContactId: null, name, occurredAt: at });
    }
    return updates;
  }

  #contact(record: LensRecord, at: number): LensContact {
    const known = this.#contacts.get(record.ContactId);
    if (known !== undefined) {
      known.lastRecordAt = Math.max(known.lastRecordAt, at);
      known.forgetAt = at + FORGET_AFTER_MS;
      return known;
    }
    const contact: LensContact = {
      score: new CallScore(),
      partials: new Map(),
      finished: new Set(),
      categories: new Map(),
      beginning: record.EventType === "STARTED" ? "known" : "unknown",
      newestScore: 0,
      postedScore: "",
      lastRecordAt: at,
      forgetAt: at + FORGET_AFTER_MS,
    };
    for (const [id, { forgetAt }] of this.#contacts) {
      if (forgetAt < at || this.#contacts.size >= MAX_CONTACTS) this.#contacts.delete(id);
    }
    this.#contacts.set(record.ContactId, contact);
    return contact;
  }
}

export function isVoice(record: Pick<LensRecord, "Channel">): boolean {
  return record.Channel.toUpperCase() === "VOICE";
}

function scoreOf(contactId: string, contact: LensContact, at: number): Update[] {
  if (contact.beginning !== "known" || contact.score.size === 0) return [];
  const score = contact.score.current;
  const text = JSON.stringify(score);
  contact.newestScore = Math.max(at, contact.newestScore + (text === contact.postedScore ? 0 : 1));
  contact.postedScore = text;
  return [{ type: "contact.sentiment", contactId, initialContactId: null, occurredAt: contact.newestScore, ...score }];
}

/**
 * Estimates when the record of each segment arrived at Kinesis, from the one record whose arrival is known and the offsets
 * within the call. The estimate is never later than `at`, so the hub discards most turns that it has already.
 */
function estimatedArrivals(record: LensRecord, segments: readonly LensSegment[], at: number): (segment: LensSegment) => number {
  const here = Math.max(0, ...(record.Segments ?? segments).map((segment) => endOf(segment) ?? 0));
  return (segment) => Math.max(0, at - Math.max(0, Math.round(here - (endOf(segment) ?? here))));
}

/** Returns the end in ms from the start of the call, or null for a segment without times (a category). */
function endOf({ Utterance, Transcript }: LensSegment): number | null {
  return Transcript?.EndOffsetMillis ?? Utterance?.EndOffsetMillis ?? null;
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
