import { useLayoutEffect, useState } from "react";
import type { AgentClient } from "../../client/contract.ts";
import { usePaused } from "../../react/use-connection.ts";
import type { RefreshSeconds } from "../model/preferences.ts";
import type { Ticker } from "./ticker.ts";

const MS_PER_SECOND = 1000;

interface RefreshInput {
  client: AgentClient;
  ticker: Ticker;
  refreshSeconds: RefreshSeconds;
  /** Whether there is anything to hold: the first agents are never waited for. */
  known: boolean;
}

export interface RefreshControl {
  /** Whether the reader has stopped the board; between two updates it is not. */
  paused: boolean;
  /** Epoch milliseconds on this machine's clock; null when nobody pressed pause here. */
  pausedAt: number | null;
  toggle: () => void;
}

/** The reader's hand on the news: stopped, every so many seconds, or as it comes. Clocks keep step with the news. */
export function useRefreshInterval({ client, ticker, refreshSeconds, known }: RefreshInput): RefreshControl {
  const { paused: held, resume } = usePaused();
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const stopped = pausedAt !== null;
  const periodic = !stopped && refreshSeconds > 0 && known;
  // Before the page is painted: the end of an interval must not look like a pause.
  useLayoutEffect(() => {
    if (!stopped && !periodic) return;
    client.pause();
    const beat = () => {
      client.resume();
      ticker.beat();
      client.pause();
    };
    const timer = periodic ? setInterval(beat, refreshSeconds * MS_PER_SECOND) : null;
    return () => {
      if (timer !== null) clearInterval(timer);
      client.resume();
    };
  }, [client, ticker, refreshSeconds, stopped, periodic]);
  const paused = stopped || (held && !periodic);
  return {
    paused,
    pausedAt,
    toggle: () => {
      setPausedAt(paused ? null : Date.now());
      // Whoever embeds the board may have paused it.
      if (paused) resume();
    },
  };
}
