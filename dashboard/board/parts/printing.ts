import { useSyncExternalStore } from "react";
import { flushSync } from "react-dom";

/** Returns true while the page is printed. All rows must be in the page then. */
export function usePrinting(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => printing,
    () => false,
  );
}

let printing = false;

function subscribe(listener: () => void): () => void {
  const begin = () => {
    printing = true;
    // The browser renders the paper right after this event.
    flushSync(listener);
  };
  const end = () => {
    printing = false;
    listener();
  };
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  return () => {
    window.removeEventListener("beforeprint", begin);
    window.removeEventListener("afterprint", end);
  };
}
