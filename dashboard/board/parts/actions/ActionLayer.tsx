import "../../styles/tools.css";
import type { ActionName } from "../../../../protocol/actions.ts";
import type { AgentView } from "../../../client/contract.ts";
import { useAgent } from "../../../react/use-agents.ts";
import { useText } from "../board-context.ts";
import { ActionMenu, type MenuGroup } from "./ActionMenu.tsx";
import { ActionNotes } from "./ActionNotes.tsx";
import { useActionsState, useAgentDeeds } from "./agent-deeds.ts";
import type { BoardActions } from "./board-actions.ts";
import { ConfirmAction } from "./ConfirmAction.tsx";

interface ActionLayerProps {
  actions: BoardActions;
  permitted: ReadonlySet<ActionName>;
  /** The agent whose panel is open and shows its own results; null = none. */
  openAgentId: string | null;
  onOpen: (agentId: string) => void;
}

/** What lies over the board: the menu of a row, the question before an action, and results of agents whose panel is not open. */
export default function ActionLayer({ actions, permitted, openAgentId, onOpen }: ActionLayerProps) {
  const { presses, menu, question } = useActionsState(actions);
  return (
    <>
      <div className="vg-action-corner">
        <ActionNotes presses={presses.filter(({ agentId }) => agentId !== openAgentId)} actions={actions} isBesideName={false} />
      </div>
      {menu !== null && (
        <RowMenu key={menu.agentId} {...menu} actions={actions} permitted={permitted} onOpen={() => onOpen(menu.agentId)} />
      )}
      {question !== null && <ConfirmAction wanted={question} onAnswer={(isYes) => actions.answerQuestion(isYes)} />}
    </>
  );
}

interface RowMenuProps extends Pick<ActionLayerProps, "actions" | "permitted"> {
  agentId: string;
  anchor: HTMLElement;
  onOpen: () => void;
}

function RowMenu({ agentId, ...rest }: RowMenuProps) {
  const agent = useAgent(agentId);
  return agent === undefined ? null : <AgentMenu agent={agent} {...rest} />;
}

function AgentMenu({ agent, anchor, actions, permitted, onOpen }: Omit<RowMenuProps, "agentId"> & { agent: AgentView }) {
  const text = useText();
  const { deeds, statuses, statusObstacle } = useAgentDeeds(agent, actions, permitted, null);
  const first = deeds.map(({ action, label, obstacle, start }) => ({
    key: action,
    label,
    obstacle,
    checked: null,
    onChoose: start,
  }));
  const open = { key: "open", label: text.text("actions.open"), obstacle: null, checked: null, onChoose: onOpen };
  const groups: MenuGroup[] = [{ label: null, items: [...first, open] }];
  if (statuses.length > 0) {
    const items = statuses.map(({ name, isCurrent, start }) => ({
      key: name,
      label: name,
      obstacle: statusObstacle,
      checked: isCurrent,
      onChoose: start,
    }));
    groups.push({ label: text.text("actions.status"), items });
  }
  const label = text.text("actions.menuFor", { name: agent.name });
  return <ActionMenu label={label} groups={groups} anchor={anchor} onClose={() => actions.closeMenu()} />;
}
