import { type RefObject, useEffect, useRef } from "react";

/** What a key does while the board shows the past. */
export interface ReplayKeys {
  /** Space. */
  togglePlay: () => void;
  /** L. */
  leave: () => void;
}

/** Elements that use the space bar or letters themselves. */
const SPACE_USERS = "button, a, input:not([type=range]), select, textarea, summary, [role=menuitem], [role=tab], [contenteditable]";
const TYPING_FIELDS = "input:not([type=range], [type=checkbox]), select, textarea, [contenteditable]";

/** Listens to the keys of the replay anywhere on the board, but never to those of a field. */
export function useReplayKeys(board: RefObject<HTMLElement | null>, keys: ReplayKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const page = board.current?.ownerDocument;
    if (page === undefined) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const place = event.target instanceof Element ? event.target : page.body;
      // Keys elsewhere on a page that embeds the board are its own.
      const isHere = place === page.body || board.current?.closest(".vigia")?.contains(place) === true;
      if (!isHere) return;
      if (event.key === " " && place.closest(SPACE_USERS) === null) {
        event.preventDefault();
        latest.current.togglePlay();
      }
      if (event.key.toLowerCase() === "l" && place.closest(TYPING_FIELDS) === null) latest.current.leave();
    };
    page.addEventListener("keydown", press);
    return () => page.removeEventListener("keydown", press);
  }, [board]);
}
