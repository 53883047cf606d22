import type { Update } from "../../protocol/updates.ts";
import { openDeadLetters } from "../clients/dead-letters.ts";
import { createHubClient } from "../clients/hub.ts";
import { keyRing } from "../clients/secrets.ts";
import type { HubSettings } from "../runtime/config.ts";
import type { Log } from "../runtime/log.ts";
import type { Meter } from "../runtime/meter.ts";

/** What became of some updates. None is lost without a word: each is accepted, or in `again`, or put aside, or logged as lost. */
export interface Delivered {
  /** Contacts of these updates that somebody watches. */
  watched: string[];
  /** Not taken now but perhaps later (the hub was away, busy, or did not know our signature). */
  again: Update[];
  /** Put aside in the dead-letter queue, or lost where there is none. */
  putAside: number;
}

/**
 * `retry`: the caller will try again what may pass later, or it will be said anew; `put-aside`: nobody will, so it goes to the
 * dead-letter queue; `put-aside-or-retry`: the same, and the caller tries again what the queue did not take either.
 */
export type Afterwards = "retry" | "put-aside" | "put-aside-or-retry";

/** So long before Lambda ends an invocation the hub is waited for no longer: an attempt more, and the dead-letter queue. */
export const DELIVERY_RESERVE_MS = 20_000;

/**
 * The functions' way to the hub: posts, counts, and puts aside what the hub would not take. Never throws for hub or queue.
 * From `timeUp` on nothing is waited for between attempts.
 */
export function openDelivery(settings: HubSettings, afterwards: Afterwards, timeUp: AbortSignal, log: Log, meter: Meter) {
  const { hubUrl, instanceId, hubSecretId } = settings;
  const hub = createHubClient({ hubUrl, instanceId, keys: keyRing(hubSecretId), signal: timeUp });
  return {
    async deliver(updates: readonly Update[]): Promise<Delivered> {
      const { accepted, stale, watched, undelivered } = await hub.post(updates);
      if (accepted + stale > 0) meter.add("PostsAccepted", accepted + stale);
      const scores = scoresIn(updates) - undelivered.reduce((lost, { updates: those }) => lost + scoresIn(those), 0);
      if (scores > 0) meter.add("Scores", scores);
      const again: Update[] = [];
      let putAside = 0;
      for (const lost of undelivered) {
        meter.add("PostsRefused", lost.updates.length);
        log.error("The hub did not take updates.", { count: lost.updates.length, reason: lost.reason });
        if (lost.again && afterwards === "retry") {
          again.push(...lost.updates);
          continue;
        }
        const kept = await putAsideIn(settings, lost, log);
        if (!kept && lost.again && afterwards === "put-aside-or-retry") {
          again.push(...lost.updates);
          continue;
        }
        putAside += lost.updates.length;
        if (!kept) log.error("Updates are lost.", { count: lost.updates.length });
      }
      return { watched, again, putAside };
    },
  };
}

function scoresIn(updates: readonly Update[]): number {
  return updates.filter((update) => update.type === "contact.sentiment").length;
}

/** Whether the queue has all that is worth keeping. */
async function putAsideIn(
  settings: HubSettings,
  lost: { updates: readonly Update[]; reason: string },
  log: Log,
): Promise<boolean> {
  // Minutes old, a list of who is signed in says nothing any more, and the next one is on its way.
  const updates = lost.updates.filter((update) => update.type !== "roster.snapshot");
  if (updates.length === 0) return true;
  const { deadLetterQueueUrl, instanceId } = settings;
  let kept = 0;
  if (deadLetterQueueUrl !== null) {
    const letters = openDeadLetters(deadLetterQueueUrl);
    try {
      kept = await letters.put({ instanceId, reason: lost.reason, putAsideAt: Date.now(), updates: [...updates] });
    } catch (error) {
      log.error("The dead-letter queue did not take updates.", { error: error instanceof Error ? error.name : "unknown" });
    } finally {
      letters.close();
    }
  }
  return kept >= updates.length;
}
