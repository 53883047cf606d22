import "./styles/first.css";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import type { AgentClient } from "../client/contract.ts";
import { AgentClientProvider } from "../react/provider.tsx";
import { shallow } from "../react/shallow.ts";
import { useAlerts } from "../react/use-alerts.ts";
import { useConnection } from "../react/use-connection.ts";
import { useQueues } from "../react/use-queues.ts";
import type { DayPlace } from "./model/day/day-place.ts";
import { START_VIEW, type View } from "./model/view.ts";
import { Announcer } from "./parts/Announcer.tsx";
import { BoardActionLayer } from "./parts/actions/BoardActionLayer.tsx";
import { useBoardReader } from "./parts/actions/reader-rights.ts";
import { AlertButton } from "./parts/alerts/AlertButton.tsx";
import { useCenterRules } from "./parts/alerts/center-rules.ts";
import { useLiveAlerts } from "./parts/alerts/live-alerts.ts";
import { Banner, useLost } from "./parts/Banner.tsx";
import { BoardDialogs, type OpenDialog } from "./parts/BoardDialogs.tsx";
import { BoardMain } from "./parts/BoardMain.tsx";
import { BoardPanel } from "./parts/BoardPanel.tsx";
import { BoardClock } from "./parts/board-clock.ts";
import { useBoardContent } from "./parts/board-content.ts";
import type { PreferenceStorage } from "./parts/browser-storage.ts";
import { useContainerSize, useIsShort } from "./parts/container-size.ts";
import { useChoice, useControllableState } from "./parts/controllable-state.ts";
import { Header } from "./parts/Header.tsx";
import { BoardKeys } from "./parts/keys/BoardKeys.tsx";
import { latePart } from "./parts/late-part.tsx";
import { useOpenPanel } from "./parts/open-panel-state.ts";
import { usePreferences } from "./parts/preferences.ts";
import { useReaderTeams } from "./parts/reader-teams.ts";
import { useRefreshInterval } from "./parts/refresh-interval.ts";
import { lookingOnly } from "./parts/replay/looking-only.ts";
import { historyPress, useReplay, useReplayClock } from "./parts/replay/use-replay.ts";
import { ShownBoard } from "./parts/ShownBoard.tsx";
import { useShownCenter } from "./parts/shown-center.ts";
import { useSpareTime } from "./parts/spare-time.ts";
import { TeamPicker } from "./parts/TeamPicker.tsx";
import type { Theme } from "./parts/theme.ts";
import { useWords } from "./parts/words.ts";
import { chooseLocale, type Locale } from "./text/text.ts";

const ReplayBar = latePart("tools", () => import("./parts/replay/ReplayBar.tsx"));
const Wallboard = latePart("wallboard", () => import("./parts/wallboard/Wallboard.tsx"));

export interface AgentBoardProps {
  /** The source of the agents. The board connects it while mounted, unless it is connected already. */
  client: AgentClient;
  /** The name of the contact center. Without it the board shows the name that the hub's operator has set. */
  title?: string | undefined;
  locale?: Locale | undefined;
  theme?: Theme | undefined;
  /** Shows the wallboard: a page of its own, to be read from a distance. */
  tv?: boolean | undefined;
  view?: View | undefined;
  /** The agent whose call is open. */
  agentId?: string | null | undefined;
  /** Which contact, date or team's day the page shows. */
  day?: DayPlace | undefined;
  /** The moment of the past to begin with, in epoch milliseconds. The default is the live board. */
  at?: number | null | undefined;
  /** The alias of the Amazon Connect instance, for links to contacts. The reader can set another one. */
  connectAlias?: string | undefined;
  /** Keeps the preferences: sound, muted rules, saved views and others. The default is `localStorage`. With null they are lost at reload. */
  storage?: PreferenceStorage | null | undefined;
  /** Called with every choice of the reader, so that the page can keep it. */
  onLocale?: ((locale: Locale) => void) | undefined;
  onTheme?: ((theme: Theme) => void) | undefined;
  onTv?: ((tv: boolean) => void) | undefined;
  onView?: ((view: View) => void) | undefined;
  onAgentId?: ((agentId: string | null) => void) | undefined;
  onDay?: ((day: DayPlace) => void) | undefined;
  /** Called with the moment of the past that the board shows, at most once a second, and with null when it is live again. */
  onAt?: ((at: number | null) => void) | undefined;
  /** Called with the number of alerts that wait for somebody, for example for the title of the page. */
  onOpenAlerts?: ((count: number) => void) | undefined;
  /** Lets the reader sign in. Without it the board only shows that the reader must sign in. */
  onSignIn?: (() => void) | undefined;
  /** Lets the reader sign out. Without it the board has no button for it. */
  onSignOut?: (() => void) | undefined;
}

/** The live board of one contact center. It has the size of its container, and styles that apply to nothing else. */
export function AgentBoard(props: AgentBoardProps) {
  const [tv, changeTv] = useChoice(props.tv, false, props.onTv);
  const [view, changeView] = useChoice(props.view, START_VIEW, props.onView);
  // A page without types may give any language, for example that of the browser.
  const [locale, changeLocale] = useChoice<Locale>(props.locale && chooseLocale([props.locale]), "en", props.onLocale);
  const [theme, changeTheme] = useChoice<Theme>(props.theme, "auto", props.onTheme);
  return (
    <AgentClientProvider client={props.client}>
      {tv ? (
        <Wallboard
          client={props.client}
          title={props.title}
          locale={locale}
          theme={theme}
          view={view}
          storage={props.storage}
          onLeave={() => changeTv(false)}
          onOpenAlerts={props.onOpenAlerts}
          onSignIn={props.onSignIn}
        />
      ) : (
        <BoardInLanguage
          {...props}
          view={view}
          locale={locale}
          theme={theme}
          onView={changeView}
          onLocale={changeLocale}
          onTheme={changeTheme}
          onTv={changeTv}
        />
      )}
    </AgentClientProvider>
  );
}

type BoardProps = AgentBoardProps & { [Key in "locale" | "onLocale" | "theme" | "onTheme"]: NonNullable<AgentBoardProps[Key]> };

/** Shows the board as soon as it has words. The client connects meanwhile. */
function BoardInLanguage(props: BoardProps) {
  const locale = useWords(props.locale);
  if (locale === null) return <div className="vigia" lang={props.locale} data-theme={props.theme} aria-busy="true" />;
  return <Board {...props} locale={locale} />;
}

function Board(props: BoardProps) {
  const { client: live, locale, theme } = props;
  const replay = useReplay(props);
  const isPast = replay.begun !== null;
  const client = replay.begun?.client ?? live;
  const [given, setView] = useControllableState(props.view, START_VIEW);
  const { panel, openPanel, openAgent, openQueue, openAlert, day, changeDay } = useOpenPanel(props);
  const agentId = panel?.kind === "agent" ? panel.agentId : null;
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const kept = usePreferences(props.storage, props.connectAlias === undefined ? {} : { connectAlias: props.connectAlias });
  const { preferences, change: setPreferences } = kept;
  const { view, teams, changeView, changeTeams, leaving } = useReaderTeams(kept, { given, setView, onView: props.onView });
  const { text, title } = useShownCenter(locale, isPast, props.title);
  const clock = useMemo(() => new BoardClock(client), [client]);
  useReplayClock(replay.begun, clock);
  const connection = useConnection();
  const ruleIds = useAlerts((alerts) => [...new Set(alerts.map(({ rule }) => rule))].sort(), shallow);
  const centerRules = useCenterRules(live, connection.status === "live", ruleIds);
  const queueNames = useQueues((queues) => Object.fromEntries(queues.map(({ queueId, name }) => [queueId, name])), shallow);
  const ownReader = useBoardReader(live, connection.status === "live");
  const { rules, reader } = useMemo(
    () => lookingOnly(isPast, centerRules.answer, ownReader),
    [isPast, centerRules.answer, ownReader],
  );
  const board = useMemo(() => ({ clock, text, rules, reader, isPast }), [clock, text, rules, reader, isPast]);
  const lost = useLost(connection) && !isPast;
  const root = useRef<HTMLDivElement>(null);
  const size = useContainerSize(root);
  const isShort = useIsShort(root);
  const layout = size === "narrow" ? "cards" : "table";
  // A key stroke shows in its field at once. The list follows as soon as there is time, also among thousands of agents.
  const listed = useDeferredValue(view);
  const content = useBoardContent({ client, clock, text, rules, queueNames, view: listed, teams });
  const known = (isPast ? client.connection() : connection).lastMessageAt !== null || content.agents.length > 0;
  const refresh = useRefreshInterval({
    client: live,
    clock,
    refreshSeconds: preferences.refreshSeconds,
    known: content.agents.length > 0,
  });
  useSpareTime(known);
  const toggleAlerts = () => openPanel(panel?.kind === "alerts" ? null : { kind: "alerts" });
  const liveAlerts = useLiveAlerts({
    live,
    replay,
    shown: content.allAlerts,
    scope: content.scope,
    queueNames,
    rules: centerRules.answer.rules,
    preferences,
    text,
    openAlert,
    onOpenAlerts: props.onOpenAlerts,
  });

  return (
    <ShownBoard client={client} board={board}>
      <div
        ref={root}
        className="vigia"
        lang={locale}
        data-theme={theme}
        data-narrow={layout === "cards" || undefined}
        data-short={isShort || undefined}
        data-lost={lost || undefined}
        data-replay={isPast || undefined}
      >
        <BoardKeys
          root={root}
          singleKeys={preferences.singleKeys}
          onAlerts={toggleAlerts}
          onSheet={() => setDialog("keys")}
          onLive={replay.isOpen ? replay.leave : null}
          onClosePanel={panel === null ? null : () => openPanel(null)}
        />
        <Header
          title={title}
          agentCount={known ? content.scoped.length : null}
          connection={connection}
          paused={refresh.paused}
          onPause={refresh.toggle}
          refreshSeconds={preferences.refreshSeconds}
          onRefreshSeconds={(refreshSeconds) => setPreferences({ refreshSeconds })}
          isPast={isPast}
          onHistory={historyPress(replay, refresh)}
          onWallboard={() => props.onTv?.(true)}
          locale={locale}
          onLocale={props.onLocale}
          theme={theme}
          onTheme={props.onTheme}
          onSettings={() => setDialog("settings")}
          onKeys={() => setDialog("keys")}
          onSignOut={props.onSignOut === undefined ? null : leaving(props.onSignOut)}
          narrow={size !== "wide"}
          teams={<TeamPicker agents={content.agents} teams={teams} onTeams={changeTeams} />}
        >
          <AlertButton open={liveAlerts.open} expanded={panel?.kind === "alerts"} onPress={toggleAlerts} />
        </Header>
        <main className="vg-main">
          <Banner
            connection={connection}
            hidden={isPast}
            lost={lost}
            paused={refresh.paused}
            pausedAt={refresh.pausedAt}
            onRetry={connection.reconnect}
            onResume={refresh.toggle}
            onSignIn={props.onSignIn ?? null}
          />
          {replay.isOpen && (
            <ReplayBar
              live={live}
              replay={replay}
              scope={content.scope}
              singleKeys={preferences.singleKeys}
              onLiveAlerts={() => liveAlerts.openLive(null)}
            />
          )}
          <BoardMain
            content={content}
            title={title}
            known={known}
            view={view}
            onView={changeView}
            onTeams={changeTeams}
            preferences={preferences}
            onPreferences={setPreferences}
            layout={layout}
            selected={agentId}
            onOpen={openAgent}
            selectedQueue={panel?.kind === "queue" ? panel.queueId : null}
            onOpenQueue={openQueue}
            day={day}
            onDay={changeDay}
          >
            <BoardPanel
              panel={panel}
              content={content}
              view={view}
              onView={changeView}
              preferences={preferences}
              onPreferences={setPreferences}
              modal={size !== "wide" || isShort}
              day={day}
              onDay={changeDay}
              onOpenAgent={openAgent}
              onOpenAlert={openAlert}
              onClose={() => openPanel(null)}
            />
          </BoardMain>
          <BoardActionLayer openAgentId={agentId} onOpen={openAgent} />
        </main>
        <BoardDialogs
          open={dialog}
          onOpen={setDialog}
          preferences={preferences}
          rules={{ ...centerRules, answer: rules }}
          onSave={setPreferences}
          center={title}
        />
        <Announcer
          connection={connection}
          lost={lost}
          news={liveAlerts.criticalNews}
          onAnnounced={liveAlerts.onAnnounced}
          shown={content.shown}
          view={view}
        />
      </div>
    </ShownBoard>
  );
}
