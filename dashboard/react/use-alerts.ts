import { useEffect, useMemo, useRef } from "react";
import type { CenterAlert } from "../../protocol/alert.ts";
import type { CenterAlertChange } from "../client/contract.ts";
import { useAgentClient } from "./provider.tsx";
import { useSelected, whole } from "./use-selected.ts";

/**
 * Returns the center's alerts, or the result of `select`: those that fire first, then the most severe, then the newest. Renders
 * again only when `isEqual` (default `Object.is`) finds a difference. `useAgentClient().acknowledge` acknowledges one.
 */
export function useAlerts(): readonly CenterAlert[];
export function useAlerts<T>(select: (alerts: readonly CenterAlert[]) => T, isEqual?: (a: T, b: T) => boolean): T;
export function useAlerts(
  select: (alerts: readonly CenterAlert[]) => unknown = whole,
  isEqual: (a: unknown, b: unknown) => boolean = Object.is,
): unknown {
  const client = useAgentClient();
  const source = useMemo(
    () => ({ subscribe: client.subscribeAlerts, get: client.alerts, getServer: () => client.initial.alerts }),
    [client],
  );
  return useSelected(source, select, isEqual);
}

/** Calls the listener for every alert that has changed (`AgentClient.onAlertChange`) while the component is mounted. */
export function useAlertChanges(listener: (change: CenterAlertChange) => void): void {
  const client = useAgentClient();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  }, [listener]);
  useEffect(() => client.onAlertChange((change) => latest.current(change)), [client]);
}
