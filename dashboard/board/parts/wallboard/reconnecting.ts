import { useEffect } from "react";
import type { Connection } from "../../../client/contract.ts";

/**
 * Milliseconds until a screen tries again by itself after the hub has refused it for good. Nobody stands there to press a button,
 * and a hub whose settings were wrong for a while may let it in again.
 */
const TRY_AGAIN_MS = 5 * 60_000;

/** Tries again after ends that the client takes as final. `waitsForPerson`: without a person's sign-in it would be for nothing. */
export function useReconnecting({ status, error }: Connection, reconnect: () => void, waitsForPerson: boolean): void {
  // A client that its own page has closed has no error.
  const isFinal = (status === "closed" && error !== null) || (status === "unauthorized" && !waitsForPerson);
  useEffect(() => {
    if (!isFinal) return;
    const timer = setInterval(reconnect, TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isFinal, reconnect]);
}
