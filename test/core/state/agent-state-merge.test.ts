import { describe, expect, it } from "vitest";
import type { AgentState, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const nameless = (fields: Partial<AgentState> = {}) => anAgentState({ name: "", occurredAt: NOON + 5, ...fields });
const heartbeat = (occurredAt: number): Update => ({ type: "agent.heartbeat", agentId: "agent-1", occurredAt });

function snapshot(takenAt: number, ...states: AgentState[]): Update {
  return { type: "roster.snapshot", takenAt, agents: states.map(({ type: _, ...body }) => body) };
}

function centerAfter(...updates: Update[]): Center {
  const center = new Center();
  center.postEach(...updates);
  return center;
}

describe("A state without a name", () => {
  const named = anAgentState({ name: "Jane Doe", groups: ["Ventas"], routingProfile: "Basic" });

  it("ROS-17 A nameless state keeps its own groups and routing profile when it has some.", () => {
    const own = nameless({ groups: ["Soporte"], routingProfile: "Night" });
    const expected = [{ name: "Jane Doe", groups: ["Soporte"], routingProfile: "Night" }];
    expect(centerAfter(named, own).agents()).toMatchObject(expected);
    expect(centerAfter(own, named).agents()).toMatchObject(expected);
  });

  it("ROS-17 A nameless state takes over only what it lacks.", () => {
    const groupless = nameless({ groups: [], routingProfile: "Night" });
    expect(centerAfter(named, groupless).agents()).toMatchObject([{ groups: ["Ventas"], routingProfile: "Night" }]);
    const profileless = nameless({ groups: ["Soporte"], routingProfile: null });
    expect(centerAfter(named, profileless).agents()).toMatchObject([{ groups: ["Soporte"], routingProfile: "Basic" }]);
  });

  it("ROS-17 The name outlives several states without a name, and a restart.", () => {
    const center = centerAfter(named, nameless(), nameless({ occurredAt: NOON + 6, signedIn: false }));
    center.restart();
    center.post(nameless({ occurredAt: NOON + 7 }));
    expect(center.agent()).toMatchObject({ name: "Jane Doe", status: "available" });
  });

  it("ROS-17 An older state counts as news once if it brings the name, and is stale without one.", () => {
    const center = centerAfter(nameless({ occurredAt: NOON + 5 }));
    const posted = center.postEach(nameless({ occurredAt: NOON }), anAgentState({ name: "Ana" }), anAgentState({ name: "Ana" }));
    expect(posted.map(({ accepted }) => accepted)).toEqual([0, 1, 0]);
  });

  it("ROS-17 An older name is stale while the newest state has a name.", () => {
    const center = centerAfter(anAgentState({ occurredAt: NOON + 5, name: "Bea" }));
    expect(center.post(anAgentState({ name: "Ana" }))).toMatchObject({ accepted: 0, stale: 1 });
    center.post(nameless({ occurredAt: NOON + 6 }));
    expect(center.agent().name).toBe("Bea");
  });
});

describe("A snapshot entry with a state", () => {
  const state = anAgentState({
    groups: ["Ventas"],
    contacts: [aContact({ since: NOON - 10, connectedAt: NOON - 20, queue: "Cobranza" })],
  });

  it("ROS-4 A snapshot entry keeps what it says itself.", () => {
    const listed = anAgentState({
      occurredAt: NOON + 5,
      name: "Jane Roe",
      groups: ["Soporte"],
      routingProfile: "Night",
      contacts: [aContact({ since: NOON - 900, connectedAt: NOON - 950, queue: "Otra" })],
    });
    expect(centerAfter(state, snapshot(NOON + 5, listed)).agent()).toMatchObject({
      name: "Jane Roe",
      groups: ["Soporte"],
      routingProfile: "Night",
      queue: "Otra",
      since: NOON - 10,
      callStartedAt: NOON - 950,
    });
  });

  it("ROS-4 A snapshot entry takes no times from a contact in another state or from another contact.", () => {
    for (const contact of [
      aContact({ state: "hold", since: NOON - 900 }),
      aContact({ contactId: "contact-2", since: NOON - 900 }),
    ]) {
      const listed = anAgentState({ occurredAt: NOON + 5, contacts: [contact] });
      expect(centerAfter(state, snapshot(NOON + 5, listed)).agent().since).toBe(NOON - 900);
    }
  });

  it("ROS-4 A snapshot entry takes no times from a status of the same name while the agent was signed out.", () => {
    const signedOut = anAgentState({ signedIn: false, status: { name: "Available", kind: "routable", since: NOON - 5 } });
    const listed = anAgentState({ occurredAt: NOON + 5, status: { name: "Available", kind: "routable", since: NOON - 900 } });
    expect(centerAfter(signedOut, snapshot(NOON + 5, listed)).agent().since).toBe(NOON - 900);
  });

  it("ROS-4 An older snapshot brings an agent's newer entry, and a newer snapshot its older one as a sighting.", () => {
    const entry = anAgentState({ occurredAt: NOON + 5, name: "Ana" });
    const center = centerAfter(snapshot(NOON + 60_000, anAgentState()));
    expect(center.post(snapshot(NOON + 30_000, entry))).toMatchObject({ accepted: 1 });
    expect(center.agent().name).toBe("Ana");
    expect(center.post(snapshot(NOON + 30_000, entry))).toMatchObject({ accepted: 0, stale: 1 });
    center.post(snapshot(NOON + 5 * MINUTE, anAgentState()));
    expect(center.agent().name).toBe("Ana");
    center.expireAt(NOON + 10 * MINUTE - 1);
    expect(center.agent().stale).toBe(false);
    center.expireAt(NOON + 10 * MINUTE);
    expect(center.agent().stale).toBe(true);
  });

  it("ROS-6 A snapshot of the time of the agent's last news does not sign it out, in any order.", () => {
    const news: Update[] = [anAgentState(), heartbeat(NOON + 10)];
    expect(centerAfter(...news, snapshot(NOON + 10)).agent().status).toBe("available");
    expect(centerAfter(...news, snapshot(NOON + 11)).agent().status).toBe("offline");
    expect(centerAfter(snapshot(NOON + 10), ...news).agent().status).toBe("available");
  });

  it("ROS-2 A heartbeat of the time of other news is stale.", () => {
    expect(centerAfter(anAgentState()).post(heartbeat(NOON))).toMatchObject({ accepted: 0, stale: 1 });
    expect(centerAfter(anAgentState()).post(heartbeat(NOON + 1))).toMatchObject({ accepted: 1 });
    const removal: Update = { type: "agent.removed", agentId: "agent-1", occurredAt: NOON };
    expect(centerAfter(removal).post(heartbeat(NOON))).toMatchObject({ accepted: 0, stale: 1 });
    expect(centerAfter(anAgentState()).post(removal)).toMatchObject({ accepted: 1 });
  });
});

describe("The 12 hours of a contact", () => {
  it("TIM-2 The 12 h count from the contact's start, by the clock of the hub, and later news does not begin them anew.", () => {
    const center = new Center();
    // The hub's clock is a minute ahead of the agent's news, which came an hour after the contact began.
    center.now = NOON + MINUTE;
    center.post(anAgentState({ contacts: [aContact({ since: NOON - HOUR })] }));
    center.now = NOON + HOUR;
    center.post(anAgentState({ occurredAt: NOON + HOUR, contacts: [aContact({ since: NOON + HOUR, state: "hold" })] }));
    center.expireAt(NOON + 11 * HOUR + MINUTE - 1);
    expect(center.agent().status).toBe("on hold");
    center.expireAt(NOON + 11 * HOUR + MINUTE);
    expect(center.agent().status).toBe("available");
  });

  it("TIM-2 A contact that begins after its news counts from the arrival of the news.", () => {
    const center = centerAfter(anAgentState({ contacts: [aContact({ since: NOON + HOUR })] }));
    center.expireAt(NOON + 12 * HOUR);
    expect(center.agent().status).toBe("available");
  });

  it("TIM-2 An expired contact stays expired while a snapshot or a state still names it.", () => {
    const held = { contacts: [aContact()] };
    const center = centerAfter(anAgentState(held), snapshot(NOON + 1, anAgentState({ occurredAt: NOON + 1, ...held })));
    center.expireAt(NOON + 12 * HOUR);
    expect(center.agent().status).toBe("available");
    center.post(anAgentState({ occurredAt: NOON + 12 * HOUR, contacts: [] }));
    center.post(snapshot(NOON + 13 * HOUR, anAgentState({ occurredAt: NOON + 1, ...held })));
    center.post(anAgentState({ occurredAt: NOON + 13 * HOUR, ...held }));
    expect(center.agent().status).toBe("available");
  });
});
