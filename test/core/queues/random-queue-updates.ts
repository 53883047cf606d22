import fc from "fast-check";
import type { ContactQueue } from "../../../protocol/queue-updates.ts";
import type { Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { aQueueContact, aQueueSnapshot, queueFigures } from "./queue-center.ts";

const CONTACTS = ["c1", "c2", "c3", "c4", "c5"] as const;
/** What is fixed for each contact, as in Amazon Connect: how it began, and which contact it follows. */
const ORIGINS: Readonly<Record<(typeof CONTACTS)[number], Partial<ContactQueue>>> = {
  c1: { method: "inbound" },
  c2: { method: "queue_transfer", previousContactId: "c1" },
  c3: { method: "callback", previousContactId: "c4" },
  c4: { method: "inbound" },
  c5: { method: "api", channel: "chat" },
};

const contactId = fc.constantFrom(...CONTACTS);
const time = fc.integer({ min: 0, max: 6 }).map((minute) => NOON + minute * 60_000);
const optionalTime = fc.option(time, { nil: null });
/** A complete snapshot takes queues off the board that nobody entered for two hours. */
const snapshotTime = fc.oneof(
  time,
  fc.integer({ min: 1, max: 5 }).map((hour) => NOON + hour * 60 * 60_000),
);
const queueId = fc.constantFrom("q1", "q2");

const contactNews: fc.Arbitrary<Update> = fc
  .record({
    contactId,
    queueId: fc.constantFrom("q1", "q2", null),
    enqueuedAt: optionalTime,
    acceptedAt: optionalTime,
    connectedAt: optionalTime,
    endedAt: optionalTime,
    paused: fc.constantFrom(true, false, null),
    agentId: fc.constantFrom("ana", "bea", null),
    occurredAt: time,
  })
  .map((fields) => aQueueContact({ ...ORIGINS[fields.contactId], ...fields }));

const agentNews: fc.Arbitrary<Update> = fc
  .record({
    contactId,
    agentId: fc.constantFrom("ana", "bea"),
    at: time,
    state: fc.constantFrom("ringing", "connected", "ended"),
  })
  .map(({ contactId: id, agentId, at, state }) => {
    const connectedAt = state === "ringing" ? null : at;
    return anAgentState({ agentId, occurredAt: at, contacts: [aContact({ contactId: id, state, since: at, connectedAt })] });
  });

/** Snapshots without numbers of waiting contacts: what they heal depends on what is known when they come. */
const snapshotNews: fc.Arbitrary<Update> = fc
  .record({
    queueId,
    takenAt: snapshotTime,
    complete: fc.boolean(),
    name: fc.constantFrom("Ventas", "Soporte"),
    serviceLevelSeconds: fc.constantFrom(20, 60, null),
  })
  .map(({ takenAt, complete, ...fields }) => {
    const profiles = [{ name: "Basic Routing Profile", queues: [fields.queueId] }];
    return aQueueSnapshot([queueFigures({ estimatedWaitSeconds: 30 }, fields)], { takenAt, complete, profiles });
  });

/** News of few contacts, queues and times, so that many concern the same thing and many times are equal. */
export const queueUpdate: fc.Arbitrary<Update> = fc.oneof(
  { arbitrary: contactNews, weight: 6 },
  { arbitrary: agentNews, weight: 2 },
  { arbitrary: snapshotNews, weight: 2 },
);
