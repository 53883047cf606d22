import type { ReactNode } from "react";
import type { Connection } from "../../client/contract.ts";
import { REFRESH_SECONDS, type RefreshSeconds } from "../model/preferences.ts";
import { LOCALES, type Locale } from "../text/text.ts";
import { useBoard } from "./board-context.ts";
import { ConnectionPill } from "./ConnectionPill.tsx";
import { Icon, type IconName } from "./Icon.tsx";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const THEME_ICON: Readonly<Record<Theme, IconName>> = { auto: "auto", light: "sun", dark: "moon" };
const LANGUAGE_NAME: Readonly<Record<Locale, string>> = { "es-MX": "Español", en: "English" };

interface HeaderProps {
  title: string;
  agentCount: number | null;
  connection: Connection;
  paused: boolean;
  onPause: () => void;
  refreshSeconds: RefreshSeconds;
  onRefreshSeconds: (refreshSeconds: RefreshSeconds) => void;
  wallboard: boolean;
  onWallboard: () => void;
  locale: Locale;
  onLocale: (locale: Locale) => void;
  theme: Theme;
  onTheme: (theme: Theme) => void;
  /** Null = the page has no way to sign out. */
  onSignOut: (() => void) | null;
  /** The choice of teams. The wallboard does not have it. */
  teams: ReactNode;
  /** The buttons for alerts and settings. The wallboard does not have them. */
  children?: ReactNode;
}

/** The line at the top: the contact center, the connection, and the buttons for the whole board. */
export function Header(props: HeaderProps) {
  const { text, clock } = useBoard();
  const nextTheme = THEMES[(THEMES.indexOf(props.theme) + 1) % THEMES.length] ?? "auto";
  return (
    <header className="vg-header">
      <h1 className="vg-brand">
        <Logo />
        {text.text("app.name")}
      </h1>
      <p className="vg-instance">
        {props.title}
        {props.agentCount !== null && <span> · {text.count("app.agents", props.agentCount)}</span>}
      </p>
      {!props.wallboard && props.teams}
      <time className="vg-print-only">{text.dateTime(clock.now())}</time>
      <ConnectionPill connection={props.connection} paused={props.paused} />
      <div className="vg-actions">
        <button type="button" className="vg-button" aria-pressed={props.paused} onClick={props.onPause}>
          <Icon name={props.paused ? "play" : "pause"} />
          <span className="vg-word">{text.text(props.paused ? "action.resume" : "action.pause")}</span>
        </button>
        <RefreshButton refreshSeconds={props.refreshSeconds} onRefreshSeconds={props.onRefreshSeconds} />
        {!props.wallboard && props.children}
        <button type="button" className="vg-button" aria-pressed={props.wallboard} onClick={props.onWallboard}>
          <Icon name="screen" />
          <span className="vg-word">{text.text(props.wallboard ? "action.leaveWallboard" : "action.wallboard")}</span>
        </button>
        {!props.wallboard && (
          <>
            <fieldset className="vg-languages">
              <legend className="vg-hidden">{text.text("action.language")}</legend>
              {LOCALES.map((locale) => (
                <button
                  key={locale}
                  type="button"
                  lang={locale}
                  aria-pressed={locale === props.locale}
                  onClick={() => props.onLocale(locale)}
                >
                  {locale.slice(0, 2).toUpperCase()}
                  <span className="vg-hidden"> {LANGUAGE_NAME[locale]}</span>
                </button>
              ))}
            </fieldset>
            <button
              type="button"
              className="vg-button"
              aria-label={`${text.text("action.theme")}: ${text.text(`theme.${props.theme}`)}`}
              title={`${text.text("action.theme")}: ${text.text(`theme.${props.theme}`)}`}
              onClick={() => props.onTheme(nextTheme)}
            >
              <Icon name={THEME_ICON[props.theme]} />
            </button>
            {props.onSignOut !== null && (
              <button
                type="button"
                className="vg-button"
                aria-label={text.text("signin.out")}
                title={text.text("signin.out")}
                onClick={props.onSignOut}
              >
                <Icon name="leave" />
              </button>
            )}
          </>
        )}
      </div>
    </header>
  );
}

function RefreshButton({ refreshSeconds, onRefreshSeconds }: Pick<HeaderProps, "refreshSeconds" | "onRefreshSeconds">) {
  const { text } = useBoard();
  const next = REFRESH_SECONDS[(REFRESH_SECONDS.indexOf(refreshSeconds) + 1) % REFRESH_SECONDS.length] ?? 0;
  const words = text.text("action.refreshInterval", {
    interval:
      refreshSeconds === 0 ? text.text("refreshInterval.live") : text.text("refreshInterval.every", { seconds: refreshSeconds }),
  });
  return (
    <button
      type="button"
      className="vg-button"
      aria-label={words}
      title={words}
      data-active={refreshSeconds > 0 || undefined}
      onClick={() => onRefreshSeconds(next)}
    >
      <Icon name="away" />
      {refreshSeconds > 0 && <span>{text.text("refreshInterval.seconds", { seconds: refreshSeconds })}</span>}
    </button>
  );
}

function Logo() {
  return (
    <svg className="vg-logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M2 12c2.6-4.6 5.9-6.9 10-6.9s7.4 2.3 10 6.9c-2.6 4.6-5.9 6.9-10 6.9S4.6 16.6 2 12Z" />
      <circle cx="12" cy="12" r="3.4" />
    </svg>
  );
}
