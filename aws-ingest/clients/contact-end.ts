import { ConnectClient, DescribeContactCommand } from "@aws-sdk/client-connect";

/** DescribeContact takes ten requests a second from the whole account. A paused call asks again by itself. */
const MAX_ATTEMPTS = 3;
const REQUEST_TIMEOUT_MS = 10_000;

export interface ContactEnds {
  /**
   * Returns whether the contact has been disconnected. A transferred customer goes on under another contact id, so this answers
   * for one leg of the call. @throws the SDK's error after its own retries
   */
  isDisconnected(contactId: string, signal: AbortSignal): Promise<boolean>;
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
      return Contact?.DisconnectTimestamp !== undefined;
    },
    close: () => client.destroy(),
  };
}
