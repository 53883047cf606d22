import { memo } from "react";
import type { AgentView } from "../../../client/contract.ts";
import { useAgent } from "../../../react/use-agents.ts";
import type { ListRow } from "../../model/rows.ts";
import type { Grouping } from "../../model/view.ts";
import { GroupName } from "../AgentTable.tsx";
import { useText } from "../board-context.ts";
import { Counting, statusWords } from "../cells.tsx";
import { CHANNEL_ICON } from "../channel-look.ts";
import { Icon } from "../Icon.tsx";
import { STATUS_LOOK } from "../status-look.ts";

interface CalmCardsProps {
  rows: readonly ListRow[];
  columns: number;
  /** True: a small team, with larger words. */
  large: boolean;
  groupBy: Grouping;
}

/** One page of the agents who need nothing: name, status and time. */
export function CalmCards({ rows, columns, large, groupBy }: CalmCardsProps) {
  const text = useText();
  return (
    <ul
      className="vg-wb-calm"
      data-large={large || undefined}
      aria-label={text.text("wallboard.agents")}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {rows.map((row) =>
        row.kind === "group" ? (
          <li key={`group ${row.key}`} className="vg-wb-group">
            <h2>
              <GroupName grouping={groupBy} name={row.key} /> <span>{text.number(row.count)}</span>
            </h2>
          </li>
        ) : (
          <CalmCard key={`agent ${row.agentId}`} agentId={row.agentId} />
        ),
      )}
    </ul>
  );
}

const CalmCard = memo(function CalmCard({ agentId }: { agentId: string }) {
  const text = useText();
  const agent = useAgent(agentId);
  if (agent === undefined) return null;
  return (
    <li
      className="vg-wb-agent"
      data-agent={agentId}
      data-tone={STATUS_LOOK[agent.status].tone}
      data-stale={agent.stale || undefined}
    >
      <b>{agent.name}</b>
      <span>
        <Icon name={iconOf(agent)} />
        <span className="vg-hidden">{statusWords(agent, text)} </span>
        {agent.stale && (
          <>
            <Icon name="stale" />
            <span className="vg-hidden">{text.text("table.stale")} </span>
          </>
        )}
        <Counting since={agent.since} />
      </span>
    </li>
  );
});

function iconOf({ status, channel }: AgentView) {
  return status === "on a contact" && channel !== null ? CHANNEL_ICON[channel] : STATUS_LOOK[status].icon;
}
