import type { CenterFacts } from "../../protocol/center.ts";
import type { ServerMessage, Turn } from "../../protocol/messages.ts";
import type { QueueQuarter, WaitingContact } from "../../protocol/queue.ts";
import type { Role } from "../../protocol/updates.ts";
import { array, flag, type Guard, list, literal, number, optional, orNull, shape, text, wordOf } from "./guards.ts";
import { channel } from "./rows.ts";

/**
 * Validates every frame. These guards are a fifth of the size of the schemas in `protocol/messages.ts`, because this file is
 * part of other people's pages. A test compares the two. The rows in a frame are read one by one where they are applied
 * (`kept-rows.ts`), so a row that this client does not understand drops only itself.
 */

interface ChangedList {
  data: readonly unknown[];
  removed: readonly string[];
}
interface SessionNews {
  sessionExpiresAt?: number | undefined;
  comeBackWithinMs?: number | undefined;
  /** An older hub sends none. */
  center?: CenterFacts | undefined;
}
/** The whole list of every collection. An older hub sends agents only. */
export interface ListFrame extends SessionNews {
  type: "initialAgentList";
  epoch: string;
  seq: number;
  serverTime?: number | undefined;
  data: readonly unknown[];
  queues?: readonly unknown[] | undefined;
  alerts?: readonly unknown[] | undefined;
}
/** What changed in (`from`, `to`]. The agents stand at the top level. */
export interface ChangeFrame extends SessionNews, ChangedList {
  type: "agentStatusBatch" | "resumed";
  epoch: string;
  from: number;
  to: number;
  serverTime: number;
  queues?: ChangedList | undefined;
  alerts?: ChangedList | undefined;
  /** What the compact rows of a `hub.v1.z` frame hold: number of a shape -> names of fields. */
  shapes?: unknown;
}
type Message<Type extends ServerMessage["type"]> = Extract<ServerMessage, { type: Type }>;
/** A frame for a `hub.v1` viewer. The hub sends the first release's other two only to clients that offer no subprotocol. */
export type HubFrame = ListFrame | ChangeFrame | Message<"transcript" | "queueContacts" | "refreshed" | "error">;

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

const waitingContact = shape<WaitingContact>({
  contactId: text,
  channel,
  since: number,
  ringingAt: orNull(text),
  callback: flag,
});
const quarter = shape<QueueQuarter>({
  from: number,
  queued: number,
  answered: number,
  abandoned: number,
  callbacks: number,
  withinTarget: number,
});

const time = optional(number);
const center = optional(shape<CenterFacts>({ name: orNull(text), timeZone: text, recordingRole: optional(orNull(text)) }));
const session = { sessionExpiresAt: time, comeBackWithinMs: time, center };
const removed = list(text);
const news = optional(shape<ChangedList>({ data: array, removed }));
const rows = optional(array);

const frames: Guard<HubFrame>[] = [
  shape<ListFrame>({
    type: literal("initialAgentList"),
    epoch: text,
    seq: number,
    serverTime: time,
    data: array,
    queues: rows,
    alerts: rows,
    ...session,
  }),
  shape<ChangeFrame>({
    type: wordOf({ agentStatusBatch: 1, resumed: 1 }),
    epoch: text,
    from: number,
    to: number,
    serverTime: number,
    data: array,
    removed,
    queues: news,
    alerts: news,
    shapes: (_): _ is unknown => true,
    ...session,
  }),
  shape({ type: literal("refreshed"), sessionExpiresAt: number }),
  shape({
    type: literal("error"),
    code: text,
    message: text,
    contactId: optional(text),
    queueId: optional(text),
    alertId: optional(text),
  }),
];
const transcript = shape({ type: literal("transcript"), contactId: text, turns: array, complete: flag });
const queueContacts = shape({ type: literal("queueContacts"), queueId: text, contacts: array, quarters: rows });

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
  if (transcript(value)) return { ...value, turns: value.turns.filter(turn) };
  if (queueContacts(value)) {
    return { ...value, contacts: value.contacts.filter(waitingContact), quarters: value.quarters?.filter(quarter) };
  }
  return null;
}
