import * as v from "valibot";
import { capacitySchema } from "../../protocol/agent.ts";
import {
  type AgentContact,
  type AgentHeartbeat,
  type AgentState,
  type AgentStateBody,
  agentContactSchema,
  agentStateBodySchema,
  monitoredContactSchema,
} from "../../protocol/updates.ts";
import { numberRecordSchema } from "../board/number-record.ts";
import { sameJson } from "../board/same-json.ts";
import type { Listing } from "./listing.ts";
import { foldOffers, missedOffersSchema, NO_OFFERS, withoutOffersUntil } from "./missed-offers.ts";

const stateEntries = agentStateBodySchema.entries;
const statusEntries = stateEntries.status.entries;
/** Storage may hold times that a post of today may no longer have. */
const storedTime = v.number();
const storedContactSchema = v.object({
  ...agentContactSchema.entries,
  since: storedTime,
  connectedAt: v.fallback(v.nullable(storedTime), null),
});
/**
 * A stored state. A newer version may have written a contact or a kind of status that this one does not know: only that is lost.
 * The order of the fields is that of a posted state, because the JSON text decides at equal times.
 */
const storedStateSchema = v.object({
  ...stateEntries,
  occurredAt: storedTime,
  status: v.object({ ...statusEntries, kind: v.fallback(statusEntries.kind, "custom"), since: storedTime }),
  contacts: v.pipe(v.array(v.unknown()), v.transform(readableContacts)),
  nextStatus: v.fallback(stateEntries.nextStatus, undefined),
  capacity: v.fallback(v.optional(v.nullable(v.array(capacitySchema))), undefined),
  monitoring: v.fallback(
    v.optional(v.nullable(v.array(v.object({ ...monitoredContactSchema.entries, since: storedTime })))),
    undefined,
  ),
  order: v.fallback(stateEntries.order, undefined),
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
  /** The newest heartbeat that only says that the agent is there; 0 = none. */
  heartbeatAt: time,
  /** The newest snapshot that came with a heartbeat. The source repeats it, also for a while after the agent has left. */
  repeated: body,
  /** The newest event that any of these snapshots shows: only this proves that the agent was there. 0 = none. */
  repeatedNewsAt: time,
  /** When the newest news arrived, on the hub's clock: the source's clock may be wrong by years. */
  receivedAt: time,
  /** When the user was deleted; 0 = never. */
  removedAt: time,
  /** When the news of that arrived, on the hub's clock. */
  removalReceivedAt: time,
  /** Contact -> when it began, on the hub's clock. A contact that never ends expires after a while. */
  heldSince: v.fallback(numberRecordSchema, {}),
  /** Contacts that expired because they never ended. */
  expiredContacts: v.fallback(v.array(v.string()), []),
  /** The contacts that were offered to the agent and not answered. */
  offers: v.fallback(missedOffersSchema, NO_OFFERS),
});
export type AgentRecord = Readonly<v.InferOutput<typeof agentRecordSchema>>;

function readableContacts(contacts: unknown[]): AgentContact[] {
  return contacts.flatMap((contact) => {
    const parsed = v.safeParse(storedContactSchema, contact);
    return parsed.success ? [parsed.output] : [];
  });
}

export function newRecord(agentId: string): AgentRecord {
  return v.parse(agentRecordSchema, { agentId });
}

/**
 * Returns the record with the missed offers that a state or a heartbeat shows, also one that is too old for everything else. The
 * same record: there are none.
 */
export function withOffers(record: AgentRecord, update: AgentState | AgentHeartbeat): AgentRecord {
  const shown = update.type === "agent.state" ? update : update.snapshot;
  const offers = shown ? foldOffers(record.offers, shown, update.occurredAt) : record.offers;
  return offers === record.offers ? record : { ...record, offers };
}

/** Each fold returns the new record, or null when the update is older than what is known (stale). */
export function foldState(record: AgentRecord, update: AgentState, now: number): AgentRecord | null {
  const { type: _, ...state } = update;
  if (state.occurredAt <= record.removedAt) return null;
  if (isNewer(state, record.state))
    return withContacts({ ...record, state, named: namedBefore(record, state), receivedAt: now }, state, now);
  const bringsName = state.name !== "" && record.state?.name === "" && isNewer(state, record.named);
  return bringsName ? { ...record, named: state, receivedAt: now } : null;
}

export function foldHeartbeat(record: AgentRecord, update: AgentHeartbeat, now: number): AgentRecord | null {
  const { agentId, occurredAt, snapshot } = update;
  if (!snapshot)
    return occurredAt <= Math.max(provenAt(record), record.removedAt)
      ? null
      : { ...record, heartbeatAt: occurredAt, receivedAt: now };
  const repeated = sharing({ agentId, occurredAt, ...snapshot }, record.repeated);
  const newer = isNewer(repeated, record.repeated);
  // An older heartbeat may still show the newest event.
  const repeatedNewsAt = Math.max(record.repeatedNewsAt, newestEventOf(repeated));
  if (occurredAt <= record.removedAt || (!newer && repeatedNewsAt === record.repeatedNewsAt)) return null;
  const folded = { ...record, repeatedNewsAt, receivedAt: now };
  return newer ? withContacts({ ...folded, repeated }, repeated, now) : folded;
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
    repeated: survives(record.repeated),
    removedAt: occurredAt,
    removalReceivedAt: now,
    offers: withoutOffersUntil(record.offers, occurredAt),
  };
}

/** Whether an event of that time can no longer count. */
export function isOvertaken(record: AgentRecord, occurredAt: number): boolean {
  return occurredAt < Math.max(stateAt(record), record.repeatedNewsAt);
}

export function foldListed(record: AgentRecord, entry: AgentStateBody, takenAt: number, now: number): AgentRecord | null {
  const newer = entry.occurredAt > record.removedAt && isNewer(entry, record.listed);
  if (!newer && takenAt <= record.listedAt) return null;
  const listed = newer ? sharing(entry, record.listed) : record.listed;
  const folded = { ...record, listed, listedAt: Math.max(takenAt, record.listedAt), receivedAt: now };
  return newer ? withContacts(folded, entry, now) : folded;
}

/** Adds what the listing says to the record. It is not written to every agent's row, because the listing is stored once. */
export function withListing(record: AgentRecord, listing: Listing): AgentRecord {
  return listing.agentIds.has(record.agentId) ? { ...record, listedAt: Math.max(record.listedAt, listing.takenAt) } : record;
}

/** The time of the newest news of the agent, of any kind. */
export function newsAt(record: AgentRecord): number {
  return Math.max(provenAt(record), record.repeated?.occurredAt ?? 0);
}

/** When the newest news of the agent arrived, on the hub's clock. */
export function arrivedAt({ receivedAt, removalReceivedAt }: AgentRecord): number {
  return Math.max(receivedAt, removalReceivedAt);
}

/** When anything was last heard of the agent, by the later of its own clock and the hub's. */
export function lastHeardAt(record: AgentRecord): number {
  return Math.max(newsAt(record), record.receivedAt);
}

/** The newest time at which the agent certainly was there, or certainly signed out. */
export function provenAt(record: AgentRecord): number {
  return Math.max(stateAt(record), record.heartbeatAt, record.repeatedNewsAt, record.listedAt);
}

/** Whether the newest complete list came without the agent after the agent's last news. */
export function isMissingIn(record: AgentRecord, { takenAt, agentIds }: Listing): boolean {
  return takenAt > provenAt(record) && !agentIds.has(record.agentId);
}

/** The agents whose last news is older than the list, and whom it leaves out. */
export function missingAgents(records: Iterable<AgentRecord>, listing: Listing): string[] {
  return [...records].filter((record) => isMissingIn(record, listing)).map(({ agentId }) => agentId);
}

function stateAt(record: AgentRecord): number {
  return Math.max(record.state?.occurredAt ?? 0, record.listed?.occurredAt ?? 0);
}

function namedBefore(record: AgentRecord, state: AgentStateBody): AgentStateBody | null {
  if (state.name !== "") return null;
  return record.state !== null && record.state.name !== "" ? record.state : record.named;
}

/** The newer one has the later time. At equal times the source's own order decides, then the JSON text. */
function isNewer(state: AgentStateBody, than: AgentStateBody | null): boolean {
  if (than === null || state.occurredAt !== than.occurredAt) return than === null || state.occurredAt > than.occurredAt;
  const [order, otherOrder] = [state.order ?? "", than.order ?? ""];
  if (order.length !== otherOrder.length) return order.length > otherOrder.length;
  if (order !== otherOrder) return order > otherOrder;
  return JSON.stringify(state) > JSON.stringify(than);
}

/** The newest time in what the state shows, which may be long before the state was sent, and never counts as later. */
function newestEventOf({ occurredAt, status, contacts, monitoring }: AgentStateBody): number {
  const begun = [
    ...contacts.flatMap(({ since, connectedAt }) => [since, connectedAt ?? 0]),
    ...(monitoring ?? []).map(({ since }) => since),
  ];
  const newest = Math.max(status.since, ...begun);
  return Math.min(newest, occurredAt);
}

/** Returns the state with the parts of the known one, if only their times differ. An idle agent then costs no memory of its own. */
function sharing(state: AgentStateBody, known: AgentStateBody | null): AgentStateBody {
  if (known === null || !sameJson({ ...state, occurredAt: 0, order: "" }, { ...known, occurredAt: 0, order: "" })) return state;
  return { ...known, occurredAt: state.occurredAt, ...("order" in state && { order: state.order }) };
}

/** Notes since when the agent holds its contacts, and drops the notes on contacts that are gone. */
function withContacts(record: AgentRecord, state: AgentStateBody, now: number): AgentRecord {
  const known = new Map(Object.entries(record.heldSince));
  const held = new Map<string, number>();
  const states = [record.state, record.listed, record.repeated];
  for (const { contactId, since } of states.flatMap((known) => known?.contacts ?? [])) {
    held.set(contactId, known.get(contactId) ?? now - Math.max(0, state.occurredAt - since));
  }
  const expiredContacts = record.expiredContacts.filter((contactId) => held.has(contactId));
  return { ...record, heldSince: Object.fromEntries(held), expiredContacts };
}

/** Whether the two differ only in when the agent was last seen: by a heartbeat, or in a snapshot that says the same. */
export function sameButSeen(a: AgentRecord, b: AgentRecord): boolean {
  return a === b || sameJson(withoutSightings(a), withoutSightings(b));
}

function withoutSightings({ listed, repeated, heartbeatAt: _, listedAt: __, receivedAt: ___, ...rest }: AgentRecord): unknown {
  return [listed && { ...listed, occurredAt: 0 }, repeated && { ...repeated, occurredAt: 0 }, rest];
}
