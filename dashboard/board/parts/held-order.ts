import { type FocusEvent, type PointerEvent, type TouchEvent, useEffect, useMemo, useRef, useState } from "react";
import type { Headings } from "../model/list-view.ts";
import { type HeldPlace, heldOrder, type PlacedAgent } from "../model/rows.ts";

export interface HeldOrder {
  /** The agents as the page shows them. */
  placed: readonly PlacedAgent[];
  /** True while the order on the page differs from the order of the view. */
  waiting: boolean;
  /** Shows the order of the view at once. */
  release: () => void;
  handlers: {
    onPointerEnter: (event: PointerEvent) => void;
    onPointerMove: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onTouchStart: () => void;
    onTouchEnd: (event: TouchEvent) => void;
    onTouchCancel: (event: TouchEvent) => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent) => void;
    onKeyDown: () => void;
  };
}

/** Milliseconds after a touch. The click of a tap comes after the finger is gone, and a flick scrolls on for about this time. */
const AFTER_TOUCH_MS = 800;

/**
 * Milliseconds for which a mouse or a focus that rests holds the order: time to find the row and press it. Somebody who has gone
 * for a coffee must not come back to an order of half an hour ago.
 */
const REST_MS = 5_000;

/**
 * Keeps the order of the rows, and their headings, while the mouse, a finger or the focus is on one of them. The reader could
 * press the wrong row otherwise. A mouse and a focus that rest let go after a few seconds, and hold again when they move. Filters
 * are not held. A change of the view (`viewKey`) comes from the reader and changes the order at once.
 */
export function useHeldOrder(shown: readonly PlacedAgent[], by: Headings, viewKey: unknown): HeldOrder {
  const [held, setHeld] = useState<{ places: readonly HeldPlace[]; viewKey: unknown } | null>(null);
  const on = useRef({ pointer: false, touch: false, focus: false });
  const afterTouch = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const lastPlace = useRef("");
  const resting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(
    () => () => {
      clearTimeout(afterTouch.current);
      clearTimeout(resting.current);
    },
    [],
  );
  const places = held !== null && held.viewKey === viewKey ? held.places : null;
  const placed = useMemo(() => (places === null ? shown : heldOrder(places, shown, by)), [places, shown, by]);
  const isAsShown = () => placed.length === shown.length && placed.every((place, index) => isSame(place, shown[index]));
  const waiting = placed !== shown && !isAsShown();

  const hold = (now: readonly PlacedAgent[]) =>
    setHeld({ places: now.map(({ agent, group }) => ({ agentId: agent.agentId, group })), viewKey });
  const update = (change: Partial<typeof on.current>) => {
    Object.assign(on.current, change);
    const using = on.current.pointer || on.current.touch || on.current.focus;
    clearTimeout(resting.current);
    if (!using) return setHeld(null);
    if (places === null) hold(shown);
    // A finger on the glass does not rest: it scrolls.
    if (!on.current.touch) resting.current = setTimeout(() => setHeld(null), REST_MS);
  };
  const moved = (event: PointerEvent) => {
    // Browsers report a move also when the page moved below a mouse that rests.
    const place = `${event.clientX} ${event.clientY}`;
    if (event.pointerType !== "mouse" || place === lastPlace.current) return;
    lastPlace.current = place;
    update({ pointer: true });
  };
  const lifted = (event: TouchEvent) => {
    if (event.touches.length > 0) return;
    clearTimeout(afterTouch.current);
    afterTouch.current = setTimeout(() => update({ touch: false }), AFTER_TOUCH_MS);
  };
  return {
    placed,
    waiting,
    release: () => {
      clearTimeout(resting.current);
      setHeld(null);
    },
    handlers: {
      onPointerEnter: moved,
      onPointerMove: moved,
      onPointerLeave: () => {
        lastPlace.current = "";
        update({ pointer: false });
      },
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
      onKeyDown: () => update({ focus: true }),
    },
  };
}

function isSame(one: PlacedAgent, other: PlacedAgent | undefined): boolean {
  return one.agent.agentId === other?.agent.agentId && one.group === other.group;
}
