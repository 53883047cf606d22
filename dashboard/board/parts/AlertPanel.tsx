import { useState } from "react";
import type { Preferences } from "../model/preferences.ts";
import type { Alert } from "../model/threshold-alerts.ts";
import { useText } from "./board-context.ts";
import { alertWords, Counting } from "./cells.tsx";
import { Icon } from "./Icon.tsx";
import { SidePanel } from "./SidePanel.tsx";
import type { Alerts } from "./threshold-alerts.ts";

interface AlertPanelProps {
  feed: Alerts;
  preferences: Preferences;
  onPreferences: (change: Partial<Preferences>) => void;
  onOpen: (agentId: string) => void;
  modal: boolean;
  onClose: () => void;
}

/** Lists the alerts, critical ones first. */
export function AlertPanel({ feed, preferences, onPreferences, onOpen, modal, onClose }: AlertPanelProps) {
  const text = useText();
  const open = feed.alerts.filter((alert) => !alert.acknowledged);
  const [blocked, setBlocked] = useState(false);
  const notify = async (wanted: boolean) => {
    const allowed = !wanted || (await askToNotify());
    setBlocked(!allowed);
    onPreferences({ notify: wanted && allowed });
  };
  return (
    <SidePanel
      title={text.text("alerts.title")}
      note={<p className="vg-sub">{text.count("alerts.open", open.length)}</p>}
      modal={modal}
      onClose={onClose}
    >
      <div className="vg-tags">
        <label className="vg-check">
          <input
            type="checkbox"
            checked={preferences.sound}
            onChange={(event) => onPreferences({ sound: event.target.checked })}
          />
          {text.text("alerts.sound")}
        </label>
        <label className="vg-check">
          <input type="checkbox" checked={preferences.notify} onChange={(event) => void notify(event.target.checked)} />
          {text.text("alerts.notify")}
        </label>
        {blocked && <p className="vg-sub">{text.text("alerts.notifyBlocked")}</p>}
      </div>
      {feed.alerts.length === 0 ? (
        <p className="vg-empty">{text.text("alerts.none")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
        <ul className="vg-feed" tabIndex={0} aria-label={text.text("alerts.title")}>
          {feed.alerts.map((alert) => (
            <AlertItem key={alert.id} alert={alert} onOpen={onOpen} onAcknowledge={feed.acknowledge} />
          ))}
        </ul>
      )}
      {open.length > 1 && (
        <footer className="vg-side-foot">
          <button type="button" className="vg-button" onClick={feed.acknowledgeAll}>
            <Icon name="check" />
            {text.text("alerts.acknowledgeAll")}
          </button>
        </footer>
      )}
    </SidePanel>
  );
}

interface AlertItemProps {
  alert: Alert;
  onOpen: (agentId: string) => void;
  onAcknowledge: (id: string) => void;
}

function AlertItem({ alert, onOpen, onAcknowledge }: AlertItemProps) {
  const text = useText();
  const words = alertWords(alert, text);
  return (
    <li className="vg-alert" data-level={alert.level} data-done={alert.acknowledged || undefined}>
      <Icon name={alert.level === "critical" ? "error" : "stale"} />
      <div>
        <button type="button" className="vg-link" onClick={() => onOpen(alert.agentId)}>
          {alert.agentName}
        </button>
        <p>
          <span className="vg-hidden">{text.text(`alertLevel.${alert.level}`)}: </span>
          {words}
          <span className="vg-sub">
            {" · "}
            <Counting since={alert.since} />
          </span>
        </p>
      </div>
      {alert.acknowledged ? (
        <span className="vg-sub">{text.text("alerts.acknowledged")}</span>
      ) : (
        <button
          type="button"
          className="vg-button"
          aria-label={text.text("alerts.acknowledgeFor", { alert: words, name: alert.agentName })}
          onClick={() => onAcknowledge(alert.id)}
        >
          {text.text("alerts.acknowledge")}
        </button>
      )}
    </li>
  );
}

async function askToNotify(): Promise<boolean> {
  if (!("Notification" in window)) return false;
  return (await Notification.requestPermission()) === "granted";
}
