import { useSyncExternalStore } from "react";
import { flushSync } from "react-dom";

/** Whether the page is being printed: then all rows must be in it. */
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
    // The browser takes its picture when this event is over.
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
