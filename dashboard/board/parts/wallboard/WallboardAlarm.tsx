import { useEffect, useState } from "react";
import type { AgentClient, Connection } from "../../../client/contract.ts";
import { isOpen, type ScopedSubjects } from "../../model/alert-scope.ts";
import { type BoardAlert, boardAlerts } from "../../model/board-alert.ts";
import type { Preferences } from "../../model/preferences.ts";
import { Announcer } from "../Announcer.tsx";
import { useAlarm, useNewAlerts } from "../alerts/alarm.ts";
import { useLost } from "../Banner.tsx";
import { useBoard } from "../board-context.ts";

interface WallboardAlarmProps {
  client: AgentClient;
  connection: Connection;
  preferences: Preferences;
  scope: ScopedSubjects;
  /** The alerts of the wallboard's teams. */
  alerts: readonly BoardAlert[];
  onOpenAlerts: ((count: number) => void) | undefined;
}

/** Calls people as the reader wants it: by sound, by notification, and by the title of the page. */
export function WallboardAlarm({ client, connection, preferences, scope, alerts, onOpenAlerts }: WallboardAlarmProps) {
  const { text, rules } = useBoard();
  const { mutedRules } = preferences;
  const open = alerts.filter((alert) => isOpen(alert, mutedRules)).length;
  useEffect(() => onOpenAlerts?.(open), [onOpenAlerts, open]);
  const alarm = useAlarm(preferences, text, nothingToOpen);
  const [criticalNews, setCriticalNews] = useState<readonly BoardAlert[]>([]);
  useNewAlerts({
    scope,
    mutedRules,
    describe: ({ after }) => {
      const queueNames = Object.fromEntries(client.queues().map(({ queueId, name }) => [queueId, name]));
      const subjects = { agents: client.agents(), queueNames, rules: rules.rules };
      return boardAlerts(after === undefined ? [] : [after], subjects)[0] ?? null;
    },
    onNew: (news) => {
      alarm(news);
      const critical = news.filter(({ level }) => level === "critical");
      if (critical.length > 0) setCriticalNews((before) => [...before, ...critical]);
    },
  });
  const lost = useLost(connection);
  return (
    <Announcer
      connection={connection}
      lost={lost}
      news={criticalNews}
      onAnnounced={() => setCriticalNews([])}
      shown={0}
      view={null}
    />
  );
}

/** The wallboard has no panels: a press on a notification only brings it to the front. */
function nothingToOpen(): void {}
