import { useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Channel } from "../../../protocol/agent.ts";
import type { Turn } from "../../../protocol/messages.ts";
import type { AgentView } from "../../client/contract.ts";
import { useTranscript } from "../../react/use-transcript.ts";
import { clockText } from "../model/format.ts";
import { guessLanguage } from "../model/language-guess.ts";
import { isFollowing, turnsAfter } from "../model/transcript.ts";
import type { Text } from "../text/text.ts";
import { useText } from "./board-context.ts";
import { Icon } from "./Icon.tsx";
import { TurnAnnouncer } from "./TurnAnnouncer.tsx";
import { TurnWords } from "./TurnWords.tsx";

interface TranscriptLogProps {
  contactId: string;
  /** Whether somebody listens to the call. Only then does an empty transcript mean that nobody has spoken. */
  transcription: AgentView["transcription"];
  aloud: boolean;
  channel: Channel;
}

/** Shows the live transcript. It scrolls with the last turn until the reader scrolls up, and again after "jump to latest". */
export function TranscriptLog({ contactId, transcription, aloud, channel }: TranscriptLogProps) {
  const text = useText();
  const transcript = useTranscript(contactId);
  // A final turn without text withdraws its partial turn.
  const turns = useMemo(() => (transcript?.turns ?? []).filter((turn) => turn.text !== ""), [transcript?.turns]);
  const language = useMemo(() => guessLanguage(turns.map((turn) => turn.text)), [turns]);
  const log = useRef<HTMLDivElement>(null);
  /** The id of the last turn when the reader stopped following. Null while the reader follows. */
  const [left, setLeft] = useState<string | null>(null);

  const list = useRef<HTMLOListElement>(null);
  useLayoutEffect(() => {
    const [frame, content] = [log.current, list.current];
    if (left !== null || frame === null || content === null) return;
    // Both change their height: the content with each word, the frame with the panel around it.
    const observer = new ResizeObserver(() => {
      frame.scrollTop = frame.scrollHeight;
    });
    observer.observe(frame);
    observer.observe(content);
    return () => observer.disconnect();
  }, [left]);

  const missed = turnsAfter(turns, left);
  return (
    <div className="vg-transcript">
      <div
        ref={log}
        className="vg-log"
        role="log"
        aria-live="off"
        aria-label={text.text("call.transcript")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        onScroll={(event) => {
          const following = isFollowing(event.currentTarget);
          if (following !== (left === null)) setLeft(following ? null : (turns.at(-1)?.turnId ?? null));
        }}
      >
        {transcript?.status === "loading" && <p className="vg-sub">{text.text("call.loading")}</p>}
        {transcript?.status === "refused" && <p className="vg-sub">{refusalText(text, transcript.error)}</p>}
        {transcript?.status === "live" && turns.length === 0 && (transcription === null || transcription === "live") && (
          <p className="vg-sub">{text.text(transcription === null || channel === "chat" ? "call.nothing" : "call.silent")}</p>
        )}
        <ol ref={list} lang={language}>
          {turns.map((turn) => (
            <TurnItem key={turn.turnId} turn={turn} />
          ))}
        </ol>
        {transcript?.status === "complete" && (
          <p className="vg-sub vg-end">{text.text(channel === "chat" ? "call.chatComplete" : "call.complete")}</p>
        )}
      </div>
      {aloud && transcript !== null && (
        <TurnAnnouncer turns={turns} loaded={transcript.status !== "loading"} language={language} />
      )}
      {left !== null && (
        <button type="button" className="vg-button vg-latest" onClick={() => setLeft(null)}>
          <Icon name="down" />
          {text.text("call.latest")}
          {missed > 0 && <span> · {text.count("call.newTurns", missed)}</span>}
        </button>
      )}
    </div>
  );
}

const REFUSALS = ["not_allowed", "too_many_watched", "timeout", "polling", "replay"] as const;

function refusalText(text: Text, error: string | null): string {
  const known = REFUSALS.find((word) => word === error);
  return known === undefined ? text.text("call.refused.other", { reason: error ?? "" }) : text.text(`call.refused.${known}`);
}

function TurnItem({ turn }: { turn: Turn }) {
  const text = useText();
  const { sentiment } = turn;
  return (
    <li className="vg-turn" data-role={turn.role} data-sentiment={sentiment ?? undefined} data-partial={!turn.final || undefined}>
      <p className="vg-turn-head" lang={text.locale}>
        <span>{text.text(turn.role === "customer" ? "call.customer" : "call.agent")}</span>
        <time>{clockText(turn.beginMs / 1000)}</time>
        {sentiment !== null && sentiment !== "neutral" && (
          <span className="vg-turn-sentiment">{text.text(`sentiment.${sentiment}`)}</span>
        )}
        {turn.issues !== undefined && (
          <span className="vg-turn-issue">
            <Icon name="tag" />
            {text.text("call.issue")}
          </span>
        )}
        {!turn.final && <span>{text.text("call.partial")}</span>}
      </p>
      <p>
        <TurnWords turn={turn} />
      </p>
    </li>
  );
}
