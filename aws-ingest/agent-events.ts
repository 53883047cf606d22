import { readAgentEvent } from "./agent-event.ts";
import type { InvocationContext } from "./invocation.ts";
import type { BatchAnswer } from "./kinesis-batch.ts";
import { deliverRecords } from "./stream-records.ts";

/** Kinesis batches of Amazon Connect's agent event stream -> `agent.*` updates. */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<BatchAnswer> {
  const { answer } = await deliverRecords("agent-events", event, context, "retry", ({ json }, { instanceId }) => {
    const read = readAgentEvent(json, instanceId);
    return read.ok ? { ok: true, updates: [read.update] } : read;
  });
  return answer;
}
