// `npm run replay`: posts the updates of the dead-letter queue to the hub again. It takes the settings of the functions
// (INSTANCE_ID, HUB_URL, HUB_SECRET_ID, DEAD_LETTER_QUEUE_URL), and the SDK's settings for region and credentials.
import { type DeadLetterMessage, openDeadLetterQueue } from "../clients/dead-letter-queue.ts";
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
      for (const { message, messageId, deleteMessage } of batch) {
        if (seen.has(messageId)) continue;
        seen.add(messageId);
        const refusal = await refusalOf(message, settings.instanceId, hub);
        if (refusal === null) {
          await deleteMessage();
          result.delivered += message?.updates.length ?? 0;
        } else {
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

/** Returns why a message stays in the queue, or null when the hub has stored its updates. */
async function refusalOf(message: DeadLetterMessage | null, instanceId: string, hub: HubClient): Promise<string | null> {
  if (message === null) return "a message that these functions did not write";
  if (message.instanceId !== instanceId) return "a message of another instance";
  const { undelivered } = await hub.post(message.updates);
  return undelivered[0]?.reason ?? null;
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
