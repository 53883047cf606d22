import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { rosterUpdates } from "../../aws-ingest/current-users.ts";
import { handler } from "../../aws-ingest/reconcile.ts";
import { type LocalConnect, startConnect } from "../../local/aws/connect.ts";
import type { ConnectRoster } from "../../local/aws/connect-roster.ts";
import { type LocalSecrets, startSecrets } from "../../local/aws/secrets.ts";
import { MAX_BODY_BYTES } from "../../protocol/updates.ts";
import { INSTANCE, SECRET } from "../support/ingest-lab.ts";
import { type RecordingHub, startRecordingHub } from "../support/recording-hub.ts";

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

let hub: RecordingHub;
let secrets: LocalSecrets;
let connect: LocalConnect;
beforeAll(async () => {
  hub = await startRecordingHub(INSTANCE, SECRET);
  secrets = await startSecrets({ "vigia/hub": SECRET });
  connect = await startConnect({ roster: roster(0, 0), requestsPerSecond: 30, burst: 2 });
  Object.assign(process.env, {
    INSTANCE_ID: INSTANCE,
    HUB_URL: hub.url,
    HUB_SECRET_ID: "vigia/hub",
    LOG_LEVEL: "SILENT",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    AWS_ENDPOINT_URL_CONNECT: connect.url,
  });
});
afterAll(async () => {
  await hub.close();
  await secrets.close();
  await connect.close();
});
beforeEach(() => {
  hub.posts.length = 0;
});

test("everybody signed in is listed, over all pages, in spite of throttling, with names and kinds of status", async () => {
  connect.roster = roster(950, 300);
  const before = Date.now();
  expect(await handler()).toEqual({ agents: 950, complete: true });
  const [update] = hub.updates();
  if (update?.type !== "roster.snapshot") throw new Error("no snapshot");
  expect(hub.updates()).toHaveLength(1);
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
  });
  expect(connect.requests().throttled).toBeGreaterThan(0);
});

test("contacts are told as the event stream tells them, a supervisor's listening is not", async () => {
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
  expect(hub.updates()).toMatchObject([
    {
      agents: [
        { contacts: [{ contactId: "c-1", state: "hold", channel: "voice", since: SINCE, connectedAt: SINCE + 5, queue: null }] },
      ],
    },
  ]);
});

test("nobody signed in is a list too: an empty one", async () => {
  connect.roster = roster(0, 5);
  expect(await handler()).toEqual({ agents: 0, complete: true });
  expect(hub.updates()).toMatchObject([{ type: "roster.snapshot", agents: [] }]);
});

test("a list too large for a post comes as one update for each agent", () => {
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
  const { updates, complete } = rosterUpdates(many, SINCE);
  expect(complete).toBe(false);
  expect(updates).toHaveLength(4000);
  expect(updates[17]).toMatchObject({ type: "agent.state", agentId: "agent-17" });
});
