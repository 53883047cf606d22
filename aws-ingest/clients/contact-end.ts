import { ConnectClient, DescribeContactCommand } from "@aws-sdk/client-connect";
import type { AgentJoin } from "../call/call-ports.ts";
import { timeOrNull } from "../connect/foreign-values.ts";

/** DescribeContact takes ten requests a second from the whole account. A paused call asks again by itself. */
const MAX_ATTEMPTS = 3;
const REQUEST_TIMEOUT_MS = 10_000;
/** A call waits for this answer before it is transcribed, so a question that takes longer is asked again. */
const JOIN_TIMEOUT_MS = 4000;
/** Errors that pass. */
const PASSING: ReadonlySet<string> = new Set(["ThrottlingException", "TooManyRequestsException", "TimeoutError", "AbortError"]);

export interface ContactEnds {
  /**
   * Returns whether the contact has been disconnected. A transferred customer goes on under another contact id, so this answers
   * for one leg of the call. @throws the SDK's error after its own retries
   */
  isDisconnected(contactId: string, signal: AbortSignal): Promise<boolean>;
  /** Returns when an agent joined the contact. `failed` receives the name of an error. Never throws. */
  askJoined(contactId: string, signal: AbortSignal, failed: (name: string) => void): Promise<AgentJoin>;
  close(): void;
}

/** Opens Amazon Connect for questions about the end of contacts (API reference, DescribeContact). */
export function openContactEnds(instanceId: string): ContactEnds {
  const client = new ConnectClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  return {
    async isDisconnected(contactId, signal) {
      const command = new DescribeContactCommand({ InstanceId: instanceId, ContactId: contactId });
      const { Contact } = await client.send(command, { abortSignal: signal });
      return timeOrNull(Contact?.DisconnectTimestamp) !== null;
    },
    async askJoined(contactId, signal, failed) {
      const command = new DescribeContactCommand({ InstanceId: instanceId, ContactId: contactId });
      try {
        const within = AbortSignal.any([signal, AbortSignal.timeout(JOIN_TIMEOUT_MS)]);
        const { Contact } = await client.send(command, { abortSignal: within });
        const joinedAt = timeOrNull(Contact?.AgentInfo?.ConnectedToAgentTimestamp);
        if (joinedAt !== null) return { kind: "joined", atMs: joinedAt };
        // An answer that does not say how the contact began says nothing about agents either.
        const tells = Contact?.InitiationTimestamp !== undefined || Contact?.QueueInfo?.EnqueueTimestamp !== undefined;
        return { kind: tells ? "waiting" : "unavailable" };
      } catch (error) {
        const name = error instanceof Error ? error.name : "unknown";
        failed(name);
        return { kind: PASSING.has(name) ? "later" : "unavailable" };
      }
    },
    close: () => client.destroy(),
  };
}
