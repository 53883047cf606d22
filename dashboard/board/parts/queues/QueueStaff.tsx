import { useMemo } from "react";
import type { CenterQueue } from "../../../../protocol/queue.ts";
import type { AgentView } from "../../../client/contract.ts";
import { type StaffGroup, staffOf } from "../../model/queue-staff.ts";
import { useText } from "../board-context.ts";
import { Counting, statusWords } from "../cells.tsx";
import { Icon } from "../Icon.tsx";
import { STATUS_LOOK } from "../status-look.ts";

/** Names of one status. The board's own list shows everybody. */
const MOST_NAMES = 30;

interface QueueStaffProps {
  queue: CenterQueue;
  agents: readonly AgentView[];
  onOpenAgent: (agentId: string) => void;
}

/** The signed-in agents of a queue by their status. */
export function QueueStaff({ queue, agents, onOpenAgent }: QueueStaffProps) {
  const text = useText();
  const groups = useMemo(() => staffOf(queue, agents, text.compare), [queue, agents, text]);
  return (
    <section>
      <h3>{text.text("queue.staff")}</h3>
      {groups.length === 0 && <p className="vg-sub">{text.text("queue.noStaff")}</p>}
      {groups.map((group) => (
        <Status key={group.status} group={group} onOpenAgent={onOpenAgent} />
      ))}
    </section>
  );
}

function Status({ group: { status, agents }, onOpenAgent }: { group: StaffGroup; onOpenAgent: (agentId: string) => void }) {
  const text = useText();
  const look = STATUS_LOOK[status];
  return (
    <details className="vg-staff">
      <summary>
        <span className="vg-status" data-tone={look.tone}>
          <Icon name={look.icon} />
          {text.text(`status.${status}`)}
        </span>
        <b>{text.number(agents.length)}</b>
      </summary>
      <ul>
        {agents.slice(0, MOST_NAMES).map((agent) => (
          <li key={agent.agentId}>
            <button type="button" className="vg-link" aria-haspopup="dialog" onClick={() => onOpenAgent(agent.agentId)}>
              {agent.name}
            </button>
            <span className="vg-sub">
              {status === "away" || status === "on a contact" ? `${statusWords(agent, text)} ` : ""}
              <Counting since={agent.since} />
            </span>
          </li>
        ))}
      </ul>
      {agents.length > MOST_NAMES && <p className="vg-sub">{text.count("queue.staffMore", agents.length - MOST_NAMES)}</p>}
    </details>
  );
}
