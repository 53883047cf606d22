import { type RefObject, useEffect, useRef } from "react";

/** Elements that use the space bar themselves. */
const SPACE_USERS =
  "button, a, input:not([type=range]), select, textarea, summary, [role=menuitem], [role=tab], [contenteditable]";

/** Plays and pauses the past by the space bar, anywhere on the board, but never in a field. The sheet of keys names it. */
export function usePlayKey(bar: RefObject<HTMLElement | null>, togglePlay: () => void): void {
  const latest = useRef(togglePlay);
  useEffect(() => {
    latest.current = togglePlay;
  });
  useEffect(() => {
    const page = bar.current?.ownerDocument;
    if (page === undefined) return;
    const press = (event: KeyboardEvent) => {
      if (event.key !== " " || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const place = event.target instanceof Element ? event.target : page.body;
      // Keys elsewhere on a page that embeds the board are its own.
      const isHere = place === page.body || bar.current?.closest(".vigia")?.contains(place) === true;
      if (!isHere || place.closest(SPACE_USERS) !== null) return;
      event.preventDefault();
      latest.current();
    };
    page.addEventListener("keydown", press);
    return () => page.removeEventListener("keydown", press);
  }, [bar]);
}
