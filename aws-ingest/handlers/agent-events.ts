import { readAgentEvent } from "../connect/agent-event.ts";
import type { BatchAnswer } from "../delivery/kinesis-batch.ts";
import { deliverRecords, type StreamReader } from "../delivery/stream-records.ts";
import type { InvocationContext } from "../runtime/invocation.ts";

/**
 * Longer than the hub is ever away for a deployment or an incident, so that the board is right again without anybody's help. What
 * is older goes to the dead-letter queue, for `npm run replay`. The event source keeps records longer (`infra/ingest-stack.ts`).
 */
const RETRY_FOR_MS = 2 * 60 * 60_000;

const READER: StreamReader = {
  service: "agent-events",
  policy: "retry",
  retryForMs: RETRY_FOR_MS,
  read({ json, sequenceNumber }, { instanceId }) {
    const reading = readAgentEvent(json, instanceId, sequenceNumber);
    return reading.outcome === "read" ? { ...reading, value: [reading.value] } : reading;
  },
};

/** Turns Kinesis batches of Amazon Connect's agent event stream into `agent.*` updates and posts them. */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<BatchAnswer> {
  const { answer } = await deliverRecords(event, context, READER);
  return answer;
}
