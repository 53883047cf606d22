import type { ContactTurn, Update } from "../../protocol/updates.ts";
import { CallScore } from "../scoring/sentiment-score.ts";
import type { LensIssue, LensRecord, LensSegment } from "./contact-lens-segment.ts";
import { type CharacterOffsets, issuesIn } from "./issues.ts";

/** Longer than any call. */
const FORGET_AFTER_MS = 6 * 60 * 60 * 1000;
/** The last batch of an ended call may be repeated; older records than 15 min are not delivered any more. */
const FORGET_ENDED_AFTER_MS = 20 * 60 * 1000;
/** Nothing heard of a call for so long: it was silent, or another container has heard what was said. */
const MISSED_AFTER_MS = 30_000;
/** Contact Lens analyses 100 calls of an instance at once. */
const MAX_CONTACTS = 5000;

interface LensContact {
  score: CallScore;
  /** By turn, the pieces of its partial text: Contact Lens tells each piece once. */
  partials: Map<string, Map<string, string>>;
  /** Turns told to their end, also those without a sentiment. */
  finished: Set<string>;
  /** When each was first told: the record that told it tells it again when it is repeated. */
  categories: Map<string, number>;
  /** Whether every turn since the call began is known, so that a score is a score; `never` = and it cannot be learned. */
  beginning: "known" | "unknown" | "never";
  /** `occurredAt` of the newest score: of two with the same time the hub could not tell which one has all the turns. */
  newestScore: number;
  /** When the newest record of the contact came, and when it may be forgotten (epoch ms). */
  heardAt: number;
  forgetAt: number;
}

/**
 * The contacts that Contact Lens is analysing now. Its records hold only what is new, so the turns so far are kept from one
 * batch to the next, each contact's for some hours. Repeated records change nothing. A contact whose beginning is not known
 * (a new container in the middle of a call) gets its turns posted but no score rather than a wrong one, until
 * {@link LensContacts.learn} is told the beginning.
 */
export class LensContacts {
  readonly #contacts = new Map<string, LensContact>();

  /**
   * What has to be asked for before this record is taken: `beginning`: a score must wait for what was said before; `gap`:
   * something may have been missed, a score need not wait. `at` as for {@link LensContacts.take}.
   */
  lacks(record: LensRecord, at: number): "nothing" | "beginning" | "gap" {
    if (!isVoice(record) || record.EventType === "STARTED" || record.EventType === "FAILED") return "nothing";
    const known = this.#contacts.get(record.ContactId);
    // That a call is over can be told without having heard of it.
    if (known === undefined) return record.EventType === "COMPLETED" ? "nothing" : "beginning";
    if (known.beginning === "known") return at > known.heardAt + MISSED_AFTER_MS ? "gap" : "nothing";
    return known.beginning === "unknown" ? "beginning" : "nothing";
  }

  /**
   * All that has been said of the record's contact so far, by Contact Lens' own account; it may repeat what is known and may be
   * ahead of the record. Returns what the hub may not have heard of. `at` as for {@link LensContacts.take}.
   */
  learn(record: LensRecord, segments: readonly LensSegment[], at: number): Update[] {
    const contact = this.#contact(record, at);
    contact.beginning = "known";
    const saidAt = arrivals(record, segments, at);
    const updates = segments.flatMap((segment) => this.#segment(record.ContactId, contact, segment, saidAt(segment)));
    return [...updates, ...scoreOf(record.ContactId, contact, at)];
  }

  /** The record's contact stays without its beginning. Returns whether that is news. */
  giveUp(record: LensRecord, at: number): boolean {
    const contact = this.#contact(record, at);
    const news = contact.beginning === "unknown";
    contact.beginning = "never";
    return news;
  }

  /** What was learned about a contact has not reached the hub: it is to be learned again. */
  forget(contactId: string): void {
    this.#contacts.delete(contactId);
  }

  /** Nothing that is known can be relied on any more: what has been said is to be learned again. */
  forgetAll(): void {
    this.#contacts.clear();
  }

  /** What a record says. `at` (epoch ms) is when Kinesis got it: Contact Lens itself tells only offsets within the call. */
  take(record: LensRecord, at: number): Update[] {
    if (!isVoice(record)) return [];
    const { ContactId: contactId } = record;
    if (record.EventType === "COMPLETED" || record.EventType === "FAILED") {
      const known = this.#contacts.get(contactId);
      if (known !== undefined) known.forgetAt = at + FORGET_ENDED_AFTER_MS;
      if (record.EventType === "FAILED") return [];
      return [{ type: "contact.ended", contactId, initialContactId: null, occurredAt: at }];
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
      const text = [...pieces.values()].join(" ");
      const said = { role: utterance.ParticipantRole, text, final: false, sentiment: null, ...spanOf(utterance) };
      updates.push(turnUpdate(contactId, { turnId: utterance.TranscriptId, ...said }, at));
    }
    if (transcript?.ParticipantRole) {
      const { Id: turnId, ParticipantRole: role, Sentiment: sentiment, Content: text } = transcript;
      contact.partials.delete(turnId);
      contact.finished.add(turnId);
      const issues = issuesIn(text, transcript.IssuesDetected.map(offsetsOf));
      const said = { turnId, role, text, final: true, sentiment, ...(issues.length > 0 && { issues }) };
      updates.push(turnUpdate(contactId, { ...said, ...spanOf(transcript) }, at));
      if (sentiment !== null) contact.score.addTurn({ turnId, role, sentiment, ...spanOf(transcript) });
    }
    for (const name of categories?.MatchedCategories ?? []) {
      const toldAt = contact.categories.get(name) ?? at;
      if (name === "" || at > toldAt) continue;
      contact.categories.set(name, at);
      updates.push({ type: "contact.category", contactId, initialContactId: null, name, occurredAt: at });
    }
    return updates;
  }

  #contact(record: LensRecord, at: number): LensContact {
    const known = this.#contacts.get(record.ContactId);
    if (known !== undefined) {
      known.heardAt = Math.max(known.heardAt, at);
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
      heardAt: at,
      forgetAt: at + FORGET_AFTER_MS,
    };
    for (const [id, { forgetAt }] of this.#contacts) {
      if (forgetAt < at || this.#contacts.size >= MAX_CONTACTS) this.#contacts.delete(id);
    }
    this.#contacts.set(record.ContactId, contact);
    return contact;
  }
}

export function isVoice(record: LensRecord): boolean {
  return record.Channel.toUpperCase() === "VOICE";
}

function scoreOf(contactId: string, contact: LensContact, at: number): Update[] {
  if (contact.beginning !== "known" || contact.score.size === 0) return [];
  contact.newestScore = Math.max(at, contact.newestScore + 1);
  const { newestScore: occurredAt, score } = contact;
  return [{ type: "contact.sentiment", contactId, initialContactId: null, occurredAt, ...score.current }];
}

/**
 * About when Kinesis got the record in which each segment was told, from the one record whose arrival is known and the offsets
 * within the call, never later than that. So a turn that the hub has is hardly ever told to it as news.
 */
function arrivals(record: LensRecord, segments: readonly LensSegment[], at: number): (segment: LensSegment) => number {
  const here = Math.max(0, ...(record.Segments ?? segments).map((segment) => endOf(segment) ?? 0));
  return (segment) => Math.max(0, at - Math.max(0, Math.round(here - (endOf(segment) ?? here))));
}

/** Milliseconds from the start of the call; null for what is not said at a time. */
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
