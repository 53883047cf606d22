import { memo } from "react";
import type { AgentView } from "../../client/contract.ts";
import { useAgent } from "../../react/use-agents.ts";
import type { CellProps, OptionalColumn } from "../columns/column.ts";
import type { BoardAlert } from "../model/board-alert.ts";
import { teamOf } from "../model/grouping.ts";
import { menuKeys, RowMenuButton } from "./actions/RowMenuButton.tsx";
import { useBoard } from "./board-context.ts";
import { RowListeners } from "./contact-notes.tsx";

export interface AgentItemProps {
  agentId: string;
  alerts: readonly BoardAlert[];
  selected: boolean;
  onOpen: (agentId: string) => void;
}

interface AgentRowProps extends AgentItemProps {
  columns: readonly OptionalColumn[];
  /** The place in the whole table. The row of headings is 1. */
  rowIndex: number;
}

/** One agent as a table row. It renders again only when that agent or its alerts change. */
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
      <th scope="row" title={[agent.name, teamOf(agent)].filter((words) => words !== "").join(" — ")}>
        <AgentName agent={agent} selected={selected} onOpen={onOpen} />
        <span className="vg-sub">
          <span className="vg-team">{teamOf(agent)}</span> <RowListeners agent={agent} />
        </span>
      </th>
      <AgentCells agent={agent} alerts={alerts} columns={columns} />
    </tr>
  );
});

/** The cells of an agent after its name. */
export function AgentCells({ agent, alerts, columns }: CellProps & { columns: readonly OptionalColumn[] }) {
  return columns.map(({ key, Cell }) => <Cell key={key} agent={agent} alerts={alerts} />);
}

/** The agent's name: a button that opens the call. */
export function AgentName({
  agent,
  selected,
  onOpen,
}: {
  agent: AgentView;
  selected: boolean;
  onOpen: (agentId: string) => void;
}) {
  const actions = useBoard().reader?.actions ?? null;
  const name = (
    <button
      type="button"
      className="vg-name"
      aria-haspopup="dialog"
      aria-expanded={selected}
      onClick={() => onOpen(agent.agentId)}
      {...menuKeys(agent.agentId, actions)}
    >
      {agent.name}
    </button>
  );
  if (actions === null) return name;
  return (
    <span className="vg-name-line">
      {name}
      <RowMenuButton agent={agent} actions={actions} />
    </span>
  );
}
