import * as v from "valibot";
import { severitySchema } from "../../protocol/alert.ts";
import { digest } from "../board/digest.ts";
import { type AlertNote, aboutSchema, alertNoteSchema } from "./alert-note.ts";

/** Notes wait so long for others of the same moment. */
const GATHER_MS = 5_000;
/** More notes for one target within a minute are a storm, and become one digest. */
const MAX_SINGLE_PER_MINUTE = 5;
const MINUTE_MS = 60_000;
/** So many notes fit into one digest: a row of SQLite holds 2 MB, and a note has some 400 bytes. */
const MAX_PER_DIGEST = 1_000;
/** So many notes wait for one target at most. The oldest go first: a phone that was away for a day needs no more. */
const MAX_WAITING = 5_000;
/** After so long, news is of no use to anybody. */
export const TOO_OLD_MS = 24 * 60 * 60_000;

const outboxMessageSchema = v.object({
  /** The same for every attempt, so that a receiver recognises a repetition. ASCII, 20 characters. */
  messageId: v.string(),
  target: v.string(),
  kind: v.picklist(["single", "digest"]),
  createdAt: v.number(),
  notes: v.pipe(v.array(alertNoteSchema), v.minLength(1)),
  /** Attempts that failed. */
  failures: v.fallback(v.number(), 0),
  /** Not before, epoch ms. */
  nextTryAt: v.fallback(v.number(), 0),
});
export type OutboxMessage = Readonly<v.InferOutput<typeof outboxMessageSchema>>;

/** What waits for one target. Times are epoch ms. */
export const laneSchema = v.object({
  target: v.string(),
  /** In the order in which they happened. */
  waiting: v.fallback(v.array(alertNoteSchema), []),
  /** The message on its way; null = none. */
  message: v.fallback(v.nullable(outboxMessageSchema), null),
  /** The next message goes not before. */
  freeAt: v.fallback(v.number(), 0),
  /** When the latest single messages were made. */
  singlesAt: v.fallback(v.array(v.number()), []),
  /** Alerts of which the target knows or will know, with the highest severity: it also gets their end. */
  openAlerts: v.fallback(
    v.array(v.object({ alertId: v.string(), severity: severitySchema, about: v.fallback(aboutSchema, "agent") })),
    [],
  ),
  /** Why the receiver is gone, in its own words of `delivery-answer.ts`; null = it is there. */
  stopped: v.fallback(v.nullable(v.string()), null),
});
export type Lane = Readonly<v.InferOutput<typeof laneSchema>>;

export function emptyLane(target: string): Lane {
  return { target, waiting: [], message: null, freeAt: 0, singlesAt: [], openAlerts: [], stopped: null };
}

/** Adds a note, once. An end is added only if the target knows the alert; a severity that it knows is no news. */
export function addNote(lane: Lane, note: AlertNote): Lane {
  const { alertId, severity, about } = note;
  const known = lane.openAlerts.find((open) => open.alertId === alertId);
  const others = lane.openAlerts.filter((open) => open !== known);
  if (note.event === "resolved") {
    return known === undefined ? lane : { ...lane, waiting: [...lane.waiting, note], openAlerts: others };
  }
  if (known !== undefined && (known.severity === "critical" || severity === "warning")) return lane;
  return { ...lane, waiting: [...lane.waiting, note], openAlerts: [...others, { alertId, severity, about }] };
}

/** Drops waiting notes that are too old or too many, the oldest first. Returns the same lane when there are none. */
export function dropOldNotes(lane: Lane, now: number): Lane {
  const { waiting } = lane;
  const firstNew = waiting.findIndex(({ addedAt }) => addedAt > now - TOO_OLD_MS);
  const first = Math.max(firstNew < 0 ? waiting.length : firstNew, waiting.length - MAX_WAITING);
  return first <= 0 ? lane : { ...lane, waiting: waiting.slice(first) };
}

/** When the lane makes its next message, epoch ms; infinity = nothing waits. */
export function nextMessageAt(lane: Lane): number {
  const [first] = lane.waiting;
  if (first === undefined) return Number.POSITIVE_INFINITY;
  const gathered = first.addedAt + GATHER_MS;
  const isStorm = lane.waiting.length + recentSingles(lane, gathered).length > MAX_SINGLE_PER_MINUTE;
  return Math.max(isStorm ? first.addedAt + MINUTE_MS : gathered, lane.freeAt);
}

/** Makes the next message at `now`. Call when {@link nextMessageAt} has come and no message is on its way. */
export function makeMessage(lane: Lane, now: number): Lane {
  const [first] = lane.waiting;
  if (first === undefined) return lane;
  const singlesAt = recentSingles(lane, now);
  const isStorm = lane.waiting.length + singlesAt.length > MAX_SINGLE_PER_MINUTE;
  const notes = lane.waiting.slice(0, isStorm ? MAX_PER_DIGEST : 1);
  const kind = notes.length > 1 ? "digest" : "single";
  const message = {
    messageId: messageIdOf(lane.target, notes),
    target: lane.target,
    kind,
    createdAt: now,
    notes,
    failures: 0,
    nextTryAt: now,
  } satisfies OutboxMessage;
  const waiting = lane.waiting.slice(notes.length);
  return { ...lane, waiting, message, singlesAt: kind === "single" ? [...singlesAt, now] : singlesAt };
}

function recentSingles({ singlesAt }: Lane, at: number): number[] {
  return singlesAt.filter((time) => time > at - MINUTE_MS);
}

/** The same notes for the same target have the same id, also after a restart that forgot the message. */
function messageIdOf(target: string, notes: readonly AlertNote[]): string {
  const text = JSON.stringify([target, ...notes.map(({ alertId, event }) => [alertId, event])]);
  // Two hashes of 32 bits: one alone would soon come twice.
  return `alr_${digest(text)}${digest(`${text.length}${text}`)}`;
}
