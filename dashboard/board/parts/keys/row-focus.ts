import { type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { rowPlaceAfter } from "../../model/board-keys.ts";
import { hasModifier, setTabIndex } from "./one-tab-stop.ts";

interface RowFocusInput {
  /** The element that has the rows. */
  list: RefObject<HTMLElement | null>;
  /** The agents of all rows in their order, also of those that are not in the page. */
  agentIds: readonly string[];
  /** The agent whose panel is open. */
  selected: string | null;
}

/**
 * Makes the agents of a list one stop of the Tab key, on which the arrow keys move from row to row. After the panel of an agent
 * closes, the focus is on its row again.
 */
export function useRowFocus({ list, agentIds, selected }: RowFocusInput) {
  const last = useRef<string | null>(null);
  // A row that is not in the page comes in first, and then takes the focus.
  const [wanted, setWanted] = useState<string | null>(null);
  const moveTo = (agentId: string | undefined) => {
    if (agentId === undefined) return;
    const button = list.current === null ? null : nameButton(list.current, agentId);
    if (button === null) setWanted(agentId);
    else button.focus();
  };
  useLayoutEffect(() => {
    if (wanted === null || list.current === null) return;
    nameButton(list.current, wanted)?.focus();
    setWanted(null);
  }, [wanted, list]);
  useLayoutEffect(() => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>(".vg-name, .vg-row-menu") ?? [])];
    const inPage = buttons.some((button) => agentOf(button) === last.current);
    const stop = inPage ? last.current : buttons[0] && agentOf(buttons[0]);
    for (const button of buttons) setTabIndex(button, agentOf(button) === stop ? 0 : -1);
  });
  const before = useRef(selected);
  useEffect(() => {
    const closed = before.current;
    before.current = selected;
    // The browser gives the focus back by itself, unless the row had left the page meanwhile.
    if (selected !== null || closed === null || document.activeElement !== document.body) return;
    // An agent may have left the board while its panel was open. The reader goes on with the row that the Tab key would reach.
    const stop = list.current?.querySelector<HTMLElement>(".vg-name[tabindex='0']");
    const next = agentIds.includes(closed) ? closed : stop && agentOf(stop);
    if (next) setWanted(next);
  }, [selected, agentIds, list]);
  return {
    wanted,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (!(event.target instanceof HTMLElement) || !event.target.matches(".vg-name, .vg-row-menu") || hasModifier(event)) return;
      const place = agentIds.indexOf(agentOf(event.target) ?? "");
      const next = place === -1 ? null : rowPlaceAfter(event.key, place, agentIds.length);
      if (next === null) return;
      event.preventDefault();
      moveTo(agentIds[next]);
    },
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      const agentId = agentOf(target);
      if (agentId === null) return;
      last.current = agentId;
      for (const button of list.current?.querySelectorAll<HTMLElement>(".vg-name, .vg-row-menu") ?? []) {
        setTabIndex(button, agentOf(button) === agentId ? 0 : -1);
      }
    },
  };
}

function nameButton(list: HTMLElement, agentId: string): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[data-agent="${CSS.escape(agentId)}"] .vg-name`);
}

function agentOf(element: Element): string | null {
  return element.closest<HTMLElement>("[data-agent]")?.dataset["agent"] ?? null;
}
