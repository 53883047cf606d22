import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

function buttonOf(list: HTMLElement, agentId: string): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[data-agent="${CSS.escape(agentId)}"] .vg-name`);
}

/**
 * Keeps the focus in a list whose rows change. A focused row keeps the focus when it moves. When it is removed, the row in its
 * place gets the focus. Returns the agent with the focus, and the handlers that the list must call.
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
      // Without a next element the focused row may have been removed. The effect above still needs its place.
      if (event.relatedTarget !== null) focused.current = null;
    },
  };
}
