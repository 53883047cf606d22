import { memo } from "react";
import { useAgent } from "../../react/use-agents.ts";
import { timeLevelOf } from "../model/board-alert.ts";
import { teamOf } from "../model/grouping.ts";
import { type AgentItemProps, AgentName } from "./AgentRow.tsx";
import { useText } from "./board-context.ts";
import { AlertChips, Counting, SentimentCell, StatusLabel } from "./cells.tsx";
import { ContactNotes } from "./contact-notes.tsx";
import { figureWords } from "./day/figure-words.ts";
import { transcriptionGap } from "./transcription-mark.tsx";

interface AgentCardProps extends Omit<AgentItemProps, "onOpen"> {
  /** Null on the wallboard, where nobody can press a card. */
  onOpen: AgentItemProps["onOpen"] | null;
}

/** One agent as a card, for phones and the wallboard. */
export const AgentCard = memo(function AgentCard({ agentId, alerts, selected, onOpen }: AgentCardProps) {
  const text = useText();
  const agent = useAgent(agentId);
  if (agent === undefined) return null;
  return (
    <article
      className="vg-card"
      data-agent={agentId}
      data-status={agent.status}
      data-stale={agent.stale || undefined}
      data-selected={selected || undefined}
    >
      <div className="vg-card-head">
        {onOpen === null ? <b>{agent.name}</b> : <AgentName agent={agent} selected={selected} onOpen={onOpen} />}
        <span className="vg-card-time" data-level={timeLevelOf(alerts)}>
          <Counting since={agent.since} />
        </span>
      </div>
      <div className="vg-card-line">
        <StatusLabel agent={agent} />
        {(agent.sentimentScore !== null || transcriptionGap(agent) !== null) && <SentimentCell agent={agent} />}
      </div>
      {alerts.length > 0 && (
        <p className="vg-sub">
          <AlertChips alerts={alerts} />
        </p>
      )}
      <ContactNotes agent={agent} />
      {agent.today && <p className="vg-sub">{figureWords({ ...agent.today, occupancy: null }, text)}</p>}
      <p className="vg-sub vg-card-place">{[teamOf(agent), agent.queue].filter((words) => words).join(" — ")}</p>
    </article>
  );
});
