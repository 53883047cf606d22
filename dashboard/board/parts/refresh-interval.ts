import { useLayoutEffect, useState } from "react";
import type { AgentClient } from "../../client/contract.ts";
import { usePaused } from "../../react/use-connection.ts";
import type { Rhythm } from "../model/preferences.ts";
import type { Ticker } from "./ticker.ts";

const MS_PER_SECOND = 1000;

interface PaceInput {
  client: AgentClient;
  ticker: Ticker;
  rhythm: Rhythm;
  /** Whether there is anything to hold: the first agents are never waited for. */
  known: boolean;
}

export interface Pace {
  /** Whether the reader has stopped the board; between two beats of a rhythm it is not. */
  paused: boolean;
  /** Epoch milliseconds on this machine's clock; null when nobody pressed pause here. */
  pausedAt: number | null;
  toggle: () => void;
}

/** The reader's hand on the news: stopped, every so many seconds, or as it comes. Clocks keep step with the news. */
export function usePace({ client, ticker, rhythm, known }: PaceInput): Pace {
  const { paused: held, resume } = usePaused();
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const stopped = pausedAt !== null;
  const paced = !stopped && rhythm > 0 && known;
  // Before the page is painted: the end of a rhythm must not look like a pause.
  useLayoutEffect(() => {
    if (!stopped && !paced) return;
    client.pause();
    const beat = () => {
      client.resume();
      ticker.beat();
      client.pause();
    };
    const timer = paced ? setInterval(beat, rhythm * MS_PER_SECOND) : null;
    return () => {
      if (timer !== null) clearInterval(timer);
      client.resume();
    };
  }, [client, ticker, rhythm, stopped, paced]);
  const paused = stopped || (held && !paced);
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
