import { isOpen } from "./alert-scope.ts";
import type { BoardAlert } from "./board-alert.ts";
import type { ListRow } from "./rows.ts";

/** What needs a hand: an agent, or the hub by its alert. */
export type PinnedCard = { kind: "agent"; agentId: string; level: BoardAlert["level"] } | { kind: "alert"; alert: BoardAlert };

/**
 * Returns what the wallboard keeps in sight on every page: whom an alert is about that nobody has acknowledged, critical ones
 * first, then the oldest. An agent counts only if it is among the rows. Queues have tiles of their own, the most urgent first.
 */
export function pinnedCards(alerts: readonly BoardAlert[], rows: readonly ListRow[]): PinnedCard[] {
  const shown = new Set(rows.flatMap((row) => (row.kind === "agent" ? [row.agentId] : [])));
  const critical = ({ level }: BoardAlert) => Number(level === "critical");
  const sorted = alerts
    .filter((alert) => isOpen(alert, []))
    .sort((a, b) => critical(b) - critical(a) || a.since - b.since || (a.id < b.id ? -1 : 1));
  const cards = new Map<string, PinnedCard>();
  for (const alert of sorted) {
    const { agentId, contactId, queueId, level } = alert;
    if (agentId !== null) {
      if (shown.has(agentId) && !cards.has(`agent ${agentId}`)) cards.set(`agent ${agentId}`, { kind: "agent", agentId, level });
      continue;
    }
    // Nobody on the board has this contact.
    if (contactId !== null || queueId !== null) continue;
    if (!cards.has("hub")) cards.set("hub", { kind: "alert", alert });
  }
  return [...cards.values()];
}

/** Returns the rows without the agents that are pinned. */
export function rowsWithout(rows: readonly ListRow[], pinned: readonly PinnedCard[]): ListRow[] {
  const gone = new Set(pinned.flatMap((card) => (card.kind === "agent" ? [card.agentId] : [])));
  return rows.filter((row) => row.kind === "group" || !gone.has(row.agentId));
}
