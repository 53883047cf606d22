import { useEffect, useRef, useState } from "react";
import type { Turn } from "../../../protocol/messages.ts";
import { unannouncedTurns } from "../model/transcript.ts";
import { useText } from "./board-context.ts";
import { TurnWords } from "./TurnWords.tsx";

/** Turns that stay in the live region. A screen reader reads what is added, so older turns can go. */
const KEPT = 20;

interface TurnAnnouncerProps {
  turns: readonly Turn[];
  /** True once the turns so far have arrived. Those are not announced. */
  loaded: boolean;
  language: string | undefined;
}

/** Announces to a screen reader each turn that becomes final while this is mounted, in that order. */
export function TurnAnnouncer({ turns, loaded, language }: TurnAnnouncerProps) {
  const text = useText();
  const known = useRef<Set<string> | null>(null);
  const [announced, setAnnounced] = useState<readonly Turn[]>([]);
  useEffect(() => {
    if (!loaded) return;
    const added = unannouncedTurns(turns, known.current ?? new Set());
    const first = known.current === null;
    known.current = new Set([...(known.current ?? []), ...added.map((turn) => turn.turnId)]);
    if (!first && added.length > 0) setAnnounced((before) => [...before, ...added].slice(-KEPT));
  }, [turns, loaded]);
  return (
    <div className="vg-hidden" aria-live="polite">
      {announced.map((turn) => (
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
