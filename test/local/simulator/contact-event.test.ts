import { expect, test } from "vitest";
import { type ContactEventType, contactEvent, type SimulatedContact } from "../../../local/simulator/contact-event.ts";
import { hireAgents } from "../../../local/simulator/staff.ts";

const HOME = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const ARN = `arn:aws:connect:us-east-1:111122223333:instance/${HOME.instanceId}`;
const QUEUED_AT = Date.parse("2026-03-02T14:05:20.505Z");
const CONNECTED_AT = QUEUED_AT + 11_697;
const [AGENT] = hireAgents(1);
if (AGENT === undefined) throw new Error("hireAgents(1) returned nobody.");
const [QUEUE] = AGENT.team.queues;
const CALL: SimulatedContact = {
  contactId: "c1",
  initialContactId: null,
  previousContactId: null,
  channel: "VOICE",
  initiationMethod: "INBOUND",
  initiatedAt: QUEUED_AT - 2_000,
  connectedToSystemAt: null,
  queue: { id: QUEUE.id, type: "STANDARD", since: QUEUED_AT },
  agent: null,
  afterWork: null,
  scheduledAt: null,
  disconnect: null,
};
const ANSWERED: SimulatedContact = { ...CALL, agent: { profile: AGENT, acceptedAt: null, connectedAt: CONNECTED_AT } };
const DISCONNECT = { at: QUEUED_AT + 60_000, reason: "CUSTOMER_DISCONNECT" };
const QUEUE_INFO = { queueArn: `${ARN}/queue/${QUEUE.id}`, queueType: "STANDARD", enqueueTimestamp: "2026-03-02T14:05:20.505Z" };
const AGENT_INFO = { agentArn: `${ARN}/agent/${AGENT.id}`, connectedToAgentTimestamp: "2026-03-02T14:05:32.202Z" };

function detailOf(contact: SimulatedContact, type: ContactEventType): object {
  return contactEvent(HOME, contact, type, QUEUED_AT).detail;
}

test("The event of a queued call has the time at which the call entered the queue, and no agent.", () => {
  const detail = detailOf(CALL, "QUEUED");
  expect(detail).toMatchObject({ eventType: "QUEUED", contactId: "c1", channel: "VOICE", queueInfo: QUEUE_INFO });
  expect(detail).not.toHaveProperty("agentInfo");
});

test("The event of a connected call repeats the time at which the call entered the queue.", () => {
  const expected = { eventType: "CONNECTED_TO_AGENT", queueInfo: QUEUE_INFO, agentInfo: AGENT_INFO };
  expect(detailOf(ANSWERED, "CONNECTED_TO_AGENT")).toMatchObject(expected);
});

test("The event of an answered call's end repeats its queue and its agent.", () => {
  expect(detailOf({ ...ANSWERED, disconnect: DISCONNECT }, "DISCONNECTED")).toMatchObject({
    eventType: "DISCONNECTED",
    queueInfo: QUEUE_INFO,
    agentInfo: AGENT_INFO,
    disconnectTimestamp: "2026-03-02T14:06:20.505Z",
  });
});

test("The event of an abandoned call's end has no agent.", () => {
  const detail = detailOf({ ...CALL, disconnect: DISCONNECT }, "DISCONNECTED");
  expect(detail).toMatchObject({ queueInfo: QUEUE_INFO, disconnectTimestamp: "2026-03-02T14:06:20.505Z" });
  expect(detail).not.toHaveProperty("agentInfo");
});

test("The event of a completed call has the times of the after-contact work.", () => {
  const afterWork = { startedAt: DISCONNECT.at, endedAt: DISCONNECT.at + 5_005 };
  expect(detailOf({ ...ANSWERED, disconnect: DISCONNECT, afterWork }, "COMPLETED")).toMatchObject({
    agentInfo: {
      ...AGENT_INFO,
      afterContactWorkStartTimestamp: "2026-03-02T14:06:20.505Z",
      afterContactWorkEndTimestamp: "2026-03-02T14:06:25.510Z",
      afterContactWorkDuration: 5,
    },
  });
});

test("The events of a first contact name no initial and no previous contact.", () => {
  for (const type of ["INITIATED", "QUEUED", "DISCONNECTED"] as const) {
    expect(detailOf(CALL, type)).not.toHaveProperty("initialContactId");
    expect(detailOf(CALL, type)).not.toHaveProperty("previousContactId");
  }
});

test("The event of a callback names the call before it and the time at which it is due.", () => {
  const callback: SimulatedContact = {
    ...{ ...CALL, contactId: "c2", initialContactId: "c1", previousContactId: "c1", initiationMethod: "CALLBACK" },
    ...{ initiatedAt: QUEUED_AT, queue: null, scheduledAt: QUEUED_AT + 600_000 },
  };
  const detail = detailOf(callback, "INITIATED");
  expect(detail).toMatchObject({
    initialContactId: "c1",
    previousContactId: "c1",
    initiationMethod: "CALLBACK",
    scheduledTimestamp: "2026-03-02T14:15:20.505Z",
  });
  expect(detail).not.toHaveProperty("queueInfo");
});
