import type { Update } from "../protocol/updates.ts";
import { readAgentEvent } from "./agent-event.ts";
import { createHub } from "./clients/hub.ts";
import { keyRing } from "./clients/secrets.ts";
import { readHubSettings } from "./config.ts";
import { type BatchAnswer, failedFrom, readBatch } from "./kinesis-batch.ts";
import { createLog } from "./log.ts";

/**
 * Kinesis batches of Amazon Connect's agent event stream -> `agent.*` updates. One bad record fails alone: the others of
 * its batch are posted, and Lambda is told the first failed one, from which it repeats (repeating is harmless: the hub keeps
 * the newest).
 */
export async function handler(event: unknown): Promise<BatchAnswer> {
  const log = createLog("agent-events");
  const settings = readHubSettings(process.env);
  const records = readBatch(event);
  const failed = new Set<number>();
  const updates: Update[] = [];
  const recordOf = new Map<Update, number>();
  for (const [index, record] of records.entries()) {
    const read = readAgentEvent(record.json, settings.instanceId);
    if (read.ok) {
      updates.push(read.update);
      recordOf.set(read.update, index);
      continue;
    }
    failed.add(index);
    log.error("Agent event refused.", { sequenceNumber: record.sequenceNumber, reason: read.reason });
  }
  if (updates.length > 0) {
    const hub = createHub({ hubUrl: settings.hubUrl, instanceId: settings.instanceId, keys: keyRing(settings.hubSecretId) });
    const delivery = await hub.post(updates);
    for (const undelivered of delivery.undelivered) {
      log.error("The hub did not take agent events.", { count: undelivered.updates.length, reason: undelivered.reason });
      for (const update of undelivered.updates) {
        const index = recordOf.get(update);
        if (index !== undefined) failed.add(index);
      }
    }
  }
  return failedFrom(records, failed);
}
