import { useCallback, useSyncExternalStore } from "react";
import type { Transcript } from "../client/contract.ts";
import { useAgentClient } from "./provider.tsx";

const nothing = () => {};

/** The live transcript of a call, which the hub sends only while this is mounted; null without a `contactId`. */
export function useTranscript(contactId: string | null): Transcript | null {
  const client = useAgentClient();
  const subscribe = useCallback(
    (listener: () => void) => (contactId === null ? nothing : client.watch(contactId, listener)),
    [client, contactId],
  );
  return useSyncExternalStore(
    subscribe,
    () => (contactId === null ? null : client.transcript(contactId)),
    () => null,
  );
}
