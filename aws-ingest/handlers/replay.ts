// `npm run replay`: posts the updates of the dead-letter queue to the hub again. It takes the settings of the functions
// (INSTANCE_ID, HUB_URL, HUB_SECRET_ID, DEAD_LETTER_QUEUE_URL), and the SDK's settings for region and credentials.
import { openDeadLetterQueue, type ReceivedMessage } from "../clients/dead-letter-queue.ts";
import { createHubClient, type HubClient } from "../clients/hub.ts";
import { keyRing } from "../clients/secrets.ts";
import { ConfigError, type Environment, readReplaySettings } from "../runtime/settings.ts";

export interface Replay {
  /** Updates that the hub has now. Old ones do no harm, because the hub keeps the newest of each fact. */
  delivered: number;
  /** Messages that stay in the queue. */
  left: number;
  /** Why messages stay in the queue, each reason once. */
  reasons: string[];
}

/** Posts every message of the queue once. Deletes a message when the hub has stored its updates. @throws ConfigError, the SDK's errors */
export async function replay(environment: Environment): Promise<Replay> {
  const settings = readReplaySettings(environment);
  const hub = createHubClient({ hubUrl: settings.hubUrl, instanceId: settings.instanceId, keys: keyRing(settings.hubSecretId) });
  const queue = openDeadLetterQueue(settings.deadLetterQueueUrl);
  const seen = new Set<string>();
  const reasons = new Set<string>();
  const result = { delivered: 0, left: 0 };
  try {
    for (let batch = await queue.receiveMessages(); batch.length > 0; batch = await queue.receiveMessages()) {
      for (const received of batch) {
        if (seen.has(received.messageId)) continue;
        seen.add(received.messageId);
        const { delivered, refusal } = await postMessage(received, settings.instanceId, hub);
        result.delivered += delivered;
        if (refusal === null) await received.deleteMessage();
        else {
          result.left += 1;
          reasons.add(refusal);
        }
      }
    }
  } finally {
    queue.close();
  }
  return { ...result, reasons: [...reasons] };
}

/** Posts a message. `refusal` says why it stays in the queue; null: the hub has stored all of its updates. */
async function postMessage(
  { message, unreadable }: ReceivedMessage,
  instanceId: string,
  hub: HubClient,
): Promise<{ delivered: number; refusal: string | null }> {
  if (message === null) return { delivered: 0, refusal: "a message that these functions did not write" };
  if (message.instanceId !== instanceId) return { delivered: 0, refusal: "a message of another instance" };
  const { undelivered } = await hub.post(message.updates);
  const delivered = undelivered.reduce((left, { updates }) => left - updates.length, message.updates.length);
  const unread = unreadable > 0 ? "updates that this release cannot read" : null;
  return { delivered, refusal: undelivered[0]?.reason ?? unread };
}

if (import.meta.main) {
  try {
    const { delivered, left, reasons } = await replay(process.env);
    console.log(`${delivered} updates delivered, ${left} messages left${left > 0 ? `: ${reasons.join("; ")}` : ""}.`);
    if (left > 0) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  }
}
