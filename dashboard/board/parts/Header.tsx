import { type ReactNode, useRef } from "react";
import type { Connection } from "../../client/contract.ts";
import { useBoard } from "./board-context.ts";
import { ConnectionPill } from "./ConnectionPill.tsx";
import { type HeaderAction, HeaderMenu, type HeaderMenuProps } from "./HeaderMenu.tsx";
import { Icon } from "./Icon.tsx";
import { useOneTabStop } from "./keys/one-tab-stop.ts";

interface HeaderProps extends HeaderMenuProps {
  title: string;
  agentCount: number | null;
  connection: Connection;
  paused: boolean;
  onPause: () => void;
  /** The board shows the past: what belongs to the live board is out of the way. */
  isPast: boolean;
  /** Opens the past, or goes back from it. */
  onHistory: () => void;
  onWallboard: () => void;
  onSettings: () => void;
  onKeys: () => void;
  /** Null = the page has no way to sign out. */
  onSignOut: (() => void) | null;
  /** A phone or a tablet has room for what is used all day only. The rest is in the menu. */
  narrow: boolean;
  /** The choice of teams. */
  teams: ReactNode;
  /** The button for alerts. */
  children: ReactNode;
}

/** The line at the top: the contact center, the connection, and the buttons for the whole board. */
export function Header(props: HeaderProps) {
  const { text } = useBoard();
  const { narrow, onSignOut } = props;
  const buttons = useRef<HTMLDivElement>(null);
  const oneStop = useOneTabStop(buttons, "button.vg-button");
  const pause = text.text(props.paused ? "action.resume" : "action.pause");
  const { isPast } = props;
  const history = text.text("replay.open");
  const elsewhere: HeaderAction[] = [
    ...(isPast ? [] : [{ words: pause, onPress: props.onPause }]),
    { words: history, onPress: props.onHistory },
    { words: text.text("action.wallboard"), onPress: props.onWallboard },
    { words: text.text("action.settings"), onPress: props.onSettings },
  ];
  const keys: HeaderAction = { words: text.text("keys.open.menu"), onPress: props.onKeys };
  const signOut: HeaderAction[] = onSignOut === null ? [] : [{ words: text.text("signin.out"), onPress: onSignOut }];
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
      {props.teams}
      {isPast ? <PastPill /> : <ConnectionPill connection={props.connection} paused={props.paused} />}
      <div ref={buttons} className="vg-actions" role="toolbar" aria-label={text.text("toolbar.header")} {...oneStop}>
        {!narrow && !isPast && (
          <button type="button" className="vg-button" aria-pressed={props.paused} onClick={props.onPause}>
            <Icon name={props.paused ? "play" : "pause"} />
            {pause}
          </button>
        )}
        {props.children}
        {!narrow && (
          <>
            <button type="button" className="vg-button" aria-pressed={isPast} onClick={props.onHistory}>
              <Icon name="history" />
              {history}
            </button>
            <button type="button" className="vg-button" onClick={props.onWallboard}>
              <Icon name="screen" />
              {text.text("action.wallboard")}
            </button>
            <button
              type="button"
              className="vg-button"
              aria-label={text.text("action.settings")}
              title={text.text("action.settings")}
              onClick={props.onSettings}
            >
              <Icon name="gear" />
            </button>
          </>
        )}
        <HeaderMenu {...props} actions={[...(narrow ? elsewhere : []), keys, ...signOut]} />
      </div>
    </header>
  );
}

function PastPill() {
  const { text } = useBoard();
  return (
    <span className="vg-pill" data-state="past">
      <Icon name="history" />
      {text.text("replay.notLive")}
    </span>
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
