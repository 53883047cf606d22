import { expect, test } from "vitest";
import { readContactEvent } from "../../../aws-ingest/connect/contact-event.ts";
import { parseUpdates } from "../../../protocol/updates.ts";

const ARN = "arn:aws:connect:us-east-1:111122223333:instance/this-instance";
const TIMES = {
  initiated: "2026-03-02T14:05:10.345Z",
  enqueued: "2026-03-02T14:05:20.505Z",
  accepted: "2026-03-02T14:05:31.000Z",
  connected: "2026-03-02T14:05:32.202Z",
  disconnected: "2026-03-02T14:09:27.394Z",
  workEnd: "2026-03-02T14:09:32.022Z",
} as const;
const ms = (time: keyof typeof TIMES) => Date.parse(TIMES[time]);
const SENT_AT = "2026-03-02T14:17:53Z";
const QUEUE_INFO = { queueArn: `${ARN}/queue/q1`, queueType: "STANDARD", enqueueTimestamp: TIMES.enqueued };
const AGENT_INFO = { agentArn: `${ARN}/agent/a1`, connectedToAgentTimestamp: TIMES.connected };
const DETAIL = {
  contactId: "c1",
  channel: "VOICE",
  instanceArn: ARN,
  initiationMethod: "INBOUND",
  initiationTimestamp: TIMES.initiated,
  queueInfo: QUEUE_INFO,
};

function reading(detail: object, time: unknown = SENT_AT) {
  const event = { "detail-type": "Amazon Connect Contact Event", time, detail: { ...DETAIL, ...detail } };
  return readContactEvent(event, "this-instance");
}

/** Returns the `contact.queue` of an event; undefined = the event has none. */
function leg(detail: object, time: unknown = SENT_AT) {
  const read = reading(detail, time);
  if (read.outcome !== "read") throw new Error(`The event was not read: ${read.outcome}.`);
  const found = read.value.find(({ type }) => type === "contact.queue");
  // What the hub refuses is of no use.
  if (found !== undefined)
    expect(parseUpdates(JSON.stringify({ updates: [found] }), Date.parse(SENT_AT))).toMatchObject({ ok: true });
  return found;
}

const WAITING = {
  type: "contact.queue",
  contactId: "c1",
  initialContactId: null,
  previousContactId: null,
  channel: "voice",
  method: "inbound",
  queueId: "q1",
  queueKind: "standard",
  enqueuedAt: ms("enqueued"),
  acceptedAt: null,
  connectedAt: null,
  endedAt: null,
  scheduledAt: null,
  paused: null,
  agentId: null,
  occurredAt: ms("enqueued"),
};

test("A contact that was queued waits since its time of enqueueing.", () => {
  expect(leg({ eventType: "QUEUED" })).toEqual(WAITING);
});

test("A contact that was connected has its agent and the time of connection.", () => {
  expect(leg({ eventType: "CONNECTED_TO_AGENT", agentInfo: AGENT_INFO })).toEqual({
    ...WAITING,
    connectedAt: ms("connected"),
    agentId: "a1",
    occurredAt: ms("connected"),
  });
});

test("QEV-1 The end of a contact repeats all its times, and the newest of them is when the event occurred.", () => {
  const agentInfo = { ...AGENT_INFO, acceptedByAgentTimestamp: TIMES.accepted, afterContactWorkEndTimestamp: TIMES.workEnd };
  expect(leg({ eventType: "COMPLETED", agentInfo, disconnectTimestamp: TIMES.disconnected })).toEqual({
    ...WAITING,
    acceptedAt: ms("accepted"),
    connectedAt: ms("connected"),
    endedAt: ms("disconnected"),
    agentId: "a1",
    occurredAt: ms("workEnd"),
  });
});

test("A caller who gave up has an end and no agent.", () => {
  expect(leg({ eventType: "DISCONNECTED", disconnectTimestamp: TIMES.disconnected })).toEqual({
    ...WAITING,
    endedAt: ms("disconnected"),
    occurredAt: ms("disconnected"),
  });
});

test("QEV-3 A callback that is not due yet names the call before it and its time, which is no time at which something has happened.", () => {
  const detail = { queueInfo: undefined, initiationMethod: "CALLBACK", initialContactId: "c0", previousContactId: "c0" };
  expect(leg({ ...detail, eventType: "INITIATED", contactId: "c2", scheduledTimestamp: "2026-03-09T15:00:00.000Z" })).toEqual({
    ...WAITING,
    contactId: "c2",
    initialContactId: "c0",
    previousContactId: "c0",
    method: "callback",
    queueId: null,
    queueKind: null,
    enqueuedAt: null,
    scheduledAt: Date.parse("2026-03-09T15:00:00.000Z"),
    occurredAt: ms("initiated"),
  });
});

test.each([
  ["INBOUND", "inbound"],
  ["TRANSFER", "transfer"],
  ["QUEUE_TRANSFER", "queue_transfer"],
  ["CALLBACK", "callback"],
  ["API", "api"],
  ["WEBRTC_API", "webrtc_api"],
  ["Inbound", "inbound"],
  ["+15555550199", null],
  ["", null],
  [7, null],
  [undefined, null],
])("QEV-2 The initiation method %j becomes the method %j.", (initiationMethod, method) => {
  expect(leg({ eventType: "QUEUED", initiationMethod })).toMatchObject({ method });
});

test.each([
  ["a standard queue", QUEUE_INFO, "q1", "standard"],
  ["the queue of an agent", { queueArn: `${ARN}/queue/agent/a1`, queueType: "AGENT" }, "a1", "agent"],
  ["the queue of an agent without a type", { queueArn: `${ARN}/queue/agent/a1` }, "a1", "agent"],
  ["a queue without a type", { queueArn: `${ARN}/queue/q1` }, "q1", null],
  ["a type that is new", { queueArn: `${ARN}/queue/q1`, queueType: "SHARED" }, "q1", null],
  ["an ARN with an empty partition", { queueArn: `arn:aws::connect:us-east-1:1:instance/i/queue/q1` }, "q1", null],
  ["an ARN that is none", { queueArn: "q1" }, null, null],
  ["an ARN that is no text", { queueArn: { arn: "q1" }, queueType: 7 }, null, null],
])("The queue's id is the end of its ARN: %s.", (_, queueInfo, queueId, queueKind) => {
  expect(leg({ eventType: "QUEUED", queueInfo })).toMatchObject({ queueId, queueKind });
});

test.each([
  [`${ARN}/agent/a1`, "a1"],
  ["arn", null],
  [null, null],
])("The agent's id is the end of the ARN %j.", (agentArn, agentId) => {
  expect(leg({ eventType: "DISCONNECTED", agentInfo: { agentArn } })).toMatchObject({ agentId });
});

test.each(["1970-01-01T00:00:00.001Z", "soon", null, 5])("A time that is %j is unset.", (unset) => {
  const agentInfo = { agentArn: `${ARN}/agent/a1`, connectedToAgentTimestamp: unset, acceptedByAgentTimestamp: unset };
  const event = { eventType: "DISCONNECTED", agentInfo, scheduledTimestamp: unset, disconnectTimestamp: TIMES.disconnected };
  expect(leg(event)).toMatchObject({ connectedAt: null, acceptedAt: null, scheduledAt: null, occurredAt: ms("disconnected") });
});

test.each([
  ["QUEUED", { queueInfo: { queueArn: `${ARN}/queue/q1` } }, "enqueuedAt"],
  ["CONNECTED_TO_AGENT", { agentInfo: { agentArn: `${ARN}/agent/a1` } }, "connectedAt"],
  ["DISCONNECTED", {}, "endedAt"],
])("A %s without the time of its own happened when EventBridge got it.", (eventType, detail, field) => {
  expect(leg({ eventType, ...detail })).toMatchObject({ [field]: Date.parse(SENT_AT), occurredAt: Date.parse(SENT_AT) });
});

test.each([
  ["PAUSED", true],
  ["RESUMED", false],
])(
  "A task that was %s is newer than the times in its detail, because they do not say when the pause changed.",
  (eventType, paused) => {
    expect(leg({ eventType, channel: "TASK", initiationMethod: "API" })).toMatchObject({
      channel: "task",
      paused,
      occurredAt: Date.parse(SENT_AT),
    });
  },
);

test("A contact that names itself as its initial and previous contact is a first contact.", () => {
  expect(leg({ eventType: "QUEUED", initialContactId: "c1", previousContactId: "c1" })).toEqual(WAITING);
});

test("The names of the queue's and the agent's fields are read in any case.", () => {
  const detail = {
    queueInfo: undefined,
    EventType: "CONNECTED_TO_AGENT",
    QueueInfo: { QueueArn: `${ARN}/queue/q1`, QueueType: "STANDARD", EnqueueTimestamp: TIMES.enqueued },
    AgentInfo: { AgentArn: `${ARN}/agent/a1`, ConnectedToAgentTimestamp: TIMES.connected },
  };
  const event = { ...DETAIL, ...detail };
  const { queueInfo: _, ...spelt } = event;
  const read = readContactEvent({ "detail-type": "Amazon Connect Contact Event", time: SENT_AT, detail: spelt }, "this-instance");
  expect(read).toMatchObject({ value: [{ queueId: "q1", connectedAt: ms("connected"), agentId: "a1" }] });
});

test.each([
  ["an outbound call without a queue", { initiationMethod: "OUTBOUND", queueInfo: undefined }],
  ["a supervisor who listens", { initiationMethod: "MONITOR", queueInfo: undefined }],
  ["a caller who hung up before a queue", { queueInfo: null }],
])("QEV-4 The end of %s says nothing about a queue.", (_, detail) => {
  expect(reading({ ...detail, eventType: "DISCONNECTED", disconnectTimestamp: TIMES.disconnected })).toMatchObject({
    value: [{ type: "contact.ended" }],
  });
});

test("A contact of an unknown channel costs only its place in the queue.", () => {
  const read = reading({ eventType: "DISCONNECTED", channel: "HOLOGRAM", disconnectTimestamp: TIMES.disconnected });
  expect(read).toMatchObject({ outcome: "read", value: [{ type: "contact.ended" }], flaws: { skipped: 1 } });
});

test("A contact event without any time says nothing about a queue.", () => {
  const read = reading({ eventType: "QUEUED", initiationTimestamp: null, queueInfo: { queueArn: `${ARN}/queue/q1` } }, null);
  expect(read).toMatchObject({ outcome: "read", value: [], flaws: { skipped: 1 } });
});

test("No telephone number, task, attribute or customer of an event is in its updates.", () => {
  const personal = {
    customerId: "customer-4711",
    customerEndpoint: { type: "TELEPHONE_NUMBER", address: "+15555550199" },
    systemEndpoint: { address: "+15555550199" },
    contactDetails: { name: "Llamar a Ana", description: "Debe dos facturas" },
    tags: { "aws:connect:systemEndpoint": "+15555550199", owner: "customer-4711" },
    segmentAttributes: { "connect:Subtype": { valueString: "customer-4711" } },
  };
  for (const eventType of ["INITIATED", "QUEUED", "CONNECTED_TO_AGENT", "DISCONNECTED", "COMPLETED", "PAUSED", "RESUMED"]) {
    const text = JSON.stringify(reading({ ...personal, eventType, initiationMethod: "TRANSFER", agentInfo: AGENT_INFO }));
    expect(text).not.toMatch(/5555550199|4711|Ana|facturas/);
    expect(text).toContain("c1");
  }
});

test("A time far ahead of its event counts as unset.", () => {
  const far = "9999-12-31T23:59:59Z";
  const ahead = { initiationTimestamp: far, disconnectTimestamp: far, queueInfo: { ...QUEUE_INFO, enqueueTimestamp: far } };
  const sentAt = Date.parse(SENT_AT);
  expect(leg({ eventType: "DISCONNECTED", ...ahead })).toMatchObject({ enqueuedAt: null, endedAt: sentAt, occurredAt: sentAt });
  expect(reading({ eventType: "DISCONNECTED", ...ahead })).toMatchObject({
    value: [{ type: "contact.queue" }, { type: "contact.ended", occurredAt: sentAt }],
  });
});
