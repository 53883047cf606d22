import {
  ConnectClient,
  DescribeContactCommand,
  GetCurrentMetricDataCommand,
  type GetCurrentMetricDataRequest,
  ListRoutingProfileQueuesCommand,
} from "@aws-sdk/client-connect";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LocalConnect, startConnect } from "../../../local/aws/connect.ts";
import { type ConnectFloor, FloorWatch, type QueueWaiter } from "../../../local/aws/connect-queues.ts";

const INSTANCE = "this-instance";
const QUEUES = Array.from({ length: 30 }, (_, index) => ({ id: `q${index}`, name: `Queue ${index}` }));
const NO_LAG = { lagMs: [0, 0] } as const;

// A service for each test, because each has its own limit of requests.
let connect: LocalConnect;
let client: ConnectClient;
beforeEach(async () => {
  connect = await startConnect({
    roster: {
      instanceId: INSTANCE,
      statuses: [],
      routingProfiles: [{ id: "p1", name: "Ventas ES", queueIds: ["q0", "q1"] }],
      users: [],
      queues: QUEUES,
    },
  });
  client = new ConnectClient({
    endpoint: connect.url,
    region: "us-east-1",
    credentials: { accessKeyId: "stand-in", secretAccessKey: "stand-in" },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  vi.useRealTimers();
  client.destroy();
  await connect.close();
});

function floor(parts: Partial<ConnectFloor>): ConnectFloor {
  return { waitingNow: () => [], scheduledNow: () => [], agentsByQueue: () => [], findContact: () => null, ...parts };
}
const waiter = (queueId: string, secondsAgo: number, channel = "VOICE"): QueueWaiter => ({
  queueId,
  channel,
  enqueuedAt: Date.now() - secondsAgo * 1000,
});
const ask = (request: Partial<GetCurrentMetricDataRequest>) =>
  client.send(
    new GetCurrentMetricDataCommand({
      InstanceId: INSTANCE,
      Filters: { Queues: ["q0", "q1"], Channels: ["VOICE", "CHAT"] },
      CurrentMetrics: [
        { Name: "CONTACTS_IN_QUEUE", Unit: "COUNT" },
        { Name: "OLDEST_CONTACT_AGE", Unit: "SECONDS" },
      ],
      Groupings: ["QUEUE", "CHANNEL"],
      ...request,
    }),
  );

test("The age of the oldest contact is seconds in groups, and milliseconds without them.", async () => {
  connect.watchFloor(floor({ waitingNow: () => [waiter("q0", 74), waiter("q1", 30)] }), NO_LAG);
  const ages = async (Groupings: GetCurrentMetricDataRequest["Groupings"]) =>
    (await ask({ Groupings })).MetricResults?.map(({ Collections }) => Collections?.[1]?.Value ?? null);
  expect(await ages(["QUEUE"])).toEqual([74, 30]);
  const [whole = 0] = (await ages([])) ?? [];
  expect(Math.round((whole ?? 0) / 1000)).toBe(74);
});

test("A queue with agents has a row for each channel, without the age of a contact where nobody waits.", async () => {
  const agentsByQueue = () => [{ queueId: "q0", online: 3, staffed: 2, available: 1 }];
  connect.watchFloor(floor({ agentsByQueue, waitingNow: () => [waiter("q0", 5, "CHAT")] }), NO_LAG);
  const { MetricResults } = await ask({});
  expect(
    MetricResults?.map(({ Dimensions, Collections }) => [Dimensions?.Channel, ...(Collections ?? []).map(({ Value }) => Value)]),
  ).toEqual([
    ["VOICE", 0, undefined],
    ["CHAT", 1, 5],
  ]);
});

test("A queue without agents and contacts has no row.", async () => {
  expect((await ask({})).MetricResults).toEqual([]);
});

test("All pages of an answer are of one moment, and a token serves only the same request.", async () => {
  const agentsByQueue = () => QUEUES.map(({ id }) => ({ queueId: id, online: 1, staffed: 1, available: 0 }));
  connect.watchFloor(floor({ agentsByQueue }), NO_LAG);
  const request = { Filters: { Queues: QUEUES.map(({ id }) => id) }, Groupings: ["QUEUE" as const], MaxResults: 20 };
  const first = await ask(request);
  expect([first.MetricResults?.length, first.ApproximateTotalCount]).toEqual([20, 30]);
  connect.watchFloor(floor({}), NO_LAG);
  const second = await ask({ ...request, NextToken: first.NextToken });
  expect([second.MetricResults?.length, second.NextToken]).toEqual([10, undefined]);
  expect(second.DataSnapshotTime).toEqual(first.DataSnapshotTime);
  await expect(ask({ ...request, MaxResults: 10, NextToken: first.NextToken })).rejects.toThrow("token");
});

test.each<[string, Partial<GetCurrentMetricDataRequest>, string]>([
  ["a group of channels without a filter", { Filters: { Queues: ["q0"] } }, "InvalidParameterException"],
  ["a filter of e-mails", { Filters: { Queues: ["q0"], Channels: ["EMAIL"] } }, "InvalidParameterException"],
  ["101 queues", { Filters: { Queues: Array.from({ length: 101 }, () => "q0") } }, "InvalidParameterException"],
  ["no queue", { Filters: { Queues: [] } }, "InvalidParameterException"],
  ["a queue that does not exist", { Filters: { Queues: ["q0", "gone"], Channels: ["VOICE"] } }, "ResourceNotFoundException"],
  [
    "an estimate without groups of channels",
    { Groupings: ["QUEUE"], CurrentMetrics: [{ Name: "ESTIMATED_WAIT_TIME", Unit: "SECONDS" }] },
    "InvalidParameterException",
  ],
])("The API refuses %s.", async (_, request, name) => {
  await expect(ask(request)).rejects.toMatchObject({ name });
});

test("The API serves eight requests at once, and five more a second later.", async () => {
  // The clock stands still, because on a busy machine twenty requests take longer than a second.
  vi.useFakeTimers({ toFake: ["performance"] });
  const served = async () => {
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => ask({})));
    const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [String(answer.reason.name)] : []));
    expect(new Set(refused)).toEqual(new Set(["ThrottlingException"]));
    return answers.length - refused.length;
  };
  expect(await served()).toBe(8);
  vi.advanceTimersByTime(1_000);
  expect(await served()).toBe(5);
});

test("The figures are those of some seconds ago.", async () => {
  let waiting = [waiter("q0", 1)];
  const watch = new FloorWatch(floor({ waitingNow: () => waiting }), { lagMs: [5_000, 20_000], random: () => 0 });
  const now = Date.now();
  waiting = [];
  expect(watch.delayed(now + 4_000).waiting).toHaveLength(1);
  expect(watch.delayed(now + 60_000).waiting).toHaveLength(1);
  watch.close();
});

test("DescribeContact tells the times of a contact in a queue, and knows no contact that the floor does not know.", async () => {
  const contact = {
    contactId: "c2",
    initialContactId: "c1",
    previousContactId: "c1",
    channel: "CHAT",
    initiationMethod: "QUEUE_TRANSFER",
    initiatedAt: 1_795_603_200_000,
    queue: { id: "q1", since: 1_795_603_212_207 },
    agent: { profile: { id: "a1" }, acceptedAt: null, connectedAt: 1_795_603_240_001 },
    scheduledAt: null,
    disconnect: { at: 1_795_603_300_500, reason: "CUSTOMER_DISCONNECT" },
  };
  connect.watchFloor(floor({ findContact: (contactId) => (contactId === "c2" ? contact : null) }), NO_LAG);
  const describe = (ContactId: string) => client.send(new DescribeContactCommand({ InstanceId: INSTANCE, ContactId }));
  expect((await describe("c2")).Contact).toMatchObject({
    Id: "c2",
    PreviousContactId: "c1",
    Channel: "CHAT",
    QueueInfo: { Id: "q1", EnqueueTimestamp: new Date(1_795_603_212_207) },
    AgentInfo: { Id: "a1", ConnectedToAgentTimestamp: new Date(1_795_603_240_001) },
    DisconnectTimestamp: new Date(1_795_603_300_500),
  });
  await expect(describe("c3")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("A routing profile lists each queue once for each of its channels.", async () => {
  const command = new ListRoutingProfileQueuesCommand({ InstanceId: INSTANCE, RoutingProfileId: "p1" });
  const { RoutingProfileQueueConfigSummaryList: rows = [] } = await client.send(command);
  expect(rows.map(({ QueueId, QueueName, Channel }) => [QueueId, QueueName, Channel])).toEqual([
    ["q0", "Queue 0", "VOICE"],
    ["q0", "Queue 0", "CHAT"],
    ["q1", "Queue 1", "VOICE"],
    ["q1", "Queue 1", "CHAT"],
  ]);
});
