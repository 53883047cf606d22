import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from "react";
import { placeAfter } from "../roving-focus.ts";

/**
 * Makes the buttons of a box one stop of the Tab key: arrows, Home and End move among them. It works on the elements, so that the
 * buttons may belong to any part. Buttons inside of an open menu keep their own stops.
 * @param buttons a selector of the buttons within the box
 */
export function useOneTabStop(box: RefObject<HTMLElement | null>, buttons: string) {
  const last = useRef<HTMLElement | null>(null);
  const found = () => [...(box.current?.querySelectorAll<HTMLElement>(buttons) ?? [])].filter(isStop);
  // Each rendering may bring buttons or remove the one that was the stop.
  useLayoutEffect(() => {
    const stops = found();
    const stop = stops.find((button) => button === last.current) ?? stops[0];
    for (const button of stops) setTabIndex(button, button === stop ? 0 : -1);
  });
  return {
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const stops = found();
      const place = stops.findIndex((button) => button === event.target);
      const next = place === -1 || hasModifier(event) ? null : placeAfter(event.key, place, stops.length);
      if (next === null) return;
      event.preventDefault();
      stops[next]?.focus();
      // A browser leaves a button where it is that is partly in sight, so its end and its outline could be cut off.
      stops[next]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    },
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      const stops = found();
      const stop = stops.find((button) => button === target);
      if (stop === undefined) return;
      last.current = stop;
      for (const button of stops) setTabIndex(button, button === stop ? 0 : -1);
    },
  };
}

function isStop(button: HTMLElement): boolean {
  return !button.matches(":disabled") && button.closest(".vg-panel") === null;
}

/** Writes the attribute only where it changes, because these lists are walked at each rendering. */
export function setTabIndex(element: HTMLElement, tabIndex: 0 | -1): void {
  if (element.getAttribute("tabindex") !== String(tabIndex)) element.tabIndex = tabIndex;
}

export function hasModifier({ altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent<HTMLElement>): boolean {
  return altKey || ctrlKey || metaKey || shiftKey;
}
