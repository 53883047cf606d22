import { readAgentEvent } from "./agent-event.ts";
import type { BatchAnswer } from "./kinesis-batch.ts";
import { deliverRecords } from "./stream-records.ts";

/** Kinesis batches of Amazon Connect's agent event stream -> `agent.*` updates. */
export async function handler(event: unknown): Promise<BatchAnswer> {
  const { answer } = await deliverRecords("agent-events", event, ({ json }, { instanceId }) => {
    const read = readAgentEvent(json, instanceId);
    return read.ok ? { ok: true, updates: [read.update] } : read;
  });
  return answer;
}
