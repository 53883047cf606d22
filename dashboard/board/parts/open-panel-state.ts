import { useState } from "react";
import type { BoardAlert } from "../model/board-alert.ts";
import { type DayPlace, NO_DAY } from "../model/day/day-place.ts";
import type { OpenPanel } from "../model/open-panel.ts";
import { useControllableState } from "./controllable-state.ts";
import { useSameFunction } from "./same-function.ts";

interface OpenPanelProps {
  agentId?: string | null | undefined;
  day?: DayPlace | undefined;
  onAgentId?: ((agentId: string | null) => void) | undefined;
  onDay?: ((day: DayPlace) => void) | undefined;
}

/** Which panel is open, and which part of the days the page shows. The page that embeds the board can set both, and is told of both. */
export function useOpenPanel(props: OpenPanelProps) {
  const [agentId, setAgentId] = useControllableState<string | null>(props.agentId, null);
  const [day, setDay] = useControllableState(props.day, NO_DAY);
  const [otherPanel, setOtherPanel] = useState<OpenPanel>(null);
  const changeDay = (change: Partial<DayPlace>) => {
    const next = { ...day, ...change };
    setDay(next);
    props.onDay?.(next);
  };
  const openPanel = (next: OpenPanel) => {
    const nextAgent = next?.kind === "agent" ? next.agentId : null;
    setOtherPanel(nextAgent === null ? next : null);
    if (nextAgent === agentId) return;
    // A contact belongs to one agent. The date of the team's page stays, that of one agent's panel does not.
    changeDay({ contactId: null, date: day.team ? day.date : null });
    setAgentId(nextAgent);
    props.onAgentId?.(nextAgent);
  };
  const panel: OpenPanel = agentId === null ? otherPanel : { kind: "agent", agentId };
  const openAgent = useSameFunction((next: string) => openPanel({ kind: "agent", agentId: next }));
  const openQueue = useSameFunction((queueId: string) => openPanel({ kind: "queue", queueId }));
  /** Opens what the alert is about; without one, the list of alerts. */
  const openAlert = (alert: BoardAlert | null) => {
    if (alert?.agentId) return openAgent(alert.agentId);
    if (alert?.queueId) return openPanel({ kind: "queue", queueId: alert.queueId });
    openPanel({ kind: "alerts" });
  };
  return { panel, openPanel, openAgent, openQueue, openAlert, day, changeDay };
}
