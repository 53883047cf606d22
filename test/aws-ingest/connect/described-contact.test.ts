import { expect, test } from "vitest";
import { type DescribedContact, describedQueue, unknownContactEnd } from "../../../aws-ingest/connect/described-contact.ts";
import { ForeignValues } from "../../../aws-ingest/connect/foreign-values.ts";
import { parseUpdates } from "../../../protocol/updates.ts";

const ASKED_AT = 1_795_603_300_000;
const date = (ms: number) => new Date(ms);
const WAITING: DescribedContact = {
  Channel: "TASK",
  InitiationMethod: "API",
  QueueInfo: { Id: "q1", EnqueueTimestamp: date(1_795_603_212_207) },
};
function described(contact: DescribedContact) {
  const leg = describedQueue("c1", contact, ASKED_AT, new ForeignValues());
  if (leg !== null) expect(parseUpdates(JSON.stringify({ updates: [leg] }), ASKED_AT)).toMatchObject({ ok: true });
  return leg;
}

test("A contact that still waits is confirmed as of the moment of the question.", () => {
  expect(described(WAITING)).toEqual({
    type: "contact.queue",
    contactId: "c1",
    initialContactId: null,
    previousContactId: null,
    channel: "task",
    method: "api",
    queueId: "q1",
    queueKind: null,
    enqueuedAt: 1_795_603_212_207,
    acceptedAt: null,
    connectedAt: null,
    endedAt: null,
    scheduledAt: null,
    paused: null,
    agentId: null,
    occurredAt: ASKED_AT,
  });
});

test("A contact that was answered and is over has its agent and its times.", () => {
  const contact = {
    ...WAITING,
    InitialContactId: "c0",
    PreviousContactId: "c0",
    AgentInfo: {
      Id: "a1",
      AcceptedByAgentTimestamp: date(1_795_603_230_000),
      ConnectedToAgentTimestamp: date(1_795_603_240_001),
    },
    DisconnectTimestamp: date(1_795_603_250_000),
  };
  expect(described(contact)).toMatchObject({
    initialContactId: "c0",
    previousContactId: "c0",
    acceptedAt: 1_795_603_230_000,
    connectedAt: 1_795_603_240_001,
    endedAt: 1_795_603_250_000,
    agentId: "a1",
  });
});

test.each([
  [1_795_603_250_000, undefined, true],
  [1_795_603_250_000, 1_795_603_260_000, false],
  [1_795_603_270_000, 1_795_603_260_000, true],
  [undefined, undefined, null],
])("A task that was paused at %j and resumed at %j is paused: %j.", (pausedAt, resumedAt, paused) => {
  const contact = {
    ...WAITING,
    ...(pausedAt && { LastPausedTimestamp: date(pausedAt) }),
    ...(resumedAt && { LastResumedTimestamp: date(resumedAt) }),
  };
  expect(described(contact)?.paused).toBe(paused);
});

test("A time of 1970 is unset, and so is one far ahead.", () => {
  for (const ms of [1, Date.parse("9999-12-31T23:59:59Z")])
    expect(described({ ...WAITING, DisconnectTimestamp: date(ms) })?.endedAt).toBeNull();
});

test("A contact of an unknown channel is not posted.", () => {
  expect(described({ ...WAITING, Channel: "HOLOGRAM" })).toBeNull();
  expect(described({})).toBeNull();
});

test("QEV-7 A contact that Amazon Connect does not know has ended when it was asked for.", () => {
  const leg = unknownContactEnd("c1", ASKED_AT);
  expect(leg).toMatchObject({ contactId: "c1", queueId: null, endedAt: ASKED_AT, occurredAt: ASKED_AT });
  expect(parseUpdates(JSON.stringify({ updates: [leg] }), ASKED_AT)).toMatchObject({ ok: true });
});
