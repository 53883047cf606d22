import type { AgentContact, AgentStateBody } from "../../protocol/updates.ts";
import { type AgentRecord, isMissingIn, provenAt } from "./agent-record.ts";
import { PHASE } from "./contact-phase.ts";
import type { Listing } from "./listing.ts";

/**
 * Returns the state that counts, or null when there is none or the user was deleted. A snapshot's entry corrects the stream's.
 * But a snapshot does not know when an agent became free again or went on hold: GetCurrentUserData keeps the older start. So
 * while both say the same, the stream's times stay.
 */
export function effectiveState(record: AgentRecord, listing: Listing): AgentStateBody | null {
  const { listed } = record;
  const streamed = streamedState(record);
  const corrected =
    listed !== null && (streamed === null || (listed.occurredAt > streamed.occurredAt && !isBehind(listed, streamed)));
  const newest = corrected ? mergeTimes(listed, streamed) : streamed;
  if (newest === null || newest.occurredAt <= record.removedAt) return null;
  if (!newest.signedIn || !isMissingIn(record, listing)) return newest;
  // The agent signed out some time after its last news, and no event said so.
  return { ...newest, signedIn: false, contacts: [], occurredAt: provenAt(record) };
}

/** What the stream says: its newest event, healed by the snapshot of a newer heartbeat. */
function streamedState(record: AgentRecord): AgentStateBody | null {
  const { state, repeated } = record;
  const known = state === null ? null : withName(state, record.named ?? repeated);
  if (repeated === null || record.repeatedNewsAt <= record.removedAt) return known;
  if (known === null) return repeated;
  // Heartbeats go on for an hour after an agent has left. They repeat the last snapshot, which shows nothing newer.
  const left = !known.signedIn && record.repeatedNewsAt <= known.occurredAt;
  return left || repeated.occurredAt <= known.occurredAt ? known : healed(repeated, known);
}

/** A heartbeat has no snapshot before it, so it does not know when the agent became free. */
function healed(repeated: AgentStateBody, known: AgentStateBody): AgentStateBody {
  const sameStatus = known.signedIn && known.status.name === repeated.status.name;
  const contactTimes = repeated.contacts.length > 0 ? [] : known.contacts.map(({ since }) => since);
  const since = Math.max(repeated.status.since, known.status.since, ...contactTimes);
  return {
    ...withName(repeated, known),
    status: sameStatus ? { ...repeated.status, since } : repeated.status,
  };
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

/**
 * Whether the entry proves that its list lags behind the stream: it shows a status, a contact or a state of a contact that the
 * stream has already seen end.
 */
function isBehind(listed: AgentStateBody, streamed: AgentStateBody): boolean {
  if (!listed.signedIn || !streamed.signedIn) return false;
  if (listed.status.name !== streamed.status.name && listed.status.since < streamed.status.since) return true;
  return listed.contacts.some((contact) => {
    const known = streamed.contacts.find(({ contactId }) => contactId === contact.contactId);
    if (known === undefined) return Math.max(contact.since, contact.connectedAt ?? 0) < streamed.occurredAt;
    return PHASE[contact.state] < PHASE[known.state] && contact.since <= known.since;
  });
}

function mergeTimes(listed: AgentStateBody, state: AgentStateBody | null): AgentStateBody {
  if (state === null) return listed;
  const sameStatus = listed.signedIn === state.signedIn && listed.status.name === state.status.name;
  return {
    ...listed,
    name: listed.name === "" ? state.name : listed.name,
    routingProfile: listed.routingProfile ?? state.routingProfile,
    groups: listed.groups.length === 0 ? state.groups : listed.groups,
    nextStatus: listed.nextStatus === undefined ? state.nextStatus : listed.nextStatus,
    capacity: listed.capacity ?? state.capacity,
    monitoring: listed.monitoring ?? state.monitoring,
    status: sameStatus ? { ...listed.status, since: Math.max(listed.status.since, state.status.since) } : listed.status,
    contacts: listed.contacts.map((contact) => {
      const known = state.contacts.find((other) => other.contactId === contact.contactId);
      return known === undefined ? contact : withFacts(contact, known);
    }),
  };
}

/** A list lacks facts of a contact that never change. Its times are worse than those of the stream while both agree. */
function withFacts(contact: AgentContact, known: AgentContact): AgentContact {
  return {
    ...contact,
    initialContactId: contact.initialContactId ?? known.initialContactId,
    queue: contact.queue ?? known.queue,
    direction: contact.direction ?? known.direction,
    ...(contact.state === known.state && { since: known.since, connectedAt: contact.connectedAt ?? known.connectedAt }),
  };
}
