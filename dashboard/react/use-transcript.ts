import type { Transcript } from "../client/contract.ts";
import { useAgentClient } from "./provider.tsx";
import { useWatched } from "./use-watched.ts";

/** What `useTranscript` takes. */
export interface TranscriptOptions {
  /** False: the hub is not asked, and the result is null. */
  enabled?: boolean | undefined;
}

/** Returns the live transcript of a call, null without a `contactId`. The hub sends it only while the component is mounted. */
export function useTranscript(
  contactId: string | null | undefined,
  { enabled = true }: TranscriptOptions = {},
): Transcript | null {
  const { watch, transcript } = useAgentClient();
  return useWatched(enabled && contactId, watch, transcript);
}
