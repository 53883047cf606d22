import { useLayoutEffect, useState } from "react";
import type { AgentClient } from "../../client/contract.ts";
import { Ticker } from "../../react/ticker.ts";
import { usePaused } from "../../react/use-connection.ts";
import type { RefreshSeconds } from "../model/preferences.ts";
import type { BoardClock } from "./board-clock.ts";

const MS_PER_SECOND = 1000;

interface RefreshInput {
  client: AgentClient;
  clock: BoardClock;
  refreshSeconds: RefreshSeconds;
  /** True after the first agents have arrived. Those are shown at once. */
  known: boolean;
}

export interface RefreshControl {
  /** True after the reader pressed pause. Between two updates of a refresh interval it is false. */
  paused: boolean;
  /** Epoch milliseconds on this machine's clock. Null when nobody pressed pause on this board. */
  pausedAt: number | null;
  toggle: () => void;
}

/** Pauses the board, or updates it once per refresh interval. Rows, clocks and alerts then change together. */
export function useRefreshInterval({ client, clock, refreshSeconds, known }: RefreshInput): RefreshControl {
  const { paused: held, resume } = usePaused();
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const stopped = pausedAt !== null;
  const periodic = !stopped && refreshSeconds > 0 && known;
  // A layout effect runs before the page is painted, so the end of an interval never shows as a pause.
  useLayoutEffect(() => {
    if (!stopped && !periodic) return;
    client.pause();
    const update = () => {
      client.resume();
      clock.advance();
      client.pause();
    };
    // Goes on while the page is hidden: alerts that notify see the agents of the last update.
    const stopTicks = periodic ? new Ticker(refreshSeconds * MS_PER_SECOND, "goes on").subscribe(update) : () => {};
    return () => {
      stopTicks();
      client.resume();
    };
  }, [client, clock, refreshSeconds, stopped, periodic]);
  const paused = stopped || (held && !periodic);
  return {
    paused,
    pausedAt,
    toggle: () => {
      setPausedAt(paused ? null : Date.now());
      // The page that embeds the board may have paused the client.
      if (paused) resume();
    },
  };
}
