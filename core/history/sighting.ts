import type { Channel } from "../../protocol/agent.ts";
import type { AgentContact, AgentSnapshotBody, Update } from "../../protocol/updates.ts";
import { consultations, isTalk } from "../state/consultations.ts";
import { separateMonitored } from "../state/monitored-contacts.ts";

/** A heartbeat or list that says the same again counts once in so long. The times of idle agents are exact to this. */
export const SLOT_MS = 10 * 60_000;

/** A contact as one sighting shows it. */
export interface SeenContact {
  contactId: string;
  initialContactId: string | null;
  channel: Channel;
  state: AgentContact["state"];
  since: number;
  connectedAt: number | null;
  queue: string | null;
  /** Whether the agent added it to a running call, for example to ask a colleague. It is no contact of its own then. */
  added: boolean;
}

/** What an agent does, as one sighting shows it. */
export interface SeenState {
  signedIn: boolean;
  status: string;
  kind: "routable" | "custom" | "offline";
  since: number;
  contacts: SeenContact[];
}

/** One look at an agent at a time (epoch ms). */
export interface Sighting {
  at: number;
  /** Whether the agent's event stream tells it. Lists and heartbeats may lag behind the stream. */
  isStream: boolean;
  /** The source's own order; "" = it has none. */
  order: string;
  /** null = the agent is there, and nothing more is known. */
  state: SeenState | null;
}

/** Returns what an update shows of agents. */
export function sightingsOf(update: Update): [agentId: string, sighting: Sighting][] {
  const shown = separateMonitored(update);
  switch (shown.type) {
    case "agent.state": {
      const { agentId, occurredAt: at, order } = shown;
      return [[agentId, { at, isStream: true, order: order ?? "", state: seenState(shown, at) }]];
    }
    case "agent.heartbeat": {
      const { agentId, occurredAt: at, snapshot } = shown;
      return [[agentId, { at, isStream: false, order: "", state: snapshot ? seenState(snapshot, at) : null }]];
    }
    case "agent.removed": {
      const { agentId, occurredAt: at } = shown;
      const state: SeenState = { signedIn: false, status: "", kind: "offline", since: at, contacts: [] };
      return [[agentId, { at, isStream: true, order: "", state }]];
    }
    case "roster.snapshot":
      return shown.agents.map((entry) => {
        const { agentId, occurredAt: at } = entry;
        return [agentId, { at, isStream: false, order: "", state: seenState(entry, at) }];
      });
    default:
      return [];
  }
}

/** In the order of time. At equal times the source's own order counts, then the JSON text. */
export function inOrderOfTime(a: Sighting, b: Sighting): number {
  return (
    a.at - b.at ||
    Number(a.isStream) - Number(b.isStream) ||
    a.order.length - b.order.length ||
    compareTexts(a.order, b.order) ||
    compareTexts(JSON.stringify(a.state), JSON.stringify(b.state))
  );
}

/** Returns the beginning of the ten minutes in which `at` lies. Agents have different ones, so that they are not all due at once. */
export function slotOf(agentId: string, at: number): number {
  let offset = 0;
  for (const character of agentId) offset = (offset * 31 + (character.codePointAt(0) ?? 0)) % SLOT_MS;
  return Math.floor((at - offset) / SLOT_MS) * SLOT_MS + offset;
}

/** A time from after the news itself is one of a wrong clock. */
function seenState({ signedIn, status, contacts }: AgentSnapshotBody, at: number): SeenState {
  const added = consultations(contacts, (contact) => isTalk(contact.state));
  return {
    signedIn,
    status: status.name,
    kind: status.kind,
    since: Math.min(status.since, at),
    contacts: contacts.map((contact) => ({
      contactId: contact.contactId,
      initialContactId: contact.initialContactId,
      channel: contact.channel,
      state: contact.state,
      since: Math.min(contact.since, at),
      connectedAt: contact.connectedAt === null ? null : Math.min(contact.connectedAt, at),
      queue: contact.queue,
      added: added.has(contact),
    })),
  };
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
