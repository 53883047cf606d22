import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentContact, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const call = aContact({ contactId: "call", since: NOON - 50, connectedAt: NOON - 900, direction: "inbound" });
const chat = (contactId: string, fields: Partial<AgentContact> = {}) =>
  aContact({ contactId, channel: "chat", queue: "Chat", since: NOON - 300, connectedAt: NOON - 300, ...fields });

function shown(contacts: AgentContact[], ...more: Update[]) {
  const center = new Center();
  center.postEach(anAgentState({ contacts }), ...more);
  return center.agent();
}
const idsOf = (contacts: AgentContact[], ...more: Update[]) =>
  shown(contacts, ...more).contacts?.map(({ contactId }) => contactId);

describe("ROS-24 The contacts of an agent", () => {
  it("name each contact with its status, its times, its queue, its direction and its own score.", () => {
    const agent = shown(
      [chat("chat-1"), call],
      aSentiment(-2.5, { contactId: "chat-1" }),
      aSentiment(1.26, { contactId: "call" }),
    );
    expect(agent).toMatchObject({ status: "on a call", contactId: "call", sentimentScore: 1.3, contactCount: 2 });
    expect(agent.contacts).toEqual([
      {
        contactId: "call",
        channel: "voice",
        status: "on a call",
        since: NOON - 50,
        startedAt: NOON - 900,
        queue: "BasicQueue",
        direction: "inbound",
        sentimentScore: 1.3,
      },
      {
        contactId: "chat-1",
        channel: "chat",
        status: "on a contact",
        since: NOON - 300,
        startedAt: NOON - 300,
        queue: "Chat",
        direction: null,
        sentimentScore: -2.5,
      },
    ]);
  });

  it("are empty without a contact, and for an agent who is signed out.", () => {
    expect(shown([])).toMatchObject({ contacts: [], contactCount: 0 });
    const center = new Center();
    center.post(anAgentState({ signedIn: false, contacts: [call] }));
    expect(center.agent()).toMatchObject({ contacts: [], contactCount: 0 });
  });

  it.each([
    ["ringing", "ringing", null],
    ["connected", "on a contact", NOON - 5],
    ["hold", "on hold", NOON - 5],
    ["ended", "after call work", null],
    ["missed", "missed", null],
    ["rejected", "missed", null],
    ["error", "error", null],
    ["paused", "paused", null],
  ] as const)("have a status each: a chat that is %s is `%s`.", (state, status, startedAt) => {
    const [only] = shown([chat("chat-1", { state, since: NOON - 5, connectedAt: null })]).contacts ?? [];
    expect(only).toMatchObject({ status, since: NOON - 5, startedAt });
  });

  it("keep the start of a conversation during a hold and after it.", () => {
    for (const state of ["hold", "ended"] as const) {
      const [only] = shown([{ ...call, state }]).contacts ?? [];
      expect(only).toMatchObject({ since: NOON - 50, startedAt: NOON - 900 });
    }
  });

  it("begin with the one that decides the status, then go by the same precedence, and end with paused ones.", () => {
    const missed = chat("missed", { state: "missed" });
    const paused = chat("paused", { channel: "task", state: "paused", since: NOON - 9_000 });
    const ringing = chat("ringing", { state: "ringing" });
    const wrapUp = chat("wrap-up", { state: "ended" });
    const older = chat("older", { since: NOON - 400 });
    const all = [paused, ringing, wrapUp, older, chat("younger"), call, missed];
    expect(idsOf(all)).toEqual(["missed", "call", "older", "younger", "wrap-up", "ringing", "paused"]);
    expect(shown(all)).toMatchObject({ status: "missed", contactId: "missed" });
    expect(shown([paused])).toMatchObject({ status: "available", contactId: null, contactCount: 1 });
  });

  it("have a consultation behind the customer's call that runs, with no score of that call.", () => {
    const consult = aContact({ contactId: "consult", initialContactId: "call", direction: "consult", since: NOON - 20 });
    const held: AgentContact = { ...call, state: "hold" };
    const agent = shown([consult, chat("chat-1"), held], aSentiment(-3, { contactId: "call" }));
    expect(agent).toMatchObject({ contactId: "call", sentimentScore: -3, contactCount: 3 });
    expect(agent.contacts?.map(({ contactId, sentimentScore }) => [contactId, sentimentScore])).toEqual([
      ["call", -3],
      ["chat-1", null],
      ["consult", null],
    ]);
  });

  it("show a contact in after call work when only its own end has arrived, without its score.", () => {
    const ended: Update = { type: "contact.ended", contactId: "chat-1", initialContactId: null, occurredAt: NOON + 5 };
    const agent = shown([call, chat("chat-1")], aSentiment(2, { contactId: "chat-1" }), ended);
    expect(agent).toMatchObject({ status: "on a call", contactId: "call" });
    expect(agent.contacts?.[1]).toMatchObject({ status: "after call work", since: NOON + 5, sentimentScore: null });
  });

  it("are ten at most, and the count has all of them.", () => {
    const chats = Array.from({ length: 12 }, (_, index) => chat(`chat-${index}`, { since: NOON - index }));
    const agent = shown([...chats, call]);
    expect(agent.contacts).toHaveLength(10);
    expect(agent).toMatchObject({ contactCount: 13, contactId: "call" });
    expect(agent.contacts?.slice(0, 2).map(({ contactId }) => contactId)).toEqual(["call", "chat-11"]);
  });

  it("leave out a contact that has expired.", () => {
    const center = new Center();
    center.post(anAgentState({ contacts: [call, chat("chat-1", { since: NOON })] }));
    center.expireAt(NOON + center.times.contactExpiresAfterMs - 20);
    expect(center.agent()).toMatchObject({ contactId: "chat-1", contactCount: 1 });
  });

  it("are the same in every order in which the sender lists them.", () => {
    const contact = fc.record({
      state: fc.constantFrom("ringing", "connected", "hold", "ended", "missed", "rejected", "error", "paused"),
      channel: fc.constantFrom("voice", "chat", "task", "email"),
      since: fc.integer({ min: NOON - 3, max: NOON }),
      connectedAt: fc.constantFrom(null, NOON - 5),
      initialContactId: fc.constantFrom(null, "c-0", "c-1"),
      direction: fc.constantFrom("inbound", "consult", "transfer"),
    });
    const lists = fc
      .array(contact, { maxLength: 13 })
      .map((list) => list.map((fields, index): AgentContact => ({ ...aContact(), ...fields, contactId: `c-${index}` })));
    const pairs = lists.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(pairs, ([list, shuffled]) => {
        const [one, other] = [shown(list), shown(shuffled)];
        expect(other.contacts).toEqual(one.contacts);
        expect(one.contactCount).toBe(list.length);
        if (one.contactId !== null) expect(one.contacts?.[0]?.contactId).toBe(one.contactId);
        else expect(one.contacts?.every(({ status }) => status === "paused")).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe("ROS-24 A change of one of several contacts", () => {
  const center = () => {
    const made = new Center();
    made.post(anAgentState({ contacts: [call, chat("chat-1")] }), aSentiment(-2.5, { contactId: "chat-1" }));
    const viewer = made.join("viewer");
    made.flush();
    viewer.newFrames();
    return { made, viewer };
  };

  it("sends the whole list and nothing else of the agent.", () => {
    const { made, viewer } = center();
    made.post(aSentiment(-3.5, { contactId: "chat-1", occurredAt: NOON + 1 }));
    made.flush();
    const [frame] = viewer.newFrames();
    expect(Object.keys(frame?.data[0] ?? {}).sort()).toEqual(["agentId", "contacts"]);
    expect(frame?.data[0]?.contacts).toHaveLength(2);
  });

  it("sends nothing when its rounded score stays the same.", () => {
    const { made, viewer } = center();
    const { seq } = made.state.board;
    made.post(aSentiment(-2.54, { contactId: "chat-1", occurredAt: NOON + 1 }));
    made.flush();
    expect(viewer.texts).toEqual([]);
    expect(made.state.board.seq).toBe(seq);
  });

  it("sends the status word when a chat decides after a call.", () => {
    const { made, viewer } = center();
    made.post(anAgentState({ occurredAt: NOON + 1, contacts: [chat("chat-1")] }));
    made.flush();
    expect(viewer.newFrames()[0]?.data[0]).toMatchObject({ status: "on a contact", contactId: "chat-1", contactCount: 1 });
  });
});
