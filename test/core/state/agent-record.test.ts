import { describe, expect, it } from "vitest";
import type { AgentState, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const heartbeat = (occurredAt: number): Update => ({ type: "agent.heartbeat", agentId: "agent-1", occurredAt });
const removed = (occurredAt: number): Update => ({ type: "agent.removed", agentId: "agent-1", occurredAt });

function snapshot(takenAt: number, ...states: AgentState[]): Update {
  return { type: "roster.snapshot", takenAt, agents: states.map(({ type: _, ...body }) => body) };
}

function centerAfter(...updates: Update[]): Center {
  const center = new Center();
  center.postEach(...updates);
  return center;
}

describe("An agent.state", () => {
  it("ROS-1 The newest state counts, and an older one is stale.", () => {
    const center = new Center();
    const [newer, older] = center.postEach(
      anAgentState({ occurredAt: NOON + 2, name: "New" }),
      anAgentState({ occurredAt: NOON + 1, name: "Old" }),
    );
    expect([newer?.accepted, older?.accepted, older?.stale]).toEqual([1, 0, 1]);
    expect(center.agent().name).toBe("New");
  });

  it("ROS-1 Of two states with the same time, the same one counts in either order.", () => {
    const [a, b] = [anAgentState({ name: "Ana" }), anAgentState({ name: "Bea" })];
    expect(centerAfter(a, b).agent().name).toBe("Bea");
    expect(centerAfter(b, a).agent().name).toBe("Bea");
  });
});

describe("An agent.state without a name", () => {
  const named = anAgentState({ occurredAt: NOON, name: "Jane Doe", groups: ["Ventas"], routingProfile: "Basic" });
  const logout = anAgentState({ occurredAt: NOON + 5, name: "", groups: [], routingProfile: null, signedIn: false });

  it("ROS-17 A log-out without a name keeps the agent's name, groups and routing profile, in either order.", () => {
    const expected = [{ name: "Jane Doe", groups: ["Ventas"], routingProfile: "Basic", status: "offline" }];
    expect(centerAfter(named, logout).agents()).toMatchObject(expected);
    expect(centerAfter(logout, named).agents()).toMatchObject(expected);
  });

  it("ROS-17 The newest name counts, and a name from before a removal does not.", () => {
    const renamed = anAgentState({ occurredAt: NOON + 1, name: "Jane Roe", groups: ["Soporte"] });
    expect(centerAfter(logout, renamed, named).agents()).toMatchObject([{ name: "Jane Roe", groups: ["Soporte"] }]);
    expect(centerAfter(named, removed(NOON + 2), logout).agents()).toMatchObject([{ name: "", groups: [] }]);
    expect(centerAfter(logout, named, removed(NOON + 2)).agents()).toMatchObject([{ name: "", groups: [] }]);
  });

  it("ROS-4 A snapshot entry without groups keeps the groups of the agent's state.", () => {
    const { type: _, ...body } = anAgentState({ occurredAt: NOON + 9, groups: [] });
    const snapshot: Update = { type: "roster.snapshot", takenAt: NOON + 9, agents: [body] };
    expect(centerAfter(named, snapshot).agents()).toMatchObject([{ groups: ["Ventas"] }]);
  });
});

describe("An agent.heartbeat", () => {
  it("ROS-2 A heartbeat is accepted and takes no seq.", () => {
    const center = centerAfter(anAgentState());
    const { seq } = center.state.board;
    expect(center.post(heartbeat(NOON + 120_000))).toMatchObject({ accepted: 1 });
    expect(center.state.board.seq).toBe(seq);
  });

  it("ROS-2 A heartbeat puts no agent on the board, but counts if it came before the first state.", () => {
    const center = centerAfter(heartbeat(NOON + 240_000));
    expect(center.agents()).toEqual([]);
    center.post(anAgentState());
    center.expireAt(NOON + 400_000);
    expect(center.agent().stale).toBe(false);
  });

  it("ROS-2 A heartbeat that changes nothing but the time writes no row.", () => {
    const center = centerAfter(anAgentState());
    const before = center.store.rowsWritten;
    center.post(heartbeat(NOON + 120_000));
    expect(center.store.rowsWritten).toBe(before);
  });
});

describe("An agent.removed", () => {
  it("ROS-3 A removal takes the agent off the board in either order, also at equal times.", () => {
    for (const at of [NOON, NOON + 1]) {
      expect(centerAfter(anAgentState(), removed(at)).agents()).toEqual([]);
      expect(centerAfter(removed(at), anAgentState()).agents()).toEqual([]);
    }
  });

  it("ROS-3 A newer state or snapshot entry brings the agent back.", () => {
    const back = anAgentState({ occurredAt: NOON + 2 });
    expect(centerAfter(anAgentState(), removed(NOON + 1), back).agents()).toHaveLength(1);
    expect(centerAfter(back, removed(NOON + 1)).agents()).toHaveLength(1);
    expect(centerAfter(removed(NOON + 1), snapshot(NOON + 2, back)).agents()).toHaveLength(1);
  });

  it("ROS-3 A removal is stale if it is older than the agent's state.", () => {
    const center = centerAfter(anAgentState({ occurredAt: NOON + 2 }));
    expect(center.post(removed(NOON + 1))).toMatchObject({ accepted: 0, stale: 1 });
  });

  it("ROS-3 A state from before a removal adds nothing to an agent that came back.", () => {
    const before = anAgentState({ status: { name: "Available", kind: "routable", since: NOON - 1 } });
    const back = anAgentState({
      occurredAt: NOON + 9,
      status: { name: "Available", kind: "routable", since: NOON - 50 },
      name: "",
    });
    const orders: Update[][] = [
      [before, removed(NOON + 5), snapshot(NOON + 9, back)],
      [snapshot(NOON + 9, back), before, removed(NOON + 5)],
      [removed(NOON + 5), snapshot(NOON + 9, back), before],
    ];
    for (const order of orders) expect(centerAfter(...order).agent()).toMatchObject({ since: NOON - 50, name: "" });
  });
});

describe("A roster.snapshot", () => {
  it("ROS-4 A snapshot entry wins over an older state and loses to a newer one.", () => {
    const listed = anAgentState({ occurredAt: NOON + 5, contacts: [aContact()] });
    expect(centerAfter(anAgentState(), snapshot(NOON + 5, listed)).agent().status).toBe("on a call");
    const newer = anAgentState({ occurredAt: NOON + 6 });
    expect(centerAfter(newer, snapshot(NOON + 9, listed)).agent().status).toBe("available");
    expect(centerAfter(snapshot(NOON + 9, listed), newer).agent().status).toBe("available");
  });

  it("ROS-4 A snapshot entry keeps the start of a hold, the time since which the agent is free, and names it lacks.", () => {
    const state = anAgentState({
      contacts: [aContact({ state: "hold", since: NOON - 10, queue: "Cobranza", connectedAt: NOON - 900 })],
      status: { name: "Available", kind: "routable", since: NOON - 40 },
    });
    const listed = anAgentState({
      occurredAt: NOON + 5,
      name: "",
      username: null,
      routingProfile: null,
      contacts: [aContact({ state: "hold", since: NOON - 900, queue: null, connectedAt: null })],
      status: { name: "Available", kind: "routable", since: NOON - 5_000 },
    });
    for (const order of [[state, snapshot(NOON + 5, listed)] as const, [snapshot(NOON + 5, listed), state] as const]) {
      const center = centerAfter(...order);
      center.now = NOON + 100;
      expect(center.agent()).toMatchObject({
        since: NOON - 10,
        duration: 1,
        queue: "Cobranza",
        name: "Jane Doe",
        routingProfile: "Basic Routing Profile",
      });
    }
    const free = { ...listed, contacts: [] };
    expect(centerAfter(state, snapshot(NOON + 5, free)).agent()).toMatchObject({ status: "available", since: NOON - 40 });
  });

  it("ROS-4 A snapshot entry with another status brings its own times.", () => {
    const listed = anAgentState({ occurredAt: NOON + 5, status: { name: "Almuerzo", kind: "custom", since: NOON - 500 } });
    expect(centerAfter(anAgentState(), snapshot(NOON + 5, listed)).agent()).toMatchObject({ status: "away", since: NOON - 500 });
  });

  it("ROS-5 At equal times the state counts and the snapshot entry does not.", () => {
    const state = anAgentState({ name: "Ana" });
    const listed = anAgentState({ name: "Zoe" });
    expect(centerAfter(state, snapshot(NOON, listed)).agent().name).toBe("Ana");
    expect(centerAfter(snapshot(NOON, listed), state).agent().name).toBe("Ana");
  });

  it("ROS-6 An agent that a newer snapshot does not list is offline since its last news.", () => {
    const center = centerAfter(anAgentState({ contacts: [aContact()] }), snapshot(NOON + 60_000));
    expect(center.agent()).toMatchObject({ status: "offline", since: NOON, contactId: null, duration: null });
    const other = anAgentState({ agentId: "agent-2", occurredAt: NOON + 60_000 });
    expect(
      centerAfter(anAgentState(), snapshot(NOON + 60_000, other))
        .agents()
        .map(({ status }) => status),
    ).toEqual(["offline", "available"]);
  });

  it("ROS-6 An agent that the snapshot does not list is offline even if its older state comes later.", () => {
    expect(centerAfter(snapshot(NOON + 60_000), anAgentState()).agent().status).toBe("offline");
  });

  it("ROS-6 News of the snapshot's time or later keeps an unlisted agent signed in.", () => {
    expect(centerAfter(anAgentState({ occurredAt: NOON + 60_000 }), snapshot(NOON + 60_000)).agent().status).toBe("available");
    expect(centerAfter(anAgentState(), heartbeat(NOON + 60_000), snapshot(NOON + 60_000)).agent().status).toBe("available");
    expect(centerAfter(anAgentState(), snapshot(NOON + 60_000), heartbeat(NOON + 60_001)).agent().status).toBe("available");
    expect(centerAfter(anAgentState(), snapshot(NOON + 60_000), anAgentState({ occurredAt: NOON + 70_000 })).agent().status).toBe(
      "available",
    );
  });

  it("ROS-6 Only the list of the newest snapshot counts.", () => {
    const center = centerAfter(anAgentState(), snapshot(NOON + 60_000, anAgentState()), snapshot(NOON + 30_000));
    expect(center.agent().status).toBe("available");
    const tie = [snapshot(NOON + 60_000), snapshot(NOON + 60_000, anAgentState())] as const;
    expect(centerAfter(anAgentState(), ...tie).agents()).toEqual(centerAfter(anAgentState(), ...tie.toReversed()).agents());
  });

  it("ROS-6 The hub still knows after a restart which agents the snapshot listed.", () => {
    const center = centerAfter(anAgentState(), snapshot(NOON + 100_000, anAgentState()));
    center.restart();
    center.expireAt(NOON + 350_000);
    expect(center.agent().stale).toBe(false);
  });
});

describe("Matching of contacts and agents", () => {
  const onCall = anAgentState({ contacts: [aContact({ contactId: "call-2", initialContactId: "call-1" })] });

  it.each([
    ["the contact itself", aSentiment(-2.5, { contactId: "call-2" })],
    ["the call's first contact", aSentiment(-2.5, { contactId: "call-1" })],
    ["another contact of the call", aSentiment(-2.5, { contactId: "call-3", initialContactId: "call-1" })],
  ])("ROS-7 A score for %s reaches the agent, whichever comes first.", (_, sentiment) => {
    expect(centerAfter(onCall, sentiment).agent().sentimentScore).toBe(-2.5);
    expect(centerAfter(sentiment, onCall).agent().sentimentScore).toBe(-2.5);
  });

  it("ROS-7 A score for a later contact reaches the agent that holds the call's first contact.", () => {
    const first = anAgentState({ contacts: [aContact({ contactId: "call-1" })] });
    const later = aSentiment(5, { contactId: "call-2", initialContactId: "call-1" });
    expect(centerAfter(first, later).agent().sentimentScore).toBe(5);
    expect(centerAfter(later, first).agent().sentimentScore).toBe(5);
  });

  it("ROS-7 A score for an unrelated contact does not reach the agent.", () => {
    expect(centerAfter(onCall, aSentiment(5, { contactId: "call-9" })).agent().sentimentScore).toBeNull();
  });

  it("ROS-7 The closest contact counts, then the one with the newest news, then the smaller id.", () => {
    const own = aSentiment(1, { contactId: "call-2" });
    const first = aSentiment(2, { contactId: "call-1", occurredAt: NOON + 5 });
    const sibling = aSentiment(3, { contactId: "call-3", initialContactId: "call-1", occurredAt: NOON + 9 });
    const other = aSentiment(4, { contactId: "call-4", initialContactId: "call-1", occurredAt: NOON + 9 });
    const newer = aSentiment(5, { contactId: "call-4", initialContactId: "call-1", occurredAt: NOON + 10 });
    expect(centerAfter(onCall, sibling, first, own).agent().sentimentScore).toBe(1);
    expect(centerAfter(onCall, sibling, first).agent().sentimentScore).toBe(2);
    expect(centerAfter(onCall, other, sibling).agent().sentimentScore).toBe(3);
    expect(centerAfter(onCall, sibling, newer).agent().sentimentScore).toBe(5);
  });

  it("ROS-8 Of two first contacts the greater id counts, even if only a stale update names it.", () => {
    const sentiment = (initialContactId: string | null, occurredAt: number) =>
      aSentiment(5, { contactId: "call-7", initialContactId, occurredAt });
    expect(centerAfter(onCall, sentiment(null, NOON + 1), sentiment("call-1", NOON)).agent().sentimentScore).toBe(5);
    expect(centerAfter(onCall, sentiment("call-1", NOON), sentiment("call-5", NOON + 1)).agent().sentimentScore).toBeNull();
    expect(centerAfter(onCall, sentiment("call-5", NOON), sentiment("call-1", NOON + 1)).agent().sentimentScore).toBeNull();
  });

  it("ROS-7 The score of a transferred call moves to the agent who has the call now.", () => {
    const center = centerAfter(onCall, aSentiment(-5, { contactId: "call-1" }));
    center.postEach(
      anAgentState({ occurredAt: NOON + 5 }),
      anAgentState({
        agentId: "agent-2",
        occurredAt: NOON + 5,
        contacts: [aContact({ contactId: "call-3", initialContactId: "call-1" })],
      }),
    );
    expect(center.agents().map(({ sentimentScore }) => sentimentScore)).toEqual([null, -5]);
  });
});
