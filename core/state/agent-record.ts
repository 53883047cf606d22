import type { AgentState, AgentStateBody } from "../../protocol/updates.ts";

/**
 * What has been said about one agent, folded so that neither order nor repetition of the updates matters: every field is a
 * register in which the newest wins (at a tie the greater text, in every order alike).
 */
export interface AgentRecord {
  agentId: string;
  /** The newest `agent.state`. */
  state: AgentStateBody | null;
  /**
   * The newest `agent.state` with a name, while the newest of all has none: Amazon Connect may report a log-out without a word
   * about who it was.
   */
  named: AgentStateBody | null;
  /** The agent's newest entry in a `roster.snapshot`. */
  listed: AgentStateBody | null;
  /** `takenAt` of the newest snapshot that lists the agent; 0 = none. */
  listedAt: number;
  /** The newest heartbeat; 0 = none. */
  heartbeatAt: number;
  /** When the user was deleted; 0 = never. */
  removedAt: number;
  /** When the hub heard of that, on its own clock. */
  removedHeardAt: number;
  /** Held contact -> when it began, on the hub's own clock: what has no end is given up on after a while. */
  heldSince: Readonly<Record<string, number>>;
  /** Contacts given up on because they never ended. */
  swept: readonly string[];
}

/** The newest complete list of signed-in agents. */
export interface Listing {
  takenAt: number;
  agentIds: ReadonlySet<string>;
}

export const NO_LISTING: Listing = { takenAt: 0, agentIds: new Set() };

export function isNewerListing(listing: Listing, than: Listing): boolean {
  if (listing.takenAt !== than.takenAt) return listing.takenAt > than.takenAt;
  return JSON.stringify([...listing.agentIds].sort()) > JSON.stringify([...than.agentIds].sort());
}

export function newRecord(agentId: string): AgentRecord {
  return {
    agentId,
    state: null,
    named: null,
    listed: null,
    listedAt: 0,
    heartbeatAt: 0,
    removedAt: 0,
    removedHeardAt: 0,
    heldSince: {},
    swept: [],
  };
}

/** Each fold returns the new record, or null when the update is older than what is known (stale). */
export function foldState(record: AgentRecord, update: AgentState, now: number): AgentRecord | null {
  const { type: _, ...body } = update;
  if (body.occurredAt <= record.removedAt) return null;
  if (isNewer(body, record.state)) return withContacts({ ...record, state: body, named: namedBefore(record, body) }, body, now);
  const teachesName = body.name !== "" && record.state?.name === "" && isNewer(body, record.named);
  return teachesName ? { ...record, named: body } : null;
}

export function foldHeartbeat(record: AgentRecord, occurredAt: number): AgentRecord | null {
  return occurredAt <= Math.max(newsAt(record), record.removedAt) ? null : { ...record, heartbeatAt: occurredAt };
}

/** Also a removal that newer news has overtaken is kept: it ends what was said before it, whichever comes last. */
export function foldRemoval(record: AgentRecord, occurredAt: number, now: number): AgentRecord | null {
  if (occurredAt <= record.removedAt) return null;
  const survives = (body: AgentStateBody | null) => (body !== null && body.occurredAt > occurredAt ? body : null);
  return {
    ...record,
    state: survives(record.state),
    named: survives(record.named),
    listed: survives(record.listed),
    removedAt: occurredAt,
    removedHeardAt: now,
  };
}

/** Whether what is said to have happened at `occurredAt` cannot count any more. */
export function isOvertaken(record: AgentRecord, occurredAt: number): boolean {
  return occurredAt < stateAt(record);
}

export function foldListed(record: AgentRecord, body: AgentStateBody, takenAt: number, now: number): AgentRecord | null {
  const newer = body.occurredAt > record.removedAt && isNewer(body, record.listed);
  if (!newer && takenAt <= record.listedAt) return null;
  const folded = { ...record, listed: newer ? body : record.listed, listedAt: Math.max(takenAt, record.listedAt) };
  return newer ? withContacts(folded, body, now) : folded;
}

/** Being listed is not written to every agent's row: the listing says it. */
export function withListing(record: AgentRecord, listing: Listing): AgentRecord {
  return listing.agentIds.has(record.agentId) ? { ...record, listedAt: Math.max(record.listedAt, listing.takenAt) } : record;
}

/** When the agent was last heard of, in any way. */
export function newsAt(record: AgentRecord): number {
  return Math.max(stateAt(record), record.heartbeatAt, record.listedAt);
}

function stateAt(record: AgentRecord): number {
  return Math.max(record.state?.occurredAt ?? 0, record.listed?.occurredAt ?? 0);
}

/**
 * The state to believe, or null when there is none or the user was deleted. A snapshot's entry corrects the stream's, but a
 * snapshot does not know when an agent became free again or went on hold (GetCurrentUserData keeps the older start), so as
 * long as both say the same the stream's times stay.
 */
export function believed(record: AgentRecord, listing: Listing): AgentStateBody | null {
  const { state, listed } = record;
  const streamed = state === null ? null : withName(state, record.named);
  const newest =
    listed !== null && (streamed === null || listed.occurredAt > streamed.occurredAt) ? mergeTimes(listed, streamed) : streamed;
  if (newest === null || newest.occurredAt <= record.removedAt) return null;
  const absent = newest.signedIn && listing.takenAt > newsAt(record) && !listing.agentIds.has(record.agentId);
  if (!absent) return newest;
  // Signed out unnoticed, some time after it was last heard of.
  return { ...newest, signedIn: false, contacts: [], occurredAt: newsAt(record) };
}

function namedBefore(record: AgentRecord, body: AgentStateBody): AgentStateBody | null {
  if (body.name !== "") return null;
  return record.state !== null && record.state.name !== "" ? record.state : record.named;
}

/** A state without a name says nothing of who the agent is either. */
function withName(state: AgentStateBody, named: AgentStateBody | null): AgentStateBody {
  if (state.name !== "" || named === null) return state;
  return {
    ...state,
    name: named.name,
    username: state.username ?? named.username,
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
    username: listed.username ?? state.username,
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

function isNewer(body: AgentStateBody, than: AgentStateBody | null): boolean {
  if (than === null || body.occurredAt > than.occurredAt) return true;
  return body.occurredAt === than.occurredAt && JSON.stringify(body) > JSON.stringify(than);
}

/** Notes since when the contacts are held, and forgets what is about contacts that are gone. */
function withContacts(record: AgentRecord, body: AgentStateBody, now: number): AgentRecord {
  const known = new Map(Object.entries(record.heldSince));
  const held = new Map<string, number>();
  for (const { contactId, since } of [...(record.state?.contacts ?? []), ...(record.listed?.contacts ?? [])]) {
    held.set(contactId, known.get(contactId) ?? now - Math.max(0, body.occurredAt - since));
  }
  return { ...record, heldSince: Object.fromEntries(held), swept: record.swept.filter((contactId) => held.has(contactId)) };
}

/** Whether the two differ in nothing but when the agent was last seen: by a heartbeat, or in a snapshot that says the same. */
export function sameButSeen(a: AgentRecord, b: AgentRecord): boolean {
  return JSON.stringify(withoutSightings(a)) === JSON.stringify(withoutSightings(b));
}

function withoutSightings({ listed, heartbeatAt: _, listedAt: __, ...rest }: AgentRecord): unknown {
  return [listed && { ...listed, occurredAt: 0 }, rest];
}
