import type {
  Agent,
  AgentContactRow,
  AgentStatus,
  Capacity,
  Channel,
  ContactListener,
  ContactStatus,
  Sentiment,
  TranscriptionStatus,
} from "../../protocol/agent.ts";
import type { AgentToday } from "../../protocol/agent-today.ts";
import type { AlertSubject, CenterAlert, Severity } from "../../protocol/alert.ts";
import type { CenterQueue, QueueDay } from "../../protocol/queue.ts";
import { array, type Fields, flag, type Guard, list, member, number, optional, orNull, shape, text, wordOf } from "./guards.ts";

/**
 * Reads one row. Returns undefined for a part of a row, and null for a row that this client does not understand, for example of a
 * newer hub. A row may have unknown fields.
 */
export type ReadRow<Row> = (value: Readonly<Record<string, unknown>>) => Row | null | undefined;

/**
 * @param substitutes stand for a word that this client does not know. A field that may be null or absent needs none.
 * @param parts of a field that is a list. A part that this client does not understand drops only itself.
 */
function rowReader<Row extends object>(
  fields: Fields<Row>,
  substitutes: Readonly<Record<string, unknown>> = {},
  parts: Readonly<Record<string, Guard<object>>> = {},
): ReadRow<Row> {
  const isRow = shape(fields);
  const entries = Object.entries<Guard<unknown>>(fields);
  return (value) => {
    if (isRow(value)) return value;
    const row = { ...value };
    for (const [name, guard] of entries) {
      if (guard(row[name])) continue;
      if (row[name] === undefined) return;
      row[name] = guard(null) ? null : readable(row[name], substitutes[name], parts[name]);
    }
    return isRow(row) ? row : null;
  };
}

function readable(value: unknown, substitute: unknown, part: Guard<object> | undefined): unknown {
  if (text(value)) return substitute;
  return array(value) && part !== undefined ? value.filter(part) : undefined;
}

export const channel = wordOf<Channel>({ voice: 1, chat: 1, task: 1, email: 1 });
const score = orNull((value): value is number => typeof value === "number" && Math.abs(value) <= 5);
const sentiment = shape<Sentiment>({
  score,
  quarters: (value): value is (number | null)[] => list(score)(value) && value.length === 4,
  recent: score,
});

const capacity = shape<Capacity>({ channel, used: number, max: number });
const today = shape<AgentToday>({
  handled: number,
  missed: number,
  averageHandleMs: orNull(number),
  occupancy: orNull(number),
  signedInMs: number,
});
const contact = shape<AgentContactRow>({
  contactId: text,
  channel,
  status: wordOf<ContactStatus>({
    ringing: 1,
    "on a call": 1,
    "on a contact": 1,
    "on hold": 1,
    "after call work": 1,
    missed: 1,
    error: 1,
    paused: 1,
  }),
  since: number,
  startedAt: orNull(number),
  queue: orNull(text),
  direction: orNull(text),
  sentimentScore: orNull(number),
});
const listener = shape<ContactListener>({ agentId: orNull(text), name: orNull(text), since: number });

/** A status that this client does not know becomes "away": then `statusName` says what the agent does. */
export const readAgent = rowReader<Agent>(
  {
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
    capacity: optional(list(capacity)),
    contacts: optional(list(contact)),
    contactCount: optional(number),
    listening: optional(list(listener)),
    today: optional(orNull(today)),
  },
  { status: "away" },
  { capacity, contacts: contact, listening: listener },
);

const day = shape<QueueDay>({
  queued: number,
  answered: number,
  abandoned: number,
  callbacks: number,
  withinTarget: number,
  serviceLevel: orNull(number),
  averageAnswerMs: orNull(number),
  longestWaitMs: orNull(number),
});

export const readQueue = rowReader<CenterQueue>({
  queueId: text,
  name: text,
  waiting: number,
  ringing: number,
  scheduled: number,
  oldestSince: orNull(number),
  estimatedWaitMs: orNull(number),
  staffed: orNull(number),
  available: orNull(number),
  silent: orNull(number),
  // A newer hub may know more channels.
  channels: (value): value is CenterQueue["channels"] => value === Object(value) && Object.values(Object(value)).every(number),
  serviceLevelSeconds: number,
  serviceLevelFormula: optional(wordOf<NonNullable<CenterQueue["serviceLevelFormula"]>>({ removed: 1, answered: 1 })),
  profiles: list(text),
  today: day,
});

/** An alert as it travels: it may lack `resolvedAt`. */
export type AlertRow = Omit<CenterAlert, "resolvedAt"> & { resolvedAt?: CenterAlert["resolvedAt"] | undefined };

export const readAlert = rowReader<AlertRow>({
  alertId: text,
  rule: text,
  severity: wordOf<Severity>({ warning: 1, critical: 1 }),
  subject: (value): value is AlertSubject =>
    value === "hub" || ["agentId", "contactId", "queueId"].some((name) => text(member(value, name))),
  groups: list(text),
  since: number,
  state: wordOf<CenterAlert["state"]>({ firing: 1, resolved: 1 }),
  value: number,
  limit: number,
  acknowledgedBy: orNull(text),
  acknowledgedAt: orNull(number),
  resolvedAt: optional(orNull(number)),
});
