import "./styles/board.css";
import { useMemo, useRef, useState } from "react";
import type { AgentClient } from "../client/contract.ts";
import { AgentClientProvider } from "../react/provider.tsx";
import { useConnection } from "../react/use-connection.ts";
import { START_VIEW, type View } from "./model/view.ts";
import { AlertButton } from "./parts/AlertButton.tsx";
import { AlertPanel } from "./parts/AlertPanel.tsx";
import { Announcer } from "./parts/Announcer.tsx";
import { useAlarm } from "./parts/alarm.ts";
import { Banner, useLost } from "./parts/Banner.tsx";
import { BoardMain } from "./parts/BoardMain.tsx";
import { BoardClock } from "./parts/board-clock.ts";
import { useBoardContent } from "./parts/board-content.ts";
import { BoardContext } from "./parts/board-context.ts";
import type { PreferenceStorage } from "./parts/browser-storage.ts";
import { CallPanel } from "./parts/CallPanel.tsx";
import { useContainerSize } from "./parts/container-size.ts";
import { useControllableState } from "./parts/controllable-state.ts";
import { Header, type Theme } from "./parts/Header.tsx";
import { usePreferences } from "./parts/preferences.ts";
import { QueuePanel } from "./parts/queues/QueuePanel.tsx";
import { useRefreshInterval } from "./parts/refresh-interval.ts";
import { SettingsDialog } from "./parts/SettingsDialog.tsx";
import { useThresholdAlerts } from "./parts/threshold-alerts.ts";
import { createText, type Locale } from "./text/text.ts";

export interface AgentBoardProps {
  /** The source of the agents. The board connects it while mounted, unless it is connected already. */
  client: AgentClient;
  /** The name of the contact center. */
  title?: string | undefined;
  locale?: Locale | undefined;
  theme?: Theme | undefined;
  /** Shows the wallboard: large cards, and one button that leaves it. */
  tv?: boolean | undefined;
  view?: View | undefined;
  /** The agent whose call is open. */
  agentId?: string | null | undefined;
  /** The alias of the Amazon Connect instance, for links to contacts. The reader can set another one. */
  connectAlias?: string | undefined;
  /** Keeps the preferences: thresholds, saved views and others. The default is `localStorage`. With null they are lost at reload. */
  storage?: PreferenceStorage | null | undefined;
  /** Called with every choice of the reader, so that the page can keep it. */
  onLocale?: ((locale: Locale) => void) | undefined;
  onTheme?: ((theme: Theme) => void) | undefined;
  onTv?: ((tv: boolean) => void) | undefined;
  onView?: ((view: View) => void) | undefined;
  onAgentId?: ((agentId: string | null) => void) | undefined;
  /** Lets the reader sign in. Without it the board only shows that the reader must sign in. */
  onSignIn?: (() => void) | undefined;
}

/** The live board of one contact center. It has the size of its container, and styles that apply to nothing else. */
export function AgentBoard(props: AgentBoardProps) {
  return (
    <AgentClientProvider client={props.client}>
      <Board {...props} />
    </AgentClientProvider>
  );
}

function Board(props: AgentBoardProps) {
  const { client } = props;
  const [locale, setLocale] = useControllableState<Locale>(props.locale, "en");
  const [theme, setTheme] = useControllableState<Theme>(props.theme, "auto");
  const [wallboard, setWallboard] = useControllableState(props.tv, false);
  const [view, setView] = useControllableState(props.view, START_VIEW);
  const [agentId, setAgentId] = useControllableState<string | null>(props.agentId, null);
  const [queueId, setQueueId] = useState<string | null>(null);
  const [alertsOpen, setAlertsOpen] = useState(false);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const [preferences, setPreferences] = usePreferences(
    props.storage,
    props.connectAlias === undefined ? {} : { connectAlias: props.connectAlias },
  );
  const { thresholds } = preferences;

  const text = useMemo(() => createText(locale), [locale]);
  const clock = useMemo(() => new BoardClock(client), [client]);
  const board = useMemo(() => ({ clock, text, thresholds }), [clock, text, thresholds]);
  const connection = useConnection();
  const lost = useLost(connection);
  const feed = useThresholdAlerts(thresholds);
  const root = useRef<HTMLDivElement>(null);
  const size = useContainerSize(root);
  const layout = wallboard ? "wallboard" : size === "narrow" ? "cards" : "table";
  const content = useBoardContent({ client, clock, text, thresholds, alerts: feed.alerts, view, layout });
  const known = connection.lastMessageAt !== null || content.agents.length > 0;
  const refresh = useRefreshInterval({
    client,
    clock,
    refreshSeconds: preferences.refreshSeconds,
    known: content.agents.length > 0,
  });
  useAlarm(feed.alerts, preferences, text, known);

  const open = (next: string | null) => {
    setAgentId(next);
    if (next !== null) {
      setAlertsOpen(false);
      setQueueId(null);
    }
    props.onAgentId?.(next);
  };
  const openQueue = (next: string) => {
    if (agentId !== null) open(null);
    setAlertsOpen(false);
    setQueueId(next);
  };
  const changeView = (next: View) => {
    setView(next);
    props.onView?.(next);
  };
  const openAlerts = feed.alerts.filter((alert) => !alert.acknowledged);

  return (
    <BoardContext.Provider value={board}>
      <div
        ref={root}
        className="vigia"
        lang={locale}
        data-theme={theme}
        data-wallboard={wallboard || undefined}
        data-narrow={layout === "cards" || undefined}
        data-lost={lost || undefined}
      >
        <Header
          title={props.title ?? ""}
          agentCount={known ? content.agents.length : null}
          connection={connection}
          paused={refresh.paused}
          onPause={refresh.toggle}
          refreshSeconds={preferences.refreshSeconds}
          onRefreshSeconds={(refreshSeconds) => setPreferences({ refreshSeconds })}
          wallboard={wallboard}
          onWallboard={() => {
            setWallboard(!wallboard);
            props.onTv?.(!wallboard);
          }}
          locale={locale}
          onLocale={(next) => {
            setLocale(next);
            props.onLocale?.(next);
          }}
          theme={theme}
          onTheme={(next) => {
            setTheme(next);
            props.onTheme?.(next);
          }}
        >
          <AlertButton
            open={openAlerts}
            expanded={alertsOpen}
            onPress={() => {
              if (agentId !== null) open(null);
              setQueueId(null);
              setAlertsOpen(!alertsOpen);
            }}
            onSettings={() => setSettingsOpen(true)}
          />
        </Header>
        <main className="vg-main">
          <Banner
            connection={connection}
            lost={lost}
            paused={refresh.paused}
            pausedAt={refresh.pausedAt}
            onRetry={connection.reconnect}
            onResume={refresh.toggle}
            onSignIn={props.onSignIn ?? null}
          />
          <BoardMain
            content={content}
            known={known}
            view={view}
            onView={changeView}
            preferences={preferences}
            onPreferences={setPreferences}
            layout={layout}
            selected={agentId}
            onOpen={open}
            selectedQueue={queueId}
            onOpenQueue={openQueue}
          >
            {!wallboard && agentId !== null && (
              <CallPanel
                agentId={agentId}
                alerts={content.alerts.get(agentId) ?? []}
                preferences={preferences}
                onPreferences={setPreferences}
                modal={size !== "wide"}
                onClose={() => open(null)}
              />
            )}
            {!wallboard && agentId === null && queueId !== null && (
              <QueuePanel
                queueId={queueId}
                agents={content.agents}
                view={view}
                onView={changeView}
                onOpenAgent={open}
                modal={size !== "wide"}
                onClose={() => setQueueId(null)}
              />
            )}
            {!wallboard && agentId === null && alertsOpen && (
              <AlertPanel
                feed={feed}
                preferences={preferences}
                onPreferences={setPreferences}
                onOpen={open}
                modal={size !== "wide"}
                onClose={() => setAlertsOpen(false)}
              />
            )}
          </BoardMain>
        </main>
        {settingsOpen && (
          <SettingsDialog preferences={preferences} onSave={setPreferences} onClose={() => setSettingsOpen(false)} />
        )}
        <Announcer connection={connection} alerts={feed.alerts} shown={content.shown} view={view} />
      </div>
    </BoardContext.Provider>
  );
}
