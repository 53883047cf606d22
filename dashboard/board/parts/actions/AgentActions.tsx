import "../../styles/tools.css";
import { type ReactNode, useId, useState } from "react";
import type { ActionName } from "../../../../protocol/actions.ts";
import type { AgentView } from "../../../client/contract.ts";
import { useText } from "../board-context.ts";
import { Icon } from "../Icon.tsx";
import { ActionMenu } from "./ActionMenu.tsx";
import { ActionNotes } from "./ActionNotes.tsx";
import { type OfferedDeed, useActionsState, useAgentDeeds } from "./agent-deeds.ts";
import type { BoardActions } from "./board-actions.ts";

interface AgentActionsProps {
  agent: AgentView;
  /** The contact that the panel shows. */
  contactId: string | null;
  actions: BoardActions;
  permitted: ReadonlySet<ActionName>;
}

/** What the reader may do to the agent of the panel: buttons, and what became of each press. */
export default function AgentActions({ agent, contactId, actions, permitted }: AgentActionsProps) {
  const text = useText();
  const { presses } = useActionsState(actions);
  const { deeds: all, statuses, statusObstacle } = useAgentDeeds(agent, actions, permitted, contactId);
  // Few agents are stuck. The menu of the row says so of the others.
  const deeds = all.filter(({ action, obstacle }) => action !== "free" || obstacle === null);
  const [menuAnchor, setMenuAnchor] = useState<HTMLElement | null>(null);
  /** The reason that the reader asked for by a press on a button that can do nothing now. */
  const [asked, setAsked] = useState<ActionName | null>(null);
  const own = presses.filter(({ agentId }) => agentId === agent.agentId);
  const pending = new Set(own.filter(({ end }) => end === null).map(({ action }) => action));
  const obstacle = asked === null ? null : (deeds.find(({ action }) => action === asked)?.obstacle ?? null);
  const button = (deed: OfferedDeed) => (
    <DeedButton
      key={deed.action}
      deed={deed}
      isPending={pending.has(deed.action)}
      onBlocked={(isBlocked) => setAsked(isBlocked ? deed.action : null)}
    />
  );
  return (
    <section className="vg-agent-actions" aria-label={text.text("actions.title", { name: agent.name })}>
      <div className="vg-agent-buttons">
        {deeds.filter(({ action }) => action === "listen").map(button)}
        {statuses.length > 0 && (
          <button
            type="button"
            className="vg-button"
            aria-haspopup="menu"
            aria-expanded={menuAnchor !== null}
            aria-busy={pending.has("status") || undefined}
            onClick={(event) => setMenuAnchor(event.currentTarget)}
          >
            {text.text("actions.status")}
            <Icon name="down" />
          </button>
        )}
        {deeds.filter(({ action }) => action !== "listen").map(button)}
      </div>
      {menuAnchor !== null && (
        <ActionMenu
          label={text.text("actions.status")}
          groups={[
            {
              label: null,
              items: statuses.map(({ name, isCurrent, start }) => ({
                key: name,
                label: name,
                obstacle: statusObstacle,
                checked: isCurrent,
                onChoose: start,
              })),
            },
          ]}
          anchor={menuAnchor}
          onClose={() => setMenuAnchor(null)}
        />
      )}
      <p className="vg-sub vg-action-obstacle" role="status">
        {obstacle}
      </p>
      <ActionNotes presses={own} actions={actions} isBesideName={true} />
    </section>
  );
}

interface DeedButtonProps {
  deed: OfferedDeed;
  isPending: boolean;
  /** Called with each press: whether something is in the way. */
  onBlocked: (isBlocked: boolean) => void;
}

/** A button that stays reachable when it can do nothing now, so that everybody can learn why. */
function DeedButton({ deed: { action, label, obstacle, start }, isPending, onBlocked }: DeedButtonProps) {
  const id = useId();
  const isBlocked = obstacle !== null;
  return (
    <>
      <button
        type="button"
        className={action === "listen" && !isBlocked ? "vg-button vg-primary" : "vg-button"}
        aria-disabled={isBlocked || isPending || undefined}
        aria-busy={isPending || undefined}
        aria-describedby={isBlocked ? id : undefined}
        title={obstacle ?? undefined}
        onClick={() => {
          onBlocked(isBlocked);
          if (!isBlocked && !isPending) start();
        }}
      >
        {ICONS[action]}
        {label}
      </button>
      {isBlocked && (
        <span id={id} className="vg-hidden">
          {obstacle}
        </span>
      )}
    </>
  );
}

const ICONS: Readonly<Record<ActionName, ReactNode>> = {
  listen: <Icon name="ear" />,
  barge: <Icon name="enter" />,
  free: <Icon name="free" />,
  stop: <Icon name="stop" />,
  status: null,
};
