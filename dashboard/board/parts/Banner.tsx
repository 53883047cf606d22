import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { CLOSE } from "../../../protocol/close-codes.ts";
import type { Connection } from "../../client/contract.ts";
import { secondTicker } from "../../react/ticker.ts";
import { useText } from "./board-context.ts";
import { useCloseWords } from "./ConnectionPill.tsx";
import { Icon } from "./Icon.tsx";

/** Milliseconds without a connection before the banner shows. The banner moves the page down, so a short loss shows none. */
const PATIENCE_MS = 3000;

/** Returns true when the connection is lost for long enough to show it. */
export function useLost(connection: Connection): boolean {
  const down = connection.status === "reconnecting" || connection.status === "offline" || connection.status === "connecting";
  const [lost, setLost] = useState(false);
  const { since } = connection;
  useEffect(() => {
    if (!down) return setLost(false);
    const timer = setTimeout(() => setLost(true), Math.max(0, since + PATIENCE_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [down, since]);
  if (connection.status === "unauthorized" || connection.status === "closed") return true;
  return lost && down;
}

interface BannerProps {
  connection: Connection;
  /** The board shows the past: only somebody who has to sign in is told so. */
  hidden?: boolean | undefined;
  lost: boolean;
  paused: boolean;
  /** When the reader paused the board, in epoch milliseconds on this machine's clock. */
  pausedAt: number | null;
  onRetry: () => void;
  onResume: () => void;
  /** Lets the reader sign in. Null when the page has no way to sign in. */
  onSignIn: (() => void) | null;
}

/** Says why the board is not live, and what the reader can do. */
export function Banner(props: BannerProps) {
  const text = useText();
  const { connection } = props;
  const why = useCloseWords(connection.error);
  if (connection.status === "unauthorized") {
    // Somebody who was never signed in is asked to sign in, and not to do it again.
    const first = connection.lastMessageAt === null && connection.error === "ticket_refused";
    return (
      <Line tone="bad" words={first ? text.text("signin.first") : (why ?? text.text("close.bad_ticket"))}>
        {props.onSignIn !== null && (
          <button type="button" className="vg-button" onClick={props.onSignIn}>
            {text.text(first ? "signin.title" : "signin.again")}
          </button>
        )}
      </Line>
    );
  }
  if (props.hidden) return null;
  if (connection.status === "closed") {
    if (why === null) return null;
    return (
      <Line tone="bad" words={why}>
        {connection.error === CLOSE.tooManyViewers.reason && (
          <button type="button" className="vg-button" onClick={props.onRetry}>
            {text.text("banner.retryNow")}
          </button>
        )}
      </Line>
    );
  }
  if (props.lost) {
    const at = connection.lastMessageAt;
    const known =
      at === null
        ? text.text("banner.never")
        : text.text(connection.status === "offline" ? "banner.offline" : "banner.reconnecting", { time: text.time(at) });
    return (
      <Line tone="bad" words={[known, why === null || connection.status === "offline" ? "" : why].join(" ")}>
        <Countdown at={connection.nextRetryAt} />
        <button type="button" className="vg-button" onClick={props.onRetry}>
          {text.text("banner.retryNow")}
        </button>
      </Line>
    );
  }
  if (props.paused && props.pausedAt !== null) {
    return (
      <Line tone="warn" words={text.text("banner.paused", { time: text.time(props.pausedAt) })}>
        <button type="button" className="vg-button" onClick={props.onResume}>
          {text.text("action.resume")}
        </button>
      </Line>
    );
  }
  return null;
}

function Line({ tone, words, children }: { tone: "bad" | "warn"; words: string; children?: ReactNode }) {
  return (
    <div className="vg-banner" data-tone={tone}>
      <Icon name={tone === "bad" ? "lost" : "pause"} />
      <span>{words}</span>
      {children}
    </div>
  );
}

function Countdown({ at }: { at: number | null }) {
  const text = useText();
  const secondsLeft = () => (at === null ? 0 : Math.max(0, Math.ceil((at - Date.now()) / 1000)));
  const seconds = useSyncExternalStore(secondTicker.subscribe, secondsLeft, () => 0);
  if (seconds === 0) return null;
  return <span className="vg-sub">{text.count("banner.retry", seconds)}</span>;
}
