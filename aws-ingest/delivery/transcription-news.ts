import { setTimeout as sleep } from "node:timers/promises";
import type { ContactTranscription } from "../../protocol/updates.ts";
import { createHubClient } from "../clients/hub.ts";
import { keyRing } from "../clients/secrets.ts";
import type { Log } from "../runtime/log.ts";
import { readHubSettings } from "../runtime/settings.ts";

/**
 * Tells the hub whether a contact is listened to, for a caller that cannot wait. It never throws, and it returns after
 * `timeLimitMs` at the latest. News that does not arrive in time is logged and not repeated: a transcriber that runs says more.
 */
export async function postTranscription(
  { contactId, initialContactId }: { contactId: string; initialContactId: string | null },
  state: ContactTranscription["state"],
  timeLimitMs: number,
  log: Log,
): Promise<void> {
  const timeLimit = Math.max(0, timeLimitMs);
  const occurredAt = Date.now();
  const post = async (): Promise<string | null> => {
    try {
      const { hubUrl, instanceId, hubSecretId } = readHubSettings(process.env);
      const hub = createHubClient({ hubUrl, instanceId, keys: keyRing(hubSecretId), signal: AbortSignal.timeout(timeLimit) });
      const { undelivered } = await hub.post([{ type: "contact.transcription", contactId, initialContactId, state, occurredAt }]);
      return undelivered[0]?.reason ?? null;
    } catch (error) {
      return error instanceof Error ? error.name : "unknown";
    }
  };
  const reason = await Promise.race([post(), sleep(timeLimit, "the hub did not answer in time", { ref: false })]);
  if (reason !== null) log.warn("The board was not told whether a call is listened to.", { contactId, state, reason });
}
