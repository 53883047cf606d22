import { type FocusEvent, type PointerEvent, type TouchEvent, useEffect, useRef, useState } from "react";
import type { AgentView } from "../../client/contract.ts";
import { heldOrder } from "../model/rows.ts";

export interface HeldOrder {
  agents: readonly AgentView[];
  /** The order on the page is not the one the view asks for. */
  waiting: boolean;
  handlers: {
    onPointerEnter: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onTouchStart: () => void;
    onTouchEnd: (event: TouchEvent) => void;
    onTouchCancel: (event: TouchEvent) => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent) => void;
  };
}

/** Milliseconds: a tap's click comes after the finger has gone, and a flick goes on scrolling for about as long. */
const AFTER_TOUCH_MS = 800;

/**
 * Keeps rows from moving under a mouse or a finger or away from the keyboard: while somebody is on a row the order waits.
 * A change of the view itself (`viewKey`) is the reader's own wish and is followed at once.
 */
export function useHeldOrder(
  shown: readonly AgentView[],
  known: (id: string) => AgentView | undefined,
  viewKey: unknown,
): HeldOrder {
  const [held, setHeld] = useState<{ ids: readonly string[]; viewKey: unknown } | null>(null);
  const on = useRef({ pointer: false, touch: false, focus: false });
  const afterTouch = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(afterTouch.current), []);
  const ids = held !== null && held.viewKey === viewKey ? held.ids : null;
  const agents = ids === null ? shown : heldOrder(ids, shown, known);
  const waiting =
    ids !== null && !(agents.length === shown.length && agents.every((agent, index) => agent.agentId === shown[index]?.agentId));

  const hold = (now: readonly AgentView[]) => setHeld({ ids: now.map((agent) => agent.agentId), viewKey });
  const update = (change: Partial<typeof on.current>) => {
    Object.assign(on.current, change);
    const using = on.current.pointer || on.current.touch || on.current.focus;
    if (!using) setHeld(null);
    else if (ids === null) hold(shown);
  };
  const lifted = (event: TouchEvent) => {
    if (event.touches.length > 0) return;
    clearTimeout(afterTouch.current);
    afterTouch.current = setTimeout(() => update({ touch: false }), AFTER_TOUCH_MS);
  };
  return {
    agents,
    waiting,
    handlers: {
      onPointerEnter: (event) => {
        if (event.pointerType === "mouse") update({ pointer: true });
      },
      onPointerLeave: () => update({ pointer: false }),
      onTouchStart: () => {
        clearTimeout(afterTouch.current);
        update({ touch: true });
      },
      onTouchEnd: lifted,
      onTouchCancel: lifted,
      onFocus: () => update({ focus: true }),
      onBlur: (event) => {
        const next = event.relatedTarget;
        if (!(next instanceof Node && event.currentTarget.contains(next))) update({ focus: false });
      },
    },
  };
}
