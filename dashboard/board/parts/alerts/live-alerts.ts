import { useEffect, useMemo, useState } from "react";
import type { AgentClient } from "../../../client/contract.ts";
import { useAlerts } from "../../../react/use-alerts.ts";
import { alertInScope, isOpen, type ScopedSubjects } from "../../model/alert-scope.ts";
import { type AlertSubjects, type BoardAlert, boardAlerts } from "../../model/board-alert.ts";
import type { Preferences } from "../../model/preferences.ts";
import type { Text } from "../../text/text.ts";
import type { BoardReplay } from "../replay/use-replay.ts";
import { useAlarm, useNewAlerts } from "./alarm.ts";

interface LiveAlertsInput extends Omit<AlertSubjects, "agents"> {
  live: AgentClient;
  replay: BoardReplay;
  /** The alerts that the board shows, in the reader's scope. */
  shown: readonly BoardAlert[];
  scope: ScopedSubjects;
  preferences: Preferences;
  text: Text;
  /** Opens what an alert is about; without one, the list of alerts. */
  openAlert: (alert: BoardAlert | null) => void;
  onOpenAlerts: ((count: number) => void) | undefined;
}

export interface LiveAlerts {
  /** The alerts that wait for somebody now. */
  open: readonly BoardAlert[];
  /** Opens an alert on the live board. */
  openLive: (alert: BoardAlert | null) => void;
  /** New critical alerts that were not announced yet. */
  criticalNews: readonly BoardAlert[];
  onAnnounced: () => void;
}

/** Calls the reader for the alerts of the present, also while the board shows the past. */
export function useLiveAlerts(input: LiveAlertsInput): LiveAlerts {
  const { live, replay, shown, scope, queueNames, rules, preferences, text, openAlert, onOpenAlerts } = input;
  const { mutedRules } = preferences;
  const isPast = replay.begun !== null;
  const alerts = useAlerts();
  const open = useMemo(() => {
    const all = isPast ? boardAlerts(alerts, { agents: live.agents(), queueNames, rules }) : shown;
    return all.filter((alert) => (!isPast || alertInScope(scope, alert)) && isOpen(alert, mutedRules));
  }, [isPast, alerts, live, shown, scope, queueNames, rules, mutedRules]);
  useEffect(() => onOpenAlerts?.(open.length), [onOpenAlerts, open.length]);
  const openLive = (alert: BoardAlert | null) => {
    if (replay.isOpen) replay.leave();
    openAlert(alert);
  };
  const alarm = useAlarm(preferences, text, openLive);
  const [criticalNews, setCriticalNews] = useState<readonly BoardAlert[]>([]);
  useNewAlerts({
    scope,
    mutedRules,
    describe: ({ after }) =>
      boardAlerts(after === undefined ? [] : [after], { agents: live.agents(), queueNames, rules })[0] ?? null,
    onNew: (news) => {
      alarm(news);
      replay.noteLiveNews(news.length);
      const critical = news.filter(({ level }) => level === "critical");
      if (critical.length > 0) setCriticalNews((before) => [...before, ...critical]);
    },
  });
  return { open, openLive, criticalNews, onAnnounced: () => setCriticalNews([]) };
}
