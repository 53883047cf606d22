import { memo } from "react";
import { useAgent } from "../../../react/use-agents.ts";
import { alertName, alertWords, reasonsOf } from "../../model/alert-words.ts";
import type { AlertsByAgent } from "../../model/alerts-by-agent.ts";
import type { BoardAlert } from "../../model/board-alert.ts";
import type { PinnedCard } from "../../model/pinned.ts";
import { useText } from "../board-context.ts";
import { Counting, statusWords } from "../cells.tsx";
import { LevelMark } from "./LevelMark.tsx";

const NO_ALERTS: readonly BoardAlert[] = [];

interface PinnedCardsProps {
  cards: readonly PinnedCard[];
  columns: number;
  /** True: two lines instead of three. */
  small: boolean;
  alerts: AlertsByAgent;
  label: string;
}

/** Who or what needs a hand, and why in words. */
export function PinnedCards({ cards, columns, small, alerts, label }: PinnedCardsProps) {
  return (
    <ul
      className="vg-wb-pinned"
      aria-label={label}
      data-small={small || undefined}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {cards.map((card) => (
        <li
          key={card.key}
          className="vg-wb-need"
          data-need={card.level}
          data-agent={card.kind === "agent" ? card.agentId : undefined}
        >
          {card.kind === "agent" ? (
            <AgentInNeed agentId={card.agentId} alerts={alerts.get(card.agentId) ?? NO_ALERTS} />
          ) : (
            <AlertInNeed alert={card.alert} />
          )}
        </li>
      ))}
    </ul>
  );
}

const AgentInNeed = memo(function AgentInNeed({ agentId, alerts }: { agentId: string; alerts: readonly BoardAlert[] }) {
  const text = useText();
  const agent = useAgent(agentId);
  if (agent === undefined) return null;
  const open = reasonsOf(alerts, text).filter(({ acknowledged }) => !acknowledged);
  const [first] = [...open.filter(({ level }) => level === "critical"), ...open];
  const place = agent.queue ?? agent.groups.at(-1);
  return (
    <>
      <b>{agent.name}</b>
      {first !== undefined && (
        <p className="vg-wb-why">
          <LevelMark level={first.level} />
          <span className="vg-wb-reason">{first.words}</span>
          {open.length > 1 && (
            <span className="vg-wb-more">
              <span aria-hidden="true">+{text.number(open.length - 1)}</span>
              <span className="vg-hidden">, {text.count("wallboard.reasons", open.length - 1)}</span>
            </span>
          )}
        </p>
      )}
      <p className="vg-wb-where">
        {statusWords(agent, text)} <Counting since={agent.since} />
        {place !== undefined && place !== "" && ` · ${place}`}
      </p>
    </>
  );
});

function AlertInNeed({ alert }: { alert: BoardAlert }) {
  const text = useText();
  return (
    <>
      <b>{alertName(alert, text)}</b>
      <p className="vg-wb-why">
        <LevelMark level={alert.level} />
        <span className="vg-wb-reason">{alertWords(alert, text)}</span>
      </p>
      <p className="vg-wb-where">
        <Counting since={alert.since} />
      </p>
    </>
  );
}
