import "../../styles/tools.css";
import "../../styles/panels.css";
import { useMemo, useRef, useState } from "react";
import { ALL_ALERTS, filteredAlerts, splitAlerts } from "../../model/alert-filter.ts";
import { isOpen } from "../../model/alert-scope.ts";
import type { BoardAlert } from "../../model/board-alert.ts";
import type { Preferences } from "../../model/preferences.ts";
import { useBoard } from "../board-context.ts";
import { Icon } from "../Icon.tsx";
import { SidePanel } from "../SidePanel.tsx";
import { AlertFilters } from "./AlertFilters.tsx";
import { AlertItem } from "./AlertItem.tsx";
import { useAcknowledging } from "./acknowledging.ts";
import { useFeedFocus } from "./feed-focus.ts";

/** Alerts of the history in the page at first, and with each further press. */
const HISTORY_BATCH = 50;

interface AlertPanelProps {
  /** The alerts in the reader's scope, also those that are over. */
  alerts: readonly BoardAlert[];
  preferences: Preferences;
  onPreferences: (change: Partial<Preferences>) => void;
  /** Opens what an alert is about. */
  onOpen: (alert: BoardAlert) => void;
  modal: boolean;
  onClose: () => void;
}

/** Lists the alerts that fire, critical ones first, and the history of the last days. */
export default function AlertPanel({ alerts, preferences, onPreferences, onOpen, modal, onClose }: AlertPanelProps) {
  const { text, rules } = useBoard();
  const [filter, setFilter] = useState(ALL_ALERTS);
  const [shown, setShown] = useState(HISTORY_BATCH);
  const feed = useRef<HTMLElement>(null);
  const feedFocus = useFeedFocus(feed);
  const acknowledging = useAcknowledging();
  const { firing, over } = useMemo(() => splitAlerts(filteredAlerts(alerts, filter)), [alerts, filter]);
  const { mutedRules } = preferences;
  const open = alerts.filter((alert) => isOpen(alert, mutedRules));
  const unseen = firing.filter(({ acknowledged }) => !acknowledged);
  const mayAcknowledge = rules.roles?.includes("supervisor") ?? true;
  const mute = (rule: string, muted: boolean) =>
    onPreferences({ mutedRules: muted ? [...mutedRules, rule] : mutedRules.filter((other) => other !== rule) });
  const item = (alert: BoardAlert) => (
    <AlertItem
      key={alert.id}
      alert={alert}
      acknowledging={mayAcknowledge ? acknowledging : null}
      muted={mutedRules.includes(alert.rule)}
      onMute={(muted) => mute(alert.rule, muted)}
      connectAlias={preferences.connectAlias}
      onOpen={onOpen}
    />
  );
  return (
    <SidePanel
      title={text.text("alerts.title")}
      note={<p className="vg-sub">{text.count("alerts.open", open.length)}</p>}
      modal={modal}
      onClose={onClose}
    >
      <CallMe preferences={preferences} onPreferences={onPreferences} />
      <AlertFilters alerts={alerts} filter={filter} onFilter={setFilter} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section ref={feed} className="vg-feed" tabIndex={0} aria-label={text.text("alerts.title")} {...feedFocus}>
        {firing.length === 0 ? (
          <p className="vg-empty">{text.text("alerts.none")}</p>
        ) : (
          <ul aria-label={text.text("alerts.firing")}>{firing.map(item)}</ul>
        )}
        {over.length > 0 && (
          <>
            <h3>{text.text("alerts.history")}</h3>
            <ul aria-label={text.text("alerts.history")}>{over.slice(0, shown).map(item)}</ul>
          </>
        )}
        {over.length > shown && (
          <button type="button" className="vg-button" onClick={() => setShown(shown + HISTORY_BATCH)}>
            {text.count("alerts.more", Math.min(HISTORY_BATCH, over.length - shown))}
          </button>
        )}
      </section>
      {mayAcknowledge && unseen.length > 1 && (
        <footer className="vg-side-foot">
          <button type="button" className="vg-button" onClick={() => acknowledging.acknowledge(unseen.map(({ id }) => id))}>
            <Icon name="seen" />
            {text.text("alerts.acknowledgeAll")}
          </button>
        </footer>
      )}
    </SidePanel>
  );
}

/** How this browser calls the reader. */
function CallMe({ preferences, onPreferences }: Pick<AlertPanelProps, "preferences" | "onPreferences">) {
  const { text } = useBoard();
  const [blocked, setBlocked] = useState(false);
  const notify = async (wanted: boolean) => {
    const allowed = !wanted || (await askToNotify());
    setBlocked(!allowed);
    onPreferences({ notify: wanted && allowed });
  };
  return (
    <div className="vg-tags">
      <label className="vg-check">
        <input type="checkbox" checked={preferences.sound} onChange={(event) => onPreferences({ sound: event.target.checked })} />
        {text.text("alerts.sound")}
      </label>
      <label className="vg-check">
        <input type="checkbox" checked={preferences.notify} onChange={(event) => void notify(event.target.checked)} />
        {text.text("alerts.notify")}
      </label>
      {blocked && <p className="vg-sub">{text.text("alerts.notifyBlocked")}</p>}
    </div>
  );
}

async function askToNotify(): Promise<boolean> {
  if (!("Notification" in window)) return false;
  return (await Notification.requestPermission()) === "granted";
}
