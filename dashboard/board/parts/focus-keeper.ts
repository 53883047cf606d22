import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

/** The button of an agent's row or card. */
function buttonOf(list: HTMLElement, agentId: string): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[data-agent="${CSS.escape(agentId)}"] .vg-name`);
}

/**
 * Keeps the keyboard's place in a list whose rows come and go: a focused row that is moved keeps the focus, and when it
 * is gone the row that took its place gets it. Returns what the list must call, and the agent that has the focus.
 */
export function useFocusKeeper(list: RefObject<HTMLElement | null>, agentIds: readonly string[]) {
  const focused = useRef<{ agentId: string; index: number } | null>(null);
  useLayoutEffect(() => {
    const place = focused.current;
    if (place === null || list.current === null || document.activeElement !== document.body) return;
    const index = agentIds.indexOf(place.agentId);
    const agentId = index === -1 ? agentIds[Math.min(place.index, agentIds.length - 1)] : place.agentId;
    if (agentId !== undefined) buttonOf(list.current, agentId)?.focus({ preventScroll: true });
  }, [list, agentIds]);
  return {
    focused,
    onFocus: (event: FocusEvent<HTMLElement>) => {
      const agentId = event.target.closest<HTMLElement>("[data-agent]")?.dataset["agent"];
      focused.current = agentId === undefined ? null : { agentId, index: agentIds.indexOf(agentId) };
    },
    onBlur: (event: FocusEvent<HTMLElement>) => {
      // Without a next element the row may have been taken away under the focus: its place is still wanted.
      if (event.relatedTarget !== null) focused.current = null;
    },
  };
}
