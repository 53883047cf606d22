import { useMemo } from "react";
import type { AgentClient } from "../../../client/contract.ts";
import { useAlerts } from "../../../react/use-alerts.ts";
import { alertInScope, isOpen, type ScopedSubjects } from "../../model/alert-scope.ts";
import { type AlertSubjects, type BoardAlert, boardAlerts } from "../../model/board-alert.ts";

interface OpenAlertsInput extends Omit<AlertSubjects, "agents"> {
  live: AgentClient;
  /** The live board's alerts in the reader's scope; null = the board shows the past. */
  shown: readonly BoardAlert[] | null;
  scope: ScopedSubjects;
  mutedRules: readonly string[];
}

/** Returns the alerts that wait for somebody now, also while the board shows the past. */
export function useOpenAlerts(input: OpenAlertsInput): readonly BoardAlert[] {
  const { live, shown, scope, queueNames, rules, mutedRules } = input;
  const alerts = useAlerts();
  return useMemo(() => {
    const all =
      shown ?? boardAlerts(alerts, { agents: live.agents(), queueNames, rules }).filter((each) => alertInScope(scope, each));
    return all.filter((alert) => isOpen(alert, mutedRules));
  }, [alerts, live, shown, scope, queueNames, rules, mutedRules]);
}
