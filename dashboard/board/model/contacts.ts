import type { AgentContactRow, Capacity, Channel } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";

/** All channels, the most frequent one first. */
export const CHANNELS: readonly Channel[] = ["voice", "chat", "task", "email"];

type WithContacts = Pick<AgentView, "contacts" | "contactCount" | "contactId" | "channel">;

/** How many contacts the agent has. An older hub tells of one at most. */
export function contactCount(agent: WithContacts): number {
  return agent.contactCount ?? agent.contacts?.length ?? (agent.contactId === null ? 0 : 1);
}

/** How many contacts the agent has besides the one that decides the status. */
export function moreContacts(agent: WithContacts): number {
  return Math.max(0, contactCount(agent) - 1);
}

/**
 * The places that are worth a word: those of the channels on which the agent may have several contacts and has one. An agent with
 * one call of one is full anyway.
 */
export function placesInUse(agent: Pick<AgentView, "capacity">): readonly Capacity[] {
  return (agent.capacity ?? []).filter(({ used, max }) => used > 0 && max > 1);
}

/** Free places of all channels, to sort by. Null = the hub does not say. */
export function freePlaces(agent: Pick<AgentView, "capacity">): number | null {
  if (agent.capacity === undefined || agent.capacity.length === 0) return null;
  return agent.capacity.reduce((sum, { used, max }) => sum + Math.max(0, max - used), 0);
}

/** The contacts by channel, in the order in which the hub sends them. */
export function channelCounts(contacts: readonly AgentContactRow[]): readonly { channel: Channel; count: number }[] {
  const counts = new Map<Channel, number>();
  for (const { channel } of contacts) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  return [...counts].map(([channel, count]) => ({ channel, count }));
}

/** Whether the agent has the contact now. */
export function hasContact(agent: WithContacts, contactId: string): boolean {
  return agent.contactId === contactId || agent.contacts?.some((contact) => contact.contactId === contactId) === true;
}

/** The channels of the agent's contacts now. An older hub tells of one at most. */
export function channelsOf({ channel, contacts = [] }: Pick<AgentView, "channel" | "contacts">): readonly Channel[] {
  const all = contacts.map((contact) => contact.channel);
  return channel === null || all.includes(channel) ? all : [channel, ...all];
}
