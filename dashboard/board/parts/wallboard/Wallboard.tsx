import "../../styles/wallboard.css";
import { type CSSProperties, useMemo, useRef, useState } from "react";
import type { AgentClient } from "../../../client/contract.ts";
import { shallow } from "../../../react/shallow.ts";
import { useAlerts } from "../../../react/use-alerts.ts";
import { useCenter } from "../../../react/use-center.ts";
import { useConnection } from "../../../react/use-connection.ts";
import { chosenTeams } from "../../model/scope.ts";
import type { View } from "../../model/view.ts";
import { unitOf } from "../../model/wallboard.ts";
import { createText, type Locale } from "../../text/text.ts";
import { useCenterRules } from "../alerts/center-rules.ts";
import { Banner, useLost } from "../Banner.tsx";
import { BoardClock } from "../board-clock.ts";
import { BoardContext } from "../board-context.ts";
import type { PreferenceStorage } from "../browser-storage.ts";
import { usePreferences } from "../preferences.ts";
import { useRefreshInterval } from "../refresh-interval.ts";
import type { Theme } from "../theme.ts";
import { useWords } from "../words.ts";
import { useElementSize } from "./element-size.ts";
import { useReconnecting } from "./reconnecting.ts";
import { useScreenStaysOn, useSomebodyThere } from "./screen.ts";
import { WallboardControls } from "./WallboardControls.tsx";
import { WallboardScreen } from "./WallboardScreen.tsx";

/** A screen narrower or lower than this, in units, is a window, a phone or a zoomed page. */
const NARROW = 900;
const LOW = 900;
/** The size before the browser has measured: a screen of 1080p. */
const USUAL_SCREEN = { width: 1920, height: 1080 };

export interface WallboardProps {
  client: AgentClient;
  /** The name of the contact center. Without it, the one that the hub's operator has set. */
  title: string | undefined;
  locale: Locale;
  theme: Theme;
  view: View;
  storage: PreferenceStorage | null | undefined;
  /** Leaves the wallboard. Null: a display link shows nothing else. */
  onLeave: (() => void) | null;
  onOpenAlerts?: ((count: number) => void) | undefined;
  onSignIn?: (() => void) | undefined;
}

/** The wallboard: a page of its own, for people who stand far away and press nothing. It waits for its words. */
export default function Wallboard(props: WallboardProps) {
  const locale = useWords(props.locale);
  if (locale === null)
    return <div className="vigia" lang={props.locale} data-theme={props.theme} data-wallboard="" aria-busy="true" />;
  return <WallboardInLanguage {...props} locale={locale} />;
}

function WallboardInLanguage(props: WallboardProps) {
  const { client, locale, onSignIn, onLeave } = props;
  const center = useCenter();
  const text = useMemo(() => createText(locale), [locale]);
  const clock = useMemo(() => new BoardClock(client), [client]);
  const connection = useConnection();
  const ruleIds = useAlerts((alerts) => [...new Set(alerts.map(({ rule }) => rule))].sort(), shallow);
  const rules = useCenterRules(client, connection.status === "live", ruleIds).answer;
  const board = useMemo(() => ({ clock, text, rules }), [clock, text, rules]);
  const { preferences } = usePreferences(props.storage, {});
  const view = useMemo(
    () => ({ ...props.view, teams: chosenTeams(props.view, preferences.teams) }),
    [props.view, preferences.teams],
  );
  const lost = useLost(connection);
  const known = connection.lastMessageAt !== null;
  useRefreshInterval({ client, clock, refreshSeconds: preferences.refreshSeconds, known });
  useReconnecting(connection, client.reconnect, onSignIn !== undefined);
  useScreenStaysOn();
  const somebodyThere = useSomebodyThere();
  const [held, setHeld] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const size = useElementSize(root) ?? USUAL_SCREEN;
  const unit = unitOf(size);
  const style: CSSProperties & Record<`--${string}`, string> = { "--u": `${unit}px` };

  return (
    <BoardContext.Provider value={board}>
      <div
        ref={root}
        className="vigia vg-wb"
        lang={locale}
        data-theme={props.theme}
        data-wallboard=""
        data-lost={lost || undefined}
        data-narrow-screen={size.width < NARROW * unit || undefined}
        data-low-screen={size.height < LOW * unit || undefined}
        data-alone={!somebodyThere || undefined}
        style={style}
      >
        <WallboardScreen
          client={client}
          title={props.title ?? center?.name ?? ""}
          timeZone={center?.timeZone ?? null}
          view={view}
          preferences={preferences}
          connection={connection}
          known={known || client.agents().length > 0}
          size={size}
          unit={unit}
          held={held}
          onOpenAlerts={props.onOpenAlerts}
          notice={
            <Banner
              connection={connection}
              lost={lost}
              paused={false}
              pausedAt={null}
              onRetry={connection.reconnect}
              onResume={client.resume}
              onSignIn={onSignIn ?? null}
            />
          }
        />
        <WallboardControls held={held} onHold={setHeld} onLeave={onLeave} visible={somebodyThere} />
      </div>
    </BoardContext.Provider>
  );
}
