import { type LocalEventBridge, startEventBridge } from "../aws/event-bridge.ts";
import { startKinesis } from "../aws/kinesis.ts";
import type { LocalLambda } from "../aws/lambda.ts";
import type { AgentEventStream } from "../simulator/simulator.ts";

/** The event sources that invoke functions, with the settings of the deployed stack (`infra/`). */
export interface EventSources {
  agentEvents: AgentEventStream;
  /** Puts a record on the stream of Contact Lens. */
  putAnalysis(record: { readonly ContactId: string }): void;
  bus: LocalEventBridge;
  close(): Promise<void>;
}

/** Shorter than the stack's default of five minutes, because people watch the demo for about ten. */
const RECONCILE_EVERY_MS = 60_000;
/** The settings of infra/ingest-stack.ts: a failed batch is split, and tried again until its records are twelve hours old. */
const AGENT_EVENTS = {
  functionName: "agent-events",
  batchSize: 100,
  bisectBatchOnError: true,
  reportBatchItemFailures: true,
  maximumRecordAgeMs: 12 * 60 * 60_000,
  retryDelayMs: 500,
};
/** Contact Lens' records are dropped when they are a quarter of an hour old. */
const CONTACT_LENS = { ...AGENT_EVENTS, functionName: "contact-lens", maximumRecordAgeMs: 15 * 60_000 };

/** The schedules of the deployed stack. */
const WATCHDOG_EVERY_MS = 60_000;
const QUEUES_EVERY_MS = 60_000;

/**
 * Starts the event sources. `sendToDeadLetterQueue` keeps the body of each failed event.
 * @param speed how many times faster than at AWS the watchdog and the reading of the queues run
 */
export function startEventSources(
  lambda: LocalLambda,
  instanceArn: string,
  sendToDeadLetterQueue: (body: string) => void,
  speed = 1,
): EventSources {
  let lost = 0;
  const invoke = (name: string, event: unknown) => lambda.invoke(name, event);
  const stream = startKinesis({
    streamName: "vigia-agent-events",
    mapping: {
      ...AGENT_EVENTS,
      onFailure: (failure) => {
        lost += failure.KinesisBatchInfo.batchSize;
        sendToDeadLetterQueue(JSON.stringify(failure));
      },
    },
    invoke,
  });
  const analyses = startKinesis({
    streamName: "vigia-contact-lens",
    mapping: { ...CONTACT_LENS, onFailure: (failure) => sendToDeadLetterQueue(JSON.stringify(failure)) },
    invoke,
  });
  const bus = startEventBridge({
    rules: [
      {
        name: "vigia-contact-events",
        functionName: "contact-events",
        pattern: {
          source: ["aws.connect"],
          "detail-type": ["Amazon Connect Contact Event"],
          detail: {
            instanceArn: [instanceArn],
            $or: [
              { eventType: ["QUEUED", "CONNECTED_TO_AGENT", "DISCONNECTED", "COMPLETED", "PAUSED", "RESUMED"] },
              { eventType: ["INITIATED"], initiationMethod: ["CALLBACK", "QUEUE_TRANSFER", "TRANSFER"] },
            ],
          },
        },
      },
      { name: "vigia-reconcile", functionName: "reconcile", everyMs: RECONCILE_EVERY_MS, input: { scheduled: true } },
      { name: "vigia-queues", functionName: "queues", everyMs: QUEUES_EVERY_MS / speed, input: { scheduled: true } },
      { name: "vigia-watchdog", functionName: "watchdog", everyMs: WATCHDOG_EVERY_MS / speed, input: { scheduled: true } },
    ],
    invokeLater: (name, event) => lambda.invokeLater(name, event),
  });
  return {
    agentEvents: {
      putRecord: (key, data) => void stream.putRecord(key, data),
      drain: () => stream.drain(),
      lostRecords: () => lost,
    },
    putAnalysis: (record) => void analyses.putRecord(record.ContactId, JSON.stringify(record)),
    bus,
    async close() {
      bus.close();
      await Promise.all([stream.close(), analyses.close()]);
    },
  };
}
