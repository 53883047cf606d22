import { expect, test } from "vitest";
import { contactWords, readAgentEvent, statusKind } from "../../../aws-ingest/connect/agent-event.ts";
import type { AgentState } from "../../../protocol/updates.ts";

const HOME = "arn:aws:connect:us-east-1:111122223333:instance/this-instance";
const AT = "2024-04-29T04:05:32.120Z";
const AT_MS = Date.parse(AT);
const SINCE = "2024-04-29T04:00:00.000Z";
const SINCE_MS = Date.parse(SINCE);

const CALL = {
  ContactId: "second-contact",
  InitialContactId: "first-contact",
  Channel: "VOICE",
  InitiationMethod: "TRANSFER",
  State: "CONNECTED",
  StateStartTimestamp: "2024-04-29T04:05:01.000Z",
  ConnectedToAgentTimestamp: "2024-04-29T04:05:02.000Z",
  Queue: { Name: "Cobranza" },
};
const CONFIGURATION = {
  FirstName: " Ana ",
  LastName: "Núñez",
  Username: "ana",
  AgentHierarchyGroups: { Level2: { Name: "Ventas" }, Level1: { Name: "Mexico" }, Level3: null, Level4: { Name: null } },
  RoutingProfile: { Name: "Básico" },
};
const STATUS = { Name: "Available", StartTimestamp: SINCE, Type: "ROUTABLE" };

function eventWith(current: object | null, fields: object = {}): object {
  return {
    AgentARN: `${HOME}/agent/agent-7`,
    InstanceARN: HOME,
    EventTimestamp: AT,
    EventType: "STATE_CHANGE",
    CurrentAgentSnapshot: current,
    PreviousAgentSnapshot: null,
    ...fields,
  };
}
const snapshotOf = (contacts: object[] | null, fields: object = {}) => ({
  AgentStatus: STATUS,
  Configuration: CONFIGURATION,
  Contacts: contacts,
  ...fields,
});

function stateOf(event: object): AgentState {
  const read = readAgentEvent(event, "this-instance");
  if (!read.ok || read.update.type !== "agent.state") throw new Error(JSON.stringify(read));
  return read.update;
}
const contactsOf = (...contacts: object[]) => stateOf(eventWith(snapshotOf(contacts))).contacts;

test("A transferred call keeps the id of its first contact, because score and transcript are under that id.", () => {
  expect(contactsOf(CALL)).toEqual([
    {
      contactId: "second-contact",
      initialContactId: "first-contact",
      channel: "voice",
      state: "connected",
      since: Date.parse(CALL.StateStartTimestamp),
      connectedAt: Date.parse(CALL.ConnectedToAgentTimestamp),
      queue: "Cobranza",
    },
  ]);
});

test.each([null, "", undefined])("A call whose InitialContactId is %j has no initial contact.", (InitialContactId) => {
  expect(contactsOf({ ...CALL, InitialContactId })).toMatchObject([{ contactId: "second-contact", initialContactId: null }]);
});

test("A contact without times and queue has the event's time as its start, and neither a connection nor a queue.", () => {
  const bare = { ContactId: "c", Channel: "VOICE", State: "INCOMING" };
  expect(
    contactsOf(bare, { ...bare, ContactId: "d", Queue: null, StateStartTimestamp: null, ConnectedToAgentTimestamp: null }),
  ).toEqual(
    ["c", "d"].map((contactId) => ({
      contactId,
      initialContactId: null,
      channel: "voice",
      state: "ringing",
      since: AT_MS,
      connectedAt: null,
      queue: null,
    })),
  );
});

test("A snapshot whose contacts are null or missing has no contact.", () => {
  expect(stateOf(eventWith(snapshotOf(null))).contacts).toEqual([]);
  expect(stateOf(eventWith({ AgentStatus: STATUS })).contacts).toEqual([]);
});

test("A contact of an unknown state or channel is left out, and the others stay.", () => {
  const contacts = contactsOf({ ...CALL, State: "TELEPATHY" }, { ...CALL, Channel: "SMOKE" }, { ...CALL, ContactId: "known" });
  expect(contacts).toMatchObject([{ contactId: "known" }]);
  expect([contactWords("CONNECTED", "SMOKE"), contactWords("TELEPATHY", "VOICE")]).toEqual([null, null]);
});

test.each([
  ["voice", "voice"],
  ["Chat", "chat"],
  ["TASK", "task"],
  ["TASKS", "task"],
  ["EMAIL", "email"],
])("The channel %s of Amazon Connect is the channel %s of the board.", (theirs, ours) => {
  expect(contactWords("CONNECTED", theirs)).toEqual({ state: "connected", channel: ours });
});

test("An agent has the trimmed names, the groups in the order of their levels, and the routing profile.", () => {
  expect(stateOf(eventWith(snapshotOf([])))).toMatchObject({
    agentId: "agent-7",
    occurredAt: AT_MS,
    name: "Ana Núñez",
    username: "ana",
    groups: ["Mexico", "Ventas"],
    routingProfile: "Básico",
  });
});

test("An agent without a first or last name is called by the user name, and one without any name by an empty text.", () => {
  const named = (Configuration: object | null) => {
    const { name, username, routingProfile, groups } = stateOf(eventWith(snapshotOf([], { Configuration })));
    return { name, username, routingProfile, groups };
  };
  expect(named({ FirstName: " ", LastName: null, Username: "ana", RoutingProfile: null })).toEqual({
    name: "ana",
    username: "ana",
    routingProfile: null,
    groups: [],
  });
  expect(named({ LastName: "Núñez" })).toMatchObject({ name: "Núñez", username: null });
  expect(named(null)).toEqual({ name: "", username: null, routingProfile: null, groups: [] });
});

test("An event whose current snapshot has no configuration takes the configuration of the previous one.", () => {
  const event = eventWith(null, { EventType: "LOGOUT", PreviousAgentSnapshot: snapshotOf([CALL]) });
  expect(stateOf(event)).toMatchObject({ name: "Ana Núñez", groups: ["Mexico", "Ventas"], signedIn: false, contacts: [] });
  const both = { PreviousAgentSnapshot: snapshotOf([], { Configuration: { Username: "old" } }) };
  expect(stateOf(eventWith(snapshotOf([]), both))).toMatchObject({ username: "ana" });
});

test("An agent counts as free since the event if the last contact ended with it and the status is the same.", () => {
  const since = (current: object, previous: object) =>
    stateOf(eventWith(current, { PreviousAgentSnapshot: previous })).status.since;
  const monitored = { ...CALL, InitiationMethod: "MONITOR" };
  const restarted = { ...STATUS, StartTimestamp: "2024-04-29T04:05:00.000Z" };
  expect(since(snapshotOf([]), snapshotOf([CALL]))).toBe(AT_MS);
  expect(since(snapshotOf([monitored]), snapshotOf([CALL, monitored]))).toBe(AT_MS);
  expect(since(snapshotOf([]), snapshotOf([monitored]))).toBe(SINCE_MS);
  expect(since(snapshotOf([CALL]), snapshotOf([CALL, { ...CALL, ContactId: "other" }]))).toBe(SINCE_MS);
  expect(since(snapshotOf([]), snapshotOf([CALL], { AgentStatus: restarted }))).toBe(SINCE_MS);
  expect(since(snapshotOf([]), snapshotOf([CALL], { AgentStatus: { ...STATUS, Name: "Almuerzo" } }))).toBe(SINCE_MS);
  expect(since(snapshotOf([]), snapshotOf([CALL], { AgentStatus: null }))).toBe(SINCE_MS);
});

test("A status without a start has the time of the event, and an agent without a status is offline.", () => {
  const bare = snapshotOf([], { AgentStatus: { Name: "Almuerzo", Type: "CUSTOM" } });
  expect(stateOf(eventWith(bare)).status).toEqual({ name: "Almuerzo", kind: "custom", since: AT_MS });
  const none = snapshotOf([], { AgentStatus: null });
  expect(stateOf(eventWith(none))).toMatchObject({ signedIn: true, status: { name: "Offline", kind: "offline", since: AT_MS } });
});

test.each([
  ["ROUTABLE", "Disponible", "routable"],
  ["OFFLINE", "Desconectado", "offline"],
  ["CUSTOM", "Available", "custom"],
  ["CUSTOM", "Offline", "custom"],
  [null, "Available", "routable"],
  [null, "Offline", "offline"],
  [null, "Comida", "custom"],
] as const)("A status of type %j with the name %s is %s.", (type, name, kind) => {
  expect(statusKind(type, name)).toBe(kind);
});

test.each([
  [undefined, "the record is not JSON"],
  [null, "the record is missing or wrong"],
  [eventWith(null, { AgentARN: "agent-7" }), "AgentARN is missing or wrong"],
  [eventWith(null, { InstanceARN: `${HOME}/` }), "InstanceARN is missing or wrong"],
  [eventWith(null, { InstanceARN: `${HOME}-2` }), "InstanceARN names another instance"],
  [eventWith(null, { EventTimestamp: "04:05" }), "EventTimestamp is missing or wrong"],
  [eventWith(null, { EventType: "PARTY" }), "EventType is missing or wrong"],
  [eventWith(snapshotOf([{ ...CALL, ContactId: "" }])), "CurrentAgentSnapshot.Contacts.0.ContactId is missing or wrong"],
  [eventWith(snapshotOf([], { AgentStatus: {} })), "CurrentAgentSnapshot.AgentStatus.Name is missing or wrong"],
])("A record is refused with its first wrong field, and without the value (%#).", (record, reason) => {
  expect(readAgentEvent(record, "this-instance")).toEqual({ ok: false, reason });
});
