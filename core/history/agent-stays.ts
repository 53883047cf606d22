import type { Channel } from "../../protocol/agent.ts";
import type { AgentContact } from "../../protocol/updates.ts";
import { PHASE } from "../state/contact-phase.ts";
import type { EndedContact } from "./history-hour.ts";
import { SILENCE_MS } from "./own-spells.ts";
import type { SeenContact, Sighting } from "./sighting.ts";

/** What an agent did on a contact in a time span, in the words of the posts. Times are epoch ms. */
export interface StayPhase {
  state: AgentContact["state"];
  from: number;
  /** null = it goes on. */
  until: number | null;
}

/** One contact from its offer to an agent until the agent is done with it. */
export interface AgentStay {
  contactId: string;
  initialContactId: string | null;
  channel: Channel;
  queue: string | null;
  /** Whether the agent added it to a running call. It counts as no contact of its own. */
  added: boolean;
  phases: StayPhase[];
  /** When the agent and the customer began to talk or write; null = they have not. */
  answeredAt: number | null;
  /** null = it goes on. */
  end: number | null;
  /** Whether `end` is the end. false: nothing was heard of the agent from then on, for a long time. */
  endKnown: boolean;
}

interface OpenStay {
  shown: { contact: SeenContact; isStream: boolean; at: number }[];
  contactId: string;
}

/**
 * Returns the contacts of an agent, one entry for each time that a contact came to it.
 * @param sightings in the order of time
 * @param ended what contact events say; they close a contact whose end the agent's stream lost
 */
export function agentStays(sightings: readonly Sighting[], ended: readonly EndedContact[], now: number): AgentStay[] {
  const past = sightings.filter(({ at }) => at <= now);
  const ends = new Map<string, EndedContact>();
  for (const each of ended) if ((ends.get(each.contactId)?.endedAt ?? 0) < each.endedAt) ends.set(each.contactId, each);
  const stays = collectStays(past, now).map((stay) => closedByEvent(stay, ends.get(stay.contactId)));
  const known = new Set(stays.filter(({ answeredAt }) => answeredAt !== null).map(({ contactId }) => contactId));
  for (const each of ends.values()) if (!known.has(each.contactId) && each.endedAt <= now) stays.push(...stayOfEvent(each));
  return stays.sort((a, b) => beginOf(a) - beginOf(b) || (a.contactId < b.contactId ? -1 : 1));
}

/** When the contact came to the agent. */
export function beginOf({ phases, end }: AgentStay): number {
  return phases[0]?.from ?? end ?? 0;
}

/** The phases of an answered contact from the answer on. After contact work without an answer is none. */
export function answeredPhases({ phases, answeredAt }: AgentStay): StayPhase[] {
  return answeredAt === null ? [] : phases.filter(({ from }) => from >= answeredAt);
}

/** The offers of the contact that the agent did not answer. An error after the answer is none of the agent's. */
export function missedOffers({ phases, answeredAt }: AgentStay): StayPhase[] {
  return phases.filter(({ state, from }) => {
    return state === "missed" || state === "rejected" || (state === "error" && (answeredAt === null || from < answeredAt));
  });
}

function collectStays(sightings: readonly Sighting[], now: number): AgentStay[] {
  const stays: AgentStay[] = [];
  const open = new Map<string, OpenStay>();
  /** Contact -> when the stream showed the agent without it. */
  const goneAt = new Map<string, number>();
  const nextOfStream = streamAfter(sightings);
  let seenAt = 0;
  for (const [index, { at, isStream, state }] of sightings.entries()) {
    if (state !== null) {
      const contacts = state.signedIn ? state.contacts : [];
      const shown = new Set(contacts.map(({ contactId }) => contactId));
      for (const [contactId, stay] of open) {
        if (shown.has(contactId) || (!isStream && isHeldAt(nextOfStream[index], contactId, at))) continue;
        const isSilent = at - seenAt > SILENCE_MS;
        stays.push(makeStay(stay, isSilent ? seenAt : at, !isSilent));
        open.delete(contactId);
        if (isStream) goneAt.set(contactId, at);
      }
      for (const contact of contacts) {
        const stay = open.get(contact.contactId);
        if (stay !== undefined) stay.shown.push({ contact, isStream, at });
        else if (isStream || Math.max(contact.since, contact.connectedAt ?? 0) > (goneAt.get(contact.contactId) ?? 0))
          open.set(contact.contactId, { contactId: contact.contactId, shown: [{ contact, isStream, at }] });
      }
    }
    seenAt = at;
  }
  const isSilent = now - seenAt > SILENCE_MS;
  for (const stay of open.values()) stays.push(makeStay(stay, isSilent ? seenAt : null, !isSilent));
  return stays;
}

/** For each sighting, the next one of the stream. */
function streamAfter(sightings: readonly Sighting[]): (Sighting | undefined)[] {
  const next: (Sighting | undefined)[] = [];
  let following: Sighting | undefined;
  for (let index = sightings.length - 1; index >= 0; index -= 1) {
    next[index] = following;
    if (sightings[index]?.isStream === true && sightings[index]?.state !== null) following = sightings[index];
  }
  return next;
}

/** Whether the stream's next news shows that the agent already held the contact at that time. */
function isHeldAt(sighting: Sighting | undefined, contactId: string, at: number): boolean {
  const contact = sighting?.state?.contacts.find((each) => each.contactId === contactId);
  return contact !== undefined && Math.min(contact.since, contact.connectedAt ?? contact.since) <= at;
}

function makeStay({ contactId, shown }: OpenStay, end: number | null, endKnown: boolean): AgentStay {
  const begun = new Map<string, StayPhase>();
  const addPhase = (state: StayPhase["state"], from: number) => begun.set(`${from} ${state}`, { state, from, until: null });
  for (const { contact, isStream } of shown) if (isStream) addPhase(contact.state, contact.since);
  for (const { contact, isStream, at } of shown) if (!isStream) addHealed([...begun.values()], contact, at, addPhase);
  const answers = shown.flatMap(({ contact: { connectedAt } }) => connectedAt ?? []);
  const talks = [...begun.values()].filter(({ state }) => state === "connected" || state === "hold").map(({ from }) => from);
  const [answered, talked] = [Math.min(...answers), Math.min(...talks)];
  // The news of the answer may be lost, and the next news still tells when it was.
  if (Number.isFinite(answered) && answered < talked) addPhase("connected", answered);
  const answeredAt = Math.min(answered, talked);
  const phases = [...begun.values()].sort(inOrderOfPhase);
  for (const [index, phase] of phases.entries()) phase.until = limited(phases[index + 1]?.from ?? end, end);
  const last = shown.map(({ contact }) => contact);
  return {
    contactId,
    initialContactId: last.reduce<string | null>((known, each) => greater(known, each.initialContactId), null),
    channel: last[0]?.channel ?? "voice",
    queue: last.reduce<string | null>((known, each) => greater(known, each.queue), null),
    added: last.some(({ added }) => added),
    phases: phases.filter(({ from, until }) => until === null || until > from || (end !== null && from <= end)),
    answeredAt: Number.isFinite(answeredAt) ? answeredAt : null,
    end,
    endKnown,
  };
}

/** Adds what a list or a heartbeat shows, unless the stream knows as much or more. Its times are worse than the stream's. */
function addHealed(
  begun: readonly StayPhase[],
  contact: SeenContact,
  at: number,
  addPhase: (state: StayPhase["state"], from: number) => void,
): void {
  const known = [...begun].sort(inOrderOfPhase).filter(({ from }) => from <= at);
  const current = known.at(-1);
  if (current === undefined) addPhase(contact.state, contact.since);
  else if (current.state === contact.state) return;
  else if (contact.since > current.from) addPhase(contact.state, contact.since);
  // A hold keeps the older start in a list, so the time of the list is the best that is known.
  else if (PHASE[contact.state] >= PHASE[current.state]) addPhase(contact.state, at);
}

function inOrderOfPhase(a: StayPhase, b: StayPhase): number {
  return a.from - b.from || PHASE[a.state] - PHASE[b.state] || (a.state < b.state ? -1 : 1);
}

/** Ends the talk where a contact event says so, unless the agent's own news shows what came after it. */
function closedByEvent(stay: AgentStay, ended: EndedContact | undefined): AgentStay {
  const last = stay.phases.at(-1);
  if (ended === undefined || last === undefined || PHASE[last.state] !== 1) return stay;
  const { endedAt } = ended;
  if (endedAt < last.from || (stay.end !== null && endedAt >= stay.end && stay.endKnown)) return stay;
  const phases = [...stay.phases.slice(0, -1), { ...last, until: endedAt }];
  return { ...stay, phases, end: endedAt, endKnown: true };
}

/** A contact of which the agent's own stream tells nothing. */
function stayOfEvent({ contactId, initialContactId, channel, connectedAt, endedAt }: EndedContact): AgentStay[] {
  if (connectedAt === null || connectedAt > endedAt) return [];
  const phases: StayPhase[] = [{ state: "connected", from: connectedAt, until: endedAt }];
  const rest = { queue: null, added: false, answeredAt: connectedAt, end: endedAt, endKnown: true };
  return [{ contactId, initialContactId, channel, phases, ...rest }];
}

function limited(at: number | null, end: number | null): number | null {
  return at === null || end === null ? at : Math.min(at, end);
}

function greater(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}
