import { afterEach, expect, test } from "vitest";
import { handler } from "../../../aws-ingest/handlers/agent-events.ts";
import { type LocalKinesis, startKinesis } from "../../../local/aws/kinesis.ts";
import type { BatchFailure } from "../../../local/aws/kinesis-shard.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { readerLab } from "../../support/reader-lab.ts";

const ARN = `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}`;
const MINUTE = 60_000;
/** The settings of infra/ingest-stack.ts. */
const MAPPING = {
  functionName: "agent-events",
  bisectBatchOnError: true,
  reportBatchItemFailures: true,
  maximumRecordAgeMs: 12 * 60 * MINUTE,
  retryDelayMs: 1,
};

const lab = readerLab();
let kinesis: LocalKinesis;
afterEach(async () => {
  await kinesis.close();
  lab.hub.clearOrders();
});

/** Starts the stream. Each invocation takes a minute of its clock, and has time for one attempt to post. */
function startStream(dropped: BatchFailure[]): { invocations(): number } {
  let invocations = 0;
  kinesis = startKinesis({
    streamName: "agent-events",
    mapping: { ...MAPPING, onFailure: (failure) => dropped.push(failure) },
    now: () => Date.now() + invocations * MINUTE,
    async invoke(_name, event) {
      invocations += 1;
      const context = { functionName: "agent-events", getRemainingTimeInMillis: () => 20_000 };
      return { status: "returned", payload: JSON.stringify(await handler(event, context)) };
    },
  });
  return { invocations: () => invocations };
}

function put(agent: number, minute: number, name: string): void {
  const at = new Date(Date.now() + minute * MINUTE).toISOString();
  const status = { Name: name, StartTimestamp: at, Type: name === "Available" ? "ROUTABLE" : "CUSTOM" };
  const event = {
    AgentARN: `${ARN}/agent/agent-${agent}`,
    InstanceARN: ARN,
    EventTimestamp: at,
    EventType: "STATE_CHANGE",
    CurrentAgentSnapshot: { AgentStatus: status, Contacts: [] },
  };
  kinesis.putRecord(`agent-${agent}`, JSON.stringify(event));
}

test("A hub that is away for an hour loses no agent state: all arrive in order when it is back.", async () => {
  const dropped: BatchFailure[] = [];
  const stream = startStream(dropped);
  lab.hub.answerNext(...Array.from({ length: 80 }, () => ({ status: 503 })));
  for (let agent = 0; agent < 20; agent += 1) put(agent, -2, "Available");
  for (let agent = 0; agent < 20; agent += 1) put(agent, -1, "Almuerzo");
  await kinesis.drain();
  expect(stream.invocations()).toBeGreaterThan(60);
  expect(dropped).toEqual([]);
  const states = lab.hub.updates().flatMap((update) => (update.type === "agent.state" ? [update] : []));
  expect(states).toHaveLength(40);
  for (let agent = 0; agent < 20; agent += 1) {
    const names = states.filter(({ agentId }) => agentId === `agent-${agent}`).map(({ status }) => status.name);
    expect(names).toEqual(["Available", "Almuerzo"]);
  }
});

test("Records that nobody can read cost no second invocation, and records of one time keep the order of the stream.", async () => {
  const dropped: BatchFailure[] = [];
  const stream = startStream(dropped);
  for (let index = 0; index < 100; index += 1) {
    if (index % 5 === 0)
      kinesis.putRecord("x", JSON.stringify({ ContactId: "c", AWSContactTraceRecordFormatVersion: "2017-03-10" }));
    else put(index % 7, 0, "Available");
  }
  await kinesis.drain();
  expect([stream.invocations(), dropped]).toEqual([1, []]);
  const orders = lab.hub.updates().flatMap((update) => (update.type === "agent.state" ? [update.order ?? ""] : []));
  expect(orders).toHaveLength(80);
  expect(orders.every((order) => /^\d{56}$/.test(order))).toBe(true);
  expect(orders).toEqual([...orders].sort());
});
