import type { ReactNode } from "react";
import { AgentCard } from "./AgentCard.tsx";
import { type AgentListProps, GroupName, NO_ALERTS } from "./AgentTable.tsx";
import { useText } from "./board-context.ts";

/** The agents as cards, for narrow screens. The browser skips those out of sight (`content-visibility`). */
export function AgentCards({ rows, view, alerts, selected, held, onOpen, empty }: AgentListProps & { empty: ReactNode }) {
  const text = useText();
  if (rows.length === 0) return <div className="vg-empty">{empty}</div>;
  return (
    <ul className="vg-cards" aria-label={text.text("table.caption")} {...held.handlers}>
      {rows.map((row) =>
        row.kind === "group" ? (
          <li key={`group ${row.key}`} className="vg-group">
            <h2>
              <GroupName grouping={view.groupBy} name={row.key} /> <span className="vg-count">{text.number(row.count)}</span>
            </h2>
          </li>
        ) : (
          <li key={`agent ${row.agentId}`}>
            <AgentCard
              agentId={row.agentId}
              alerts={alerts.get(row.agentId) ?? NO_ALERTS}
              selected={selected === row.agentId}
              onOpen={onOpen}
            />
          </li>
        ),
      )}
    </ul>
  );
}
