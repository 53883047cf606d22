import type { AgentSnapshotBody, MonitoredContact, Update } from "../../protocol/updates.ts";
import { isTalk } from "./consultations.ts";

/** The direction of a contact on which an agent only listens. Amazon Connect calls it MONITOR. */
const LISTENING = "monitor";

/**
 * Returns the update with the contacts on which somebody only listens apart from the others, because they are no calls of that
 * agent. A sender may post them among `contacts`, with the direction `monitor`.
 */
export function separateMonitored(update: Update): Update {
  switch (update.type) {
    case "agent.state":
      return separated(update);
    case "agent.heartbeat":
      return update.snapshot ? { ...update, snapshot: separated(update.snapshot) } : update;
    case "roster.snapshot":
      return update.agents.some(hasMonitored) ? { ...update, agents: update.agents.map(separated) } : update;
    default:
      return update;
  }
}

/** For a hub that does not show who listens (`SHOW_LISTENERS=false`): returns the update without it. */
export function withoutListeners(update: Update): Update {
  const kept = separateMonitored(update);
  switch (kept.type) {
    case "agent.state":
      return withoutMonitoring(kept);
    case "agent.heartbeat":
      return kept.snapshot ? { ...kept, snapshot: withoutMonitoring(kept.snapshot) } : kept;
    case "roster.snapshot":
      return { ...kept, agents: kept.agents.map(withoutMonitoring) };
    default:
      return kept;
  }
}

/** Returns the body without what the agent listens to; the same body if there is nothing. */
export function withoutMonitoring<Body extends AgentSnapshotBody>(body: Body): Body {
  return body.monitoring ? { ...body, monitoring: undefined } : body;
}

function separated<Body extends AgentSnapshotBody>(body: Body): Body {
  if (!hasMonitored(body)) return body;
  const listens = body.contacts.filter(({ direction }) => direction === LISTENING);
  const monitoring = listens.filter(({ state }) => isTalk(state)).map(toMonitored);
  return {
    ...body,
    contacts: body.contacts.filter(({ direction }) => direction !== LISTENING),
    monitoring: [...(body.monitoring ?? []), ...monitoring],
  };
}

function hasMonitored({ contacts }: AgentSnapshotBody): boolean {
  return contacts.some(({ direction }) => direction === LISTENING);
}

function toMonitored({
  contactId,
  initialContactId,
  connectedAt,
  since,
}: AgentSnapshotBody["contacts"][number]): MonitoredContact {
  return { contactId, initialContactId, since: connectedAt ?? since };
}
