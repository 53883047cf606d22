import { useEffect } from "react";
import type { AgentClient } from "../../../client/contract.ts";

/** A wall is read from a distance, so two pictures a second are enough. They cost the hub a fifth of ten. */
const WALLBOARD_PACE_MS = 500;

/** Asks the hub for the wallboard's pace while it is shown. */
export function useWallboardPace(client: AgentClient): void {
  useEffect(() => {
    client.setPace(WALLBOARD_PACE_MS);
    return () => client.setPace(null);
  }, [client]);
}
