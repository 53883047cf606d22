import { ConnectClient } from "@aws-sdk/client-connect";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { type LocalConnect, startConnect } from "../../../local/aws/connect.ts";
import type { ConnectFloor, FloorContact } from "../../../local/aws/connect-queues.ts";
import type { ConnectRoster } from "../../../local/aws/connect-roster.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import type { QueueSnapshot } from "../../../protocol/queue-updates.ts";
import { emittedMetrics } from "../../support/emitted-metrics.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { readerLab } from "../../support/reader-lab.ts";

const waits = vi.hoisted((): number[] => []);
vi.mock("node:timers/promises", () => ({
  setTimeout: async (ms: number) => void waits.push(ms),
}));
// The rate has a test of its own, and here it would only cost time.
vi.mock("../../../aws-ingest/clients/request-rate.ts", () => ({
  RequestRate: class {
    permit = async () => {};
  },
}));

function roster(queues: number): ConnectRoster {
  const ids = Array.from({ length: queues }, (_, index) => ({ id: `q${index + 1}`, name: `Cola ${index + 1}` }));
  return {
    instanceId: INSTANCE,
    statuses: [],
    users: [],
    queues: ids,
    routingProfiles: [
      { id: "p1", name: "Ventas ES", queueIds: ids.slice(0, 2).map(({ id }) => id) },
      { id: "p2", name: "Soporte", queueIds: ids.slice(1).map(({ id }) => id) },
    ],
  };
}
function floor(parts: Partial<ConnectFloor> = {}): ConnectFloor {
  return { waitingNow: () => [], scheduledNow: () => [], agentsByQueue: () => [], findContact: () => null, ...parts };
}
const NO_LAG = { lagMs: [0, 0] } as const;
const busy = floor({
  agentsByQueue: () => [{ queueId: "q1", online: 9, staffed: 7, available: 1 }],
  waitingNow: () => [
    { queueId: "q1", channel: "VOICE", enqueuedAt: Date.now() - 74_000 },
    { queueId: "q1", channel: "VOICE", enqueuedAt: Date.now() - 12_000 },
    { queueId: "q1", channel: "CHAT", enqueuedAt: Date.now() - 5_000 },
  ],
  scheduledNow: () => [{ queueId: "q1", channel: "VOICE" }],
});

let connect: LocalConnect;
const lab = readerLab(async () => {
  connect = await startConnect({ roster: roster(2), unlimited: true });
  return { env: { AWS_ENDPOINT_URL_CONNECT: connect.url }, close: () => connect.close() };
});

/** Imports the function anew, as a new container of Lambda does. */
async function newContainer() {
  vi.resetModules();
  return (await import("../../../aws-ingest/handlers/queues.ts")).handler;
}
let handler: Awaited<ReturnType<typeof newContainer>>;
beforeEach(async () => {
  connect.roster = roster(2);
  connect.denied.clear();
  connect.faults.clear();
  connect.watchFloor(busy, NO_LAG);
  lab.hub.clearOrders();
  delete process.env["SERVICE_LEVEL_SECONDS"];
  delete process.env["READS_PER_MINUTE"];
  handler = await newContainer();
});
const snapshots = (): QueueSnapshot[] =>
  lab.hub.updates().flatMap((update) => (update.type === "queue.snapshot" ? [update] : []));
const legs = () => lab.hub.updates().filter(({ type }) => type === "contact.queue");
const asked = (operation: string) => connect.operations().filter((name) => name === operation).length;

test("A first run posts names, figures by queue and channel, and which profile serves which queue.", async () => {
  const before = Date.now();
  expect(await handler({ scheduled: true })).toEqual({ queues: 2 });
  const [snapshot] = snapshots();
  expect(snapshots()).toHaveLength(1);
  expect(snapshot).toMatchObject({
    complete: true,
    queues: [
      {
        queueId: "q1",
        name: "Cola 1",
        serviceLevelSeconds: 20,
        staffed: 7,
        available: 1,
        channels: [
          { channel: "voice", waiting: 2, oldestSeconds: 74, scheduled: 1 },
          { channel: "chat", waiting: 1, oldestSeconds: 5, scheduled: 0 },
          { channel: "task", waiting: 0, oldestSeconds: null, scheduled: 0 },
        ],
      },
      { queueId: "q2", name: "Cola 2", staffed: null, available: null, channels: [] },
    ],
    profiles: [
      { name: "Ventas ES", queues: ["q1", "q2"] },
      { name: "Soporte", queues: ["q2"] },
    ],
  });
  expect(snapshot?.takenAt).toBeGreaterThanOrEqual(before);
});

test("Figures whose time is unset have the time of the question.", async () => {
  const { send } = ConnectClient.prototype;
  const spy = vi.spyOn(ConnectClient.prototype, "send").mockImplementation(async function (this: ConnectClient, command) {
    const answer: unknown = await Reflect.apply(send, this, [command]);
    const isFigures = typeof answer === "object" && answer !== null && "DataSnapshotTime" in answer;
    return isFigures ? { ...answer, DataSnapshotTime: new Date(1) } : answer;
  });
  onTestFinished(() => spy.mockRestore());
  const before = Date.now();
  expect(await handler()).toEqual({ queues: 2 });
  expect(snapshots()[0]?.takenAt).toBeGreaterThanOrEqual(before);
});

test("QEV-6 A second run in the same hour asks for figures only, and says that its list may not be complete.", async () => {
  await handler();
  const before = connect.operations().length;
  await handler();
  expect(connect.operations().slice(before)).toEqual(["GetCurrentMetricData", "GetCurrentMetricData"]);
  const second = snapshots()[1];
  expect(second).toMatchObject({ complete: false, queues: [{ queueId: "q1", name: "Cola 1" }, { queueId: "q2" }] });
  expect(second).not.toHaveProperty("profiles");
});

test("The function asks for the lists again after an hour, and at once when it is run by hand.", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  await handler();
  const lists = () => [asked("ListQueues"), asked("ListRoutingProfiles"), asked("ListRoutingProfileQueues")];
  const first = lists();
  vi.setSystemTime(Date.now() + 59 * 60_000);
  await handler();
  expect(lists()).toEqual(first);
  vi.setSystemTime(Date.now() + 60_001);
  await handler();
  const later = lists();
  expect(later.map((count, index) => count - (first[index] ?? 0))).toEqual([1, 1, 2]);
  vi.useRealTimers();
  await handler({ once: true });
  expect(lists().map((count, index) => count - (later[index] ?? 0))).toEqual([1, 1, 2]);
  expect(snapshots().map(({ complete }) => complete)).toEqual([true, false, true, true]);
});

test("Several readings a minute come in one run, at even times.", async () => {
  process.env["READS_PER_MINUTE"] = "4";
  waits.length = 0;
  expect(await handler()).toEqual({ queues: 2 });
  expect(snapshots().map(({ complete }) => complete)).toEqual([true, false, false, false]);
  // The clock stands still for the waits, so each is counted from the begin of the run.
  expect(waits.map((ms) => Math.round(ms / 15_000))).toEqual([1, 2, 3]);
});

test("More than a hundred queues are asked for in several requests, and no queue is lost or doubled.", async () => {
  connect.roster = roster(130);
  const everywhere = connect.roster.queues?.map(({ id }) => ({ queueId: id, online: 1, staffed: 1, available: 1 })) ?? [];
  connect.watchFloor(floor({ agentsByQueue: () => everywhere }), NO_LAG);
  expect(await handler()).toEqual({ queues: 130 });
  const queues = snapshots()[0]?.queues ?? [];
  expect(new Set(queues.map(({ queueId }) => queueId)).size).toBe(130);
  expect(queues.every(({ staffed, channels }) => staffed === 1 && channels.length === 3)).toBe(true);
});

test("The target of a queue is that of its id, of its name, or of all others.", async () => {
  process.env["SERVICE_LEVEL_SECONDS"] = JSON.stringify({ q1: "10", "Cola 2": "30", "*": "60" });
  connect.roster = roster(3);
  await handler();
  expect(snapshots()[0]?.queues.map(({ serviceLevelSeconds }) => serviceLevelSeconds)).toEqual([10, 30, 60]);
});

test.each([
  ["0", "not positive"],
  ["604801", "longer than a week"],
  ["soon", "no number"],
  ["1.5", "no whole number"],
])("A target of %s is refused, because it is %s.", async (seconds) => {
  process.env["SERVICE_LEVEL_SECONDS"] = JSON.stringify({ q1: "20", q2: seconds });
  await expect(handler()).rejects.toThrow("SERVICE_LEVEL_SECONDS has no whole number of seconds from 1 to 604800 in entry 2");
});

test.each([
  ["the names of the queues", "ListQueues", { complete: false, queues: [{ name: "Cola 1", staffed: 7 }, { name: "Cola 2" }] }],
  ["the routing profiles", "ListRoutingProfiles", { complete: true, queues: [{ staffed: 7 }, {}] }],
  ["the queues of routing profiles", "ListRoutingProfileQueues", { complete: true, queues: [{ staffed: 7 }, {}] }],
])("A run that may not read %s posts the rest.", async (_, operation, expected) => {
  connect.denied.add(operation);
  const metrics = await emittedMetrics(() => handler());
  expect(metrics).toEqual({ PostsAccepted: 1, AnswersMissing: 1 });
  expect(snapshots()).toMatchObject([expected]);
  if (operation !== "ListQueues") expect(snapshots()[0]).not.toHaveProperty("profiles");
});

test("A run that may not read figures posts the names, and fails so that somebody learns of it.", async () => {
  connect.denied.add("GetCurrentMetricData");
  await expect(handler()).rejects.toThrow("Amazon Connect did not return the figures of the queues.");
  expect(snapshots()).toMatchObject([{ queues: [{ name: "Cola 1", channels: [], staffed: null }, { name: "Cola 2" }] }]);
});

test("A run that may read nothing fails and posts nothing.", async () => {
  for (const operation of ["ListQueues", "ListRoutingProfiles", "GetCurrentMetricData"]) connect.denied.add(operation);
  await expect(handler()).rejects.toThrow("Amazon Connect returned neither queues nor routing profiles.");
  expect(lab.hub.updates()).toEqual([]);
});

test("Where Amazon Connect refuses the estimate, the figures come without it, and it is not asked for again.", async () => {
  await handler();
  connect.faults.refuse(1, new ServiceError(400, "InvalidParameterException", "no estimate"));
  await handler();
  const after = asked("GetCurrentMetricData");
  await handler();
  expect(asked("GetCurrentMetricData") - after).toBe(2);
  const estimates = snapshots().map(({ queues }) => queues[0]?.channels[0]?.estimatedWaitSeconds ?? null);
  expect([estimates[0] === null, ...estimates.slice(1)]).toEqual([false, null, null]);
  expect(snapshots().at(-1)?.queues[0]).toMatchObject({ staffed: 7, channels: [{ channel: "voice", waiting: 2 }, {}, {}] });
});

test("A throttled request is repeated after a pause.", async () => {
  connect.faults.refuse(3, new ServiceError(429, "TooManyRequestsException", "Too many requests"));
  expect(await handler()).toEqual({ queues: 2 });
  expect(snapshots()[0]?.profiles).toHaveLength(2);
});

test("A queue that was deleted since the last list costs one more reading of the list, and no figures.", async () => {
  connect.roster = roster(3);
  await handler();
  connect.roster = roster(2);
  await handler();
  expect(snapshots()[1]).toMatchObject({ complete: true, queues: [{ queueId: "q1", staffed: 7 }, { queueId: "q2" }] });
});

test("A hub that refuses the figures gets a complete list with the next run, and none of them goes to a queue of dead letters.", async () => {
  lab.hub.answerNext({ status: 401 }, { status: 401 });
  await expect(handler()).rejects.toThrow("The hub refused the figures of the queues. The next run posts new ones.");
  await handler();
  expect(snapshots()).toMatchObject([{ complete: true, profiles: [{ name: "Ventas ES" }, { name: "Soporte" }] }]);
});

const CONTACT: FloorContact = {
  contactId: "c1",
  initialContactId: null,
  previousContactId: null,
  channel: "CHAT",
  initiationMethod: "API",
  initiatedAt: 1_795_603_200_000,
  queue: { id: "q1", since: 1_795_603_212_207 },
  agent: { profile: { id: "a1" }, acceptedAt: null, connectedAt: 1_795_603_240_001 },
  scheduledAt: null,
  disconnect: null,
};

test("The function asks about the contacts that the hub doubts, and posts what Amazon Connect knows.", async () => {
  const findContact = (contactId: string) => (contactId === "gone" ? null : { ...CONTACT, contactId });
  connect.watchFloor(floor({ findContact }), NO_LAG);
  lab.hub.doubtNext(["c1", "gone"]);
  const before = Date.now();
  const metrics = await emittedMetrics(() => handler());
  expect(metrics).toEqual({ PostsAccepted: 3, SuspectsChecked: 2 });
  expect(legs()).toMatchObject([
    {
      contactId: "c1",
      channel: "chat",
      method: "api",
      queueId: "q1",
      enqueuedAt: 1_795_603_212_207,
      connectedAt: 1_795_603_240_001,
      endedAt: null,
      agentId: "a1",
    },
    { contactId: "gone", queueId: null, connectedAt: null },
  ]);
  for (const leg of legs()) expect("occurredAt" in leg ? leg.occurredAt : 0).toBeGreaterThanOrEqual(before);
});

test("QEV-7 The function asks about at most five contacts in a run.", async () => {
  const names = Array.from({ length: 9 }, (_, index) => `c${index}`);
  lab.hub.doubtNext(names);
  await handler();
  expect(legs().map((leg) => ("contactId" in leg ? leg.contactId : ""))).toEqual(names.slice(0, 5));
});

test("Without the right to ask about contacts, the figures are posted as always.", async () => {
  connect.denied.add("DescribeContact");
  const before = asked("DescribeContact");
  lab.hub.doubtNext(["c1", "c2"]);
  expect(await handler()).toEqual({ queues: 2 });
  expect([asked("DescribeContact") - before, legs()]).toEqual([1, []]);
});

test("A doubted contact in a queue that no list has leads to one more reading of the list, and only one.", async () => {
  connect.watchFloor(floor({ findContact: () => ({ ...CONTACT, queue: { id: "a1", since: 1_795_603_212_207 } }) }), NO_LAG);
  const lists = asked("ListQueues");
  for (let run = 0; run < 4; run += 1) {
    lab.hub.doubtNext(["c1"]);
    await handler();
  }
  expect(asked("ListQueues") - lists).toBe(2);
});
