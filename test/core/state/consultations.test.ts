import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentContact, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;
const customer = aContact({
  contactId: "call-1",
  state: "hold",
  since: NOON - 20_000,
  connectedAt: NOON - 10 * MINUTE,
  queue: "Ventas",
  direction: "inbound",
});
const consult = aContact({
  contactId: "call-2",
  initialContactId: "call-1",
  since: NOON - 20_000,
  connectedAt: NOON - 20_000,
  queue: null,
  direction: "consult",
});

function shown(contacts: readonly AgentContact[], ...more: Update[]) {
  const center = new Center();
  center.postEach(anAgentState({ contacts: [...contacts] }), ...more);
  return center.agent();
}

const SHOWN_CUSTOMER = { contactId: "call-1", queue: "Ventas", callStartedAt: NOON - 10 * MINUTE, duration: 600 };
const STATES = ["ringing", "connected", "hold", "ended", "missed", "rejected", "error", "paused"] as const;

describe("An agent who consults during a call", () => {
  it("TRF-1 The customer's call is shown with its own start and queue while the agent consults a colleague.", () => {
    for (const contacts of [
      [customer, consult],
      [consult, customer],
    ])
      expect(shown(contacts)).toMatchObject({ ...SHOWN_CUSTOMER, status: "on hold", since: customer.since });
  });

  it("TRF-1 The customer's call is shown in a conference, where the agent talks on both contacts.", () => {
    const talking = { ...customer, state: "connected" as const };
    expect(shown([consult, talking])).toMatchObject({ ...SHOWN_CUSTOMER, status: "on a call" });
  });

  it.each(STATES)("TRF-1 A consultation that is %s hides nothing of the customer's call.", (state) => {
    expect(shown([{ ...consult, state }, customer])).toMatchObject({ ...SHOWN_CUSTOMER, status: "on hold" });
  });

  it("TRF-1 The agent keeps the score of the customer's call while the consultation has one too.", () => {
    const scores = [aSentiment(-4, { contactId: "call-1" }), aSentiment(5, { contactId: "call-2", initialContactId: "call-1" })];
    expect(shown([consult, customer], ...scores).sentimentScore).toBe(-4);
  });

  it("TRF-1 A second agent who consults a third one keeps the call that was transferred.", () => {
    const transferred = { ...customer, contactId: "call-2", initialContactId: "call-1", direction: "transfer" };
    const third = { ...consult, contactId: "call-3" };
    expect(shown([third, transferred])).toMatchObject({ contactId: "call-2", queue: "Ventas" });
  });

  it.each(["consult", "outbound", "transfer"])(
    "TRF-1 A list without first contacts shows the customer's call beside a contact that is %s.",
    (direction) => {
      const unlinked = { ...consult, initialContactId: null, direction };
      expect(shown([unlinked, customer])).toMatchObject(SHOWN_CUSTOMER);
      const transferred = { ...customer, initialContactId: "call-0", direction: "transfer" };
      expect(shown([unlinked, transferred])).toMatchObject(SHOWN_CUSTOMER);
    },
  );

  it("TRF-2 The consultation decides when the customer's contact is over and the agents go on talking.", () => {
    const over = { ...customer, state: "ended" as const };
    expect(shown([over, consult])).toMatchObject({ status: "on a call", contactId: "call-2", duration: 20 });
    const end: Update = { type: "contact.ended", contactId: "call-1", initialContactId: null, occurredAt: NOON + 1 };
    expect(shown([customer, consult], end)).toMatchObject({ status: "on a call", contactId: "call-2" });
  });

  it("TRF-2 Two unrelated calls follow the usual order, in which talk decides before hold.", () => {
    const other = { ...consult, initialContactId: null, direction: "inbound" };
    expect(shown([customer, other]).contactId).toBe("call-2");
  });

  it("TRF-2 A chat of the same customer is no consultation.", () => {
    const chat = { ...customer, channel: "chat" as const };
    expect(shown([chat, { ...consult, direction: "transfer" }])).toMatchObject({ contactId: "call-2", status: "on a call" });
  });
});

const seconds = fc.integer({ min: 0, max: 900 }).map((ago) => NOON - ago * 1000);
const anyContact = (contactId: string, fields: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc
    .record({ since: seconds, connectedAt: fc.option(seconds, { nil: null }), state: fc.constantFrom(...STATES), ...fields })
    .map((drawn) => aContact({ contactId, ...drawn }));
/** What a supervisor sees of the call. */
const seen = (contacts: readonly AgentContact[]) => {
  const { status, since, contactId, queue, callStartedAt } = shown(contacts);
  return { status, since, contactId, queue, callStartedAt };
};

describe("Any call with any consultations", () => {
  const talk = anyContact("call-1", {
    state: fc.constantFrom("connected", "hold"),
    direction: fc.constantFrom("inbound", "callback"),
  });
  const added = (contactId: string) =>
    anyContact(contactId, {
      initialContactId: fc.constant("call-1"),
      direction: fc.constantFrom("consult", "transfer", undefined),
    });

  it("TRF-1 No consultation, in no state and at no time, changes what is shown of the customer's running call.", () => {
    fc.assert(
      fc.property(talk, added("call-0"), added("call-9"), (call, first, second) => {
        const alone = seen([call]);
        for (const contacts of [
          [call, first, second],
          [second, first, call],
          [first, call],
        ])
          expect(seen(contacts)).toEqual(alone);
      }),
    );
  });

  it("TRF-2 Without a running call of the customer, consultations are shown like any other contact.", () => {
    const over = anyContact("call-1", { state: fc.constantFrom("ended", "paused", "ringing") });
    const running = anyContact("call-0", {
      initialContactId: fc.constant("call-1"),
      state: fc.constantFrom("connected", "hold"),
    });
    fc.assert(
      fc.property(over, running, (call, only) => {
        expect(seen([call, only])).toEqual(seen([only]));
      }),
    );
  });
});
