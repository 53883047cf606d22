import { type ReactNode, useEffect, useRef, useState } from "react";
import { AgentCard } from "./AgentCard.tsx";
import { type AgentListProps, GroupHeading, NO_ALERTS } from "./AgentTable.tsx";
import { useText } from "./board-context.ts";
import { useRowFocus } from "./keys/row-focus.ts";

/**
 * Cards in the page at first, and further cards each time the reader comes near the end. A phone cannot update 2,000 clocks a
 * second.
 */
const BATCH = 60;

/** Shows the agents as cards, for narrow screens. */
export function AgentCards({ rows, view, alerts, selected, held, onOpen, empty }: AgentListProps & { empty: ReactNode }) {
  const text = useText();
  const [limit, setLimit] = useState(BATCH);
  const end = useRef<HTMLLIElement>(null);
  const more = rows.length > limit;
  const list = useRef<HTMLUListElement>(null);
  const agentIds = rows.slice(0, limit).flatMap((row) => (row.kind === "agent" ? [row.agentId] : []));
  const rowFocus = useRowFocus({ list, agentIds, selected });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each batch has an end of its own to watch
  useEffect(() => {
    if (end.current === null) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setLimit((shown) => shown + BATCH), {
      rootMargin: "800px",
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [more, limit]);
  if (rows.length === 0) return <div className="vg-empty">{empty}</div>;
  return (
    <ul
      ref={list}
      className="vg-cards"
      aria-label={text.text("table.caption")}
      {...held.handlers}
      onKeyDown={rowFocus.onKeyDown}
      onFocus={(event) => {
        held.handlers.onFocus();
        rowFocus.onFocus(event);
      }}
    >
      {rows.slice(0, limit).map((row) =>
        row.kind === "group" ? (
          <li key={`group ${row.key}`} className="vg-group">
            <h2>
              <GroupHeading headings={view.headings} row={row} />
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
      {more && <li ref={end} aria-hidden="true" />}
    </ul>
  );
}
