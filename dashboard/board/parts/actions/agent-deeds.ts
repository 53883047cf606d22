import { useMemo, useSyncExternalStore } from "react";
import type { ActionName } from "../../../../protocol/actions.ts";
import type { AgentView } from "../../../client/contract.ts";
import { useAgentClient } from "../../../react/provider.tsx";
import { useConnection } from "../../../react/use-connection.ts";
import { type ActionOffer, actionOffers } from "../../model/actions/action-offers.ts";
import { type KnownStatuses, knownStatuses } from "../../model/actions/known-statuses.ts";
import { useText } from "../board-context.ts";
import { contactName } from "../contact-notes.tsx";
import type { ActionsState, BoardActions, WantedAction } from "./board-actions.ts";

/** One thing that the reader can have done to an agent. */
export interface OfferedDeed {
  readonly action: ActionName;
  readonly label: string;
  /** In words, why it cannot be done now; null = it can. */
  readonly obstacle: string | null;
  readonly start: () => void;
}

/** A status that the reader can set. */
export interface OfferedStatus {
  readonly name: string;
  readonly isCurrent: boolean;
  readonly start: () => void;
}

export interface AgentDeeds {
  /** Everything but the statuses. */
  readonly deeds: readonly OfferedDeed[];
  /** Empty = the reader may set no status. */
  readonly statuses: readonly OfferedStatus[];
  /** In words, why no status can be set now; null = one can. */
  readonly statusObstacle: string | null;
}

/** Words and confirmations that the reader must see before these are sent: they cannot be undone, or are heard by a customer. */
const CONFIRMED: ReadonlySet<ActionName> = new Set(["barge", "free", "stop"]);

export function useActionsState(actions: BoardActions): ActionsState {
  return useSyncExternalStore(actions.subscribe, actions.state, actions.state);
}

/**
 * Returns what the reader can have done to an agent.
 * @param shown the contact that the reader looks at; null = none
 */
export function useAgentDeeds(
  agent: AgentView,
  actions: BoardActions,
  permitted: ReadonlySet<ActionName>,
  shown: string | null,
): AgentDeeds {
  const text = useText();
  const client = useAgentClient();
  const isLive = useConnection().status === "live";
  const statuses = useMemo(() => knownStatuses(client.agents(), text.compare), [client, text]);
  const noConnection = isLive ? null : text.text("actions.obstacle.noConnection");
  const several = (agent.contacts ?? []).length > 1;
  const start = (wanted: WantedAction, asks: boolean) => (asks ? actions.confirm(wanted) : actions.start(wanted));
  const { agentId, name } = agent;
  const deedOf = ({ action, contact, obstacle }: ActionOffer): OfferedDeed => {
    const contactWords = contact === null ? null : contactName(contact, text);
    const word = text.text(`actions.${action}`);
    const label = several && contactWords !== null ? text.text("actions.about", { action: word, contact: contactWords }) : word;
    const wanted = { action, agentId, name, contactId: contact?.contactId ?? null, contactWords, statusName: null };
    const inTheWay = obstacle === null ? null : text.text(`actions.obstacle.${obstacle}`);
    return { action, label, obstacle: noConnection ?? inTheWay, start: () => start(wanted, CONFIRMED.has(action)) };
  };
  const deeds = actionOffers(agent, permitted, shown)
    .filter(({ action }) => action !== "status")
    .map(deedOf);
  const statusOf = (statusName: string): OfferedStatus => {
    const wanted: WantedAction = { action: "status", agentId, name, contactId: null, contactWords: null, statusName };
    const isCurrent = statusName === (agent.nextStatus ?? agent.statusName);
    return { name: statusName, isCurrent, start: () => start(wanted, statuses.offline.has(statusName)) };
  };
  return {
    deeds,
    statuses: permitted.has("status") ? namesFor(statuses, agent).map(statusOf) : [],
    statusObstacle: noConnection,
  };
}

/** The agent's own status may be one that nobody had when the menu was made. */
function namesFor({ names }: KnownStatuses, { statusName }: AgentView): readonly string[] {
  return statusName === null || names.includes(statusName) ? names : [statusName, ...names];
}
