import * as v from "valibot";
import type { AgentContact, AgentSnapshotBody } from "../../protocol/updates.ts";

/** A rule counts some few in a row. */
const MAX_MISSED = 50;

/**
 * The offers of contacts that an agent has missed. It is a register: every state and heartbeat of the agent's stream adds what it
 * shows, old ones too, so no order of arrival changes the result. Lists add nothing, because their times of an offer may differ
 * by a little, and the offer would count twice.
 */
export const missedOffersSchema = v.object({
  /** The newest time at which the agent began a conversation, signed out or was deleted. Older offers do not count. 0 = never. */
  since: v.fallback(v.number(), 0),
  /** The newest ones, newest first. One contact may be offered to the agent several times. */
  missed: v.fallback(v.array(v.object({ contactId: v.string(), at: v.number() })), []),
});
export type MissedOffers = Readonly<v.InferOutput<typeof missedOffersSchema>>;
type Offer = MissedOffers["missed"][number];

export const NO_OFFERS: MissedOffers = { since: 0, missed: [] };

/**
 * Adds what the agent's stream showed at `occurredAt` (epoch ms). Returns the same register when it shows nothing new.
 */
export function foldOffers(known: MissedOffers, shown: AgentSnapshotBody, occurredAt: number): MissedOffers {
  const begun = shown.contacts.flatMap((contact) => conversationBegan(contact) ?? []);
  const signedOut = shown.signedIn ? [] : [occurredAt];
  const missed = shown.contacts.filter(isMissed).map(({ contactId, since }) => ({ contactId, at: Math.min(since, occurredAt) }));
  const since = Math.max(known.since, ...begun.map((at) => Math.min(at, occurredAt)), ...signedOut);
  return merged(known, since, missed);
}

/** Returns how many offers the agent has missed since the last conversation (ROS-25); null = the agent's stream says nothing. */
export function missedInRow({
  state,
  repeated,
  offers,
}: {
  state: unknown;
  repeated: unknown;
  offers: MissedOffers;
}): number | null {
  return state === null && repeated === null ? null : offers.missed.length;
}

/** Forgets the offers up to that time, which is when the user was deleted. */
export function withoutOffersUntil(known: MissedOffers, time: number): MissedOffers {
  return merged(known, Math.max(known.since, time), []);
}

function merged(known: MissedOffers, since: number, more: readonly Offer[]): MissedOffers {
  const all = new Map([...known.missed, ...more].map((offer) => [JSON.stringify([offer.at, offer.contactId]), offer]));
  const missed = [...all.values()].filter(({ at }) => at > since);
  missed.sort((a, b) => b.at - a.at || (a.contactId < b.contactId ? -1 : 1));
  missed.splice(MAX_MISSED);
  const same =
    since === known.since && missed.length === known.missed.length && missed.every((offer) => known.missed.includes(offer));
  return same ? known : { since, missed };
}

/** When the agent and the customer began to talk or write; null = they have not. */
function conversationBegan({ state, since, connectedAt }: AgentContact): number | null {
  return connectedAt ?? (state === "connected" || state === "hold" ? since : null);
}

/** Whether the agent did not answer it. An error after that is none of the agent's. */
function isMissed({ state, connectedAt }: AgentContact): boolean {
  return state === "missed" || state === "rejected" || (state === "error" && connectedAt === null);
}
