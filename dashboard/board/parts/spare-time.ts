import { useEffect } from "react";
import { loadLateParts } from "./late-part.tsx";

/** Where the browser does not tell when it has nothing to do (Safari), the parts wait for so long (ms). */
const WAIT_MS = 2_000;

/** Loads the parts of the board that the first view does not need, when the browser has nothing else to do. */
export function useSpareTime(isReady: boolean): void {
  useEffect(() => {
    if (!isReady) return;
    const load = () => void loadLateParts();
    if (typeof requestIdleCallback === "undefined") {
      const timer = setTimeout(load, WAIT_MS);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(load, { timeout: WAIT_MS });
    return () => cancelIdleCallback(idle);
  }, [isReady]);
}
