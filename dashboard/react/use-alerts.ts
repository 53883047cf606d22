import { useMemo, useSyncExternalStore } from "react";
import { DEFAULT_THRESHOLDS } from "../client/alerts.ts";
import type { Alert, Thresholds } from "../client/contract.ts";
import { AlertFeed } from "./alert-feed.ts";
import { useAgentClient } from "./provider.tsx";

const NO_ALERTS: readonly Alert[] = Object.freeze([]);

export interface Alerts {
  /** The worst first, then the newest; acknowledged ones are among them, marked. */
  alerts: readonly Alert[];
  acknowledge: (id: string) => void;
  acknowledgeAll: () => void;
}

/** What needs a look. Keep `thresholds` the same object while they are the same. */
export function useAlerts(thresholds: Thresholds = DEFAULT_THRESHOLDS): Alerts {
  const client = useAgentClient();
  const feed = useMemo(() => new AlertFeed(client, thresholds), [client, thresholds]);
  const alerts = useSyncExternalStore(feed.subscribe, feed.get, () => NO_ALERTS);
  return useMemo(() => ({ alerts, acknowledge: feed.acknowledge, acknowledgeAll: feed.acknowledgeAll }), [alerts, feed]);
}
