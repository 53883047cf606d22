import { type FocusEvent, type KeyboardEvent, useState } from "react";

/** The place that a key moves the focus to in a row of `length` items; null = the key does not move it. */
export function placeAfter(key: string, place: number, length: number): number | null {
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return (place + 1) % length;
    case "ArrowLeft":
    case "ArrowUp":
      return (place - 1 + length) % length;
    case "Home":
      return 0;
    case "End":
      return length - 1;
    default:
      return null;
  }
}

/**
 * Makes a row of items one stop of the Tab key: arrows, Home and End move within it. Each item has `data-stop` with its key on
 * the element that takes the focus.
 */
export function useRovingFocus(keys: readonly string[]): {
  /** The item that Tab goes to. */
  stop: string | undefined;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onFocus: (event: FocusEvent<HTMLElement>) => void;
} {
  const [last, setLast] = useState<string | null>(null);
  const stop = last !== null && keys.includes(last) ? last : keys[0];
  return {
    stop,
    onKeyDown: (event) => {
      const place = keys.indexOf(stopOf(event.target) ?? "");
      const next = place === -1 ? null : placeAfter(event.key, place, keys.length);
      const key = next === null ? undefined : keys[next];
      if (key === undefined) return;
      event.preventDefault();
      for (const element of event.currentTarget.querySelectorAll<HTMLElement>("[data-stop]")) {
        if (element.dataset["stop"] === key) element.focus();
      }
    },
    onFocus: ({ target }) => setLast(stopOf(target)),
  };
}

function stopOf(target: EventTarget): string | null {
  return target instanceof HTMLElement ? (target.dataset["stop"] ?? null) : null;
}
