import { isOpen } from "./alert-scope.ts";
import type { BoardAlert } from "./board-alert.ts";

/** What needs a hand: an agent, or a queue or the center by its alert. */
export type PinnedCard =
  | { kind: "agent"; key: string; level: BoardAlert["level"]; agentId: string }
  | { kind: "alert"; key: string; level: BoardAlert["level"]; alert: BoardAlert };

/** What is on the wallboard. */
interface OnTheWallboard {
  /** Ids of the agents whom the filters let pass. */
  agents: ReadonlySet<string>;
  /** Ids of the queues whose tile is in sight. Their tiles show the alert. */
  queueTiles: ReadonlySet<string>;
}

/**
 * Returns what the wallboard keeps in sight on every page: whom an alert is about that nobody has acknowledged, critical ones
 * first, then the oldest. An agent counts only if the filters let it pass.
 */
export function pinnedCards(alerts: readonly BoardAlert[], { agents, queueTiles }: OnTheWallboard): PinnedCard[] {
  const critical = ({ level }: BoardAlert) => Number(level === "critical");
  const sorted = alerts
    .filter((alert) => isOpen(alert, []))
    .sort((a, b) => critical(b) - critical(a) || a.since - b.since || (a.id < b.id ? -1 : 1));
  const cards = new Map<string, PinnedCard>();
  for (const alert of sorted) {
    const { agentId, contactId, queueId, level } = alert;
    const key = agentId !== null ? `agent ${agentId}` : queueId !== null ? `queue ${queueId}` : "center";
    if (cards.has(key)) continue;
    if (agentId !== null) {
      if (agents.has(agentId)) cards.set(key, { kind: "agent", key, level, agentId });
      continue;
    }
    // Nobody on the board has this contact.
    if (contactId !== null) continue;
    if (queueId === null || !queueTiles.has(queueId)) cards.set(key, { kind: "alert", key, level, alert });
  }
  return [...cards.values()];
}
