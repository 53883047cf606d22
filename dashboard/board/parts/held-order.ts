import { type FocusEvent, type PointerEvent, type TouchEvent, useEffect, useRef, useState } from "react";
import type { AgentView } from "../../client/contract.ts";
import { heldOrder } from "../model/rows.ts";

export interface HeldOrder {
  agents: readonly AgentView[];
  /** True while the order on the page differs from the order of the view. */
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

/** Milliseconds after a touch. The click of a tap comes after the finger is gone, and a flick scrolls on for about this time. */
const AFTER_TOUCH_MS = 800;

/**
 * Keeps the order of the rows while the mouse, a finger or the focus is on one of them. The reader could press the wrong row
 * otherwise. A change of the view (`viewKey`) comes from the reader and changes the order at once.
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
