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

function watching(center: Center, contactId: string, id = "v"): TestPort {
  const port = center.join(id);
  center.broadcaster.setWatching(id, contactId, true);
  return port;
}

describe("answers to posts", () => {
  it("ING-7 accepted and stale count every update of the post", () => {
    const center = new Center();
    expect(center.post(anAgentState(), anAgentState(), aSentiment(1), anAgentState({ occurredAt: NOON - 1 }))).toMatchObject({
      accepted: 2,
      stale: 2,
    });
  });

  it("ING-7 what was acknowledged is in the store", () => {
    const center = new Center();
    center.post(onCall, aSentiment(-2.5), aTurn());
    center.restart();
    expect(center.agent()).toMatchObject({ status: "on a call", sentimentScore: -2.5 });
    expect(center.state.transcript("contact-1").turns).toHaveLength(1);
  });

  it("ING-7 one post that changes an agent writes one row for it", () => {
    const center = new Center();
    center.post(anAgentState());
    const before = center.store.rowsWritten;
    center.post(anAgentState({ occurredAt: NOON + 1, name: "Ana" }), anAgentState({ occurredAt: NOON + 2, name: "Anna" }));
    expect(center.store.rowsWritten - before).toBe(1);
  });

  it("ING-8 names the contacts of the post that somebody watches", () => {
    const center = new Center();
    center.post(onCall, aTurn(), aTurn({ contactId: "contact-2" }));
    expect(center.post(aTurn({ turnId: "turn-2" })).watched).toEqual([]);
    watching(center, "contact-1");
    const answer = center.post(aTurn({ turnId: "turn-3" }), aTurn({ contactId: "contact-2", turnId: "turn-3" }));
    expect(answer.watched).toEqual(["contact-1"]);
    expect(center.post(anAgentState({ occurredAt: NOON + 1, contacts: [aContact({ queue: "Otra" })] })).watched).toEqual([]);
    center.broadcaster.setWatching("v", "contact-1", false);
    expect(center.post(aTurn({ turnId: "turn-4" })).watched).toEqual([]);
  });

  it("ING-8 a contact is watched also through a later contact of its call", () => {
    const center = new Center();
    const second = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
    center.post(anAgentState({ contacts: [second] }), aTurn());
    watching(center, "contact-2");
    expect(center.post(aTurn({ turnId: "turn-2" })).watched).toEqual(["contact-1"]);
  });
});

describe("live transcripts", () => {
  const said = (center: Center, contactId = "contact-1") => center.state.transcript(contactId).turns.map(({ text }) => text);

  it("TRA-1 begin with the turns so far, in the order in which they began", () => {
    const center = new Center();
    center.post(onCall, aTurn({ turnId: "b", beginMs: 20, text: "second" }), aTurn({ turnId: "a", beginMs: 3, text: "first" }));
    expect(said(center)).toEqual(["first", "second"]);
    const { type: _, contactId: __, initialContactId: ___, ...turn } = aTurn({ turnId: "a", beginMs: 3, text: "first" });
    expect(center.state.transcript("contact-1")).toMatchObject({ complete: false, groups: ["Ventas"], turns: [turn, {}] });
  });

  it("TRA-1 then the new ones come, and the end", () => {
    const center = new Center();
    center.post(onCall);
    watching(center, "contact-1");
    center.post(aTurn(), aTurn({ turnId: "turn-2" }));
    center.post(aSentiment(1));
    center.post(ended(NOON + 9));
    expect(center.published.map(({ turns, complete }) => [turns.length, complete])).toEqual([
      [2, false],
      [0, true],
    ]);
    expect(center.state.transcript("contact-1").complete).toBe(true);
  });

  it("TRA-1 nothing is told while nobody watches", () => {
    const center = new Center();
    center.post(onCall, aTurn(), ended(NOON + 9));
    expect(center.published).toEqual([]);
  });

  it("TRA-2 a final version beats any partial one, then the newest", () => {
    const center = new Center();
    const told = (text: string, final: boolean, occurredAt: number) => {
      center.post(aTurn({ text, final, occurredAt }));
      return said(center)[0];
    };
    expect(told("partial", false, NOON)).toBe("partial");
    expect(told("older", false, NOON - 1)).toBe("partial");
    expect(told("newer", false, NOON + 1)).toBe("newer");
    expect(told("final", true, NOON)).toBe("final");
    expect(told("late partial", false, NOON + 9)).toBe("final");
    expect(told("corrected", true, NOON + 2)).toBe("corrected");
  });

  it("TRA-6 a turn says where its issues are told, and nothing when there are none", () => {
    const center = new Center();
    center.post(onCall, aTurn({ turnId: "a", issues: [{ begin: 6, end: 17 }] }), aTurn({ turnId: "b", issues: [] }));
    const [first, second] = center.state.transcript("contact-1").turns;
    expect(first?.issues).toEqual([{ begin: 6, end: 17 }]);
    expect(second).not.toHaveProperty("issues");
  });

  it("TRA-3 turns under the id of the call's first contact belong to the agent's contact", () => {
    const center = new Center();
    const second = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
    center.post(anAgentState({ contacts: [second] }), aTurn());
    expect(said(center, "contact-2")).toHaveLength(1);
    watching(center, "contact-2");
    center.post(aTurn({ turnId: "turn-2" }));
    expect(center.published).toMatchObject([{ contactId: "contact-2", turns: [{ turnId: "turn-2" }] }]);
  });

  it("TRA-3 also when the contact itself has ended, which completes it", () => {
    const center = new Center();
    const second = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
    center.post(anAgentState({ contacts: [second] }), aTurn());
    watching(center, "contact-2");
    center.post(ended(NOON + 9, "contact-2"));
    expect(center.published).toMatchObject([{ contactId: "contact-2", turns: [], complete: true }]);
    expect(center.state.transcript("contact-2")).toMatchObject({ complete: true, turns: [{ turnId: "turn-1" }] });
  });

  it("TRA-4 are for whoever may see the agent that holds the contact, or held it last", () => {
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

  it("TRA-4 in one post with the agent they are for the same", () => {
    const center = new Center();
    center.post(onCall, aTurn());
    center.post(anAgentState({ occurredAt: NOON + 1 }));
    expect(center.state.transcript("contact-1").groups).toEqual(["Ventas"]);
  });

  it("TRA-4 nobody's groups open a contact that no agent ever held", () => {
    const center = new Center();
    center.post(aTurn());
    expect(center.state.transcript("contact-1").groups).toEqual([]);
    expect(center.state.transcript("unknown")).toEqual({ turns: [], complete: false, groups: [] });
  });

  it("TRA-4 the frames stop for a viewer that may not see the agent who took over", () => {
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

  it("TRA-4 only those who watch are told, and a single one if so wanted", () => {
    const center = new Center();
    const [one, other, none] = [
      watching(center, "contact-1", "one"),
      watching(center, "contact-1", "other"),
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
