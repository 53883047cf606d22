import type {
  Agent,
  AgentContactRow,
  AgentPatch,
  AgentStatus,
  Capacity,
  Channel,
  ContactListener,
  Sentiment,
  TranscriptionStatus,
} from "../../protocol/agent.ts";
import type { ServerMessage, Turn } from "../../protocol/messages.ts";
import type { Role } from "../../protocol/updates.ts";

/**
 * Validates every frame. These guards are a fifth of the size of the schemas in `protocol/messages.ts`, because this file is
 * part of other people's pages. A test compares the two.
 */
type Guard<T> = (value: unknown) => value is T;
type Fields<T> = { [K in keyof T]-?: Guard<T[K]> };

const text: Guard<string> = (value) => typeof value === "string";
const number: Guard<number> = (value) => typeof value === "number";
const flag: Guard<boolean> = (value) => typeof value === "boolean";

function literal<const T extends string>(word: T): Guard<T> {
  return (value): value is T => value === word;
}
function orNull<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value);
}
function optional<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value);
}
function list<T>(guard: Guard<T>): Guard<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(guard);
}
/** The record must name every word, so the compiler reports a word that the protocol gains. */
function wordOf<T extends string>(words: Record<T, 1>): Guard<T> {
  return (value): value is T => typeof value === "string" && Object.hasOwn(words, value);
}
function shape<T extends object>(fields: Fields<T>): Guard<T> {
  const entries = Object.entries<Guard<unknown>>(fields);
  // `Object` makes an object of anything, so that a value that is none fails at its first field.
  return (value): value is T => entries.every(([name, guard]) => guard(Reflect.get(Object(value), name)));
}

const score = orNull((value): value is number => typeof value === "number" && Math.abs(value) <= 5);
const sentiment = shape<Sentiment>({
  score,
  quarters: (value): value is (number | null)[] => list(score)(value) && value.length === 4,
  recent: score,
});

const channel = wordOf<Channel>({ voice: 1, chat: 1, task: 1, email: 1 });

const agentFields: Fields<Agent> = {
  agentId: text,
  name: text,
  status: wordOf<AgentStatus>({
    available: 1,
    ringing: 1,
    "on a call": 1,
    "on a contact": 1,
    "on hold": 1,
    "after call work": 1,
    missed: 1,
    error: 1,
    offline: 1,
    away: 1,
  }),
  duration: orNull(number),
  sentimentScore: orNull(number),
  statusName: orNull(text),
  since: number,
  contactId: orNull(text),
  channel: orNull(channel),
  queue: orNull(text),
  routingProfile: orNull(text),
  groups: list(text),
  sentiment: orNull(shape<{ customer: Sentiment; agent: Sentiment }>({ customer: sentiment, agent: sentiment })),
  categories: list(text),
  stale: flag,
  callStartedAt: optional(orNull(number)),
  transcription: optional(orNull(wordOf<TranscriptionStatus>({ live: 1, lost: 1, failed: 1, off: 1, waiting: 1 }))),
  nextStatus: optional(orNull(text)),
  capacity: optional(list(shape<Capacity>({ channel, used: number, max: number }))),
  // The client only passes these rows on, so it takes the words of a newer hub too.
  contacts: optional((value): value is AgentContactRow[] => Array.isArray(value)),
  contactCount: optional(number),
  listening: optional((value): value is ContactListener[] => Array.isArray(value)),
};

/** Returns whether `value` is a whole public agent. It may have unknown fields. */
export const isAgent = shape<Agent>(agentFields);

const patchEntries = Object.entries<Guard<unknown>>(agentFields);
const isPatch: Guard<AgentPatch> = (value): value is AgentPatch =>
  "agentId" in Object(value) &&
  patchEntries.every(([name, guard]) => !(name in Object(value)) || guard(Reflect.get(Object(value), name)));

// `issues` and the word of `sentiment` are not validated: the client only passes them on.
const turn = shape<Omit<Turn, "issues">>({
  turnId: text,
  role: wordOf<Role>({ customer: 1, agent: 1 }),
  beginMs: number,
  endMs: number,
  text,
  final: flag,
  sentiment: (value): value is Turn["sentiment"] => value !== undefined,
  occurredAt: number,
});

const range = { epoch: text, from: number, to: number, serverTime: number };
const time = optional(number);
const first = { data: list(isAgent), sessionExpiresAt: time, comeBackWithinMs: time };
/** A frame for a `hub.v1` viewer. The hub sends the two other ones only to clients that offer no subprotocol. */
export type HubFrame = Exclude<ServerMessage, { type: "agentStatusUpdate" | "agentRemoved" }>;

const frames: Guard<HubFrame>[] = [
  shape({ type: literal("agentStatusBatch"), ...range, data: list(isPatch), removed: list(text) }),
  shape({ type: literal("initialAgentList"), epoch: text, seq: number, serverTime: time, ...first }),
  shape({ type: literal("resumed"), ...range, removed: list(text), ...first }),
  shape({ type: literal("transcript"), contactId: text, turns: list(turn), complete: flag }),
  shape({ type: literal("refreshed"), sessionExpiresAt: number }),
  shape({ type: literal("error"), code: text, message: text, contactId: optional(text) }),
];

/**
 * Reads one frame of the hub. Returns null for a frame that is unknown or invalid. If such a frame carried changes, the next
 * batch is a gap.
 */
export function parseFrame(data: unknown): HubFrame | null {
  try {
    return readFrame(JSON.parse(String(data)));
  } catch {
    // A text that is not JSON is an unknown frame.
    return null;
  }
}

/** Like {@link parseFrame}, for a value that is parsed already. */
export function readFrame(value: unknown): HubFrame | null {
  for (const guard of frames) if (guard(value)) return value;
  return null;
}
