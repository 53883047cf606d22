import { useMemo, useState, useSyncExternalStore } from "react";
import { useAgentClient } from "../../react/provider.tsx";
import { AlertFeed } from "../model/alert-feed.ts";
import { type Alert, DEFAULT_THRESHOLDS, type Thresholds } from "../model/threshold-alerts.ts";

const NO_ALERTS: readonly Alert[] = Object.freeze([]);

export interface Alerts {
  /** The most severe first, then the newest. Includes acknowledged alerts, which are marked. */
  alerts: readonly Alert[];
  acknowledge: (id: string) => void;
  acknowledgeAll: () => void;
}

/** Returns the alerts that this page derives by its own limits. `thresholds` may be a new object on every render. */
export function useThresholdAlerts(thresholds: Thresholds = DEFAULT_THRESHOLDS): Alerts {
  const client = useAgentClient();
  const kept = useSameWhileEqual(thresholds);
  const feed = useMemo(() => new AlertFeed(client, kept), [client, kept]);
  const alerts = useSyncExternalStore(feed.subscribe, feed.alerts, () => NO_ALERTS);
  return useMemo(() => ({ alerts, acknowledge: feed.acknowledge, acknowledgeAll: feed.acknowledgeAll }), [alerts, feed]);
}

/**
 * Returns the same object as long as its content is the same. A new feed has no alerts before it has evaluated them, so a new
 * feed on every render would render without end.
 */
function useSameWhileEqual(thresholds: Thresholds): Thresholds {
  const [kept, setKept] = useState(thresholds);
  if (kept === thresholds || contentOf(kept) === contentOf(thresholds)) return kept;
  setKept(thresholds);
  return thresholds;
}

function contentOf(thresholds: Thresholds): string {
  // JSON has no Infinity, which is a limit that nothing passes.
  return JSON.stringify(thresholds, (_name, value: unknown) => (typeof value === "number" ? String(value) : value));
}
