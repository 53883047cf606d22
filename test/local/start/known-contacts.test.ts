import { beforeEach, expect, test } from "vitest";
import { contactEvent, type SimulatedContact } from "../../../local/simulator/contact-event.ts";
import { hireAgents } from "../../../local/simulator/staff.ts";
import { KnownContacts } from "../../../local/start/known-contacts.ts";

const HOME = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const NOW = Date.parse("2026-03-02T14:05:20.505Z");
const MINUTE = 60_000;
const [AGENT] = hireAgents(1);
if (AGENT === undefined) throw new Error("hireAgents(1) returned nobody.");
const QUEUED: SimulatedContact = {
  ...{ contactId: "c1", initialContactId: null, previousContactId: null, channel: "CHAT", initiationMethod: "API" },
  ...{ initiatedAt: NOW, connectedToSystemAt: null, queue: { id: AGENT.team.queues[0].id, type: "STANDARD", since: NOW } },
  ...{ agent: null, afterWork: null, scheduledAt: null, disconnect: null },
};

let connect: ConstructorParameters<typeof KnownContacts>[0];
let known: KnownContacts;
beforeEach(() => {
  connect = { contacts: new Map(), contactTimes: new Map() };
  known = new KnownContacts(connect);
});

test("Amazon Connect knows a contact that waits in a queue and has no audio.", () => {
  known.noteEvent(contactEvent(HOME, QUEUED, "QUEUED", NOW + 5_000), NOW + 5_000);
  expect(connect.contacts.get("c1")).toBeNull();
  expect(connect.contactTimes.get("c1")).toEqual({ initiatedAt: NOW, connectedToAgentAt: null });
});

test("Amazon Connect knows when an agent joined a contact and when the contact ended.", () => {
  const answered: SimulatedContact = { ...QUEUED, agent: { profile: AGENT, acceptedAt: null, connectedAt: NOW + 9_000 } };
  const ended = { ...answered, disconnect: { at: NOW + MINUTE, reason: "CUSTOMER_DISCONNECT" } };
  known.noteEvent(contactEvent(HOME, ended, "DISCONNECTED", NOW + MINUTE), NOW + MINUTE);
  known.noteEvent(contactEvent(HOME, answered, "CONNECTED_TO_AGENT", NOW + 9_000), NOW + MINUTE + 1);
  expect(connect.contacts.get("c1")).toBe(NOW + MINUTE);
  expect(connect.contactTimes.get("c1")).toEqual({ initiatedAt: NOW, connectedToAgentAt: NOW + 9_000 });
});

test("The contacts that ended long ago are forgotten, and those that go on are not.", () => {
  known.noteEvent(contactEvent(HOME, { ...QUEUED, contactId: "open" }, "QUEUED", NOW), NOW);
  for (let minute = 0; minute < 600; minute += 1) {
    const at = NOW + minute * MINUTE;
    const contact = { ...QUEUED, contactId: `c${minute}`, disconnect: { at, reason: "CUSTOMER_DISCONNECT" } };
    known.noteEvent(contactEvent(HOME, contact, "DISCONNECTED", at), at);
    known.noteEvent(contactEvent(HOME, contact, "COMPLETED", at), at);
  }
  expect(connect.contacts.size).toBeLessThan(20);
  expect(connect.contactTimes.size).toBe(connect.contacts.size);
  expect(connect.contacts.has("open")).toBe(true);
  expect(connect.contacts.has("c599")).toBe(true);
});

test("Many contacts in a few minutes do not fill the memory.", () => {
  for (let number = 0; number < 20_000; number += 1) {
    const contact = { ...QUEUED, contactId: `c${number}`, disconnect: { at: NOW, reason: "CUSTOMER_DISCONNECT" } };
    known.noteEvent(contactEvent(HOME, contact, "DISCONNECTED", NOW), NOW);
  }
  expect(connect.contacts.size).toBeLessThanOrEqual(5_000);
});
