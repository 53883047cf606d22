import { readAgentEvent } from "../connect/agent-event.ts";
import type { BatchAnswer } from "../delivery/kinesis-batch.ts";
import { deliverRecords } from "../delivery/stream-records.ts";
import type { InvocationContext } from "../runtime/invocation.ts";

/** Turns Kinesis batches of Amazon Connect's agent event stream into `agent.*` updates and posts them. */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<BatchAnswer> {
  const { answer } = await deliverRecords("agent-events", event, context, "retry", ({ json }, { instanceId }) => {
    const read = readAgentEvent(json, instanceId);
    return read.ok ? { ok: true, updates: [read.update] } : read;
  });
  return answer;
}
