import type { ContactTurn, Role, SentimentLabel, Update } from "../../protocol/updates.ts";
import { scoreContact } from "../scoring/sentiment-score.ts";
import type { ChatRecord, ChatSegment } from "./chat-segment.ts";
import { type CharacterOffsets, issuesIn } from "./issues.ts";

/** A chat lives for at most seven days (Administrator Guide, "Chat duration", read 2026-11-26). */
const FORGET_AFTER_MS = 7 * 24 * 60 * 60 * 1000;
/** Lambda may repeat the last batch of an ended chat. It drops records older than 15 min (`infra/data-stream.ts`). */
const FORGET_ENDED_AFTER_MS = 20 * 60 * 1000;
/** After this long without a record, the chat was quiet, or another container received its messages. */
const GAP_AFTER_MS = 5 * 60_000;
/** Bounds the memory: 2,000 chats with {@link MAX_TEXT_LENGTH} need 64 MB. */
const MAX_CHATS = 2000;
/** The score is the mean of so many messages, the newest. Few chats of seven days have more. */
const MAX_MESSAGES = 1000;
/** An issue is found soon after its message was written, so only the newest texts of a chat are kept. */
const MAX_TEXTS = 50;
/** Messages of a chat whose issues are kept, and issues of a message. */
const MAX_ISSUES = 100;
/** UTF-16 code units of the texts that are kept of one chat. A message has at most 16,384. */
const MAX_TEXT_LENGTH = 16_384;

interface Message {
  turnId: string;
  role: Role;
  /** When it was written, epoch ms. */
  at: number;
  sentiment: SentimentLabel | null;
  /** null = no longer kept. */
  text: string | null;
}

interface Chat {
  messages: Map<string, Message>;
  /** Turn id -> issues of that message. An issue may arrive before its message. */
  issues: Map<string, CharacterOffsets[]>;
  /** Category -> arrival time of its first record (epoch ms). A repeat of that record sends the category again. */
  categories: Map<string, number>;
  /** When the first thing happened in the chat, as far as known (epoch ms). The offsets of turns count from it. */
  startedAt: number;
  /** Whether everything since the start of the chat is known. Only then is a score correct. `unavailable`: nobody has it. */
  beginning: "known" | "unknown" | "unavailable";
  /** When its end arrived, epoch ms. */
  endedAt: number | null;
  /** Arrival time of the newest record, and the time from which the chat may be forgotten (epoch ms). */
  lastRecordAt: number;
  forgetAt: number;
}

/**
 * Keeps the messages of each chat that Contact Lens analyses now. No order is documented for its records, so nothing here depends
 * on one: every turn has the time at which it was written, and the update with the most knowledge is the newest. A new container
 * in the middle of a chat posts the turns without a score until {@link ChatContacts.backfill} adds the beginning.
 */
export class ChatContacts {
  readonly #chats = new Map<string, Chat>();

  /**
   * Returns whether to ask Contact Lens for earlier messages before {@link ChatContacts.addRecord} gets this record.
   * `beginning`: the score has to wait for them. `gap`: some may be missing, but the score need not wait.
   * @param at arrival time of the record at Kinesis, epoch ms
   */
  needsBackfill({ ContactId: contactId, EventType: event }: ChatRecord, at: number): "no" | "beginning" | "gap" {
    if (event === "STARTED" || event === "FAILED") return "no";
    const known = this.#chats.get(contactId);
    // The end of a chat needs no earlier message.
    if (known === undefined) return event === "COMPLETED" ? "no" : "beginning";
    if (known.beginning === "known") return at > known.lastRecordAt + GAP_AFTER_MS ? "gap" : "no";
    return known.beginning === "unknown" ? "beginning" : "no";
  }

  /** Adds all segments of the record's chat so far. They may repeat known ones. Returns the updates that the hub may lack. */
  backfill(record: ChatRecord, segments: readonly ChatSegment[], at: number): Update[] {
    const chat = this.#chat(record, at);
    chat.beginning = "known";
    return this.#addSegments(record.ContactId, chat, segments, at);
  }

  /** Marks the record's chat: its beginning is unavailable. Returns false if it was marked before. */
  markIncomplete(record: ChatRecord, at: number): boolean {
    const chat = this.#chat(record, at);
    const changed = chat.beginning === "unknown";
    chat.beginning = "unavailable";
    return changed;
  }

  /** Call when a chat's backfilled messages have not reached the hub. The next record asks for them again. */
  forgetContact(contactId: string): void {
    this.#chats.delete(contactId);
  }

  /** Call when other containers may have received messages. The next record of each chat asks for all of them again. */
  forgetAllContacts(): void {
    this.#chats.clear();
  }

  /**
   * Returns the updates of a record.
   * @param at arrival time of the record at Kinesis, epoch ms
   */
  addRecord(record: ChatRecord, at: number): Update[] {
    const { ContactId: contactId, EventType: event, Segments: segments } = record;
    if (event === "STARTED" || event === "SEGMENTS") return this.#addSegments(contactId, this.#chat(record, at), segments, at);
    const known = this.#chats.get(contactId);
    const occurredAt = Math.max(at, known === undefined ? at : newestNewsOf(known));
    if (known !== undefined) {
      known.forgetAt = at + FORGET_ENDED_AFTER_MS;
      known.endedAt ??= occurredAt;
    }
    return event === "FAILED" ? [] : [{ type: "contact.ended", contactId, initialContactId: null, occurredAt }];
  }

  #addSegments(contactId: string, chat: Chat, segments: readonly ChatSegment[], at: number): Update[] {
    const startedBefore = chat.startedAt;
    const touched = new Set<string>();
    for (const segment of segments) for (const turnId of addSegment(chat, segment)) touched.add(turnId);
    // An earlier beginning moves every turn.
    const moved = chat.startedAt === startedBefore ? [] : chat.messages.keys();
    const turns = [...new Set([...moved, ...touched])].flatMap((turnId) => turnOf(contactId, chat, turnId));
    forgetOldest(chat);
    const scored = segments.some(({ kind }) => kind === "message" || kind === "time");
    return [...turns, ...categoriesOf(contactId, chat, segments, at), ...(scored ? scoreOf(contactId, chat) : [])];
  }

  #chat({ ContactId: contactId, EventType: event }: ChatRecord, at: number): Chat {
    const known = this.#chats.get(contactId);
    if (known !== undefined) {
      // The chat that was quiet the longest is the first of the map.
      this.#chats.delete(contactId);
      this.#chats.set(contactId, known);
      if (event === "STARTED") known.beginning = "known";
      known.lastRecordAt = Math.max(known.lastRecordAt, at);
      if (known.endedAt === null) known.forgetAt = at + FORGET_AFTER_MS;
      return known;
    }
    const chat: Chat = {
      messages: new Map(),
      issues: new Map(),
      categories: new Map(),
      startedAt: Number.POSITIVE_INFINITY,
      beginning: event === "STARTED" ? "known" : "unknown",
      endedAt: null,
      lastRecordAt: at,
      forgetAt: at + FORGET_AFTER_MS,
    };
    for (const [id, { forgetAt }] of this.#chats) {
      if (forgetAt < at || this.#chats.size >= MAX_CHATS) this.#chats.delete(id);
    }
    this.#chats.set(contactId, chat);
    return chat;
  }
}

/** Returns the ids of the turns that the segment may have changed. */
function addSegment(chat: Chat, segment: ChatSegment): string[] {
  switch (segment.kind) {
    case "time":
      chat.startedAt = Math.min(chat.startedAt, segment.at);
      return [];
    case "category":
      return [];
    case "issue":
      if (chat.issues.size >= MAX_ISSUES && !chat.issues.has(segment.turnId)) return [];
      chat.issues.set(segment.turnId, [...(chat.issues.get(segment.turnId) ?? []), segment.offsets].slice(0, MAX_ISSUES));
      return [segment.turnId];
    case "message": {
      const { kind: _, ...message } = segment;
      const known = chat.messages.get(message.turnId);
      chat.startedAt = Math.min(chat.startedAt, message.at);
      // A message keeps its sentiment when a repeat comes without one.
      chat.messages.set(message.turnId, { ...message, sentiment: message.sentiment ?? known?.sentiment ?? null });
      return [message.turnId];
    }
  }
}

function turnOf(contactId: string, { messages, issues: known, startedAt }: Chat, turnId: string): ContactTurn[] {
  const message = messages.get(turnId);
  if (message === undefined || message.text === null) return [];
  const { role, at, text, sentiment } = message;
  // Sorted, so that they do not depend on the order of arrival.
  const offsets = (known.get(turnId) ?? []).toSorted((a, b) => (a.begin ?? 0) - (b.begin ?? 0) || (a.end ?? 0) - (b.end ?? 0));
  const issues = issuesIn(text, offsets);
  const offset = { beginMs: at - startedAt, endMs: at - startedAt };
  const turn = { turnId, role, ...offset, text, final: true, sentiment, ...(issues.length > 0 && { issues }), occurredAt: at };
  return [{ type: "contact.turn", contactId, initialContactId: null, ...turn }];
}

function categoriesOf(contactId: string, { categories }: Chat, segments: readonly ChatSegment[], at: number): Update[] {
  return segments.flatMap((segment): Update[] => {
    if (segment.kind !== "category" || at > (categories.get(segment.name) ?? at)) return [];
    categories.set(segment.name, at);
    return [{ type: "contact.category", contactId, initialContactId: null, name: segment.name, occurredAt: at }];
  });
}

/**
 * The score of all known messages. Its time follows from them, so that it is the same in any order of arrival, and more messages
 * make a later time. It never passes the end of the chat, because a score after the end would take the end back.
 */
function scoreOf(contactId: string, chat: Chat): Update[] {
  const { beginning, messages, startedAt, endedAt } = chat;
  const scored = [...messages.values()].flatMap(({ turnId, role, at, sentiment }) =>
    sentiment === null ? [] : [{ turnId, role, sentiment, beginMs: at - startedAt, endMs: at - startedAt }],
  );
  if (beginning !== "known" || scored.length === 0) return [];
  const newest = newestNewsOf(chat);
  const occurredAt = Math.min(newest, endedAt ?? newest);
  return [{ type: "contact.sentiment", contactId, initialContactId: null, occurredAt, ...scoreContact(scored) }];
}

/** The time of the newest message, and one millisecond for each known one: a later time whenever more is known. */
function newestNewsOf({ messages }: Chat): number {
  return [...messages.values()].reduce((newest, { at }) => Math.max(newest, at), 0) + messages.size;
}

/** Forgets the oldest messages, and the texts of those that are too old for an issue. */
function forgetOldest(chat: Chat): void {
  const newestFirst = [...chat.messages.values()].sort((a, b) => b.at - a.at || (a.turnId < b.turnId ? -1 : 1));
  let length = 0;
  for (const [index, message] of newestFirst.entries()) {
    length += message.text?.length ?? 0;
    if (index >= MAX_MESSAGES) chat.messages.delete(message.turnId);
    else if (index >= MAX_TEXTS || (index > 0 && length > MAX_TEXT_LENGTH)) message.text = null;
    if (message.text === null) chat.issues.delete(message.turnId);
  }
}
