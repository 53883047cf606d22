import { expect, test } from "vitest";
import { agentBodies, type CurrentUser, type Directory } from "../../../aws-ingest/connect/current-users.ts";
import { ForeignValues } from "../../../aws-ingest/connect/foreign-values.ts";
import { parseUpdates } from "../../../protocol/updates.ts";

const TAKEN_AT = 1_714_363_600_000;
const at = (ms: number) => new Date(TAKEN_AT - ms);
const DIRECTORY: Directory = {
  users: new Map([
    ["ana", { Id: "ana", Username: "ana.n", IdentityInfo: { FirstName: " Ana ", LastName: "Núñez" }, HierarchyGroupId: "team" }],
    ["beto", { Id: "beto", Username: "beto.r", IdentityInfo: { FirstName: "", LastName: undefined } }],
  ]),
  statusTypes: new Map([
    ["available", "ROUTABLE"],
    ["lunch", "CUSTOM"],
  ]),
  routingProfiles: new Map([["basic", "Básico"]]),
  queues: new Map([["q-1", "Cobranza"]]),
  groups: new Map([
    ["country", "Mexico"],
    ["team", "Equipo 7"],
  ]),
};
const CONTACT = {
  ContactId: "call",
  Channel: "VOICE",
  InitiationMethod: "INBOUND",
  AgentContactState: "CONNECTED",
  StateStartTimestamp: at(5000),
  ConnectedToAgentTimestamp: at(4000),
  Queue: { Id: "q-1" },
};
const ANA: CurrentUser = {
  User: { Id: "ana" },
  RoutingProfile: { Id: "basic" },
  HierarchyPath: { LevelOne: { Id: "country" }, LevelTwo: undefined, LevelThree: { Id: "team" }, LevelFour: { Id: "unknown" } },
  Status: { StatusName: "Almuerzo", StatusArn: "arn:aws:connect:…:instance/i/agent-state/lunch", StatusStartTimestamp: at(9000) },
  Contacts: [CONTACT],
};
const bodyOf = (user: CurrentUser) => agentBodies([user], DIRECTORY, TAKEN_AT, new ForeignValues())[0];

test("An agent of the list has names, groups, status and contacts from the directory.", () => {
  expect(bodyOf(ANA)).toEqual({
    agentId: "ana",
    occurredAt: TAKEN_AT,
    name: "Ana Núñez",
    username: "ana.n",
    signedIn: true,
    status: { name: "Almuerzo", kind: "custom", since: TAKEN_AT - 9000 },
    contacts: [
      {
        contactId: "call",
        initialContactId: null,
        channel: "voice",
        state: "connected",
        since: TAKEN_AT - 5000,
        connectedAt: TAKEN_AT - 4000,
        queue: "Cobranza",
        direction: "inbound",
      },
    ],
    routingProfile: "Básico",
    groups: ["Mexico", "Equipo 7"],
    nextStatus: null,
    capacity: null,
  });
});

test("An agent without a path in the list has the group of the user.", () => {
  expect(bodyOf({ ...ANA, HierarchyPath: {} })?.groups).toEqual(["Equipo 7"]);
  expect(bodyOf({ ...ANA, HierarchyPath: undefined })?.groups).toEqual(["Equipo 7"]);
  expect(bodyOf({ ...ANA, User: { Id: "beto" }, HierarchyPath: undefined })?.groups).toEqual([]);
});

test("An agent without names has the user name, and an agent who is not in the directory has none.", () => {
  expect(bodyOf({ User: { Id: "beto" } })).toMatchObject({ name: "beto.r", username: "beto.r" });
  expect(bodyOf({ User: { Id: "new" } })).toEqual({
    agentId: "new",
    occurredAt: TAKEN_AT,
    name: "",
    username: null,
    signedIn: true,
    status: { name: "Offline", kind: "offline", since: TAKEN_AT },
    contacts: [],
    routingProfile: null,
    groups: [],
    nextStatus: null,
    capacity: null,
  });
});

test("A status that the directory does not know gets its kind from its name.", () => {
  const kindOf = (StatusName: string, StatusArn?: string) => bodyOf({ ...ANA, Status: { StatusName, StatusArn } })?.status.kind;
  expect([kindOf("Available"), kindOf("Available", "arn/agent-state/new"), kindOf("Comida")]).toEqual([
    "routable",
    "routable",
    "custom",
  ]);
  expect(kindOf("Disponible", "arn/agent-state/available")).toBe("routable");
});

test("A contact of a listening supervisor, of an unknown state, or without an id is left out.", () => {
  const contacts = [
    { ...CONTACT, InitiationMethod: "MONITOR" },
    { ...CONTACT, AgentContactState: "TELEPATHY" },
    { ...CONTACT, AgentContactState: undefined },
    { ...CONTACT, Channel: undefined },
    { ...CONTACT, ContactId: undefined },
    { ...CONTACT, ContactId: "chat", Channel: "CHAT" },
  ];
  expect(bodyOf({ ...ANA, Contacts: contacts })?.contacts).toMatchObject([{ contactId: "chat", channel: "chat" }]);
});

test("A contact without times and queue starts with the list.", () => {
  const bare = { ContactId: "call", Channel: "VOICE", AgentContactState: "INCOMING" };
  expect(bodyOf({ ...ANA, Contacts: [bare] })?.contacts).toMatchObject([
    { state: "ringing", since: TAKEN_AT, connectedAt: null, queue: null },
  ]);
});

test("A row without a user is left out, and the others keep their order.", () => {
  const rows = [{ User: { Id: "beto" } }, {}, { User: {} }, ANA];
  expect(agentBodies(rows, DIRECTORY, TAKEN_AT, new ForeignValues()).map(({ agentId }) => agentId)).toEqual(["beto", "ana"]);
});

test("An agent of the list has the next status, and the capacity by channel.", () => {
  const user = {
    ...ANA,
    NextStatus: "Baño",
    MaxSlotsByChannel: { VOICE: 1, CHAT: 5, SMOKE: 2 },
    ActiveSlotsByChannel: { CHAT: 2 },
  };
  expect(bodyOf(user)).toMatchObject({
    nextStatus: "Baño",
    capacity: [
      { channel: "voice", used: 0, max: 1 },
      { channel: "chat", used: 2, max: 5 },
    ],
  });
});

test("One agent whose joined name has 555 characters, with times of 1970, costs nobody else the list.", () => {
  const users = new Map([["ana", { Id: "ana", IdentityInfo: { FirstName: "A".repeat(255), LastName: "B".repeat(300) } }]]);
  const longName = "🥪".repeat(300);
  const unset = new Date(1);
  const user = {
    ...ANA,
    Status: { StatusName: longName, StatusStartTimestamp: unset },
    Contacts: [{ ...CONTACT, StateStartTimestamp: new Date(Number.NaN), ConnectedToAgentTimestamp: unset }],
  };
  const values = new ForeignValues();
  const directory = { ...DIRECTORY, users, queues: new Map([["q-1", longName]]), groups: new Map([["team", longName]]) };
  const agents = agentBodies([user, { User: { Id: "beto" } }], directory, TAKEN_AT, values);
  const body = JSON.stringify({ updates: [{ type: "roster.snapshot", takenAt: TAKEN_AT, agents }] });
  expect(parseUpdates(body, TAKEN_AT)).toMatchObject({ ok: true, updates: [{ agents: { length: 2 } }] });
  expect(agents[0]).toMatchObject({ status: { since: TAKEN_AT }, contacts: [{ since: TAKEN_AT, connectedAt: null }] });
  expect(agents[0]?.name).toBe(`${"A".repeat(255)}…`);
  expect(values.flaws).toEqual({ cut: 4, skipped: 0 });
});

test("A time far ahead costs neither its agent nor the list.", () => {
  const far = new Date("9999-12-31T23:59:59Z");
  const Contacts = [{ ...CONTACT, StateStartTimestamp: far, ConnectedToAgentTimestamp: far }];
  expect(bodyOf({ ...ANA, Status: { ...ANA.Status, StatusStartTimestamp: far }, Contacts })).toMatchObject({
    status: { since: TAKEN_AT },
    contacts: [{ since: TAKEN_AT, connectedAt: null }],
  });
});
