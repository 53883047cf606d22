import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { CenterAlert } from "../../../../protocol/alert.ts";
import type { AgentClient } from "../../../client/contract.ts";
import { array, member } from "../../../client/guards.ts";
import { readAlert } from "../../../client/rows.ts";
import type { ScopedSubjects } from "../../model/alert-scope.ts";
import { boardAlerts } from "../../model/board-alert.ts";
import { type AlertMark, alertMarks } from "../../model/replay/alert-marks.ts";

const NONE: readonly CenterAlert[] = [];

/** When alerts of the last days fired: those that the hub lists, and those that the live board has since. */
export function usePastAlerts(live: AgentClient, scope: ScopedSubjects): readonly AlertMark[] {
  const [listed, setListed] = useState(NONE);
  const current = useSyncExternalStore(live.subscribeAlerts, live.alerts, () => NONE);
  useEffect(() => {
    let isOver = false;
    void live.ask({ method: "GET", resource: "alerts?state=all" }).then(({ status, body }) => {
      if (!isOver && status === 200) setListed(readAlerts(body));
    });
    return () => {
      isOver = true;
    };
  }, [live]);
  return useMemo(() => {
    const alerts = new Map([...listed, ...current].map((alert) => [alert.alertId, alert]));
    const subjects = { agents: live.agents(), queueNames: {}, rules: [] };
    return alertMarks(boardAlerts([...alerts.values()], subjects), scope);
  }, [listed, current, live, scope]);
}

/** Alerts that this board does not understand have no mark. */
function readAlerts(body: unknown): CenterAlert[] {
  const rows = member(body, "data");
  if (!array(rows)) return [];
  return rows.flatMap((row) => {
    const alert = readAlert(Object(row));
    return alert ? [{ ...alert, resolvedAt: alert.resolvedAt ?? null }] : [];
  });
}
