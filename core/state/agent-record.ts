import * as v from "valibot";
import {
  type AgentContact,
  type AgentState,
  type AgentStateBody,
  agentContactSchema,
  agentStateBodySchema,
} from "../../protocol/updates.ts";
import { numberRecordSchema } from "../board/number-record.ts";
import { sameJson } from "../board/same-json.ts";
import type { Listing } from "./listing.ts";

const stateEntries = agentStateBodySchema.entries;
const statusEntries = stateEntries.status.entries;
/**
 * A stored state. A newer version may have written a contact or a kind of status that this one does not know: only that is lost.
 * The order of the fields is that of a posted state, because the JSON text decides at equal times.
 */
const storedStateSchema = v.object({
  ...stateEntries,
  status: v.object({ ...statusEntries, kind: v.fallback(statusEntries.kind, "custom") }),
  contacts: v.pipe(v.array(v.unknown()), v.transform(readableContacts)),
});
const body = v.fallback(v.nullable(storedStateSchema), null);
const time = v.fallback(v.number(), 0);

/**
 * The hub's knowledge of one agent, in registers: the newest value wins, and at equal times the value whose JSON text is greater.
 * So neither order nor repetition of the updates changes the result. Each field has a default, because a stored record may be
 * older than the field.
 */
export const agentRecordSchema = v.object({
  agentId: v.string(),
  /** The newest `agent.state`. */
  state: body,
  /** The newest `agent.state` with a name, while the newest of all has none: a log-out may come without the agent's name. */
  named: body,
  /** The agent's newest entry in a `roster.snapshot`. */
  listed: body,
  /** `takenAt` of the newest snapshot that lists the agent; 0 = none. */
  listedAt: time,
  /** The newest heartbeat; 0 = none. */
  heartbeatAt: time,
  /** When the user was deleted; 0 = never. */
  removedAt: time,
  /** When the news of that arrived, on the hub's clock. */
  removalReceivedAt: time,
  /** Contact -> when it began, on the hub's clock. A contact that never ends expires after a while. */
  heldSince: v.fallback(numberRecordSchema, {}),
  /** Contacts that expired because they never ended. */
  expiredContacts: v.fallback(v.array(v.string()), []),
});
export type AgentRecord = Readonly<v.InferOutput<typeof agentRecordSchema>>;

function readableContacts(contacts: unknown[]): AgentContact[] {
  return contacts.flatMap((contact) => {
    const parsed = v.safeParse(agentContactSchema, contact);
    return parsed.success ? [parsed.output] : [];
  });
}

export function newRecord(agentId: string): AgentRecord {
  return v.parse(agentRecordSchema, { agentId });
}

/** Each fold returns the new record, or null when the update is older than what is known (stale). */
export function foldState(record: AgentRecord, update: AgentState, now: number): AgentRecord | null {
  const { type: _, ...state } = update;
  if (state.occurredAt <= record.removedAt) return null;
  if (isNewer(state, record.state)) return withContacts({ ...record, state, named: namedBefore(record, state) }, state, now);
  const bringsName = state.name !== "" && record.state?.name === "" && isNewer(state, record.named);
  return bringsName ? { ...record, named: state } : null;
}

export function foldHeartbeat(record: AgentRecord, occurredAt: number): AgentRecord | null {
  return occurredAt <= Math.max(newsAt(record), record.removedAt) ? null : { ...record, heartbeatAt: occurredAt };
}

/** Keeps a removal even when newer news has overtaken it: it ends everything from before it, whichever arrives last. */
export function foldRemoval(record: AgentRecord, occurredAt: number, now: number): AgentRecord | null {
  if (occurredAt <= record.removedAt) return null;
  const survives = (state: AgentStateBody | null) => (state !== null && state.occurredAt > occurredAt ? state : null);
  return {
    ...record,
    state: survives(record.state),
    named: survives(record.named),
    listed: survives(record.listed),
    removedAt: occurredAt,
    removalReceivedAt: now,
  };
}

/** Whether an event of that time can no longer count. */
export function isOvertaken(record: AgentRecord, occurredAt: number): boolean {
  return occurredAt < stateAt(record);
}

export function foldListed(record: AgentRecord, entry: AgentStateBody, takenAt: number, now: number): AgentRecord | null {
  const newer = entry.occurredAt > record.removedAt && isNewer(entry, record.listed);
  if (!newer && takenAt <= record.listedAt) return null;
  const folded = { ...record, listed: newer ? entry : record.listed, listedAt: Math.max(takenAt, record.listedAt) };
  return newer ? withContacts(folded, entry, now) : folded;
}

/** Adds what the listing says to the record. It is not written to every agent's row, because the listing is stored once. */
export function withListing(record: AgentRecord, listing: Listing): AgentRecord {
  return listing.agentIds.has(record.agentId) ? { ...record, listedAt: Math.max(record.listedAt, listing.takenAt) } : record;
}

/** The time of the newest news of the agent, of any kind. */
export function newsAt(record: AgentRecord): number {
  return Math.max(stateAt(record), record.heartbeatAt, record.listedAt);
}

function stateAt(record: AgentRecord): number {
  return Math.max(record.state?.occurredAt ?? 0, record.listed?.occurredAt ?? 0);
}

/**
 * Returns the state that counts, or null when there is none or the user was deleted. A snapshot's entry corrects the stream's.
 * But a snapshot does not know when an agent became free again or went on hold: GetCurrentUserData keeps the older start. So
 * while both say the same, the stream's times stay.
 */
export function effectiveState(record: AgentRecord, listing: Listing): AgentStateBody | null {
  const { state, listed } = record;
  const streamed = state === null ? null : withName(state, record.named);
  const newest =
    listed !== null && (streamed === null || listed.occurredAt > streamed.occurredAt) ? mergeTimes(listed, streamed) : streamed;
  if (newest === null || newest.occurredAt <= record.removedAt) return null;
  const absent = newest.signedIn && listing.takenAt > newsAt(record) && !listing.agentIds.has(record.agentId);
  if (!absent) return newest;
  // The agent signed out some time after its last news, and no event said so.
  return { ...newest, signedIn: false, contacts: [], occurredAt: newsAt(record) };
}

function namedBefore(record: AgentRecord, state: AgentStateBody): AgentStateBody | null {
  if (state.name !== "") return null;
  return record.state !== null && record.state.name !== "" ? record.state : record.named;
}

/** A state without a name does not say either who the agent is. */
function withName(state: AgentStateBody, named: AgentStateBody | null): AgentStateBody {
  if (state.name !== "" || named === null) return state;
  return {
    ...state,
    name: named.name,
    routingProfile: state.routingProfile ?? named.routingProfile,
    groups: state.groups.length === 0 ? named.groups : state.groups,
  };
}

function mergeTimes(listed: AgentStateBody, state: AgentStateBody | null): AgentStateBody {
  if (state === null) return listed;
  const sameStatus = listed.signedIn === state.signedIn && listed.status.name === state.status.name;
  return {
    ...listed,
    name: listed.name === "" ? state.name : listed.name,
    routingProfile: listed.routingProfile ?? state.routingProfile,
    groups: listed.groups.length === 0 ? state.groups : listed.groups,
    status: sameStatus ? { ...listed.status, since: Math.max(listed.status.since, state.status.since) } : listed.status,
    contacts: listed.contacts.map((contact) => {
      const streamed = state.contacts.find((other) => other.contactId === contact.contactId && other.state === contact.state);
      return streamed === undefined
        ? contact
        : {
            ...contact,
            since: streamed.since,
            connectedAt: contact.connectedAt ?? streamed.connectedAt,
            queue: contact.queue ?? streamed.queue,
          };
    }),
  };
}

function isNewer(state: AgentStateBody, than: AgentStateBody | null): boolean {
  if (than === null || state.occurredAt > than.occurredAt) return true;
  return state.occurredAt === than.occurredAt && JSON.stringify(state) > JSON.stringify(than);
}

/** Notes since when the agent holds its contacts, and drops the notes on contacts that are gone. */
function withContacts(record: AgentRecord, state: AgentStateBody, now: number): AgentRecord {
  const known = new Map(Object.entries(record.heldSince));
  const held = new Map<string, number>();
  for (const { contactId, since } of [...(record.state?.contacts ?? []), ...(record.listed?.contacts ?? [])]) {
    held.set(contactId, known.get(contactId) ?? now - Math.max(0, state.occurredAt - since));
  }
  const expiredContacts = record.expiredContacts.filter((contactId) => held.has(contactId));
  return { ...record, heldSince: Object.fromEntries(held), expiredContacts };
}

/** Whether the two differ only in when the agent was last seen: by a heartbeat, or in a snapshot that says the same. */
export function sameButSeen(a: AgentRecord, b: AgentRecord): boolean {
  return sameJson(withoutSightings(a), withoutSightings(b));
}

function withoutSightings({ listed, heartbeatAt: _, listedAt: __, ...rest }: AgentRecord): unknown {
  return [listed && { ...listed, occurredAt: 0 }, rest];
}
