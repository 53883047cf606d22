import { urgency } from "./alert-levels.ts";
import type { AlertsByAgent } from "./alerts-by-agent.ts";
import type { ListRow } from "./rows.ts";

interface OutOfSightInput {
  /** What the list shows. */
  rows: readonly ListRow[];
  /** The rows in the order of the view, which the list may hold back. */
  ordered: readonly ListRow[];
  alerts: AlertsByAgent;
  /** Whether the list holds the order back. */
  isHeld: boolean;
  /** Places of the first and the last row in sight. */
  first: number;
  last: number;
}

/** Agents with an open critical alert that the reader does not see, in the order of the view. */
interface OutOfSight {
  above: string[];
  below: string[];
}

/**
 * Returns whom the reader has to scroll for. A row that is below only because the order is held counts as above: it will be there
 * when the order follows.
 */
export function criticalOutOfSight({ rows, ordered, alerts, isHeld, first, last }: OutOfSightInput): OutOfSight {
  const places = new Map(rows.flatMap((row, index) => (row.kind === "agent" ? [[row.agentId, index] as const] : [])));
  const result: OutOfSight = { above: [], below: [] };
  for (const [wanted, row] of ordered.entries()) {
    if (row.kind === "group") continue;
    const { agentId } = row;
    if (urgency(alerts.get(agentId)) !== 0) continue;
    const place = places.get(agentId);
    if (place === undefined || (place >= first && place <= last)) continue;
    const isHeldBack = isHeld && place > last && wanted <= last;
    if (place < first || isHeldBack) result.above.push(agentId);
    else result.below.push(agentId);
  }
  return result;
}
