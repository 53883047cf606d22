import { useMemo, useSyncExternalStore } from "react";
import { DEFAULT_THRESHOLDS } from "../client/alerts.ts";
import type { Alert, Thresholds } from "../client/contract.ts";
import { AlertFeed } from "./alert-feed.ts";
import { useAgentClient } from "./provider.tsx";

const NO_ALERTS: readonly Alert[] = Object.freeze([]);

export interface Alerts {
  /** The most severe first, then the newest. Includes acknowledged alerts, which are marked. */
  alerts: readonly Alert[];
  acknowledge: (id: string) => void;
  acknowledgeAll: () => void;
}

/** Returns the current alerts. Pass the same `thresholds` object on every render, or each render starts a new feed. */
export function useAlerts(thresholds: Thresholds = DEFAULT_THRESHOLDS): Alerts {
  const client = useAgentClient();
  const feed = useMemo(() => new AlertFeed(client, thresholds), [client, thresholds]);
  const alerts = useSyncExternalStore(feed.subscribe, feed.alerts, () => NO_ALERTS);
  return useMemo(() => ({ alerts, acknowledge: feed.acknowledge, acknowledgeAll: feed.acknowledgeAll }), [alerts, feed]);
}
