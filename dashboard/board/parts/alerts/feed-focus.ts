import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

/**
 * Keeps the focus in a list whose buttons come and go: an acknowledged alert has no button any more, and an alert that is over moves.
 * The entry in the same place gets the focus, else the list itself. Call the handlers from the list.
 */
export function useFeedFocus(list: RefObject<HTMLElement | null>) {
  const place = useRef<number | null>(null);
  // Runs after every rendering, because each can take a button away.
  useLayoutEffect(() => {
    const element = list.current;
    if (place.current === null || element === null || document.activeElement !== document.body) return;
    const entry = element.querySelectorAll("li")[place.current];
    (entry?.querySelector<HTMLElement>("button, a") ?? element).focus({ preventScroll: true });
  });
  return {
    onFocus: ({ target }: FocusEvent<HTMLElement>) => {
      const entry = target.closest("li");
      place.current = entry === null ? null : [...(list.current?.querySelectorAll("li") ?? [])].indexOf(entry);
    },
    onBlur: ({ relatedTarget }: FocusEvent<HTMLElement>) => {
      // Without a next element the focused button may have been removed. The effect above still needs its place.
      if (relatedTarget !== null) place.current = null;
    },
  };
}
