import { describe, expect, it } from "vitest";
import type { AgentState, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const heartbeat = (occurredAt: number): Update => ({ type: "agent.heartbeat", agentId: "agent-1", occurredAt });
const removed = (occurredAt: number): Update => ({ type: "agent.removed", agentId: "agent-1", occurredAt });

function snapshot(takenAt: number, ...states: AgentState[]): Update {
  return { type: "roster.snapshot", takenAt, agents: states.map(({ type: _, ...body }) => body) };
}

function told(...updates: Update[]): Center {
  const center = new Center();
  center.postEach(...updates);
  return center;
}

describe("agent.state", () => {
  it("ROS-1 the newest state counts, an older one is stale", () => {
    const center = new Center();
    const [newer, older] = center.postEach(
      anAgentState({ occurredAt: NOON + 2, name: "New" }),
      anAgentState({ occurredAt: NOON + 1, name: "Old" }),
    );
    expect([newer?.accepted, older?.accepted, older?.stale]).toEqual([1, 0, 1]);
    expect(center.agent().name).toBe("New");
  });

  it("ROS-1 of two states with one time the same one counts in either order", () => {
    const [a, b] = [anAgentState({ name: "Ana" }), anAgentState({ name: "Bea" })];
    expect(told(a, b).agent().name).toBe("Bea");
    expect(told(b, a).agent().name).toBe("Bea");
  });
});

describe("an agent.state without a name", () => {
  const named = anAgentState({ occurredAt: NOON, name: "Jane Doe", groups: ["Ventas"], routingProfile: "Basic" });
  const logout = anAgentState({ occurredAt: NOON + 5, name: "", groups: [], routingProfile: null, signedIn: false });

  it("ROS-17 signs the agent out but does not forget who it is, in either order", () => {
    const expected = [{ name: "Jane Doe", groups: ["Ventas"], routingProfile: "Basic", status: "offline" }];
    expect(told(named, logout).agents()).toMatchObject(expected);
    expect(told(logout, named).agents()).toMatchObject(expected);
  });

  it("ROS-17 the newest name counts, and a name of before a removal does not", () => {
    const renamed = anAgentState({ occurredAt: NOON + 1, name: "Jane Roe", groups: ["Soporte"] });
    expect(told(logout, renamed, named).agents()).toMatchObject([{ name: "Jane Roe", groups: ["Soporte"] }]);
    expect(told(named, removed(NOON + 2), logout).agents()).toMatchObject([{ name: "", groups: [] }]);
    expect(told(logout, named, removed(NOON + 2)).agents()).toMatchObject([{ name: "", groups: [] }]);
  });

  it("ROS-4 an entry of a snapshot without groups keeps those of the stream", () => {
    const { type: _, ...body } = anAgentState({ occurredAt: NOON + 9, groups: [] });
    const snapshot: Update = { type: "roster.snapshot", takenAt: NOON + 9, agents: [body] };
    expect(told(named, snapshot).agents()).toMatchObject([{ groups: ["Ventas"] }]);
  });
});

describe("agent.heartbeat", () => {
  it("ROS-2 changes nothing on the board and takes no seq", () => {
    const center = told(anAgentState());
    const { seq } = center.state.board;
    expect(center.post(heartbeat(NOON + 120_000))).toMatchObject({ accepted: 1 });
    expect(center.state.board.seq).toBe(seq);
  });

  it("ROS-2 does not put an agent on the board, but counts when it came before the first state", () => {
    const center = told(heartbeat(NOON + 240_000));
    expect(center.agents()).toEqual([]);
    center.post(anAgentState());
    center.expireAt(NOON + 400_000);
    expect(center.agent().stale).toBe(false);
  });

  it("ROS-2 costs no row while nothing but the time changes", () => {
    const center = told(anAgentState());
    const before = center.store.rowsWritten;
    center.post(heartbeat(NOON + 120_000));
    expect(center.store.rowsWritten).toBe(before);
  });
});

describe("agent.removed", () => {
  it("ROS-3 takes the agent off the board, in either order, at a tie too", () => {
    for (const at of [NOON, NOON + 1]) {
      expect(told(anAgentState(), removed(at)).agents()).toEqual([]);
      expect(told(removed(at), anAgentState()).agents()).toEqual([]);
    }
  });

  it("ROS-3 a newer state or snapshot entry brings the agent back", () => {
    const back = anAgentState({ occurredAt: NOON + 2 });
    expect(told(anAgentState(), removed(NOON + 1), back).agents()).toHaveLength(1);
    expect(told(back, removed(NOON + 1)).agents()).toHaveLength(1);
    expect(told(removed(NOON + 1), snapshot(NOON + 2, back)).agents()).toHaveLength(1);
  });

  it("ROS-3 that newer news has overtaken is stale", () => {
    const center = told(anAgentState({ occurredAt: NOON + 2 }));
    expect(center.post(removed(NOON + 1))).toMatchObject({ accepted: 0, stale: 1 });
  });

  it("ROS-3 what was said before a removal says nothing about the agent that came back", () => {
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
    for (const order of orders) expect(told(...order).agent()).toMatchObject({ since: NOON - 50, name: "" });
  });
});

describe("roster.snapshot", () => {
  it("ROS-4 corrects an older state and yields to a newer one", () => {
    const listed = anAgentState({ occurredAt: NOON + 5, contacts: [aContact()] });
    expect(told(anAgentState(), snapshot(NOON + 5, listed)).agent().status).toBe("on a call");
    const newer = anAgentState({ occurredAt: NOON + 6 });
    expect(told(newer, snapshot(NOON + 9, listed)).agent().status).toBe("available");
    expect(told(snapshot(NOON + 9, listed), newer).agent().status).toBe("available");
  });

  it("ROS-4 keeps what a snapshot cannot know: when a hold began, when the agent became free, and names it lacks", () => {
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
      const center = told(...order);
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
    expect(told(state, snapshot(NOON + 5, free)).agent()).toMatchObject({ status: "available", since: NOON - 40 });
  });

  it("ROS-4 whose entry says something else brings its own times", () => {
    const listed = anAgentState({ occurredAt: NOON + 5, status: { name: "Almuerzo", kind: "custom", since: NOON - 500 } });
    expect(told(anAgentState(), snapshot(NOON + 5, listed)).agent()).toMatchObject({ status: "away", since: NOON - 500 });
  });

  it("ROS-5 at the same time the state counts", () => {
    const state = anAgentState({ name: "Ana" });
    const listed = anAgentState({ name: "Zoe" });
    expect(told(state, snapshot(NOON, listed)).agent().name).toBe("Ana");
    expect(told(snapshot(NOON, listed), state).agent().name).toBe("Ana");
  });

  it("ROS-6 whoever is not in it and was last heard of before it is offline since then", () => {
    const center = told(anAgentState({ contacts: [aContact()] }), snapshot(NOON + 60_000));
    expect(center.agent()).toMatchObject({ status: "offline", since: NOON, contactId: null, duration: null });
    const other = anAgentState({ agentId: "agent-2", occurredAt: NOON + 60_000 });
    expect(
      told(anAgentState(), snapshot(NOON + 60_000, other))
        .agents()
        .map(({ status }) => status),
    ).toEqual(["offline", "available"]);
  });

  it("ROS-6 in whichever order snapshot and state come", () => {
    expect(told(snapshot(NOON + 60_000), anAgentState()).agent().status).toBe("offline");
  });

  it("ROS-6 news of its time or later keeps the agent signed in", () => {
    expect(told(anAgentState({ occurredAt: NOON + 60_000 }), snapshot(NOON + 60_000)).agent().status).toBe("available");
    expect(told(anAgentState(), heartbeat(NOON + 60_000), snapshot(NOON + 60_000)).agent().status).toBe("available");
    expect(told(anAgentState(), snapshot(NOON + 60_000), heartbeat(NOON + 60_001)).agent().status).toBe("available");
    expect(told(anAgentState(), snapshot(NOON + 60_000), anAgentState({ occurredAt: NOON + 70_000 })).agent().status).toBe(
      "available",
    );
  });

  it("ROS-6 only the newest list counts", () => {
    const center = told(anAgentState(), snapshot(NOON + 60_000, anAgentState()), snapshot(NOON + 30_000));
    expect(center.agent().status).toBe("available");
    const tie = [snapshot(NOON + 60_000), snapshot(NOON + 60_000, anAgentState())] as const;
    expect(told(anAgentState(), ...tie).agents()).toEqual(told(anAgentState(), ...tie.toReversed()).agents());
  });

  it("ROS-6 a restart remembers who was listed", () => {
    const center = told(anAgentState(), snapshot(NOON + 100_000, anAgentState()));
    center.restart();
    center.expireAt(NOON + 350_000);
    expect(center.agent().stale).toBe(false);
  });
});

describe("contact and agent", () => {
  const onCall = anAgentState({ contacts: [aContact({ contactId: "call-2", initialContactId: "call-1" })] });

  it.each([
    ["the contact itself", aSentiment(-2.5, { contactId: "call-2" })],
    ["the call's first contact", aSentiment(-2.5, { contactId: "call-1" })],
    ["another contact of the call", aSentiment(-2.5, { contactId: "call-3", initialContactId: "call-1" })],
  ])("ROS-7 meet by %s, whichever comes first", (_, sentiment) => {
    expect(told(onCall, sentiment).agent().sentimentScore).toBe(-2.5);
    expect(told(sentiment, onCall).agent().sentimentScore).toBe(-2.5);
  });

  it("ROS-7 the first contact of an agent finds what was said under later ones", () => {
    const first = anAgentState({ contacts: [aContact({ contactId: "call-1" })] });
    const later = aSentiment(5, { contactId: "call-2", initialContactId: "call-1" });
    expect(told(first, later).agent().sentimentScore).toBe(5);
    expect(told(later, first).agent().sentimentScore).toBe(5);
  });

  it("ROS-7 strangers do not meet", () => {
    expect(told(onCall, aSentiment(5, { contactId: "call-9" })).agent().sentimentScore).toBeNull();
  });

  it("ROS-7 the closest counts, then the newest, then the smaller id", () => {
    const own = aSentiment(1, { contactId: "call-2" });
    const first = aSentiment(2, { contactId: "call-1", occurredAt: NOON + 5 });
    const sibling = aSentiment(3, { contactId: "call-3", initialContactId: "call-1", occurredAt: NOON + 9 });
    const other = aSentiment(4, { contactId: "call-4", initialContactId: "call-1", occurredAt: NOON + 9 });
    const newer = aSentiment(5, { contactId: "call-4", initialContactId: "call-1", occurredAt: NOON + 10 });
    expect(told(onCall, sibling, first, own).agent().sentimentScore).toBe(1);
    expect(told(onCall, sibling, first).agent().sentimentScore).toBe(2);
    expect(told(onCall, other, sibling).agent().sentimentScore).toBe(3);
    expect(told(onCall, sibling, newer).agent().sentimentScore).toBe(5);
  });

  it("ROS-8 of two first contacts the greater id counts, and a stale update or a turn teaches it as well", () => {
    const sentiment = (initialContactId: string | null, occurredAt: number) =>
      aSentiment(5, { contactId: "call-7", initialContactId, occurredAt });
    expect(told(onCall, sentiment(null, NOON + 1), sentiment("call-1", NOON)).agent().sentimentScore).toBe(5);
    expect(told(onCall, sentiment("call-1", NOON), sentiment("call-5", NOON + 1)).agent().sentimentScore).toBeNull();
    expect(told(onCall, sentiment("call-5", NOON), sentiment("call-1", NOON + 1)).agent().sentimentScore).toBeNull();
  });

  it("ROS-7 a call that is handed over is scored at the agent who has it now", () => {
    const center = told(onCall, aSentiment(-5, { contactId: "call-1" }));
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
