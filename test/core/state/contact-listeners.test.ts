import { describe, expect, it } from "vitest";
import { withoutListeners } from "../../../core/state/monitored-contacts.ts";
import type { AgentState, MonitoredContact, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const ear = (fields: Partial<MonitoredContact> = {}): MonitoredContact => ({
  contactId: "ear",
  initialContactId: "contact-1",
  since: NOON - 30_000,
  ...fields,
});
const talking = (fields: Partial<AgentState> = {}) => anAgentState({ contacts: [aContact()], ...fields });
const supervisor = (fields: Partial<AgentState> = {}) =>
  anAgentState({ agentId: "boss", name: "Rosa", groups: ["Ventas"], monitoring: [ear()], ...fields });
const ROSA = { agentId: "boss", name: "Rosa", since: NOON - 30_000 };

function listening(...updates: Update[]) {
  const center = new Center();
  center.postEach(...updates);
  return center.agent().listening;
}

describe("ROS-26 Who listens to an agent's contacts", () => {
  it("is known in every order of the news, and the supervisor has no call.", () => {
    expect(listening(talking(), supervisor())).toEqual([ROSA]);
    expect(listening(supervisor(), talking())).toEqual([ROSA]);
    const center = new Center();
    center.post(supervisor(), talking());
    expect(center.agent()).toMatchObject({ listening: [ROSA] });
    expect(center.agent("boss")).toMatchObject({ status: "available", contactId: null, contactCount: 0, listening: [] });
    center.restart();
    expect(center.agent()).toMatchObject({ listening: [ROSA] });
  });

  it("ends with the listening, with the call and with the supervisor's sign-out.", () => {
    const heard = [talking(), supervisor()];
    expect(listening(...heard, supervisor({ occurredAt: NOON + 1, monitoring: [] }))).toEqual([]);
    expect(listening(...heard, supervisor({ occurredAt: NOON + 1, monitoring: undefined }))).toEqual([]);
    expect(listening(...heard, supervisor({ occurredAt: NOON + 1, signedIn: false }))).toEqual([]);
    expect(listening(...heard, { type: "agent.removed", agentId: "boss", occurredAt: NOON + 1 })).toEqual([]);
    expect(listening(...heard, { type: "roster.snapshot", takenAt: NOON + 1, agents: [] })).toEqual([]);
    expect(listening(...heard, talking({ occurredAt: NOON + 1, contacts: [aContact({ state: "ended" })] }))).toEqual([]);
    const ended: Update = { type: "contact.ended", contactId: "contact-1", initialContactId: null, occurredAt: NOON + 1 };
    expect(listening(...heard, ended)).toEqual([]);
  });

  it("is found by the call's first contact after a transfer too, and belongs to no other agent.", () => {
    const second = aContact({ contactId: "contact-2", initialContactId: "contact-1" });
    expect(listening(talking({ contacts: [second] }), supervisor())).toEqual([ROSA]);
    expect(listening(talking({ contacts: [aContact({ contactId: "other" })] }), supervisor())).toEqual([]);
    expect(listening(talking(), supervisor({ monitoring: [ear({ initialContactId: null })] }))).toEqual([]);
  });

  it("is not the agent itself, and counts a supervisor once.", () => {
    expect(listening(talking({ monitoring: [ear()] }))).toEqual([]);
    const twice = [ear(), ear({ contactId: "ear-2", since: NOON - 5 })];
    expect(listening(talking(), supervisor({ monitoring: twice }))).toEqual([ROSA]);
  });

  it("comes in the order of the times, ten at most.", () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      supervisor({ agentId: `boss-${index}`, name: `S${index}`, monitoring: [ear({ since: NOON - index })] }),
    );
    const found = listening(talking(), ...many) ?? [];
    expect(found).toHaveLength(10);
    expect(found.map(({ agentId }) => agentId).slice(0, 2)).toEqual(["boss-11", "boss-10"]);
  });

  it("has no name where somebody who may see the agent may not see the listener.", () => {
    const unnamed = [{ agentId: null, name: null, since: NOON - 30_000 }];
    expect(listening(talking(), supervisor({ groups: ["Soporte"] }))).toEqual(unnamed);
    expect(listening(talking({ groups: ["Ventas", "Noche"] }), supervisor())).toEqual(unnamed);
    expect(listening(talking(), supervisor({ groups: ["Ventas", "Jefas"] }))).toEqual([ROSA]);
    // Only viewers without limits see an agent without groups.
    expect(listening(talking({ groups: [] }), supervisor({ groups: [] }))).toEqual([ROSA]);
  });

  it("sends the agent again when the listener's name or groups change, and nothing when they do not.", () => {
    const center = new Center();
    center.post(talking(), supervisor());
    const viewer = center.join("viewer");
    center.flush();
    viewer.newFrames();
    center.post(supervisor({ occurredAt: NOON + 1, name: "Rosa Paz" }));
    center.flush();
    expect(viewer.newFrames()[0]?.data).toContainEqual({
      agentId: "agent-1",
      listening: [{ ...ROSA, name: "Rosa Paz" }],
    });
    center.post(supervisor({ occurredAt: NOON + 2, name: "Rosa Paz", nextStatus: "Almuerzo" }));
    center.flush();
    expect(viewer.newFrames()[0]?.data.map(({ agentId }) => agentId)).toEqual(["boss"]);
  });

  it("is kept when a list without it corrects the supervisor, and healed by a heartbeat.", () => {
    const { type: _, monitoring: __, ...entry } = supervisor({ occurredAt: NOON + 1 });
    const { type: ___, contacts, ...own } = talking({ occurredAt: NOON + 1 });
    const both = [entry, { ...own, contacts }];
    expect(listening(talking(), supervisor(), { type: "roster.snapshot", takenAt: NOON + 1, agents: both })).toEqual([ROSA]);
    const { agentId, occurredAt, ...snapshot } = entry;
    expect(listening(talking(), supervisor(), { type: "agent.heartbeat", agentId, occurredAt, snapshot })).toEqual([]);
  });

  it("may also be posted as a contact with the direction `monitor`, which is no call of the supervisor.", () => {
    const monitor = aContact({
      contactId: "ear",
      initialContactId: "contact-1",
      direction: "monitor",
      connectedAt: NOON - 30_000,
    });
    const center = new Center();
    center.post(talking(), supervisor({ monitoring: undefined, contacts: [monitor] }));
    expect(center.agent().listening).toEqual([ROSA]);
    expect(center.agent("boss")).toMatchObject({ status: "available", contacts: [] });
    const ringing = { ...monitor, state: "ringing" } as const;
    expect(listening(talking(), supervisor({ monitoring: undefined, contacts: [ringing] }))).toEqual([]);
  });

  it("is cut off every kind of update for a hub that does not show it.", () => {
    const monitor = aContact({ contactId: "ear", direction: "monitor" });
    const { type: _, ...body } = supervisor({ contacts: [monitor] });
    const { agentId, occurredAt, ...snapshot } = body;
    const updates: Update[] = [
      { type: "agent.state", ...body },
      { type: "agent.heartbeat", agentId, occurredAt, snapshot },
      { type: "roster.snapshot", takenAt: NOON, agents: [body] },
      { type: "agent.heartbeat", agentId, occurredAt },
    ];
    expect(JSON.stringify(updates.map(withoutListeners))).not.toMatch(/"ear"|monitor/);
    const other = talking();
    expect(withoutListeners(other)).toBe(other);
  });
});
