import { type Channel, channelSchema } from "../../protocol/agent.ts";
import type { ContactQueue } from "../../protocol/queue-updates.ts";
import { agentContactSchema } from "../../protocol/updates.ts";
import { inOrderOfTime, type SeenContact, type SeenState, type Sighting, SLOT_MS, slotOf } from "./sighting.ts";

export const HOUR_MS = 60 * 60_000;
/**
 * One every five seconds. A sender that says more must not make a row grow for ever. Then the earliest sightings stay, and the least
 * ids of contacts: what is left out must never depend on what came first.
 */
const MAX_SIGHTINGS = 720;
const MAX_ENDED = 720;

const CHANNELS: ReadonlySet<unknown> = new Set(channelSchema.options);
const CONTACT_STATES: ReadonlySet<unknown> = new Set(agentContactSchema.entries.state.options);
const KINDS: ReadonlySet<unknown> = new Set(["routable", "custom", "offline"]);

/** A contact of the agent that a contact event says is over. */
export interface EndedContact {
  contactId: string;
  initialContactId: string | null;
  channel: Channel;
  connectedAt: number | null;
  endedAt: number;
}

/** All that was seen of one agent in one hour: a set, so no order of arrival changes it. */
export interface HistoryHour {
  readonly sightings: readonly Sighting[];
  readonly ended: readonly EndedContact[];
}

export const EMPTY_HOUR: HistoryHour = { sightings: [], ended: [] };

/** The hour whose row has the sighting, epoch ms. One of a slot goes to the hour in which the slot begins. */
export function hourOfSighting(agentId: string, { at, isStream }: Sighting): number {
  return hourOf(isStream ? at : slotOf(agentId, at));
}

export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** Returns the hour with one more sighting; the same hour: it says nothing new. */
export function withSighting(hour: HistoryHour, agentId: string, sighting: Sighting): HistoryHour {
  if (hour.sightings.some((known) => covers(known, sighting, agentId))) return hour;
  const others = hour.sightings.filter((known) => !covers(sighting, known, agentId));
  const kept = [...others, sighting].sort(inOrderOfTime).slice(0, MAX_SIGHTINGS);
  return kept.includes(sighting) ? { ...hour, sightings: kept } : hour;
}

/** Returns the hour with what a contact event says; the same hour: it says nothing new. */
export function withEndedContact(hour: HistoryHour, ended: EndedContact): HistoryHour {
  const known = hour.ended.find(({ contactId }) => contactId === ended.contactId);
  const merged = known === undefined ? ended : mergeEnded(known, ended);
  if (known !== undefined && JSON.stringify(merged) === JSON.stringify(known)) return hour;
  const all = [...hour.ended.filter((other) => other !== known), merged];
  const kept = all.sort((a, b) => (a.contactId < b.contactId ? -1 : 1)).slice(0, MAX_ENDED);
  return kept.includes(merged) ? { ...hour, ended: kept } : hour;
}

/** Returns what a contact event says of an agent's contact that is over; null = it names no agent, or no end. */
export function endedContactOf(update: ContactQueue): (EndedContact & { agentId: string }) | null {
  const { agentId, contactId, initialContactId, channel, connectedAt, endedAt } = update;
  return agentId === null || endedAt === null ? null : { agentId, contactId, initialContactId, channel, connectedAt, endedAt };
}

export function hourToStored({ sightings, ended }: HistoryHour): object {
  const states: (SeenState | null)[] = [];
  const places = new Map<string, number>();
  const seen = sightings.map(({ at, isStream, order, state }) => {
    const text = JSON.stringify(state);
    const place = places.get(text) ?? states.push(state) - 1;
    places.set(text, place);
    return [at, place, isStream ? 1 : 0, order];
  });
  return { states, seen, ...(ended.length > 0 && { ended }) };
}

/**
 * Reads a stored hour. null = it is unreadable. A newer version may have written a state or a contact that this one does not know:
 * only that is lost. The guards are written by hand, because every change of an agent reads some of its hours.
 */
export function parseHour(stored: unknown): HistoryHour | null {
  if (!isObject(stored) || !Array.isArray(stored["states"]) || !Array.isArray(stored["seen"])) return null;
  const states: unknown[] = stored["states"];
  const known = states.map(readState);
  const seen: unknown[] = stored["seen"];
  const sightings = seen.flatMap((entry): Sighting[] => {
    if (!Array.isArray(entry)) return [];
    const [at, place, isStream, order]: unknown[] = entry;
    const state = typeof place === "number" ? known[place] : undefined;
    if (typeof at !== "number" || state === undefined) return [];
    return [{ at, isStream: isStream === 1, order: typeof order === "string" ? order : "", state }];
  });
  const ended: unknown[] = Array.isArray(stored["ended"]) ? stored["ended"] : [];
  return { sightings, ended: ended.filter(isEndedContact) };
}

/** undefined = it is unreadable; null = the sighting only said that the agent is there. */
function readState(stored: unknown): SeenState | null | undefined {
  if (stored === null) return null;
  if (!isObject(stored)) return undefined;
  const { signedIn, status, since, kind } = stored;
  const contacts: unknown[] = Array.isArray(stored["contacts"]) ? stored["contacts"] : [];
  if (typeof signedIn !== "boolean" || typeof status !== "string" || typeof since !== "number") return undefined;
  return { signedIn, status, kind: isKind(kind) ? kind : "custom", since, contacts: contacts.filter(isSeenContact) };
}

function isSeenContact(value: unknown): value is SeenContact {
  if (!isObject(value) || !isContactHead(value)) return false;
  const isKnown = CONTACT_STATES.has(value["state"]) && typeof value["added"] === "boolean";
  return isKnown && typeof value["since"] === "number" && isTextOrNull(value["queue"]);
}

function isEndedContact(value: unknown): value is EndedContact {
  return isObject(value) && isContactHead(value) && typeof value["endedAt"] === "number";
}

function isContactHead(value: Readonly<Record<string, unknown>>): boolean {
  const hasTime = value["connectedAt"] === null || typeof value["connectedAt"] === "number";
  return (
    hasTime && typeof value["contactId"] === "string" && isTextOrNull(value["initialContactId"]) && CHANNELS.has(value["channel"])
  );
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function isKind(value: unknown): value is SeenState["kind"] {
  return KINDS.has(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/**
 * Whether one sighting says all that another says. News of the stream is covered by itself alone. A heartbeat or a list is covered by
 * an earlier sighting of its slot with the same content.
 */
function covers(known: Sighting, other: Sighting, agentId: string): boolean {
  if (other.isStream && (!known.isStream || known.at !== other.at || known.order !== other.order)) return false;
  if (known.at > other.at || other.at - known.at >= SLOT_MS) return false;
  // A full hour keeps its first sightings, so one must never give way to a later one of the order.
  if (known.at === other.at && known.isStream !== other.isStream) return false;
  if (slotOf(agentId, known.at) !== slotOf(agentId, other.at)) return false;
  return JSON.stringify(known.state) === JSON.stringify(other.state);
}

function mergeEnded(a: EndedContact, b: EndedContact): EndedContact {
  const [connectedAt, initialContactId] = [
    greater(a.connectedAt, b.connectedAt),
    greater(a.initialContactId, b.initialContactId),
  ];
  const channel = greater<EndedContact["channel"]>(a.channel, b.channel) ?? a.channel;
  return { contactId: a.contactId, initialContactId, channel, connectedAt, endedAt: Math.max(a.endedAt, b.endedAt) };
}

function greater<Value extends number | string>(a: Value | null, b: Value | null): Value | null {
  return a === null || (b !== null && b > a) ? b : a;
}
