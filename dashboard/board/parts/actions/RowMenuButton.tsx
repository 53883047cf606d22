import type { KeyboardEvent, MouseEvent } from "react";
import type { AgentView } from "../../../client/contract.ts";
import { useText } from "../board-context.ts";
import { Icon } from "../Icon.tsx";
import type { BoardActions } from "./board-actions.ts";

/** Opens the menu of an agent. */
export function RowMenuButton({ agent, actions }: { agent: AgentView; actions: BoardActions }) {
  const text = useText();
  const label = text.text("actions.menuFor", { name: agent.name });
  return (
    <button
      type="button"
      className="vg-row-menu"
      aria-haspopup="menu"
      aria-label={label}
      title={label}
      onClick={(event) => actions.openMenu(agent.agentId, event.currentTarget)}
      {...menuKeys(agent.agentId, actions)}
    >
      <Icon name="dots" />
    </button>
  );
}

/** The keys that open the menu of a row: the context-menu key and Shift+F10. A press of the right mouse button stays the browser's. */
export function menuKeys(agentId: string, actions: BoardActions | null) {
  if (actions === null) return {};
  return {
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key !== "ContextMenu" && !(event.key === "F10" && event.shiftKey)) return;
      event.preventDefault();
      actions.openMenu(agentId, event.currentTarget);
    },
    onContextMenu: (event: MouseEvent<HTMLElement>) => {
      // Windows sends this at the release of the key. Only a mouse has a right button.
      if (event.button !== 2) event.preventDefault();
    },
  };
}
