import { useEffect, useRef, useState } from "react";
import type { Turn } from "../../../protocol/messages.ts";
import { unheard } from "../model/transcript.ts";
import { useText } from "./board-context.ts";
import { TurnWords } from "./TurnWords.tsx";

/** A screen reader reads what is added; what it has read may go. */
const KEPT = 20;

interface SpokenTurnsProps {
  turns: readonly Turn[];
  /** Whether the turns so far are there: they are not news. */
  loaded: boolean;
  language: string | undefined;
}

/** Tells a screen reader each turn that has been spoken to its end since the reader asked for it, in the order they ended. */
export function SpokenTurns({ turns, loaded, language }: SpokenTurnsProps) {
  const text = useText();
  const heard = useRef<Set<string> | null>(null);
  const [spoken, setSpoken] = useState<readonly Turn[]>([]);
  useEffect(() => {
    if (!loaded) return;
    const news = unheard(turns, heard.current ?? new Set());
    const first = heard.current === null;
    heard.current = new Set([...(heard.current ?? []), ...news.map((turn) => turn.turnId)]);
    if (!first && news.length > 0) setSpoken((before) => [...before, ...news].slice(-KEPT));
  }, [turns, loaded]);
  return (
    <div className="vg-hidden" aria-live="polite" data-spoken>
      {spoken.map((turn) => (
        <p key={turn.turnId}>
          {text.text(turn.role === "customer" ? "call.customer" : "call.agent")}
          {turn.issues !== undefined && ` (${text.text("call.issue")})`}:{" "}
          <span lang={language}>
            <TurnWords turn={turn} />
          </span>
        </p>
      ))}
    </div>
  );
}
