import * as v from "valibot";
import type { Position } from "../core/board/board.ts";
import type { Viewer } from "../core/broadcast/viewer.ts";
import type { Feed, FeedRow } from "../core/replication/feed.ts";
import type { ReadableTranscript } from "../core/state/transcripts.ts";
import { turnSchema } from "../protocol/messages.ts";
import { type Update, updateSchema } from "../protocol/updates.ts";

/**
 * The arguments and answers of calls between the Worker and its objects. During a deployment the two may run different versions
 * for some seconds, so each is parsed where it arrives: what is absent gets a default, and grants nothing.
 */
const positionSchema = v.fallback(v.nullable(v.object({ epoch: v.string(), seq: v.number() })), null);

/** Reads a position. One that cannot be read counts as none: the viewers get the whole list. */
export function readPosition(position: unknown): Position | null {
  return v.parse(positionSchema, position);
}

const relayReportSchema = v.object({
  relay: v.string(),
  viewers: v.fallback(v.number(), 0),
  watching: v.fallback(v.array(v.string()), []),
  position: positionSchema,
});

/** Reads a relay's report. @throws ValiError when it does not name the relay. */
export function readRelayReport([relay, viewers, watching, position]: readonly unknown[]): v.InferOutput<
  typeof relayReportSchema
> {
  return v.parse(relayReportSchema, { relay, viewers, watching, position });
}

const acknowledgementSchema = v.object({
  alertId: v.string(),
  subject: v.string(),
  name: v.string(),
  /** null = all alerts. A filter that is absent or unreadable shows none. */
  filter: v.fallback(v.nullable(v.array(v.string())), []),
});

/** A supervisor's acknowledgement of an alert, as it travels to the primary. */
export function acknowledgementOf(
  alertId: string,
  { subject, name, groupFilter }: Viewer,
): v.InferOutput<typeof acknowledgementSchema> {
  return { alertId, subject, name: name ?? subject, filter: groupFilter === null ? null : [...groupFilter] };
}

/** Reads an acknowledgement from a relay. @throws ValiError when it names no alert or nobody. */
export function readAcknowledgement(request: unknown): v.InferOutput<typeof acknowledgementSchema> {
  return v.parse(acknowledgementSchema, request);
}

const pollRequestSchema = v.object({
  /** null = all agents. A filter that is absent or unreadable shows none. */
  filter: v.fallback(v.nullable(v.array(v.string())), []),
  subject: v.string(),
  ticket: v.nullable(v.object({ id: v.string(), expiresAt: v.number() })),
  ifNoneMatch: v.fallback(v.nullable(v.string()), null),
});

export type PollRequest = v.InferOutput<typeof pollRequestSchema>;

/** Reads a poll. null = it names no subject, or a ticket that cannot be read. */
export function readPollRequest(request: object): PollRequest | null {
  const parsed = v.safeParse(pollRequestSchema, request);
  return parsed.success ? parsed.output : null;
}

/** The fields of a row are parsed by its collection. */
const rowsSchema = v.array(v.custom<FeedRow>((row) => typeof row === "object" && row !== null));
const feedSchema = v.object({
  epoch: v.string(),
  from: v.number(),
  to: v.number(),
  /** Without it nothing from before this feed can be proven. */
  floor: v.optional(v.number()),
  rows: v.fallback(rowsSchema, []),
  collections: v.fallback(v.optional(v.record(v.string(), rowsSchema)), undefined),
});

/** Reads a feed. @throws ValiError when it does not say which changes it holds. */
export function readFeed(feed: unknown): Feed {
  const { collections, floor, ...rest } = v.parse(feedSchema, feed);
  return { ...rest, floor: floor ?? rest.from, ...(collections !== undefined && { collections }) };
}

const turnsSchema = v.fallback(v.array(turnSchema), []);
/** Turns without groups are for viewers without a filter alone. */
const transcriptSchema = v.object({
  turns: turnsSchema,
  complete: v.fallback(v.boolean(), false),
  groups: v.fallback(v.array(v.string()), []),
});

/** A primary of an older release does not truncate. */
const readableSchema = v.object({ ...transcriptSchema.entries, truncated: v.fallback(v.boolean(), false) });

/** Reads the answer to a question for a transcript. */
export function readTranscript(answer: unknown): ReadableTranscript {
  return v.parse(readableSchema, answer);
}

const turnsOfContactSchema = v.object({ contactId: v.string(), ...transcriptSchema.entries });
/** New turns of one contact on their way to viewers. */
export type TurnsOfContact = v.InferOutput<typeof turnsOfContactSchema>;

/** Reads new turns. @throws ValiError when they do not name their contact. */
export function readTurnsOfContact(sent: unknown): TurnsOfContact {
  return v.parse(turnsOfContactSchema, sent);
}

const groupsSchema = v.fallback(v.array(v.string()), []);

export function readGroups(answer: unknown): readonly string[] {
  return v.parse(groupsSchema, answer);
}

const KNOWN_TYPES: ReadonlySet<string> = new Set(updateSchema.options.map((option) => option.entries.type.literal));

/**
 * A newer Worker may know types of updates that this version does not.
 * @throws Error, so that nothing of the post is acknowledged, and the sender repeats it.
 */
export function refuseUnknownTypes(updates: readonly Update[]): void {
  if (!updates.every(({ type }) => KNOWN_TYPES.has(type)))
    throw new Error("This version of the object does not know a type of update.");
}
