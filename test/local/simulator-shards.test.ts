import fc from "fast-check";
import * as v from "valibot";
import { expect, test } from "vitest";
import type { AgentEvent, Home } from "../../local/simulator/agent-event.ts";
import { createAgentEventStream } from "../../local/simulator/agent-event-shards.ts";
import { hireAgents } from "../../local/simulator/staff.ts";

const HOME: Home = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const AGENTS = hireAgents(6);

const batchSchema = v.object({
  Records: v.array(v.object({ kinesis: v.object({ data: v.string(), sequenceNumber: v.string(), partitionKey: v.string() }) })),
});

function logins(): AgentEvent[] {
  return Array.from({ length: 30 }, (_, index) => {
    const agent = AGENTS[index % AGENTS.length];
    if (agent === undefined) throw new Error("Nobody works here.");
    const current = { status: { name: "Available", type: "ROUTABLE" as const, since: 0 }, contacts: [] };
    return { type: "STATE_CHANGE", eventId: String(index), at: 1_714_363_532_120 + index, agent, current, previous: null };
  });
}

test("every record is processed, each agent's in order, although records and whole batches fail", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom("fine", "fine", "partly", "throws"), { maxLength: 3 }), async (faults) => {
      const weather = [...faults];
      const processed: { key: string; id: string }[] = [];
      const invoke = async (event: object) => {
        const { Records } = v.parse(batchSchema, event);
        const fault = weather.shift() ?? "fine";
        if (fault === "throws") throw new Error("timed out");
        const good = fault === "partly" ? Records.slice(0, Math.floor(Records.length / 2)) : Records;
        for (const { kinesis } of good) {
          const { EventId } = v.parse(
            v.object({ EventId: v.string() }),
            JSON.parse(Buffer.from(kinesis.data, "base64").toString()),
          );
          processed.push({ key: kinesis.partitionKey, id: EventId });
        }
        const failed = Records[good.length]?.kinesis.sequenceNumber;
        return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] };
      };
      let lost = 0;
      const stream = createAgentEventStream(
        HOME,
        invoke,
        (count) => {
          lost += count;
        },
        0,
      );
      const events = logins();
      for (const event of events) stream.put(event);
      await stream.drain();
      expect(lost).toBe(0);
      for (const agent of AGENTS) {
        const expected = events.filter((event) => event.agent === agent).map(({ eventId }) => eventId);
        expect(processed.filter(({ key }) => key.endsWith(agent.id)).map(({ id }) => id)).toEqual(expected);
      }
    }),
    { numRuns: 30 },
  );
});

test("a record that fails for ever is given up, and those behind it go on", async () => {
  const lostCounts: number[] = [];
  const ids: string[] = [];
  const invoke = async (event: object) => {
    const { Records } = v.parse(batchSchema, event);
    for (const { kinesis } of Records) {
      const text = Buffer.from(kinesis.data, "base64").toString();
      if (text.includes('"EventId":"0"')) return { batchItemFailures: [{ itemIdentifier: kinesis.sequenceNumber }] };
      ids.push(text);
    }
    return { batchItemFailures: [] };
  };
  const stream = createAgentEventStream(HOME, invoke, (count) => lostCounts.push(count), 0);
  const [first, ...rest] = logins();
  if (first === undefined) throw new Error("There is no event.");
  stream.put(first);
  await stream.drain();
  for (const event of rest) stream.put(event);
  await stream.drain();
  expect(lostCounts).toEqual([1]);
  expect(ids).toHaveLength(rest.length);
});
