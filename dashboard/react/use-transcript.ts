import { useCallback, useSyncExternalStore } from "react";
import type { Transcript } from "../client/contract.ts";
import { useAgentClient } from "./provider.tsx";

const noSubscription = () => {};

/** Returns the live transcript of a call, null without a `contactId`. The hub sends it only while the component is mounted. */
export function useTranscript(contactId: string | null): Transcript | null {
  const client = useAgentClient();
  const subscribe = useCallback(
    (listener: () => void) => (contactId === null ? noSubscription : client.watch(contactId, listener)),
    [client, contactId],
  );
  return useSyncExternalStore(
    subscribe,
    () => (contactId === null ? null : client.transcript(contactId)),
    () => null,
  );
}
