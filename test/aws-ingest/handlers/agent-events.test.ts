import { describe, expect, test } from "vitest";
import { handler } from "../../../aws-ingest/handlers/agent-events.ts";
import type { Update } from "../../../protocol/updates.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { readerLab } from "../../support/reader-lab.ts";

const AGENT = "0aa1bb22-1111-4222-8333-444455556666";
const ARN = `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}`;
const AT = "2024-04-29T04:05:32.120Z";
const AT_MS = Date.parse(AT);
const SINCE = "2024-04-29T04:00:00.000Z";

const lab = readerLab();

const STATUS = { ARN: `${ARN}/agent-state/1`, Name: "Available", StartTimestamp: SINCE, Type: "ROUTABLE" };
const CONFIGURATION = {
  FirstName: "Jane",
  LastName: "Doe",
  Username: "jane.doe",
  AgentHierarchyGroups: { Level1: { ARN: "x", Name: "Mexico" }, Level2: { ARN: "y", Name: "Ventas" }, Level3: null },
  Proficiencies: [],
  RoutingProfile: { ARN: `${ARN}/routing-profile/1`, Name: "Basic Routing Profile", InboundQueues: [] },
};
const TALKING = {
  ContactId: "b373d225",
  InitialContactId: null,
  Channel: "VOICE",
  InitiationMethod: "WEBRTC_API",
  State: "CONNECTED",
  StateStartTimestamp: "2024-04-29T04:05:32.011Z",
  ConnectedToAgentTimestamp: "2024-04-29T04:05:32.011Z",
  QueueTimestamp: null,
  Queue: { ARN: `${ARN}/queue/1`, Name: "BasicQueue", Channels: ["VOICE"] },
};

function snapshot(fields: object = {}): object {
  return { AgentStatus: STATUS, NextAgentStatus: null, Configuration: CONFIGURATION, Contacts: [], ...fields };
}
function event(fields: object = {}): object {
  return {
    AWSAccountId: "111122223333",
    AgentARN: `${ARN}/agent/${AGENT}`,
    InstanceARN: ARN,
    EventId: "11111111-aaaa-4bbb-8ccc-000000000001",
    EventTimestamp: AT,
    EventType: "STATE_CHANGE",
    Version: "2017-10-01",
    CurrentAgentSnapshot: snapshot(),
    PreviousAgentSnapshot: null,
    ...fields,
  };
}
function batch(...records: unknown[]): object {
  return {
    Records: records.map((record, index) => ({
      eventSource: "aws:kinesis",
      kinesis: {
        data: Buffer.from(typeof record === "string" ? record : JSON.stringify(record)).toString("base64"),
        partitionKey: "p",
        sequenceNumber: `seq-${index}`,
        approximateArrivalTimestamp: 1714363532.5,
      },
    })),
  };
}
async function updatesOf(...records: unknown[]): Promise<Update[]> {
  expect(await handler(batch(...records))).toEqual({ batchItemFailures: [] });
  return lab.hub.updates();
}

test("An agent on a call is posted with every field that the board shows.", async () => {
  const talking = event({ CurrentAgentSnapshot: snapshot({ Contacts: [TALKING] }) });
  expect(await updatesOf(talking)).toEqual([
    {
      type: "agent.state",
      agentId: AGENT,
      occurredAt: AT_MS,
      name: "Jane Doe",
      username: "jane.doe",
      signedIn: true,
      status: { name: "Available", kind: "routable", since: Date.parse(SINCE) },
      contacts: [
        {
          contactId: "b373d225",
          initialContactId: null,
          channel: "voice",
          state: "connected",
          since: AT_MS - 109,
          connectedAt: AT_MS - 109,
          queue: "BasicQueue",
          direction: "inbound",
        },
      ],
      routingProfile: "Basic Routing Profile",
      groups: ["Mexico", "Ventas"],
      nextStatus: null,
      capacity: null,
      order: "seq-0",
    },
  ]);
});

test.each([
  ["INCOMING", "ringing"],
  ["PENDING", "ringing"],
  ["CONNECTING", "ringing"],
  ["CONNECTED_ONHOLD", "hold"],
  ["ENDED", "ended"],
  ["MISSED", "missed"],
  ["REJECTED", "rejected"],
  ["ERROR", "error"],
  ["PAUSED", "paused"],
])("A contact in the state %s of Amazon Connect has the state %s on the board.", async (State, state) => {
  const [update] = await updatesOf(event({ CurrentAgentSnapshot: snapshot({ Contacts: [{ ...TALKING, State }] }) }));
  expect(update).toMatchObject({ contacts: [{ state }] });
});

test("A heartbeat is posted as a heartbeat with its snapshot, so that the hub can tell one after a logout.", async () => {
  const beat = event({ EventType: "HEART_BEAT", CurrentAgentSnapshot: snapshot({ Contacts: [TALKING] }) });
  expect(await updatesOf(beat)).toMatchObject([
    {
      type: "agent.heartbeat",
      agentId: AGENT,
      occurredAt: AT_MS,
      snapshot: { name: "Jane Doe", contacts: [{ contactId: "b373d225" }] },
    },
  ]);
});

describe("Login and logout", () => {
  test("A logout signs the agent out, although its snapshot still has a status and a contact.", async () => {
    const [update] = await updatesOf(event({ EventType: "LOGOUT", CurrentAgentSnapshot: snapshot({ Contacts: [TALKING] }) }));
    expect(update).toMatchObject({ signedIn: false, status: { kind: "offline", since: AT_MS }, contacts: [], name: "Jane Doe" });
  });
  test("A login and a logout are read without any snapshot.", async () => {
    const bare = { CurrentAgentSnapshot: null, PreviousAgentSnapshot: null };
    const updates = await updatesOf(event({ EventType: "LOGOUT", ...bare }), event({ EventType: "LOGIN", ...bare }));
    expect(updates).toMatchObject([
      { signedIn: false, contacts: [] },
      { signedIn: true, status: { kind: "offline", since: AT_MS }, contacts: [] },
    ]);
  });
});

describe("The start of a status", () => {
  const wrapUp = snapshot({ Contacts: [{ ...TALKING, State: "ENDED" }] });
  test("An agent is available since the end of the last contact, not since the start of the status.", async () => {
    const [update] = await updatesOf(event({ PreviousAgentSnapshot: wrapUp }));
    expect(update).toMatchObject({ status: { name: "Available", since: AT_MS }, contacts: [] });
  });
  test("A status that the agent chose at that moment has its own start.", async () => {
    const onBreak = { ...STATUS, Name: "Almuerzo", Type: "CUSTOM", StartTimestamp: "2024-04-29T04:05:32.100Z" };
    const current = snapshot({ AgentStatus: onBreak });
    const [update] = await updatesOf(event({ CurrentAgentSnapshot: current, PreviousAgentSnapshot: wrapUp }));
    expect(update).toMatchObject({ status: { name: "Almuerzo", kind: "custom", since: AT_MS - 20 } });
  });
  test("A change of the configuration does not change the start of the status.", async () => {
    const [update] = await updatesOf(event({ PreviousAgentSnapshot: snapshot() }));
    expect(update).toMatchObject({ status: { since: Date.parse(SINCE) } });
  });
});

test("A supervisor who listens in has no call on the board.", async () => {
  const listening = snapshot({ Contacts: [{ ...TALKING, InitiationMethod: "MONITOR" }] });
  const [update] = await updatesOf(event({ CurrentAgentSnapshot: listening }));
  expect(update).toMatchObject({ contacts: [] });
});

test("Contacts of several channels are all posted, and a contact of an unknown state is left out.", async () => {
  const contacts = [
    TALKING,
    { ...TALKING, ContactId: "chat", Channel: "CHAT" },
    { ...TALKING, ContactId: "task", Channel: "TASKS" },
    { ...TALKING, ContactId: "new", State: "TELEPATHY" },
  ];
  const [update] = await updatesOf(event({ CurrentAgentSnapshot: snapshot({ Contacts: contacts }) }));
  expect(update).toMatchObject({ contacts: [{ channel: "voice" }, { channel: "chat" }, { channel: "task" }] });
});

test("An older event without a status type gets the kind from the name of the status.", async () => {
  const named = (Name: string) =>
    event({ CurrentAgentSnapshot: snapshot({ AgentStatus: { Name, StartTimestamp: SINCE }, Configuration: null }) });
  const updates = await updatesOf(named("Available"), named("Offline"), named("Comida"));
  expect(updates).toMatchObject([
    { status: { kind: "routable" } },
    { status: { kind: "offline" } },
    { status: { kind: "custom" } },
  ]);
});

describe("A record that cannot be read", () => {
  test("is not repeated, and the other records of its batch are posted.", async () => {
    const foreign = event({ InstanceARN: "arn:aws:connect:us-east-1:1:instance/other" });
    const answer = await handler(batch(event(), "{not json", event({ EventTimestamp: "yesterday" }), foreign, event()));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(lab.hub.updates()).toHaveLength(2);
  });

  test("20 foreign records among 100 cost one invocation: nothing is repeated, and the other 80 are posted once.", async () => {
    const record = { AWSAccountId: "1", ContactId: "c", AWSContactTraceRecordFormatVersion: "2017-03-10", Channel: "VOICE" };
    const foreign = [
      record,
      event({ InstanceARN: `${ARN}-2` }),
      event({ EventType: "NEW_TYPE" }),
      event({ Version: "2031-01-01" }),
    ];
    const records = Array.from({ length: 100 }, (_, index) => (index % 5 === 0 ? foreign[(index / 5) % 4] : event()));
    expect(await handler(batch(...records))).toEqual({ batchItemFailures: [] });
    expect(lab.hub.updates()).toHaveLength(80);
  });
});

test("The answer names the first record that the hub did not accept, so Lambda repeats the batch from there.", async () => {
  lab.hub.answerNext(...Array.from({ length: 6 }, () => ({ status: 503 })));
  expect(await handler(batch(event(), "{", event()))).toEqual({ batchItemFailures: [{ itemIdentifier: "seq-0" }] });
  expect(lab.hub.updates()).toEqual([]);
}, 60_000);
