// `npm run replay`: posts again what the hub would not take. Settings as the functions' own: INSTANCE_ID, HUB_URL,
// HUB_SECRET_ID, DEAD_LETTER_QUEUE_URL, and the SDK's for region and credentials.
import { openDeadLetters } from "../clients/dead-letters.ts";
import { createHubClient } from "../clients/hub.ts";
import { keyRing } from "../clients/secrets.ts";
import { ConfigError, readHubSettings } from "../runtime/config.ts";

export interface Replay {
  /** Updates the hub has now. It keeps the newest, so that old ones among them do no harm. */
  delivered: number;
  /** Messages left in the queue: refused again, another instance's, or no dead letters at all. */
  left: number;
  /** Why, each reason once. */
  reasons: string[];
}

/** Takes every dead letter once; only what the hub has stored is taken off the queue. @throws ConfigError, the SDK's errors */
export async function replay(environment: Readonly<Record<string, string | undefined>>): Promise<Replay> {
  const settings = readHubSettings(environment);
  if (settings.deadLetterQueueUrl === null) throw new ConfigError("Wrong settings: DEAD_LETTER_QUEUE_URL is not set.");
  const hub = createHubClient({ hubUrl: settings.hubUrl, instanceId: settings.instanceId, keys: keyRing(settings.hubSecretId) });
  const letters = openDeadLetters(settings.deadLetterQueueUrl);
  const seen = new Set<string>();
  const reasons = new Set<string>();
  const result = { delivered: 0, left: 0 };
  try {
    for (let batch = await letters.receive(); batch.length > 0; batch = await letters.receive()) {
      for (const { letter, messageId, remove } of batch) {
        if (seen.has(messageId)) continue;
        seen.add(messageId);
        const refusal = await refusalOf(letter, settings.instanceId, hub.post);
        if (refusal === null) {
          await remove();
          result.delivered += letter?.updates.length ?? 0;
        } else {
          result.left += 1;
          reasons.add(refusal);
        }
      }
    }
  } finally {
    letters.close();
  }
  return { ...result, reasons: [...reasons] };
}

type Letter = Awaited<ReturnType<ReturnType<typeof openDeadLetters>["receive"]>>[number]["letter"];

async function refusalOf(
  letter: Letter,
  instanceId: string,
  post: ReturnType<typeof createHubClient>["post"],
): Promise<string | null> {
  if (letter === null) return "not a dead letter of these functions";
  if (letter.instanceId !== instanceId) return "another instance's";
  const { undelivered } = await post(letter.updates);
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
