import { useEffect, useRef, useState } from "react";
import type { AgentClient } from "../../../client/contract.ts";
import type { ReplaySession } from "../../../client/replay/replay-session.ts";
import type { BoardClock } from "../board-clock.ts";

/** A board of the past that has begun. */
export interface BegunReplay {
  readonly session: ReplaySession;
  /** The client of the past. */
  readonly client: AgentClient;
}

export interface BoardReplay {
  /** The reader wants the past; its code may still be on its way. */
  readonly isOpen: boolean;
  /** The moment to begin with (epoch ms); null = a moment ago. */
  readonly startAt: number | null;
  /** Null = the board is live. */
  readonly begun: BegunReplay | null;
  /** New alerts of the live board since the past was opened. */
  readonly liveNews: number;
  readonly open: () => void;
  readonly leave: () => void;
  readonly onBegin: (begun: BegunReplay | null) => void;
  readonly noteLiveNews: (count: number) => void;
}

interface ReplayInput {
  /** The moment to begin with (epoch ms). Absent or null = live. */
  at?: number | null | undefined;
  /** Called with the shown moment, at most once a second, and with null back at the live board. */
  onAt?: ((at: number | null) => void) | undefined;
}

/** Milliseconds between two calls of `onAt` while it plays. Safari allows 100 changes of the address in 30 s. */
const AT_EVERY_MS = 1_000;

/** Whether the board shows the past. The code that plays it comes with the controls. */
export function useReplay({ at, onAt }: ReplayInput): BoardReplay {
  const [isOpen, setOpen] = useState(at != null);
  const [startAt, setStartAt] = useState(at ?? null);
  const [begun, setBegun] = useState<BegunReplay | null>(null);
  const [liveNews, setLiveNews] = useState(0);
  const latestOnAt = useRef(onAt);
  useEffect(() => {
    latestOnAt.current = onAt;
  }, [onAt]);
  useEffect(() => {
    if (begun === null) return;
    let lastAt: number | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const tell = () => {
      timer = null;
      const next = Math.floor(begun.session.state().at / 1000) * 1000;
      if (next !== lastAt) latestOnAt.current?.(next);
      lastAt = next;
    };
    tell();
    const stop = begun.session.subscribe(() => {
      timer ??= setTimeout(tell, AT_EVERY_MS);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [begun]);
  return {
    isOpen,
    startAt,
    begun,
    liveNews,
    open: () => {
      setStartAt(null);
      setLiveNews(0);
      setOpen(true);
    },
    leave: () => {
      setOpen(false);
      setBegun(null);
      onAt?.(null);
    },
    onBegin: setBegun,
    noteLiveNews: (count) => {
      if (isOpen) setLiveNews((before) => before + count);
    },
  };
}

/** Returns what a press on the button of the history does. A paused board goes on first, because the live board has to go on behind. */
export function historyPress(replay: BoardReplay, refresh: { paused: boolean; toggle: () => void }): () => void {
  if (replay.isOpen) return replay.leave;
  return () => {
    if (refresh.paused) refresh.toggle();
    replay.open();
  };
}

/** Moves the clock of the board with each picture of the past. By itself it moves once a second. */
export function useReplayClock(begun: BegunReplay | null, clock: BoardClock): void {
  useEffect(() => {
    if (begun === null) return;
    return begun.session.subscribe(() => {
      if (clock.now() !== begun.client.now()) clock.advance();
    });
  }, [begun, clock]);
}
