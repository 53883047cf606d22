import { expect, test } from "vitest";
import { readAgentEvent } from "../../../aws-ingest/connect/agent-event.ts";
import { rosterUpdates } from "../../../aws-ingest/connect/current-users.ts";
import { handler } from "../../../aws-ingest/handlers/reconcile.ts";
import { type LocalConnect, startConnect } from "../../../local/aws/connect.ts";
import type { ConnectRoster } from "../../../local/aws/connect-roster.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { MAX_BODY_BYTES, parseUpdates } from "../../../protocol/updates.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { readerLab } from "../../support/reader-lab.ts";

const SINCE = 1_714_363_200_000;
const profiles = Array.from({ length: 130 }, (_, index) => ({ id: `profile-${index}`, name: `Profile ${index}` }));

function roster(signedIn: number, signedOut: number): ConnectRoster {
  return {
    instanceId: INSTANCE,
    statuses: [
      { id: "available", name: "Available", type: "ROUTABLE" },
      { id: "lunch", name: "Almuerzo", type: "CUSTOM" },
      { id: "offline", name: "Offline", type: "OFFLINE" },
    ],
    routingProfiles: profiles,
    users: Array.from({ length: signedIn + signedOut }, (_, index) => ({
      id: `agent-${index}`,
      username: `user.${index}`,
      firstName: "Ana",
      lastName: `Nº ${index}`,
      routingProfileId: `profile-${index % profiles.length}`,
      presence:
        index >= signedIn
          ? null
          : { statusId: ["available", "lunch", "offline"][index % 3] ?? "available", since: SINCE + index, contacts: [] },
    })),
  };
}

let connect: LocalConnect;
const lab = readerLab(async () => {
  connect = await startConnect({ roster: roster(0, 0), requestsPerSecond: 30, burst: 2 });
  return { env: { AWS_ENDPOINT_URL_CONNECT: connect.url }, close: () => connect.close() };
});

test("The list has every signed-in agent of all pages after throttling, with names and kinds of status.", async () => {
  connect.roster = roster(950, 300);
  connect.faults.refuse(4, new ServiceError(429, "ThrottlingException", "Rate exceeded"));
  const before = Date.now();
  expect(await handler()).toEqual({ agents: 950, complete: true });
  const [update] = lab.hub.updates();
  if (update?.type !== "roster.snapshot") throw new Error("The hub received no snapshot.");
  expect(lab.hub.updates()).toHaveLength(1);
  expect(new Set(update.agents.map(({ agentId }) => agentId)).size).toBe(950);
  expect(update.takenAt).toBeGreaterThanOrEqual(before);
  expect(update.agents.every(({ occurredAt }) => occurredAt === update.takenAt)).toBe(true);
  expect(update.agents.find(({ agentId }) => agentId === "agent-1")).toEqual({
    agentId: "agent-1",
    occurredAt: update.takenAt,
    name: "Ana Nº 1",
    username: "user.1",
    signedIn: true,
    status: { name: "Almuerzo", kind: "custom", since: SINCE + 1 },
    contacts: [],
    routingProfile: "Profile 1",
    groups: [],
    nextStatus: null,
    capacity: [{ channel: "voice", used: 0, max: 1 }],
  });
});

test("The contacts of the list are those of the event stream, without the contact of a listening supervisor.", async () => {
  const busy = roster(1, 0);
  const contact = {
    contactId: "c-1",
    channel: "VOICE" as const,
    initiationMethod: "INBOUND",
    state: "CONNECTED_ONHOLD" as const,
    since: SINCE,
    connectedAt: SINCE + 5,
    queueId: null,
  };
  const presence = busy.users[0]?.presence;
  presence?.contacts.push(contact, { ...contact, contactId: "c-2", initiationMethod: "MONITOR" });
  connect.roster = busy;
  await handler();
  // Amazon Connect's list does not know when a hold began, so its `since` is the start of the call.
  const onHold = { contactId: "c-1", state: "hold", channel: "voice", since: SINCE + 5, connectedAt: SINCE + 5, queue: null };
  expect(lab.hub.updates()).toMatchObject([{ agents: [{ contacts: [onHold] }] }]);
});

test("The list has the names of queues and of all levels of groups, as the event stream has them.", async () => {
  const home = roster(2, 0);
  const [ana, beto] = home.users;
  if (ana === undefined || beto === undefined) throw new Error("The roster has two agents.");
  connect.roster = {
    ...home,
    queues: [
      ...Array.from({ length: 1200 }, (_, index) => ({ id: `queue-${index}`, name: `Queue ${index}` })),
      { id: "last", name: "Cobranza" },
    ],
    hierarchyGroups: [
      { id: "team", name: "Equipo 7", parentId: "branch" },
      { id: "branch", name: "Ventas", parentId: "country" },
      { id: "country", name: "Mexico", parentId: null },
      ...Array.from({ length: 1200 }, (_, index) => ({ id: `group-${index}`, name: `Group ${index}`, parentId: null })),
      { id: "late", name: "Soporte", parentId: null },
    ],
    users: [
      { ...ana, hierarchyGroupId: "team" },
      {
        ...beto,
        hierarchyGroupId: "late",
        presence: {
          statusId: "available",
          since: SINCE,
          contacts: [
            {
              contactId: "c-1",
              channel: "VOICE",
              initiationMethod: "INBOUND",
              state: "CONNECTED",
              since: SINCE,
              connectedAt: SINCE,
              queueId: "last",
            },
          ],
        },
      },
    ],
  };
  await handler();
  const [snapshot] = lab.hub.updates();
  expect(snapshot).toMatchObject({
    agents: [{ groups: ["Mexico", "Ventas", "Equipo 7"] }, { groups: ["Soporte"], contacts: [{ queue: "Cobranza" }] }],
  });
  const group = (name: string) => ({
    ARN: `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}/agent-group/x`,
    Name: name,
  });
  const fromStream = readAgentEvent(
    {
      AgentARN: `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}/agent/${ana.id}`,
      InstanceARN: `arn:aws:connect:us-east-1:111122223333:instance/${INSTANCE}`,
      EventTimestamp: "2024-04-29T04:05:32.120Z",
      EventType: "STATE_CHANGE",
      CurrentAgentSnapshot: {
        Configuration: {
          AgentHierarchyGroups: { Level1: group("Mexico"), Level2: group("Ventas"), Level3: group("Equipo 7") },
        },
      },
    },
    INSTANCE,
  );
  expect(fromStream).toMatchObject({ value: { groups: ["Mexico", "Ventas", "Equipo 7"] } });
});

test("The list is posted empty when no agent is signed in.", async () => {
  connect.roster = roster(0, 5);
  expect(await handler()).toEqual({ agents: 0, complete: true });
  expect(lab.hub.updates()).toMatchObject([{ type: "roster.snapshot", agents: [] }]);
});

test("ROS-18 A list that is too large for a post comes in parts, which each fit into one.", () => {
  const agent = {
    occurredAt: SINCE,
    name: "x".repeat(200),
    username: null,
    signedIn: true,
    status: { name: "Available", kind: "routable" as const, since: SINCE },
    contacts: [],
    routingProfile: null,
    groups: [],
  };
  const many = Array.from({ length: 4000 }, (_, index) => ({ ...agent, agentId: `agent-${index}` }));
  expect(Buffer.byteLength(JSON.stringify(many))).toBeGreaterThan(MAX_BODY_BYTES);
  const updates = rosterUpdates(many, SINCE);
  const parts = updates.flatMap((update) => (update.type === "roster.snapshot" ? [update] : []));
  expect(parts.map(({ part }) => part)).toEqual([1, 2, 3, 4].slice(0, parts.length));
  expect(new Set(parts.map(({ takenAt }) => takenAt))).toEqual(new Set([SINCE]));
  expect(parts.every((part) => part.parts === parts.length && part.reportUnlisted === true)).toBe(true);
  expect(parts.flatMap(({ agents }) => agents)).toEqual(many);
  for (const update of updates) {
    expect(parseUpdates(JSON.stringify({ updates: [update] }), SINCE)).toMatchObject({ ok: true });
    expect(Buffer.byteLength(JSON.stringify({ updates: [update] }))).toBeLessThanOrEqual(MAX_BODY_BYTES);
  }
});
