import { REFRESH_SECONDS, type RefreshSeconds } from "../model/preferences.ts";
import { LOCALES, type Locale } from "../text/text.ts";
import { useBoard } from "./board-context.ts";
import { Choices, Menu } from "./Menu.tsx";
import { THEMES, type Theme } from "./theme.ts";

const LANGUAGE_NAME: Readonly<Record<Locale, string>> = { "es-MX": "Español", en: "English" };
/** Radio buttons have texts as values. */
const INTERVALS = REFRESH_SECONDS.map(String);

/** A choice of the menu that does something once. */
export interface HeaderAction {
  words: string;
  onPress: () => void;
}

export interface HeaderMenuProps {
  refreshSeconds: RefreshSeconds;
  onRefreshSeconds: (refreshSeconds: RefreshSeconds) => void;
  locale: Locale;
  onLocale: (locale: Locale) => void;
  theme: Theme;
  onTheme: (theme: Theme) => void;
}

/** What a reader sets once: language, colours, how often the board changes. On a phone, also what has no room in the header. */
export function HeaderMenu(props: HeaderMenuProps & { actions: readonly HeaderAction[] }) {
  const { text } = useBoard();
  return (
    <Menu label={text.text("header.menu")} icon="rows" align="end" bare active={props.refreshSeconds > 0}>
      {(close) => (
        <>
          {props.actions.map(({ words, onPress }) => (
            <button
              key={words}
              type="button"
              className="vg-link vg-menu-action"
              onClick={() => {
                close();
                onPress();
              }}
            >
              {words}
            </button>
          ))}
          <Choices
            legend={text.text("action.language")}
            kind="radio"
            items={LOCALES}
            chosen={[props.locale]}
            label={(locale) => <span lang={locale}>{LANGUAGE_NAME[locale]}</span>}
            onToggle={props.onLocale}
          />
          <Choices
            legend={text.text("action.theme")}
            kind="radio"
            items={THEMES}
            chosen={[props.theme]}
            label={(theme) => text.text(`theme.${theme}`)}
            onToggle={props.onTheme}
          />
          <Choices
            legend={text.text("header.updates")}
            kind="radio"
            items={INTERVALS}
            chosen={[String(props.refreshSeconds)]}
            label={(seconds) =>
              seconds === "0" ? text.text("refreshInterval.live") : text.text("refreshInterval.every", { seconds })
            }
            onToggle={(wanted) => props.onRefreshSeconds(REFRESH_SECONDS.find((seconds) => String(seconds) === wanted) ?? 0)}
          />
        </>
      )}
    </Menu>
  );
}
