import { expect, test } from "vitest";
import type { Call } from "../../../local/simulator/call.ts";
import {
  connectedEvent,
  contactEvent,
  disconnectedEvent,
  queuedEvent,
  type SimulatedContact,
} from "../../../local/simulator/contact-event.ts";
import { hireAgents } from "../../../local/simulator/staff.ts";

const HOME = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const ARN = `arn:aws:connect:us-east-1:111122223333:instance/${HOME.instanceId}`;
const QUEUED_AT = Date.parse("2026-03-02T14:05:20.505Z");
const [AGENT] = hireAgents(1);
if (AGENT === undefined) throw new Error("hireAgents(1) returned nobody.");
const CALL: Call = {
  contactId: "c1",
  kind: "pstn",
  languageCode: "es-MX",
  customerNumber: "+15555550100",
  recorded: false,
  queue: AGENT.team.queues[0],
  queuedAt: QUEUED_AT,
  arc: "flat",
  answer: null,
  stage: { kind: "over" },
};
const QUEUE_INFO = {
  queueArn: `${ARN}/queue/${CALL.queue.id}`,
  queueType: "STANDARD",
  enqueueTimestamp: "2026-03-02T14:05:20.505Z",
};

test("The event of a queued call has the time at which the call entered the queue, and no agent.", () => {
  const { detail } = queuedEvent(HOME, CALL);
  expect(detail).toMatchObject({ eventType: "QUEUED", contactId: "c1", channel: "VOICE", queueInfo: QUEUE_INFO });
  expect(detail).not.toHaveProperty("agentInfo");
});

test("The event of a connected call repeats the time at which the call entered the queue.", () => {
  expect(connectedEvent(HOME, CALL, QUEUED_AT + 11_697, AGENT).detail).toMatchObject({
    eventType: "CONNECTED_TO_AGENT",
    queueInfo: QUEUE_INFO,
    agentInfo: { agentArn: `${ARN}/agent/${AGENT.id}`, connectedToAgentTimestamp: "2026-03-02T14:05:32.202Z" },
  });
});

test("The event of an answered call's end repeats its queue and its agent.", () => {
  const call: Call = { ...CALL, answer: { agent: AGENT, at: QUEUED_AT + 11_697 } };
  expect(disconnectedEvent(HOME, call, QUEUED_AT + 60_000).detail).toMatchObject({
    eventType: "DISCONNECTED",
    queueInfo: QUEUE_INFO,
    agentInfo: { agentArn: `${ARN}/agent/${AGENT.id}`, connectedToAgentTimestamp: "2026-03-02T14:05:32.202Z" },
    disconnectTimestamp: "2026-03-02T14:06:20.505Z",
  });
});

test("The event of an abandoned call's end has no agent.", () => {
  const { detail } = disconnectedEvent(HOME, CALL, QUEUED_AT + 60_000);
  expect(detail).toMatchObject({ queueInfo: QUEUE_INFO, disconnectTimestamp: "2026-03-02T14:06:20.505Z" });
  expect(detail).not.toHaveProperty("agentInfo");
});

test("The events of a first contact name no initial and no previous contact.", () => {
  for (const { detail } of [queuedEvent(HOME, CALL), disconnectedEvent(HOME, CALL, QUEUED_AT + 1)]) {
    expect(detail).not.toHaveProperty("initialContactId");
    expect(detail).not.toHaveProperty("previousContactId");
  }
});

test("The events of a call hold no telephone number.", () => {
  expect(JSON.stringify([queuedEvent(HOME, CALL), disconnectedEvent(HOME, CALL, QUEUED_AT + 1)])).not.toContain("5555550100");
});

test("The event of a callback names the call before it and the time at which it is due.", () => {
  const callback: SimulatedContact = {
    contactId: "c2",
    initialContactId: "c1",
    previousContactId: "c1",
    channel: "VOICE",
    initiationMethod: "CALLBACK",
    initiatedAt: QUEUED_AT,
    queue: null,
    agent: null,
    scheduledAt: QUEUED_AT + 600_000,
    disconnect: null,
  };
  const { detail } = contactEvent(HOME, callback, "INITIATED", QUEUED_AT);
  expect(detail).toMatchObject({
    initialContactId: "c1",
    previousContactId: "c1",
    initiationMethod: "CALLBACK",
    scheduledTimestamp: "2026-03-02T14:15:20.505Z",
  });
  expect(detail).not.toHaveProperty("queueInfo");
});
