import type { BoardAlert } from "../model/board-alert.ts";
import type { DayPlace } from "../model/day/day-place.ts";
import type { OpenPanel } from "../model/open-panel.ts";
import type { Preferences } from "../model/preferences.ts";
import type { View } from "../model/view.ts";
import type { BoardContent } from "./board-content.ts";
import { latePart } from "./late-part.tsx";

const AlertPanel = latePart("tools", () => import("./alerts/AlertPanel.tsx"));
const CallPanel = latePart("panels", () => import("./CallPanel.tsx"));
const QueuePanel = latePart("panels", () => import("./queues/QueuePanel.tsx"));

interface BoardPanelProps {
  panel: OpenPanel;
  content: BoardContent;
  view: View;
  onView: (view: View) => void;
  preferences: Preferences;
  onPreferences: (change: Partial<Preferences>) => void;
  /** Whether the panel covers the list. */
  modal: boolean;
  day: DayPlace;
  onDay: (change: Partial<DayPlace>) => void;
  onOpenAgent: (agentId: string) => void;
  onOpenAlert: (alert: BoardAlert | null) => void;
  onClose: () => void;
}

/** The open panel beside the list. */
export function BoardPanel(props: BoardPanelProps) {
  const { panel, content, view, onView, preferences, onPreferences, modal, onClose } = props;
  switch (panel?.kind) {
    case undefined:
      return null;
    case "agent":
      return (
        <CallPanel
          agentId={panel.agentId}
          alerts={content.alerts.get(panel.agentId) ?? []}
          allAlerts={content.allAlerts}
          place={props.day}
          onPlace={props.onDay}
          preferences={preferences}
          onPreferences={onPreferences}
          modal={modal}
          onClose={onClose}
        />
      );
    case "queue":
      return (
        <QueuePanel
          queueId={panel.queueId}
          agents={content.agents}
          scoped={content.scoped}
          view={view}
          onView={onView}
          onOpenAgent={props.onOpenAgent}
          modal={modal}
          onClose={onClose}
        />
      );
    case "alerts":
      return (
        <AlertPanel
          alerts={content.allAlerts}
          preferences={preferences}
          onPreferences={onPreferences}
          onOpen={props.onOpenAlert}
          modal={modal}
          onClose={onClose}
        />
      );
  }
}
