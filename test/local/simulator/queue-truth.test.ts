import { expect, test } from "vitest";
import { planContact } from "../../../local/simulator/contact-plan.ts";
import { QueueBooks } from "../../../local/simulator/queue-truth.ts";
import { createRandom } from "../../../local/simulator/random.ts";
import type { RunningContact } from "../../../local/simulator/running-contact.ts";
import { hireAgents } from "../../../local/simulator/staff.ts";

const NOW = Date.parse("2026-03-02T14:05:20.505Z");
const MINUTE = 60_000;
const [AGENT] = hireAgents(1);
if (AGENT === undefined) throw new Error("hireAgents(1) returned nobody.");
const [QUEUE] = AGENT.team.queues;

/** Returns a call that its customer ended at `endedAt`, epoch ms. */
function endedCall(contactId: string, endedAt: number): RunningContact {
  const disconnect = { at: endedAt, reason: "CUSTOMER_DISCONNECT" };
  return {
    facts: {
      ...{ contactId, initialContactId: null, previousContactId: null, channel: "VOICE", initiationMethod: "INBOUND" },
      ...{ initiatedAt: endedAt, connectedToSystemAt: null, queue: { id: QUEUE.id, type: "STANDARD", since: endedAt } },
      ...{ agent: null, afterWork: null, scheduledAt: null, disconnect },
    },
    ...{ queue: QUEUE, onlyFor: null, call: null, chat: null, attempt: 0, stage: { kind: "over" } },
    plan: planContact(createRandom("plan"), "VOICE", 1),
  };
}

test("A contact is known while it runs, and for a while after its end.", () => {
  const books = new QueueBooks([]);
  const call = endedCall("c1", NOW);
  books.running.set("c1", call);
  expect(books.findContact("c1")).toBe(call.facts);
  books.endContact(call, NOW);
  books.endContact(endedCall("c2", NOW + 10 * MINUTE), NOW + 10 * MINUTE);
  expect(books.findContact("c1")).toBe(call.facts);
  books.endContact(endedCall("c3", NOW + 20 * MINUTE), NOW + 20 * MINUTE);
  expect(books.findContact("c1")).toBeNull();
  expect(books.findContact("c2")).not.toBeNull();
});

test("Many contacts in a few minutes do not fill the memory.", () => {
  const books = new QueueBooks([]);
  for (let number = 0; number < 20_000; number += 1) books.endContact(endedCall(`c${number}`, NOW), NOW);
  const known = Array.from({ length: 20_000 }, (_, number) => books.findContact(`c${number}`)).filter((facts) => facts !== null);
  expect(known.length).toBeLessThanOrEqual(5_000);
  expect(books.findContact("c19999")).not.toBeNull();
});
