import { describe, expect, it } from "vitest";
import type { ContactTurn, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, aTurn, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const onCall = (agentId: string, occurredAt = NOON) =>
  anAgentState({ agentId, occurredAt, contacts: [aContact()], groups: [agentId] });
const free = (agentId: string, occurredAt: number) => anAgentState({ agentId, occurredAt, groups: [agentId] });
const ended = (occurredAt: number, contactId = "contact-1"): Update => ({
  type: "contact.ended",
  contactId,
  initialContactId: null,
  occurredAt,
});

function watchedCenter(...updates: Update[]): Center {
  const center = new Center();
  center.postEach(...updates);
  center.join("v", { watching: ["contact-1"] });
  center.published = [];
  return center;
}

describe("Repeated turns", () => {
  it("TRA-2 A turn that is posted again is stale and is not sent again.", () => {
    const center = watchedCenter(onCall("agent-1"), aTurn());
    expect(center.post(aTurn())).toMatchObject({ accepted: 0, stale: 1 });
    expect(center.published).toEqual([]);
  });

  it("TRA-2 Of two versions of a turn with the same time, the same one counts in either order.", () => {
    const versions: [ContactTurn, ContactTurn] = [aTurn({ text: "Buenos días" }), aTurn({ text: "Buenas tardes" })];
    for (const order of [versions, versions.toReversed()]) {
      const center = new Center();
      center.postEach(...order);
      expect(center.state.transcript("contact-1").turns).toMatchObject([{ text: "Buenos días" }]);
    }
  });

  it("TRA-1 Turns that began together stand in the order of their ids.", () => {
    const center = new Center();
    for (const turnId of ["c", "a", "b"]) center.post(aTurn({ turnId }));
    expect(center.state.transcript("contact-1").turns.map(({ turnId }) => turnId)).toEqual(["a", "b", "c"]);
  });

  it("TRA-1 A post with turns of two contacts publishes each to its own watchers.", () => {
    const center = watchedCenter(onCall("agent-1"));
    center.post(aTurn(), aTurn({ contactId: "contact-2" }), aTurn({ turnId: "turn-2" }));
    expect(center.published).toMatchObject([{ contactId: "contact-1", turns: [{ turnId: "turn-1" }, { turnId: "turn-2" }] }]);
  });
});

describe("A contact that two agents share", () => {
  it("TRA-4 One agent keeps the score and the transcript when the other lets go.", () => {
    const center = watchedCenter(onCall("agent-1"), onCall("agent-2"), aSentiment(-2.5), aTurn());
    expect(center.state.transcript("contact-1").groups).toEqual(["agent-1", "agent-2"]);
    center.post(free("agent-1", NOON + 1));
    expect(center.agents().map(({ sentimentScore }) => sentimentScore)).toEqual([null, -2.5]);
    expect(center.state.transcript("contact-1")).toMatchObject({ groups: ["agent-2"], turns: [{ turnId: "turn-1" }] });
    center.post(aSentiment(5, { occurredAt: NOON + 2 }), aTurn({ turnId: "turn-2" }));
    expect(center.agent("agent-2").sentimentScore).toBe(5);
    expect(center.published).toMatchObject([{ turns: [{ turnId: "turn-2" }], groups: ["agent-2"] }]);
  });

  it("TRA-4 The transcript is open to the last agent's groups after both let go.", () => {
    const center = watchedCenter(onCall("agent-1"), onCall("agent-2"), aTurn());
    center.postEach(free("agent-1", NOON + 1), free("agent-2", NOON + 1));
    expect(center.state.transcript("contact-1").groups).toEqual(["agent-2"]);
    center.restart();
    expect(center.state.transcript("contact-1").groups).toEqual(["agent-2"]);
  });
});

describe("A contact whose first turn comes after its agent has let it go", () => {
  const later = aTurn({ occurredAt: NOON + 2 });

  it("TRA-4 The turn is open to the groups of that agent, in posts of their own, in one post, and after a restart.", () => {
    const apart = new Center();
    apart.postEach(onCall("agent-1"), free("agent-1", NOON + 1), later);
    const together = new Center();
    together.post(onCall("agent-1"), free("agent-1", NOON + 1), later);
    const restarted = new Center();
    restarted.postEach(onCall("agent-1"), free("agent-1", NOON + 1));
    restarted.restart();
    restarted.postEach(later, ended(NOON + 3));
    for (const center of [apart, together, restarted]) {
      expect(center.state.transcript("contact-1")).toMatchObject({ groups: ["agent-1"], turns: [{ turnId: "turn-1" }] });
    }
  });

  it("TRA-4 A turn before the call, in the same post as the call, is open to them too.", () => {
    const center = new Center();
    center.post(later, onCall("agent-1"), free("agent-1", NOON + 1));
    expect(center.state.transcript("contact-1").groups).toEqual(["agent-1"]);
  });

  it("TRA-4 The news that the agent held the contact may come after the news that it let go.", () => {
    const center = new Center();
    center.postEach(free("agent-1", NOON + 1), onCall("agent-1"), later);
    expect(center.state.transcript("contact-1").groups).toEqual(["agent-1"]);
  });

  it("TRA-4 A turn under the id of the call's first contact is open to the agent that held a later one.", () => {
    const center = new Center();
    const transferred = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
    center.postEach(anAgentState({ contacts: [transferred], groups: ["b"] }), free("agent-1", NOON + 1), later);
    expect(center.state.transcript("contact-1").groups).toEqual(["b"]);
  });

  it("TRA-4 An agent that still holds the contact decides alone, whatever an older agent's late news says.", () => {
    const center = new Center();
    center.postEach(free("agent-1", NOON + 1), onCall("agent-2"), onCall("agent-1"), later);
    expect(center.state.transcript("contact-1").groups).toEqual(["agent-2"]);
    center.postEach(free("agent-2", NOON + 3));
    expect(center.state.transcript("contact-1").groups).toEqual(["agent-2"]);
  });

  it("TIM-3 What is remembered of such a contact expires like any other.", () => {
    const center = new Center();
    center.postEach(onCall("agent-1"), free("agent-1", NOON + 1));
    center.expireAt(NOON + 13 * 60 * 60_000);
    center.post(later);
    expect(center.state.transcript("contact-1").groups).toEqual([]);
  });
});

describe("The source of a transcript", () => {
  const second = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
  const both = anAgentState({ contacts: [second] });

  it("TRA-3 The contact with turns is the source, although a closer one has a score.", () => {
    const center = new Center();
    center.postEach(both, aSentiment(1, { contactId: "contact-2" }), aTurn());
    expect(center.state.transcript("contact-2").turns).toHaveLength(1);
  });

  it("TRA-3 The closer contact is the source when both have turns.", () => {
    const center = new Center();
    center.postEach(both, aTurn({ text: "first" }), aTurn({ contactId: "contact-2", text: "second" }));
    expect(center.state.transcript("contact-2").turns).toMatchObject([{ text: "second" }]);
  });

  it("TRA-3 A transcript is complete when the contact that holds its turns has ended and no agent talks.", () => {
    const center = new Center();
    center.postEach(anAgentState({ contacts: [{ ...second, state: "ended" }] }), aTurn(), ended(NOON + 1));
    expect(center.state.transcript("contact-2").complete).toBe(true);
  });

  it("TRA-3 The id of the first contact still leads to the turns after the agent let go and the hub restarted.", () => {
    const center = new Center();
    center.postEach(aTurn({ initialContactId: "contact-0" }), free("agent-1", NOON + 1));
    center.restart();
    expect(center.state.transcript("contact-0").turns).toHaveLength(1);
  });
});
