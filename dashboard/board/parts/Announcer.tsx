import { useEffect, useRef, useState } from "react";
import type { Connection } from "../../client/contract.ts";
import { Ticker } from "../../react/ticker.ts";
import { type AnnouncedLevels, levelsById, newAlerts } from "../model/new-alerts.ts";
import type { Alert } from "../model/threshold-alerts.ts";
import { useText } from "./board-context.ts";

/** Milliseconds between two announcements of new alerts. A screen reader cannot read one every second. */
const ALERTS_EVERY_MS = 10_000;
/** Milliseconds after the last change of a filter before the count is announced. */
const SETTLED_MS = 800;

interface AnnouncerProps {
  connection: Connection;
  alerts: readonly Alert[];
  shown: number;
  /** The reader's view. A change of it announces the count. */
  view: unknown;
}

/** The board's only live region. It announces the connection, new alerts, and the number of agents that pass the filters. */
export function Announcer({ connection, alerts, shown, view }: AnnouncerProps) {
  const text = useText();
  const [words, setWords] = useState("");

  const firstStatus = useRef(connection.status);
  useEffect(() => {
    if (connection.status === firstStatus.current) return;
    firstStatus.current = connection.status;
    setWords(text.text("announce.status", { status: text.text(`connection.${connection.status}`) }));
  }, [connection.status, text]);

  const announced = useRef<AnnouncedLevels>(null);
  const latest = useRef(alerts);
  latest.current = alerts;
  useEffect(() => {
    return new Ticker(ALERTS_EVERY_MS, "goes on").subscribe(() => {
      const fresh = newAlerts(announced.current, latest.current);
      announced.current = levelsById(latest.current);
      if (fresh.length > 0) setWords(text.count("alerts.announce", fresh.length));
    });
  }, [text]);

  const count = useRef(shown);
  count.current = shown;
  const firstView = useRef(view);
  useEffect(() => {
    if (view === firstView.current) return;
    const timer = setTimeout(() => setWords(text.count("announce.shown", count.current)), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [view, text]);

  return (
    <div className="vg-hidden" role="status" aria-live="polite">
      {words}
    </div>
  );
}
