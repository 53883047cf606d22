import "./styles/board.css";
import { useMemo, useRef, useState } from "react";
import { DEFAULT_THRESHOLDS } from "../client/alerts.ts";
import type { AgentClient } from "../client/contract.ts";
import { AgentClientProvider } from "../react/provider.tsx";
import { useAlerts } from "../react/use-alerts.ts";
import { useConnection, usePaused } from "../react/use-connection.ts";
import { hasFilters, START_VIEW, type View, withoutFilters } from "./model/view.ts";
import { AgentCards } from "./parts/AgentCards.tsx";
import { AgentTable } from "./parts/AgentTable.tsx";
import { Banner, useLost } from "./parts/Banner.tsx";
import { useBoardContent } from "./parts/board-content.ts";
import { BoardContext } from "./parts/board-context.ts";
import { EmptyWords } from "./parts/EmptyWords.tsx";
import { Header, type Theme } from "./parts/Header.tsx";
import { useNarrow } from "./parts/narrow.ts";
import { Tiles } from "./parts/Tiles.tsx";
import { Toolbar } from "./parts/Toolbar.tsx";
import { Ticker } from "./parts/ticker.ts";
import { createText, type Locale } from "./text/text.ts";

export interface AgentBoardProps {
  /** What the board shows. It is connected while the board is mounted, unless it already was. */
  client: AgentClient;
  /** The name of the contact center. */
  title?: string;
  locale?: Locale;
  theme?: Theme;
  /** The wall screen: large, nothing to press. */
  tv?: boolean;
  /** The view to begin with. */
  view?: View;
  /** Told about every change the reader makes, so that the page can keep it. */
  onLocale?: (locale: Locale) => void;
  onTheme?: (theme: Theme) => void;
  onTv?: (tv: boolean) => void;
  onView?: (view: View) => void;
  /** Opens the page's way to sign in; without it the board only says that it is needed. */
  onSignIn?: () => void;
}

/** The live board of one contact center. Takes the size of its container; brings its own styles, scoped to itself. */
export function AgentBoard(props: AgentBoardProps) {
  return (
    <AgentClientProvider client={props.client}>
      <Board {...props} />
    </AgentClientProvider>
  );
}

function Board(props: AgentBoardProps) {
  const { client, onSignIn } = props;
  const [locale, setLocale] = useState<Locale>(props.locale ?? "en");
  const [theme, setTheme] = useState<Theme>(props.theme ?? "auto");
  const [tv, setTv] = useState(props.tv ?? false);
  const [view, setView] = useState(props.view ?? START_VIEW);
  const [selected, setSelected] = useState<string | null>(null);
  const [thresholds] = useState(DEFAULT_THRESHOLDS);

  const text = useMemo(() => createText(locale), [locale]);
  const ticker = useMemo(() => new Ticker(client), [client]);
  const board = useMemo(() => ({ ticker, text, thresholds }), [ticker, text, thresholds]);
  const connection = useConnection();
  const { paused, pause, resume } = usePaused();
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const lost = useLost(connection);
  const { alerts } = useAlerts(thresholds);
  const content = useBoardContent({ client, ticker, text, thresholds, alerts, view });
  const root = useRef<HTMLDivElement>(null);
  const narrow = useNarrow(root);

  const changeView = (next: View) => {
    setView(next);
    props.onView?.(next);
  };
  const known = connection.lastMessageAt !== null || content.agents.length > 0;
  const empty = (
    <EmptyWords
      known={known}
      filtered={content.agents.length > 0 && hasFilters(view)}
      onClear={() => changeView(withoutFilters(view))}
    />
  );
  const list = { rows: content.rows, view, alerts: content.alerts, selected, held: content.held, onOpen: setSelected, empty };

  return (
    <BoardContext value={board}>
      <div
        ref={root}
        className="vigia"
        lang={locale}
        data-theme={theme}
        data-tv={tv || undefined}
        data-narrow={narrow || undefined}
        data-lost={lost || undefined}
      >
        <Header
          title={props.title ?? ""}
          agentCount={known ? content.agents.length : null}
          connection={connection}
          paused={paused}
          onPause={() => {
            setPausedAt(paused ? null : Date.now());
            if (paused) resume();
            else pause();
          }}
          tv={tv}
          onTv={() => {
            setTv(!tv);
            props.onTv?.(!tv);
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
        />
        <main className="vg-main">
          <Banner
            connection={connection}
            lost={lost}
            paused={paused}
            pausedAt={pausedAt}
            onRetry={connection.reconnect}
            onResume={resume}
            onSignIn={onSignIn ?? null}
          />
          <Tiles summary={content.summary} view={view} onView={changeView} known={known} />
          {!tv && <Toolbar agents={content.agents} view={view} onView={changeView} onCsv={() => {}} />}
          {narrow || tv ? <AgentCards {...list} /> : <AgentTable {...list} onView={changeView} />}
        </main>
      </div>
    </BoardContext>
  );
}
