import {
  ConnectClient,
  type ConnectClientConfig,
  DescribeUserCommand,
  GetCurrentUserDataCommand,
  type GetCurrentUserDataCommandOutput,
  ListAgentStatusesCommand,
  ListInstanceStorageConfigsCommand,
  ListQueuesCommand,
  ListRoutingProfilesCommand,
  ListUserHierarchyGroupsCommand,
  ListUsersCommand,
  SearchUsersCommand,
  type UserDataFilters,
} from "@aws-sdk/client-connect";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalConnect, startConnect } from "../../../local/aws/connect.ts";
import type { ConnectRoster, ConnectUser } from "../../../local/aws/connect-roster.ts";

const InstanceId = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const available = { id: "status-1", name: "Available", type: "ROUTABLE" as const };
const lunch = { id: "status-2", name: "Almuerzo", type: "CUSTOM" as const };

function user(id: string, more: Partial<ConnectUser> = {}): ConnectUser {
  return {
    id,
    username: `${id}@example.com`,
    firstName: "Ana",
    lastName: id,
    routingProfileId: "profile-1",
    presence: { statusId: "status-1", since: 1_714_363_200_000, contacts: [] },
    ...more,
  };
}

function roster(users: ConnectUser[]): ConnectRoster {
  return {
    instanceId: InstanceId,
    statuses: [available, lunch],
    routingProfiles: [
      { id: "profile-1", name: "Basic Routing Profile", queueIds: ["queue-1"] },
      { id: "profile-2", name: "Ventas" },
    ],
    users,
    queues: [
      { id: "queue-1", name: "BasicQueue" },
      { id: "queue-2", name: "Cobranza" },
    ],
    hierarchyGroups: [
      { id: "group-0", name: "Mexico", parentId: null },
      { id: "group-1", name: "Ventas", parentId: "group-0" },
    ],
    storage: { MEDIA_STREAMS: { type: "KINESIS_VIDEO_STREAM", prefix: "bebo-connect-bebopruebas-contact-", retentionHours: 24 } },
  };
}

const onCall = user("ana", {
  hierarchyGroupId: "group-1",
  presence: {
    statusId: "status-1",
    since: 1_714_363_200_000,
    contacts: [
      {
        contactId: "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9",
        channel: "VOICE",
        initiationMethod: "WEBRTC_API",
        state: "CONNECTED",
        since: 1_714_363_532_011,
        connectedAt: 1_714_363_532_011,
        queueId: "queue-1",
      },
    ],
  },
});
const seller = user("beto", { routingProfileId: "profile-2" });
const atHome = user("caro", { presence: null });

let connect: LocalConnect;
let client: ConnectClient;

async function restart(
  options: Partial<Parameters<typeof startConnect>[0]> = {},
  retry: Partial<ConnectClientConfig> = {},
): Promise<void> {
  client?.destroy();
  await connect?.close();
  connect = await startConnect({ roster: roster([onCall, seller, atHome]), burst: 1000, ...options });
  client = new ConnectClient({
    region: "us-east-1",
    endpoint: connect.url,
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
    ...retry,
  });
}

beforeEach(() => restart());
afterEach(async () => {
  client.destroy();
  await connect.close();
});

function current(
  Filters: UserDataFilters,
  more: { MaxResults?: number; NextToken?: string } = {},
): Promise<GetCurrentUserDataCommandOutput> {
  return client.send(new GetCurrentUserDataCommand({ InstanceId, Filters, ...more }));
}

function idsOf(output: GetCurrentUserDataCommandOutput): (string | undefined)[] {
  return output.UserDataList?.map((data) => data.User?.Id) ?? [];
}

describe("GetCurrentUserData", () => {
  test("returns status and contacts of signed-in users, without names.", async () => {
    const output = await current({ Agents: ["ana", "beto", "caro"] });
    expect(output.ApproximateTotalCount).toBe(2);
    expect(idsOf(output)).toEqual(["ana", "beto"]);
    expect(output.UserDataList?.[0]).toMatchObject({
      User: { Arn: `arn:aws:connect:us-east-1:111122223333:instance/${InstanceId}/agent/ana` },
      RoutingProfile: { Id: "profile-1" },
      HierarchyPath: { LevelOne: { Id: "group-0" }, LevelTwo: { Id: "group-1" } },
      Status: { StatusName: "Available", StatusStartTimestamp: new Date(1_714_363_200_000) },
      Contacts: [
        {
          ContactId: "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9",
          AgentContactState: "CONNECTED",
          StateStartTimestamp: new Date(1_714_363_532_011),
          Queue: { Id: "queue-1" },
        },
      ],
    });
    expect(output.UserDataList?.[1]?.HierarchyPath).toEqual({});
    expect(JSON.stringify(output)).not.toMatch(/Ana|Mexico|BasicQueue/);
  });

  test("selects by routing profile, queue, hierarchy group and contact state.", async () => {
    expect(idsOf(await current({ RoutingProfiles: ["profile-2"] }))).toEqual(["beto"]);
    expect(idsOf(await current({ Queues: ["queue-1"] }))).toEqual(["ana"]);
    expect(idsOf(await current({ UserHierarchyGroups: ["group-1"] }))).toEqual(["ana"]);
    expect(idsOf(await current({ Agents: ["ana", "beto"], ContactFilter: { ContactStates: ["CONNECTED"] } }))).toEqual(["ana"]);
  });

  test("returns all users page by page, in order.", async () => {
    connect.roster = roster(Array.from({ length: 230 }, (_, index) => user(`agent-${index}`)));
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await current({ RoutingProfiles: ["profile-1"] }, { MaxResults: 100, ...(NextToken && { NextToken }) });
      expect(page.ApproximateTotalCount).toBe(230);
      seen.push(...idsOf(page));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toEqual(connect.roster.users.map((entry) => entry.id));
  });

  test("reads the roster again at each request.", async () => {
    atHome.presence = { statusId: "status-2", since: 1_714_363_200_000, contacts: [] };
    const output = await current({ Agents: ["caro"] });
    atHome.presence = null;
    expect(output.UserDataList).toMatchObject([{ Status: { StatusName: "Almuerzo" } }]);
    expect(idsOf(await current({ Agents: ["caro"] }))).toEqual([]);
  });

  test.each([
    ["a request without a filter", {}, {}],
    ["two filters", { Agents: ["ana"], RoutingProfiles: ["profile-1"] }, {}],
    ["101 agents", { Agents: Array.from({ length: 101 }, (_, index) => `a${index}`) }, {}],
    ["two hierarchy groups", { UserHierarchyGroups: ["group-1", "group-2"] }, {}],
    ["a page of 101", { Agents: ["ana"] }, { MaxResults: 101 }],
    ["a made-up next token", { Agents: ["ana"] }, { NextToken: "made-up" }],
  ])("refuses %s.", async (_, filters, more) => {
    await expect(current(filters, more)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  test("refuses another instance.", async () => {
    const other = new GetCurrentUserDataCommand({
      InstanceId: "00000000-0000-4000-8000-000000000000",
      Filters: { Agents: ["ana"] },
    });
    await expect(client.send(other)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

test("SearchUsers returns the names of all users, filters by user name, and refuses an unknown field.", async () => {
  const all = await client.send(new SearchUsersCommand({ InstanceId, MaxResults: 500 }));
  expect(all.Users).toMatchObject([
    { Id: "ana", IdentityInfo: { FirstName: "Ana", LastName: "ana" } },
    { Id: "beto" },
    { Id: "caro" },
  ]);
  const condition = (Value: string) => ({
    StringCondition: { FieldName: "Username", Value, ComparisonType: "STARTS_WITH" as const },
  });
  const SearchCriteria = { OrConditions: [condition("BE"), condition("caro")] };
  const found = await client.send(new SearchUsersCommand({ InstanceId, SearchCriteria }));
  expect(found.Users?.map((entry) => entry.Id)).toEqual(["beto", "caro"]);
  const byShoe = { StringCondition: { FieldName: "ShoeSize", Value: "4", ComparisonType: "EXACT" as const } };
  await expect(client.send(new SearchUsersCommand({ InstanceId, SearchCriteria: byShoe }))).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("The List operations return users in pages, statuses by type, routing profiles and storage configs.", async () => {
  const users = await client.send(new ListUsersCommand({ InstanceId, MaxResults: 2 }));
  expect(users.UserSummaryList?.map((entry) => entry.Username)).toEqual(["ana@example.com", "beto@example.com"]);
  const rest = await client.send(new ListUsersCommand({ InstanceId, MaxResults: 2, NextToken: users.NextToken }));
  expect(rest.UserSummaryList?.map((entry) => entry.Id)).toEqual(["caro"]);
  expect(rest.NextToken).toBeUndefined();

  const custom = await client.send(new ListAgentStatusesCommand({ InstanceId, AgentStatusTypes: ["CUSTOM"] }));
  expect(custom.AgentStatusSummaryList).toMatchObject([{ Id: "status-2", Name: "Almuerzo", Type: "CUSTOM" }]);
  const profiles = await client.send(new ListRoutingProfilesCommand({ InstanceId }));
  expect(profiles.RoutingProfileSummaryList?.map((profile) => profile.Name)).toEqual(["Basic Routing Profile", "Ventas"]);

  const media = await client.send(new ListInstanceStorageConfigsCommand({ InstanceId, ResourceType: "MEDIA_STREAMS" }));
  expect(media.StorageConfigs).toMatchObject([
    { StorageType: "KINESIS_VIDEO_STREAM", KinesisVideoStreamConfig: { Prefix: "bebo-connect-bebopruebas-contact-" } },
  ]);
  const events = await client.send(new ListInstanceStorageConfigsCommand({ InstanceId, ResourceType: "AGENT_EVENTS" }));
  expect(events.StorageConfigs).toEqual([]);
});

test("ListQueues and ListUserHierarchyGroups return names page by page and refuse a made-up token.", async () => {
  const first = await client.send(new ListQueuesCommand({ InstanceId, QueueTypes: ["STANDARD"], MaxResults: 1 }));
  const second = await client.send(new ListQueuesCommand({ InstanceId, MaxResults: 1, NextToken: first.NextToken }));
  const queues = [first, second].flatMap(({ QueueSummaryList = [] }) => QueueSummaryList);
  expect(queues).toMatchObject([{ Id: "queue-1", Name: "BasicQueue", QueueType: "STANDARD" }, { Name: "Cobranza" }]);
  expect(second.NextToken).toBeUndefined();
  const agents = await client.send(new ListQueuesCommand({ InstanceId, QueueTypes: ["AGENT"] }));
  expect(agents.QueueSummaryList).toEqual([]);

  const { UserHierarchyGroupSummaryList: groups, NextToken } = await client.send(
    new ListUserHierarchyGroupsCommand({ InstanceId, MaxResults: 1 }),
  );
  expect(groups).toMatchObject([{ Id: "group-0", Name: "Mexico" }]);
  const rest = await client.send(new ListUserHierarchyGroupsCommand({ InstanceId, MaxResults: 1, NextToken }));
  expect(rest.UserHierarchyGroupSummaryList).toMatchObject([{ Id: "group-1", Name: "Ventas" }]);
  await expect(client.send(new ListQueuesCommand({ InstanceId, NextToken: "made-up" }))).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("DescribeUser returns one user and refuses an unknown id.", async () => {
  const { User } = await client.send(new DescribeUserCommand({ InstanceId, UserId: "caro" }));
  expect(User).toMatchObject({ Id: "caro", Username: "caro@example.com", IdentityInfo: { FirstName: "Ana" } });
  const nobody = client.send(new DescribeUserCommand({ InstanceId, UserId: "nobody" }));
  await expect(nobody).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("Each operation has its own burst and throttles after it.", async () => {
  await restart({ burst: 5, requestsPerSecond: 0 });
  const list = () => client.send(new ListUsersCommand({ InstanceId }));
  for (let count = 0; count < 5; count += 1) await list();
  await expect(list()).rejects.toMatchObject({ name: "ThrottlingException", $metadata: { httpStatusCode: 429 } });
  await client.send(new ListRoutingProfilesCommand({ InstanceId }));
  expect(connect.requests()).toEqual({ served: 6, throttled: 1 });
});

test("A client that backs off gets its answers despite throttling.", async () => {
  await restart({ burst: 1, requestsPerSecond: 20 }, { maxAttempts: 10 });
  for (let count = 0; count < 3; count += 1) await client.send(new ListUsersCommand({ InstanceId }));
  expect(connect.requests().served).toBe(3);
});
