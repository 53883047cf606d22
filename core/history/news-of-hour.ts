import type { HistoryHour } from "./history-hour.ts";
import { SILENCE_MS } from "./own-spells.ts";
import type { SeenContact, SeenState, Sighting } from "./sighting.ts";

/**
 * Whether the hour has one more sighting at its end by which no contact and no status of the agent ends, so that the figures on the
 * board stand. Most news is of this kind: a call is answered, held and wrapped up before it ends. When in doubt: false.
 */
export function endsNothing({ sightings, ended }: HistoryHour, before: HistoryHour): boolean {
  const [last, previous] = [sightings.at(-1), sightings.at(-2)];
  if (last === undefined || previous === undefined || ended !== before.ended) return false;
  if (sightings.length !== before.sightings.length + 1 || before.sightings.at(-1) !== previous) return false;
  if (last.at - previous.at > SILENCE_MS) return false;
  // A list or a heartbeat that lags behind counts for nothing, so what differs from it may be all new.
  return previous.isStream
    ? goesOn(previous, last)
    : !last.isStream && JSON.stringify(last.state) === JSON.stringify(previous.state);
}

/**
 * Returns when the newest sighting was, if {@link endsNothing} can judge what comes after it, epoch ms. null = it cannot: a contact
 * event tells of a later time, or of a contact that the agent still shows.
 */
export function newestJudged(hours: readonly HistoryHour[]): number | null {
  const newest = Math.max(0, ...hours.flatMap(({ sightings }) => sightings.map(({ at }) => at)));
  const last = hours.flatMap(({ sightings }) => sightings.filter(({ at }) => at === newest));
  const shown = new Set(last.flatMap(({ state }) => state?.contacts.map(({ contactId }) => contactId) ?? []));
  const isOver = hours.every(({ ended }) => ended.every(({ contactId, endedAt }) => endedAt <= newest && !shown.has(contactId)));
  return isOver ? newest : null;
}

function goesOn(previous: Sighting, { state }: Sighting): boolean {
  if (previous.state === null || state === null) return false;
  const isSameStatus =
    state.signedIn && previous.state.signedIn && state.status === previous.state.status && state.kind === previous.state.kind;
  if (!isSameStatus)
    return state.signedIn === previous.state.signedIn && JSON.stringify(state) === JSON.stringify(previous.state);
  return holdsAll(previous.state, state) && state.contacts.every((contact) => isOlderOrNew(contact, previous));
}

function holdsAll({ contacts }: SeenState, later: SeenState): boolean {
  const held = new Set(later.contacts.map(({ contactId }) => contactId));
  return contacts.every(({ contactId }) => held.has(contactId));
}

/**
 * Whether the contact is as it was, or what is new of it began after the sighting before, and is no missed offer. A contact that was
 * not there before may be one of which a contact event told already.
 */
function isOlderOrNew(contact: SeenContact, { at, state }: Sighting): boolean {
  const known = state?.contacts.find(({ contactId }) => contactId === contact.contactId);
  if (known === undefined) return false;
  if (JSON.stringify(known) === JSON.stringify(contact)) return true;
  const { connectedAt, since, added } = contact;
  const isAnswerNew = connectedAt === null || connectedAt > at || connectedAt === known.connectedAt;
  const isMissed = contact.state === "missed" || contact.state === "rejected" || contact.state === "error";
  return since > at && isAnswerNew && !isMissed && added === known.added;
}
