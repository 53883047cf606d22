import { useEffect, useRef, useState } from "react";
import type { Alert, Connection } from "../../client/contract.ts";
import { type AnnouncedLevels, levelsById, newAlerts } from "../model/new-alerts.ts";
import { useText } from "./board-context.ts";

/** New alerts are told together, at most this often: a screen reader cannot be interrupted every second. */
const ALERTS_EVERY_MS = 10_000;
/** A filter is told once the reader has stopped typing. */
const SETTLED_MS = 800;

interface AnnouncerProps {
  connection: Connection;
  alerts: readonly Alert[];
  shown: number;
  /** Changes when the reader changes what is shown. */
  view: unknown;
}

/** The board's one live region: connection, new alerts, and how many agents a filter leaves. In the page from the start, empty. */
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
    const timer = setInterval(() => {
      const fresh = newAlerts(announced.current, latest.current);
      announced.current = levelsById(latest.current);
      if (fresh.length > 0) setWords(text.count("alerts.announce", fresh.length));
    }, ALERTS_EVERY_MS);
    return () => clearInterval(timer);
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
