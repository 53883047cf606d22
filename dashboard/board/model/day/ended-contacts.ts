import type { AgentContactRow } from "../../../../protocol/agent.ts";
import type { AgentDay, DayContact } from "../../../../protocol/agent-day.ts";

/** The contacts of the day that are over, the newest first. An offer that nobody answered is one of them. */
export function endedContacts({ contacts }: Pick<AgentDay, "contacts">): DayContact[] {
  return contacts.filter(({ end }) => end !== null).sort((a, b) => b.begin - a.begin || (a.contactId < b.contactId ? 1 : -1));
}

/** How long the agent had the contact: from the answer to the end, after contact work included. Null = it was not answered. */
export function handleMs({ answeredAt, end }: Pick<DayContact, "answeredAt" | "end">): number | null {
  return answeredAt === null || end === null ? null : Math.max(0, end - answeredAt);
}

/** A contact of the day as one of the agent's contacts. */
export function contactRowOf({ contactId, channel, queue, begin, answeredAt, end, sentiment }: DayContact): AgentContactRow {
  return {
    contactId,
    channel,
    status: "after call work",
    since: end ?? begin,
    startedAt: answeredAt,
    queue,
    direction: null,
    sentimentScore: sentiment?.score ?? null,
  };
}
