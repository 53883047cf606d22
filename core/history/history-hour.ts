import * as v from "valibot";
import { channelSchema } from "../../protocol/agent.ts";
import type { ContactQueue } from "../../protocol/queue-updates.ts";
import { agentContactSchema } from "../../protocol/updates.ts";
import { inOrderOfTime, type SeenState, type Sighting, slotOf } from "./sighting.ts";

export const HOUR_MS = 60 * 60_000;
/** One every five seconds. A sender that says more must not make a row grow for ever; then the earliest ones stay. */
const MAX_SIGHTINGS = 720;
const MAX_ENDED = 720;

const time = v.number();
const seenContactSchema = v.object({
  contactId: v.string(),
  initialContactId: v.fallback(v.nullable(v.string()), null),
  channel: channelSchema,
  state: agentContactSchema.entries.state,
  since: time,
  connectedAt: v.fallback(v.nullable(time), null),
  queue: v.fallback(v.nullable(v.string()), null),
  added: v.fallback(v.boolean(), false),
});
/** A newer version may have written a contact that this one does not know. Only that is lost. */
const seenContactsSchema = v.pipe(
  v.array(v.fallback(v.nullable(seenContactSchema), null)),
  v.transform((contacts) => contacts.filter((contact) => contact !== null)),
);
const seenStateSchema = v.object({
  signedIn: v.boolean(),
  status: v.string(),
  kind: v.fallback(v.picklist(["routable", "custom", "offline"]), "custom"),
  since: time,
  contacts: seenContactsSchema,
});
/** A contact of the agent that a contact event says is over. */
const endedContactSchema = v.object({
  contactId: v.string(),
  initialContactId: v.fallback(v.nullable(v.string()), null),
  channel: channelSchema,
  connectedAt: v.nullable(time),
  endedAt: time,
});
export type EndedContact = v.InferOutput<typeof endedContactSchema>;

/** States are kept once, and sightings name them by their place: an idle agent shows the same again and again. */
const hourSchema = v.object({
  states: v.array(v.nullable(seenStateSchema)),
  /** `at`, place of the state, 1 = from the stream, order. */
  seen: v.array(v.tuple([time, v.number(), v.number(), v.string()])),
  ended: v.fallback(v.array(endedContactSchema), []),
});

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
  const same = hour.sightings.find((known) => isSame(known, sighting, agentId));
  if (same !== undefined && same.at <= sighting.at) return hour;
  const sightings = [...hour.sightings.filter((known) => known !== same), sighting].sort(inOrderOfTime);
  const kept = sightings.slice(0, MAX_SIGHTINGS);
  return kept.includes(sighting) ? { ...hour, sightings: kept } : hour;
}

/** Returns the hour with what a contact event says; the same hour: it says nothing new. */
export function withEndedContact(hour: HistoryHour, ended: EndedContact): HistoryHour {
  const known = hour.ended.find(({ contactId }) => contactId === ended.contactId);
  const merged = known === undefined ? ended : mergeEnded(known, ended);
  if (known !== undefined && JSON.stringify(merged) === JSON.stringify(known)) return hour;
  const all = [...hour.ended.filter((other) => other !== known), merged];
  all.sort((a, b) => a.endedAt - b.endedAt || (a.contactId < b.contactId ? -1 : 1));
  return { ...hour, ended: all.slice(0, MAX_ENDED) };
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

/** Reads a stored hour. null = it is unreadable. */
export function parseHour(stored: unknown): HistoryHour | null {
  const parsed = v.safeParse(hourSchema, stored);
  if (!parsed.success) return null;
  const { states, seen, ended } = parsed.output;
  const sightings = seen.map(([at, place, isStream, order]) => {
    return { at, isStream: isStream === 1, order, state: states[place] ?? null };
  });
  return { sightings, ended };
}

/** News of the stream is itself alone. Other news with the same content is the same within its slot. */
function isSame(a: Sighting, b: Sighting, agentId: string): boolean {
  if (a.isStream !== b.isStream) return false;
  if (a.isStream && (a.at !== b.at || a.order !== b.order)) return false;
  if (!a.isStream && slotOf(agentId, a.at) !== slotOf(agentId, b.at)) return false;
  return JSON.stringify(a.state) === JSON.stringify(b.state);
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
