import { memo } from "react";
import type { AgentView, Alert } from "../../client/contract.ts";
import { useAgent } from "../../react/use-agents.ts";
import { teamOf } from "../model/grouping.ts";
import type { OptionalColumn } from "../model/view.ts";
import { useText } from "./board-context.ts";
import { AlertChips, Counting, SentimentCell, StatusLabel, useTimeLevel } from "./cells.tsx";

export interface AgentItemProps {
  agentId: string;
  alerts: readonly Alert[];
  selected: boolean;
  onOpen: (agentId: string) => void;
}

interface AgentRowProps extends AgentItemProps {
  columns: readonly OptionalColumn[];
  /** Place in the whole table, 1 being the heading row. */
  rowIndex: number;
}

/** One agent as a table row; renders when that agent changes, not when another does. */
export const AgentRow = memo(function AgentRow({ agentId, alerts, selected, onOpen, columns, rowIndex }: AgentRowProps) {
  const agent = useAgent(agentId);
  if (agent === undefined) return null;
  return (
    <tr
      className="vg-row"
      data-agent={agentId}
      data-status={agent.status}
      data-stale={agent.stale || undefined}
      data-selected={selected || undefined}
      aria-rowindex={rowIndex}
    >
      <th scope="row">
        <AgentName agent={agent} selected={selected} onOpen={onOpen} />
        <span className="vg-sub">{teamOf(agent)}</span>
      </th>
      {columns.map((column) => (
        <Cell key={column} column={column} agent={agent} alerts={alerts} />
      ))}
    </tr>
  );
});

/** The agent's name; it opens the call. */
export function AgentName({
  agent,
  selected,
  onOpen,
}: {
  agent: AgentView;
  selected: boolean;
  onOpen: (agentId: string) => void;
}) {
  return (
    <button
      type="button"
      className="vg-name"
      aria-haspopup="dialog"
      aria-expanded={selected}
      onClick={() => onOpen(agent.agentId)}
    >
      {agent.name}
    </button>
  );
}

function Cell({ column, agent, alerts }: { column: OptionalColumn; agent: AgentView; alerts: readonly Alert[] }) {
  switch (column) {
    case "status":
      return (
        <td className="vg-c-status">
          <StatusLabel agent={agent} />
        </td>
      );
    case "time":
      return <TimeCell agent={agent} />;
    case "call":
      return <td className="vg-number">{agent.callStartedAt === null ? <None /> : <Counting since={agent.callStartedAt} />}</td>;
    case "sentiment":
      return (
        <td className="vg-c-sentiment">
          <SentimentCell agent={agent} />
        </td>
      );
    case "alerts":
      return (
        <td className="vg-c-alerts">
          <AlertChips alerts={alerts} />
        </td>
      );
    case "queue":
      return <Words words={agent.queue} />;
    case "groups":
      return <Words words={teamOf(agent)} />;
    case "categories":
      return <Words words={agent.categories.join(", ")} />;
    case "channel":
      return <ChannelCell agent={agent} />;
    case "profile":
      return <Words words={agent.routingProfile} />;
  }
}

function TimeCell({ agent }: { agent: AgentView }) {
  const level = useTimeLevel(agent);
  return (
    <td className="vg-number vg-c-time" data-level={level}>
      <Counting since={agent.since} />
    </td>
  );
}

function ChannelCell({ agent }: { agent: AgentView }) {
  const text = useText();
  return <Words words={agent.channel === null ? null : text.text(`channel.${agent.channel}`)} />;
}

function Words({ words }: { words: string | null }) {
  return <td title={words ?? undefined}>{words === null || words === "" ? <None /> : words}</td>;
}

function None() {
  const text = useText();
  return <span className="vg-none">{text.text("table.none")}</span>;
}
