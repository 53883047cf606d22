import { useCallback, useSyncExternalStore } from "react";
import type { Transcript } from "../client/contract.ts";
import { useAgentClient } from "./provider.tsx";

const noSubscription = () => {};

export interface TranscriptOptions {
  /** False: the hub is not asked, and the result is null. */
  enabled?: boolean | undefined;
}

/** Returns the live transcript of a call, null without a `contactId`. The hub sends it only while the component is mounted. */
export function useTranscript(
  contactId: string | null | undefined,
  { enabled = true }: TranscriptOptions = {},
): Transcript | null {
  const client = useAgentClient();
  const watched = enabled && contactId ? contactId : null;
  const subscribe = useCallback(
    (listener: () => void) => (watched === null ? noSubscription : client.watch(watched, listener)),
    [client, watched],
  );
  return useSyncExternalStore(
    subscribe,
    () => (watched === null ? null : client.transcript(watched)),
    () => null,
  );
}
