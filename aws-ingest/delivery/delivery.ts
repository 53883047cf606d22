import type { Update } from "../../protocol/updates.ts";
import { openDeadLetterQueue } from "../clients/dead-letter-queue.ts";
import { createHubClient, type Undelivered } from "../clients/hub.ts";
import { keyRing } from "../clients/secrets.ts";
import type { Log } from "../runtime/log.ts";
import type { Meter } from "../runtime/meter.ts";
import type { HubSettings } from "../runtime/settings.ts";

/** The result of one delivery. The hub accepted every update that is in neither `retryable` nor `deadLettered`. */
export interface Delivered {
  /** Contacts of these updates that a viewer watches. */
  watched: string[];
  /** Agents on the board that a completed snapshot of these updates leaves out, if it asks for them. */
  unlisted?: string[];
  /** Contacts that the hub still counts as waiting, and that a queue snapshot of these updates makes doubtful. */
  suspects?: string[];
  /** Updates that the caller should send again: the hub was away or busy, or it did not know our signature. */
  retryable: Update[];
  /** Number of updates that went to the dead-letter queue, or are lost. Lost updates are also logged as an error. */
  deadLettered: number;
}

/**
 * Says who handles an update that the hub refused but may accept later.
 * - `retry`: the caller sends it again, or its source repeats it.
 * - `dead-letter`: the dead-letter queue keeps it.
 * - `dead-letter-or-retry`: the dead-letter queue keeps it. If the queue refuses it too, the caller sends it again.
 *
 * An update that the hub will never accept always goes to the dead-letter queue.
 */
export type FailurePolicy = "retry" | "dead-letter" | "dead-letter-or-retry";

/** Time kept free before Lambda ends an invocation. It covers one more attempt to post and the dead-letter queue. */
export const DELIVERY_RESERVE_MS = 20_000;

/**
 * Returns the functions' only way to the hub. It posts updates, counts them, and sends refused ones to the dead-letter queue.
 * It never throws for a failure of the hub or the queue.
 * @param timeUp when it aborts, no pause between attempts goes on
 * @param patienceMs how long updates are tried at least while the hub is away; 0 = six attempts, some 8 s
 */
export function openDelivery(
  settings: HubSettings,
  policy: FailurePolicy,
  timeUp: AbortSignal,
  log: Log,
  meter: Meter,
  patienceMs = 0,
) {
  const { hubUrl, instanceId, hubSecretId } = settings;
  const hub = createHubClient({ hubUrl, instanceId, keys: keyRing(hubSecretId), signal: timeUp, patienceMs });
  return {
    async deliver(updates: readonly Update[]): Promise<Delivered> {
      const { accepted, stale, watched, unlisted, suspects, undelivered } = await hub.post(updates);
      if (accepted + stale > 0) meter.add("PostsAccepted", accepted + stale);
      const scores = scoresIn(updates) - undelivered.reduce((sum, refused) => sum + scoresIn(refused.updates), 0);
      if (scores > 0) meter.add("Scores", scores);
      const retryable: Update[] = [];
      let deadLettered = 0;
      for (const refused of undelivered) {
        const count = refused.updates.length;
        meter.add("PostsRefused", count);
        log.error("The hub refused updates.", { count, reason: refused.reason });
        if (refused.retryable && policy === "retry") {
          retryable.push(...refused.updates);
          continue;
        }
        const lost = await sendToDeadLetterQueue(settings, refused, log);
        if (lost > 0 && refused.retryable && policy === "dead-letter-or-retry") {
          retryable.push(...refused.updates);
          continue;
        }
        deadLettered += count;
        if (lost > 0) log.error("Updates are lost: neither the hub nor a dead-letter queue has them.", { count: lost });
      }
      return { watched, retryable, deadLettered, ...(unlisted && { unlisted }), ...(suspects && { suspects }) };
    },
  };
}

/** Such updates are out of date within minutes, and the next one replaces them. */
const REPLACED_SOON: ReadonlySet<Update["type"]> = new Set(["roster.snapshot", "queue.snapshot", "contact.transcription"]);

function scoresIn(updates: readonly Update[]): number {
  return updates.filter((update) => update.type === "contact.sentiment").length;
}

/** Returns how many updates worth keeping the queue may not have. */
async function sendToDeadLetterQueue(settings: HubSettings, refused: Undelivered, log: Log): Promise<number> {
  const updates = refused.updates.filter(({ type }) => !REPLACED_SOON.has(type));
  const { deadLetterQueueUrl, instanceId } = settings;
  if (deadLetterQueueUrl === null) return updates.length;
  const queue = openDeadLetterQueue(deadLetterQueueUrl);
  try {
    const message = { instanceId, reason: refused.reason, deadLetteredAt: Date.now(), updates };
    return updates.length - (await queue.sendMessages(message));
  } catch (error) {
    log.error("The dead-letter queue refused updates.", { error: error instanceof Error ? error.name : "unknown" });
    return updates.length;
  } finally {
    queue.close();
  }
}
