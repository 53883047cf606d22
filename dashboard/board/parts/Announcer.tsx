import { useEffect, useRef, useState } from "react";
import type { Connection } from "../../client/contract.ts";
import { alertName, alertWords } from "../model/alert-words.ts";
import type { BoardAlert } from "../model/board-alert.ts";
import { useText } from "./board-context.ts";

/** Milliseconds for which new alerts gather before they are announced together. A screen reader cannot read one every second. */
const GATHER_MS = 2_000;
/** Milliseconds after the last change of a filter before the count is announced. */
const SETTLED_MS = 800;
const UNHEARD = "\u00A0";

interface AnnouncerProps {
  connection: Connection;
  /** Whether the data has been old for more than a moment. */
  lost: boolean;
  /** New critical alerts that were not announced yet. */
  news: readonly BoardAlert[];
  onAnnounced: () => void;
  shown: number;
  /** The reader's view. A change of it announces the count. */
  view: unknown;
}

/** The board's only live region. It announces the connection, new critical alerts, and the number of agents that pass the filters. */
export function Announcer({ connection, lost, news, onAnnounced, shown, view }: AnnouncerProps) {
  const text = useText();
  const [words, setWords] = useState("");
  // A screen reader says only what changes. A space at the end, which nobody hears, makes the same words news again.
  const [announce] = useState(() => (next: string) => setWords((before) => (before === next ? `${next}${UNHEARD}` : next)));

  // The first connection and a break of a second are no news.
  const wasLost = useRef(false);
  useEffect(() => {
    if (lost === wasLost.current) return;
    wasLost.current = lost;
    announce(
      lost ? text.text("announce.lost", { status: text.text(`connection.${connection.status}`) }) : text.text("announce.back"),
    );
  }, [lost, connection.status, text, announce]);

  const latest = useRef({ news, onAnnounced });
  latest.current = { news, onAnnounced };
  const hasNews = news.length > 0;
  useEffect(() => {
    if (!hasNews) return;
    const timer = setTimeout(() => {
      const [first] = latest.current.news;
      const { length } = latest.current.news;
      if (first !== undefined && length === 1) {
        announce(text.text("announce.critical", { name: alertName(first, text), words: alertWords(first, text) }));
      } else announce(text.count("announce.criticals", length));
      latest.current.onAnnounced();
    }, GATHER_MS);
    return () => clearTimeout(timer);
  }, [hasNews, text, announce]);

  const count = useRef(shown);
  count.current = shown;
  const firstView = useRef(view);
  useEffect(() => {
    if (view === firstView.current) return;
    const timer = setTimeout(() => announce(text.count("announce.shown", count.current)), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [view, text, announce]);

  return (
    <div className="vg-hidden" role="status" aria-live="polite">
      {words}
    </div>
  );
}
