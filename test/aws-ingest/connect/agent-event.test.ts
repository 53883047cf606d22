import { expect, test } from "vitest";
import { readAgentEvent } from "../../../aws-ingest/connect/agent-event.ts";
import { contactWords, statusKind } from "../../../aws-ingest/connect/contact-words.ts";
import { type AgentState, parseUpdates } from "../../../protocol/updates.ts";

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
const snapshotOf = (contacts: unknown[] | null, fields: object = {}) => ({
  AgentStatus: STATUS,
  Configuration: CONFIGURATION,
  Contacts: contacts,
  ...fields,
});

function stateOf(event: object): AgentState {
  const read = readAgentEvent(event, "this-instance");
  if (read.outcome !== "read" || read.value.type !== "agent.state") throw new Error(JSON.stringify(read));
  return read.value;
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
      direction: "transfer",
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
      direction: null,
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

test("A contact on which a supervisor listens is no contact of hers, and names the call that she hears.", () => {
  const monitored = { ...CALL, InitiationMethod: "MONITOR" };
  const { contacts, monitoring } = stateOf(eventWith(snapshotOf([CALL, monitored])));
  expect(contacts).toHaveLength(1);
  expect(monitoring).toEqual([
    {
      contactId: "second-contact",
      initialContactId: "first-contact",
      since: Date.parse(CALL.ConnectedToAgentTimestamp),
    },
  ]);
  for (const State of ["CONNECTING", "ENDED", "MISSED"]) {
    expect(stateOf(eventWith(snapshotOf([{ ...monitored, State }])))).not.toHaveProperty("monitoring");
  }
  expect(stateOf(eventWith(snapshotOf([CALL])))).not.toHaveProperty("monitoring");
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
  [null, "the record is no JSON object"],
  [eventWith(null, { AgentARN: "agent-7" }), "AgentARN is missing or wrong"],
  [eventWith(null, { InstanceARN: `${HOME}/` }), "InstanceARN is missing or wrong"],
  [eventWith(null, { EventTimestamp: "04:05" }), "EventTimestamp is missing or wrong"],
  [eventWith(null, { EventTimestamp: "1970-01-01T00:00:00.001Z" }), "EventTimestamp is missing or wrong"],
  [eventWith(null, { EventType: 7 }), "EventType is missing or wrong"],
  [eventWith(snapshotOf([], { AgentStatus: {} })), "CurrentAgentSnapshot.AgentStatus.Name is missing or wrong"],
])("A record is refused with its first wrong field, and without the value (%#).", (record, reason) => {
  expect(readAgentEvent(record, "this-instance")).toEqual({ outcome: "unreadable", reason });
});

test.each([
  ["another instance", eventWith(null, { InstanceARN: `${HOME}-2` }), { kind: "another-instance", detail: "" }],
  [
    "a contact record",
    { ContactId: "c", AWSContactTraceRecordFormatVersion: "2017-03-10" },
    { kind: "another-kind", detail: "" },
  ],
  ["a type of tomorrow", eventWith(null, { EventType: "AGENT_PARTY" }), { kind: "unknown-type", detail: "AGENT_PARTY" }],
  ["a version of tomorrow", eventWith(null, { Version: "2031-01-01" }), { kind: "unknown-version", detail: "2031-01-01" }],
  ["a type that is no word", eventWith(null, { EventType: "call +52 55" }), { kind: "unknown-type", detail: "" }],
  ["a version that is a number", eventWith(null, { Version: "5512345678" }), { kind: "unknown-version", detail: "" }],
])("A record of %s is passed over, and only a plain word of it is repeated.", (_name, record, expected) => {
  expect(readAgentEvent(record, "this-instance")).toEqual({ outcome: "not-mine", ...expected });
});

test("A heartbeat carries the whole snapshot, and one without a status only says that the agent is there.", () => {
  const beat = (current: object | null) => readAgentEvent(eventWith(current, { EventType: "HEART_BEAT" }), "this-instance");
  const { agentId, occurredAt, type: _, ...snapshot } = stateOf(eventWith(snapshotOf([CALL])));
  expect(beat(snapshotOf([CALL]))).toMatchObject({ value: { type: "agent.heartbeat", agentId, occurredAt, snapshot } });
  for (const bare of [null, { Contacts: [] }]) {
    expect(beat(bare)).toMatchObject({ value: { type: "agent.heartbeat", agentId: "agent-7", occurredAt: AT_MS } });
    expect(beat(bare)).not.toHaveProperty("value.snapshot");
  }
});

test("A state has the next status and the capacity, and the sequence number as its order.", () => {
  const Concurrency = [
    { Channel: "VOICE", AvailableSlots: 0, MaximumSlots: 1 },
    { Channel: "CHAT", AvailableSlots: 3, MaximumSlots: 5 },
    { Channel: "SMOKE", AvailableSlots: 1, MaximumSlots: 1 },
    null,
  ];
  const fields = {
    NextAgentStatus: { ARN: "x", Name: "Almuerzo", EnqueuedTimestamp: AT },
    Configuration: { ...CONFIGURATION, RoutingProfile: { Name: "Básico", Concurrency } },
  };
  expect(readAgentEvent(eventWith(snapshotOf([], fields)), "this-instance", "4961")).toMatchObject({
    value: {
      order: "4961",
      nextStatus: "Almuerzo",
      capacity: [
        { channel: "voice", used: 1, max: 1 },
        { channel: "chat", used: 2, max: 5 },
      ],
    },
    flaws: { cut: 0, skipped: 1 },
  });
  expect(stateOf(eventWith(snapshotOf([])))).toMatchObject({ nextStatus: null, capacity: null });
});

test.each([
  ["INBOUND", "inbound"],
  ["WEBRTC_API", "inbound"],
  ["OUTBOUND", "outbound"],
  ["QUEUE_TRANSFER", "transfer"],
  ["CALLBACK", "callback"],
  ["SOMETHING_NEW", "something_new"],
  ["constructor", "constructor"],
  [null, null],
])("A contact that began by %s has the direction %j.", (InitiationMethod, direction) => {
  expect(contactsOf({ ...CALL, InitiationMethod })).toMatchObject([{ direction }]);
});

test.each(["TRANSFER", "OUTBOUND", "EXTERNAL_OUTBOUND"])(
  "A contact that began by %s beside the running call of the same customer is a consultation.",
  (InitiationMethod) => {
    const customer = {
      ...CALL,
      ContactId: "first-contact",
      InitialContactId: null,
      InitiationMethod: "INBOUND",
      State: "CONNECTED_ONHOLD",
    };
    const added = { ...CALL, InitiationMethod };
    expect(contactsOf(added, customer).map(({ direction }) => direction)).toEqual(["consult", "inbound"]);
    const over = contactsOf(added, { ...customer, State: "ENDED" });
    expect(over.map(({ direction }) => direction)).not.toContain("consult");
    expect(contactsOf(added, { ...customer, Channel: "CHAT" }).map(({ direction }) => direction)).not.toContain("consult");
  },
);

test("A call that was transferred to the agent is no consultation, but what the agent adds to it is.", () => {
  const later = "2024-04-29T23:59:00.000Z";
  const added = { ...CALL, ContactId: "third-contact", StateStartTimestamp: later, ConnectedToAgentTimestamp: later };
  const directions = (...contacts: object[]) => contactsOf(...contacts).map(({ direction }) => direction);
  expect(directions(CALL)).toEqual(["transfer"]);
  expect(directions(CALL, { ...added, InitiationMethod: "TRANSFER" })).toEqual(["transfer", "consult"]);
});

test("A contact, a name or a time that cannot be read costs only itself, and is counted.", () => {
  const broken: unknown[] = [null, 7, { ...CALL, Channel: null }, { ...CALL, State: "constructor" }, { ...CALL, ContactId: "" }];
  const odd = { ...CALL, ContactId: "odd", Queue: "BasicQueue", StateStartTimestamp: "soon", InitialContactId: 5 };
  const Configuration = { ...CONFIGURATION, FirstName: 5, AgentHierarchyGroups: { Level1: "x", Level2: { Name: "Ventas" } } };
  const event = eventWith(snapshotOf([...broken, odd, CALL], { Configuration }));
  expect(readAgentEvent(event, "this-instance")).toMatchObject({
    value: {
      name: "Núñez",
      groups: ["Ventas"],
      contacts: [{ contactId: "odd", initialContactId: null, queue: null, since: AT_MS }, { contactId: "second-contact" }],
    },
    flaws: { cut: 0, skipped: 5 },
  });
});

test("Names, groups, queues and ids that are too long are cut with a mark, and the hub accepts the state.", () => {
  const long = "ñ".repeat(555);
  const Contacts = Array.from({ length: 70 }, (_, index) => ({ ...CALL, ContactId: `${long}${index}`, Queue: { Name: long } }));
  const Configuration = {
    FirstName: long,
    LastName: long,
    Username: long,
    AgentHierarchyGroups: { Level1: { Name: long } },
    RoutingProfile: { Name: long },
  };
  const fields = { Configuration, AgentStatus: { ...STATUS, Name: long }, NextAgentStatus: { Name: long } };
  const state = stateOf(eventWith(snapshotOf(Contacts, fields)));
  expect(parseUpdates(JSON.stringify({ updates: [state] }), AT_MS)).toMatchObject({ ok: true });
  const cut = `${"ñ".repeat(255)}…`;
  expect(state).toMatchObject({ name: cut, username: cut, groups: [cut], routingProfile: cut, nextStatus: cut });
  expect(state.status.name).toBe(cut);
  expect(state.contacts).toHaveLength(64);
  expect(new Set(state.contacts.map(({ contactId }) => contactId)).size).toBe(64);
});

test("A time far ahead of its event counts as unset, because the hub would refuse the event for it.", () => {
  const ahead = { StateStartTimestamp: "9999-12-31T23:59:59Z", ConnectedToAgentTimestamp: "9999-12-31T23:59:59Z" };
  const contacts = [
    { ...CALL, ...ahead },
    { ...CALL, ...ahead, InitiationMethod: "MONITOR" },
  ];
  const state = stateOf(eventWith(snapshotOf(contacts, { AgentStatus: { ...STATUS, StartTimestamp: "9999-12-31T23:59:59Z" } })));
  expect(state).toMatchObject({
    status: { since: AT_MS },
    contacts: [{ since: AT_MS, connectedAt: null }],
    monitoring: [{ since: AT_MS }],
  });
});
