import { type FocusEvent, type PointerEvent, useRef, useState } from "react";
import type { AgentView } from "../../client/contract.ts";
import { heldOrder } from "../model/rows.ts";

export interface HeldOrder {
  agents: readonly AgentView[];
  /** The order on the page is not the one the view asks for. */
  waiting: boolean;
  handlers: {
    onPointerEnter: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent) => void;
  };
}

/**
 * Keeps rows from moving under a mouse or away from the keyboard: while somebody is on a row the order waits.
 * A change of the view itself (`viewKey`) is the reader's own wish and is followed at once.
 */
export function useHeldOrder(
  shown: readonly AgentView[],
  known: (id: string) => AgentView | undefined,
  viewKey: unknown,
): HeldOrder {
  const [held, setHeld] = useState<{ ids: readonly string[]; viewKey: unknown } | null>(null);
  const on = useRef({ pointer: false, focus: false });
  const ids = held !== null && held.viewKey === viewKey ? held.ids : null;
  const agents = ids === null ? shown : heldOrder(ids, shown, known);
  const waiting =
    ids !== null && !(agents.length === shown.length && agents.every((agent, index) => agent.agentId === shown[index]?.agentId));

  const hold = (now: readonly AgentView[]) => setHeld({ ids: now.map((agent) => agent.agentId), viewKey });
  const update = (change: Partial<{ pointer: boolean; focus: boolean }>) => {
    Object.assign(on.current, change);
    const using = on.current.pointer || on.current.focus;
    if (!using) setHeld(null);
    else if (ids === null) hold(shown);
  };
  return {
    agents,
    waiting,
    handlers: {
      onPointerEnter: (event) => {
        if (event.pointerType === "mouse") update({ pointer: true });
      },
      onPointerLeave: () => update({ pointer: false }),
      onFocus: () => update({ focus: true }),
      onBlur: (event) => {
        const next = event.relatedTarget;
        if (!(next instanceof Node && event.currentTarget.contains(next))) update({ focus: false });
      },
    },
  };
}
