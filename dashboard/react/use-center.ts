import { useSyncExternalStore } from "react";
import type { CenterFacts } from "../../protocol/center.ts";
import { useAgentClient } from "./provider.tsx";

/** Returns the name and the time zone of the contact center; null until the hub has said them, and with an older hub. */
export function useCenter(): CenterFacts | null {
  const { subscribeConnection, center } = useAgentClient();
  return useSyncExternalStore(subscribeConnection, center, nothingOnServer);
}

const nothingOnServer = () => null;
