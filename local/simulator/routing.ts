import type { RunningContact } from "./running-contact.ts";
import type { SimulatedAgent } from "./simulated-agent.ts";
import { serves } from "./staff.ts";

export interface RoutingState {
  contacts: Iterable<RunningContact>;
  agents: readonly SimulatedAgent[];
  /** How many idle agents stay free for transcribed calls that have not begun. */
  reserved: number;
}

/**
 * Offers waiting contacts to agents: transcribed calls first, then those that have waited longest. As in Amazon Connect, the agent who
 * has been idle longest comes first. But an agent who has chats gets the next chat, so that agents with several are seen.
 */
export function routeContacts(
  { contacts, agents, reserved }: RoutingState,
  offer: (contact: RunningContact, agent: SimulatedAgent) => void,
  now: number,
): void {
  const waiting = [...contacts].filter(({ stage }) => stage.kind === "waiting").toSorted((a, b) => priority(a) - priority(b));
  if (waiting.length === 0) return;
  const idle = agents.filter((agent) => agent.idle).toSorted((a, b) => a.idleSince - b.idleSince);
  const busy = agents.filter((agent) => agent.snapshot.contacts.length > 0);
  for (const contact of waiting) {
    const { call, onlyFor, stage, queue, facts } = contact;
    if (stage.kind !== "waiting") continue;
    const fits = ({ profile }: SimulatedAgent) => serves(profile.team, queue, facts.channel);
    const place = idle.findIndex(fits);
    const [chosen] = idle.slice(place, place + 1);
    if (call !== null) {
      // A call that is not due yet keeps the agent free.
      if (place >= 0) idle.splice(place, 1);
      if (chosen !== undefined && now >= stage.offerAt) offer(contact, chosen);
      continue;
    }
    if (now < stage.offerAt) continue;
    const partner = onlyFor ?? busy.find((agent) => agent.freeFor(facts.channel) && fits(agent));
    if (partner?.freeFor(facts.channel) && (!partner.idle || idle.length > reserved)) {
      const taken = idle.indexOf(partner);
      if (taken >= 0) idle.splice(taken, 1);
      offer(contact, partner);
    } else if (onlyFor === null && chosen !== undefined && idle.length > reserved) {
      idle.splice(place, 1);
      busy.push(chosen);
      offer(contact, chosen);
    }
  }
}

/** Epoch ms of the entry into the queue, less for a transcribed call than for all others. */
function priority({ call, facts }: RunningContact): number {
  const since = facts.queue?.since ?? 0;
  return call === null ? since : since - Number.MAX_SAFE_INTEGER / 2;
}
