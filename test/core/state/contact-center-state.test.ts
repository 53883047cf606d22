import { describe, expect, it } from "vitest";
import type { Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, aTurn, NOON } from "../../support/updates.ts";
import { Center, type TestPort } from "../center.ts";

const ended = (occurredAt: number, contactId = "contact-1"): Update => ({
  type: "contact.ended",
  contactId,
  initialContactId: null,
  occurredAt,
});
const onCall = anAgentState({ contacts: [aContact()] });

function joinWatching(center: Center, contactId: string, id = "v"): TestPort {
  const port = center.join(id);
  center.broadcaster.setWatching(id, contactId, true);
  return port;
}

describe("Answers to posts", () => {
  it("ING-7 The answer counts every update of the post as accepted or stale.", () => {
    const center = new Center();
    expect(center.post(anAgentState(), anAgentState(), aSentiment(1), anAgentState({ occurredAt: NOON - 1 }))).toMatchObject({
      accepted: 2,
      stale: 2,
    });
  });

  it("ING-7 Acknowledged updates are in the store.", () => {
    const center = new Center();
    center.post(onCall, aSentiment(-2.5), aTurn());
    center.restart();
    expect(center.agent()).toMatchObject({ status: "on a call", sentimentScore: -2.5 });
    expect(center.state.transcript("contact-1").turns).toHaveLength(1);
  });

  it("ING-7 A post with several states of one agent writes one row.", () => {
    const center = new Center();
    center.post(anAgentState());
    const before = center.store.rowsWritten;
    center.post(anAgentState({ occurredAt: NOON + 1, name: "Ana" }), anAgentState({ occurredAt: NOON + 2, name: "Anna" }));
    expect(center.store.rowsWritten - before).toBe(1);
  });

  it("ING-8 The answer names the contacts of the post that a viewer watches.", () => {
    const center = new Center();
    center.post(onCall, aTurn(), aTurn({ contactId: "contact-2" }));
    expect(center.post(aTurn({ turnId: "turn-2" })).watched).toEqual([]);
    joinWatching(center, "contact-1");
    const answer = center.post(aTurn({ turnId: "turn-3" }), aTurn({ contactId: "contact-2", turnId: "turn-3" }));
    expect(answer.watched).toEqual(["contact-1"]);
    expect(center.post(anAgentState({ occurredAt: NOON + 1, contacts: [aContact({ queue: "Otra" })] })).watched).toEqual([]);
    center.broadcaster.setWatching("v", "contact-1", false);
    expect(center.post(aTurn({ turnId: "turn-4" })).watched).toEqual([]);
  });

  it("ING-8 The answer names a watched contact also if the post brings no news of it.", () => {
    const center = new Center();
    center.post(onCall, aTurn());
    joinWatching(center, "contact-1");
    expect(center.post(aTurn())).toMatchObject({ accepted: 0, stale: 1, watched: ["contact-1"] });
  });

  it("ING-8 A contact counts as watched if a viewer watches a later contact of its call.", () => {
    const center = new Center();
    const second = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
    center.post(anAgentState({ contacts: [second] }), aTurn());
    joinWatching(center, "contact-2");
    expect(center.post(aTurn({ turnId: "turn-2" })).watched).toEqual(["contact-1"]);
  });
});

describe("Live transcripts", () => {
  const textsOf = (center: Center, contactId = "contact-1") => center.state.transcript(contactId).turns.map(({ text }) => text);

  it("TRA-1 A transcript has the turns so far, in the order in which they began.", () => {
    const center = new Center();
    center.post(onCall, aTurn({ turnId: "b", beginMs: 20, text: "second" }), aTurn({ turnId: "a", beginMs: 3, text: "first" }));
    expect(textsOf(center)).toEqual(["first", "second"]);
    const { type: _, contactId: __, initialContactId: ___, ...turn } = aTurn({ turnId: "a", beginMs: 3, text: "first" });
    expect(center.state.transcript("contact-1")).toMatchObject({ complete: false, groups: ["Ventas"], turns: [turn, {}] });
  });

  it("TRA-1 The state publishes new turns and the end of a contact that a viewer watches.", () => {
    const center = new Center();
    center.post(onCall);
    joinWatching(center, "contact-1");
    center.post(aTurn(), aTurn({ turnId: "turn-2" }));
    center.post(aSentiment(1));
    center.post(ended(NOON + 9));
    expect(center.published.map(({ turns, complete }) => [turns.length, complete])).toEqual([
      [2, false],
      [0, true],
    ]);
    expect(center.state.transcript("contact-1").complete).toBe(true);
  });

  it("TRA-1 The state publishes no turns while no viewer watches.", () => {
    const center = new Center();
    center.post(onCall, aTurn(), ended(NOON + 9));
    expect(center.published).toEqual([]);
  });

  it("TRA-2 A final version of a turn beats any partial one, and then the newest counts.", () => {
    const center = new Center();
    const postTurn = (text: string, final: boolean, occurredAt: number) => {
      center.post(aTurn({ text, final, occurredAt }));
      return textsOf(center)[0];
    };
    expect(postTurn("partial", false, NOON)).toBe("partial");
    expect(postTurn("older", false, NOON - 1)).toBe("partial");
    expect(postTurn("newer", false, NOON + 1)).toBe("newer");
    expect(postTurn("final", true, NOON)).toBe("final");
    expect(postTurn("late partial", false, NOON + 9)).toBe("final");
    expect(postTurn("corrected", true, NOON + 2)).toBe("corrected");
  });

  it("TRA-6 A turn carries the positions of its issues, and no such field if it has none.", () => {
    const center = new Center();
    center.post(onCall, aTurn({ turnId: "a", issues: [{ begin: 6, end: 17 }] }), aTurn({ turnId: "b", issues: [] }));
    const [first, second] = center.state.transcript("contact-1").turns;
    expect(first?.issues).toEqual([{ begin: 6, end: 17 }]);
    expect(second).not.toHaveProperty("issues");
  });

  it("TRA-3 Turns under the id of the call's first contact belong to the agent's contact.", () => {
    const center = new Center();
    const second = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
    center.post(anAgentState({ contacts: [second] }), aTurn());
    expect(textsOf(center, "contact-2")).toHaveLength(1);
    joinWatching(center, "contact-2");
    center.post(aTurn({ turnId: "turn-2" }));
    expect(center.published).toMatchObject([{ contactId: "contact-2", turns: [{ turnId: "turn-2" }] }]);
  });

  it("TRA-3 The end of a later contact completes its transcript, which keeps the turns of the first contact.", () => {
    const center = new Center();
    const second = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
    center.post(anAgentState({ contacts: [second] }), aTurn());
    joinWatching(center, "contact-2");
    center.post(ended(NOON + 9, "contact-2"));
    expect(center.published).toMatchObject([{ contactId: "contact-2", turns: [], complete: true }]);
    expect(center.state.transcript("contact-2")).toMatchObject({ complete: true, turns: [{ turnId: "turn-1" }] });
  });

  it("TRA-4 A transcript is open to the groups of the agent that holds the contact or held it last.", () => {
    const held: Update[] = [onCall, aTurn()];
    for (const order of [held, held.toReversed()]) {
      const center = new Center();
      center.postEach(...order);
      expect(center.state.transcript("contact-1").groups).toEqual(["Ventas"]);
      center.post(anAgentState({ occurredAt: NOON + 1 }));
      center.post(aTurn({ turnId: "turn-2" }));
      expect(center.state.transcript("contact-1").groups).toEqual(["Ventas"]);
      center.restart();
      expect(center.state.transcript("contact-1").groups).toEqual(["Ventas"]);
    }
  });

  it("TRA-4 A turn in one post with its agent is open to that agent's groups.", () => {
    const center = new Center();
    center.post(onCall, aTurn());
    center.post(anAgentState({ occurredAt: NOON + 1 }));
    expect(center.state.transcript("contact-1").groups).toEqual(["Ventas"]);
  });

  it("TRA-4 A contact that no agent ever held is open to no group.", () => {
    const center = new Center();
    center.post(aTurn());
    expect(center.state.transcript("contact-1").groups).toEqual([]);
    expect(center.state.transcript("unknown")).toEqual({ turns: [], complete: false, truncated: false, groups: [] });
  });

  it("TRA-4 A viewer gets no more turns when an agent outside its groups takes over the contact.", () => {
    const center = new Center();
    center.post(onCall, anAgentState({ agentId: "agent-2", groups: ["Soporte"] }));
    const port = center.join("v", { groupFilter: ["Ventas"] });
    center.broadcaster.setWatching("v", "contact-1", true);
    port.newFrames();
    const send = (groups: readonly string[]) => center.broadcaster.sendTurns("contact-1", [], false, groups, NOON);
    send(center.state.transcript("contact-1").groups);
    expect(port.newFrames()).toHaveLength(1);
    center.post(
      anAgentState({ occurredAt: NOON + 1 }),
      anAgentState({ agentId: "agent-2", groups: ["Soporte"], occurredAt: NOON + 1, contacts: [aContact()] }),
    );
    send(center.state.transcript("contact-1").groups);
    expect(port.newFrames()).toEqual([]);
  });

  it("TRA-4 Turns go to every viewer that watches the contact, and a transcript goes to one viewer.", () => {
    const center = new Center();
    const [one, other, none] = [
      joinWatching(center, "contact-1", "one"),
      joinWatching(center, "contact-1", "other"),
      center.join("none"),
    ];
    for (const port of [one, other, none]) port.newFrames();
    center.broadcaster.sendTurns("contact-1", [], true, [], NOON);
    center.broadcaster.sendTranscript("one", "contact-1", [], true, [], NOON);
    expect([one, other, none].map((port) => port.newFrames().length)).toEqual([2, 1, 0]);
    center.broadcaster.removeSubscriber("one");
    center.broadcaster.removeSubscriber("other");
    expect([...center.broadcaster.watchedContacts()]).toEqual([]);
  });
});
