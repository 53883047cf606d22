import { ACTION_ROUTES, ActionState } from "./connect-actions.ts";
import { type ChatAnalyses, listChatSegments } from "./connect-chat-analysis.ts";
import { currentUsers, readCurrentUserQuery, userData } from "./connect-current-users.ts";
import {
  type ListCall,
  listAgentStatuses,
  listHierarchyGroups,
  listProfileQueues,
  listQueues,
  listRoutingProfiles,
  listUsers,
  pageOf,
} from "./connect-lists.ts";
import { CurrentMetricData } from "./connect-metric-data.ts";
import { type ConnectFloor, describedContact, FloorWatch, type FloorWatchOptions } from "./connect-queues.ts";
import { type ConnectRoster, type ConnectStorage, type ConnectUser, resourceArn } from "./connect-roster.ts";
import { readUserSearch, searchUsers } from "./connect-user-search.ts";
import { readJson } from "./json-service.ts";
import { type LocalService, ServiceError, startService } from "./service.ts";

/** Amazon Connect's API on loopback, with the operations that the functions call. The caller owns the roster and the contacts. */
export interface LocalConnect extends LocalService {
  /** Read at every request, so it may be changed or replaced at any time. */
  roster: ConnectRoster;
  /** Contact id -> when it was disconnected (epoch ms), null while it goes on. */
  contacts: Map<string, number | null>;
  /** Contact id -> its times (epoch ms). Only contacts that are listed here have any. */
  contactTimes: Map<string, ContactTimes>;
  /** Contact id -> its recordings, in the form of the API. */
  recordings: Map<string, readonly object[]>;
  /** What Contact Lens found in chats. */
  chatAnalyses: Map<string, readonly object[] | "voice">;
  /** Sets who waits in the queues now. Without it, nobody does. */
  watchFloor(floor: ConnectFloor, options?: FloorWatchOptions): void;
  /** What supervisors do. */
  actions: ActionState;
  /** Names of operations that the caller may not use. */
  denied: Set<string>;
  /** Returns the names of the operations that were served or refused, in order; a throttled request is not among them. */
  operations(): string[];
  /** Returns how many requests were served and how many were throttled. */
  requests(): { served: number; throttled: number };
}

/** When a contact began, and when an agent joined; null before. */
export interface ContactTimes {
  initiatedAt: number;
  connectedToAgentAt: number | null;
}

export interface ConnectOptions {
  roster: ConnectRoster;
  /** The limit for each operation. AWS allows 2. */
  requestsPerSecond?: number;
  /** The burst for each operation. AWS allows 5. */
  burst?: number;
  /** Serves every request, for tests that are about something else. */
  unlimited?: boolean;
}

const REQUESTS_PER_SECOND = 2;
const BURST = 5;
/** Bounds the memory of a demo that runs for a day. */
const MAX_OPERATIONS = 1000;

interface Call extends ListCall {
  contacts: ReadonlyMap<string, number | null>;
  contactTimes: ReadonlyMap<string, ContactTimes>;
  recordings: ReadonlyMap<string, readonly object[]>;
  chatAnalyses: ChatAnalyses;
  floor: FloorWatch;
  metricData: CurrentMetricData;
  actions: ActionState;
}

interface Route {
  name: string;
  method: string;
  /** Group 1 is the instance, group 2 the user. */
  path: RegExp;
  answer: (call: Call) => object;
  /** Requests per second and burst, where they differ from the usual ones. */
  limit?: { requestsPerSecond: number; burst: number };
}

/** Service quotas of Amazon Connect, "DescribeContact" and "GetCurrentMetricData" (read 2026-11-25). */
const DESCRIBE_CONTACT_LIMIT = { requestsPerSecond: 10, burst: 15 };
const METRIC_DATA_LIMIT = { requestsPerSecond: 5, burst: 8 };
const EMPTY_FLOOR: ConnectFloor = {
  waitingNow: () => [],
  scheduledNow: () => [],
  agentsByQueue: () => [],
  findContact: () => null,
};

const ROUTES: readonly Route[] = [
  ...ACTION_ROUTES,
  { name: "GetCurrentUserData", method: "POST", path: /^\/metrics\/userdata\/([^/]+)$/, answer: getCurrentUserData },
  { name: "SearchUsers", method: "POST", path: /^\/search-users()$/, answer: search },
  { name: "ListUsers", method: "GET", path: /^\/users-summary\/([^/]+)$/, answer: listUsers },
  { name: "DescribeUser", method: "GET", path: /^\/users\/([^/]+)\/([^/]+)$/, answer: describeUser },
  {
    name: "DescribeContact",
    method: "GET",
    path: /^\/contacts\/([^/]+)\/([^/]+)$/,
    answer: describeContact,
    limit: DESCRIBE_CONTACT_LIMIT,
  },
  { name: "ListAgentStatuses", method: "GET", path: /^\/agent-status\/([^/]+)$/, answer: listAgentStatuses },
  { name: "ListRoutingProfiles", method: "GET", path: /^\/routing-profiles-summary\/([^/]+)$/, answer: listRoutingProfiles },
  {
    name: "ListRoutingProfileQueues",
    method: "GET",
    path: /^\/routing-profiles\/([^/]+)\/([^/]+)\/queues$/,
    answer: listProfileQueues,
  },
  {
    name: "GetCurrentMetricData",
    method: "POST",
    path: /^\/metrics\/current\/([^/]+)$/,
    answer: getCurrentMetricData,
    limit: METRIC_DATA_LIMIT,
  },
  { name: "ListQueues", method: "GET", path: /^\/queues-summary\/([^/]+)$/, answer: listQueues },
  {
    name: "ListUserHierarchyGroups",
    method: "GET",
    path: /^\/user-hierarchy-groups-summary\/([^/]+)$/,
    answer: listHierarchyGroups,
  },
  {
    name: "ListRealtimeContactAnalysisSegmentsV2",
    method: "POST",
    path: /^\/contact\/list-real-time-analysis-segments-v2\/([^/]+)\/([^/]+)$/,
    answer: ({ chatAnalyses, id, request }) => listChatSegments(chatAnalyses, id, readJson(request)),
  },
  {
    name: "ListInstanceStorageConfigs",
    method: "GET",
    path: /^\/instance\/([^/]+)\/storage-configs$/,
    answer: listStorageConfigs,
  },
];

export async function startConnect(options: ConnectOptions): Promise<LocalConnect> {
  const usual = { requestsPerSecond: options.requestsPerSecond ?? REQUESTS_PER_SECOND, burst: options.burst ?? BURST };
  const buckets = new Map<string, { tokens: number; at: number }>();
  const count = { served: 0, throttled: 0 };
  const operations: string[] = [];
  const metricData = new CurrentMetricData();
  let floor = new FloorWatch(EMPTY_FLOOR);

  /** Keeps one token bucket for each operation, as AWS does. */
  const throttle = ({ name, limit: { requestsPerSecond, burst } = usual }: Route): void => {
    const now = performance.now();
    const bucket = buckets.get(name) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * requestsPerSecond);
    buckets.set(name, { tokens: tokens < 1 ? tokens : tokens - 1, at: now });
    if (tokens >= 1) return;
    count.throttled += 1;
    throw new ServiceError(429, "ThrottlingException", "Rate exceeded");
  };

  const service = await startService({
    serve: (request) => {
      for (const route of ROUTES) {
        const match = request.method === route.method ? route.path.exec(request.url.pathname) : null;
        if (match === null) continue;
        if (options.unlimited !== true) throttle(route);
        operations.push(route.name);
        if (operations.length > MAX_OPERATIONS) operations.shift();
        if (connect.denied.has(route.name)) {
          throw new ServiceError(403, "AccessDeniedException", `The caller may not perform connect:${route.name}.`);
        }
        const instance =
          decodeURIComponent(match[1] ?? "")
            .split("/")
            .at(-1) ?? "";
        if (instance !== "") checkInstance(connect.roster, instance);
        const id = decodeURIComponent(match[2] ?? "");
        const answer = route.answer({ ...connect, id, floor, metricData, request });
        count.served += 1;
        return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(answer) };
      }
      throw new ServiceError(404, "UnknownOperationException", "The stand-in has no such operation.");
    },
  });
  const connect: LocalConnect = {
    ...service,
    roster: options.roster,
    contacts: new Map(),
    contactTimes: new Map(),
    recordings: new Map(),
    chatAnalyses: new Map(),
    watchFloor: (watched, floorOptions) => {
      floor.close();
      floor = new FloorWatch(watched, floorOptions);
    },
    actions: new ActionState(),
    denied: new Set(),
    operations: () => [...operations],
    requests: () => ({ ...count }),
    close: () => {
      floor.close();
      return service.close();
    },
  };
  return connect;
}

function getCurrentUserData({ roster, request }: Call): object {
  const { filters, maxResults, nextToken } = readCurrentUserQuery(readJson(request));
  const { page, next, total } = pageOf(currentUsers(roster, filters), maxResults, nextToken);
  return { UserDataList: page.map((user) => userData(roster, user)), ApproximateTotalCount: total, ...next };
}

function search({ roster, request }: Call): object {
  const { instanceId, maxResults, nextToken, criteria } = readUserSearch(readJson(request));
  checkInstance(roster, instanceId);
  const { page, next, total } = pageOf(searchUsers(roster, criteria), maxResults, nextToken);
  return { Users: page, ApproximateTotalCount: total, ...next };
}

function describeUser({ id, roster }: Call): object {
  const user = roster.users.find((entry) => entry.id === id);
  if (user === undefined) throw new ServiceError(404, "ResourceNotFoundException", "The specified user does not exist.");
  return { User: describe(roster.instanceId, user) };
}

function describe(instanceId: string, user: ConnectUser): object {
  return {
    Id: user.id,
    Arn: resourceArn(instanceId, "agent", user.id),
    Username: user.username,
    IdentityInfo: { FirstName: user.firstName, LastName: user.lastName },
    PhoneConfig: { PhoneType: "SOFT_PHONE", AutoAccept: false, AfterContactWorkTimeLimit: 0 },
    RoutingProfileId: user.routingProfileId,
    ...(user.hierarchyGroupId ? { HierarchyGroupId: user.hierarchyGroupId } : {}),
    Tags: user.tags ?? {},
  };
}

/**
 * A contact without a DisconnectTimestamp goes on, and one without AgentInfo waits (API reference, DescribeContact, read 2026-11-26).
 * Times are epoch seconds on the wire.
 */
function describeContact({ id, roster, contacts, contactTimes, recordings, floor }: Call): object {
  const arn = `arn:aws:connect:us-east-1:111122223333:instance/${roster.instanceId}/contact/${id}`;
  const onFloor = floor.findContact(id);
  if (onFloor !== null) return { Contact: describedContact(arn, onFloor) };
  const disconnectedAt = contacts.get(id);
  if (disconnectedAt === undefined) throw new ServiceError(404, "ResourceNotFoundException", "The contact does not exist.");
  return {
    Contact: {
      Arn: arn,
      Id: id,
      Channel: "VOICE",
      ...timesOf(contactTimes.get(id)),
      ...(recordings.has(id) && { Recordings: recordings.get(id) }),
      ...(disconnectedAt === null ? {} : { DisconnectTimestamp: disconnectedAt / 1000 }),
    },
  };
}

function timesOf(times: ContactTimes | undefined): object {
  if (times === undefined) return {};
  const { initiatedAt, connectedToAgentAt } = times;
  const agent = { AgentInfo: { Id: "agent", ConnectedToAgentTimestamp: (connectedToAgentAt ?? 0) / 1000 } };
  return { InitiationTimestamp: initiatedAt / 1000, ...(connectedToAgentAt !== null && agent) };
}

function getCurrentMetricData({ roster, floor, metricData, request }: Call): object {
  const knownQueues = new Set((roster.queues ?? []).map(({ id }) => id));
  return metricData.answer(readJson(request), floor, knownQueues, Date.now());
}

function listStorageConfigs({ roster, request }: Call): object {
  const type = request.url.searchParams.get("resourceType") ?? "";
  if (!/^[A-Z_]+$/.test(type)) throw new ServiceError(400, "InvalidParameterException", "The resource type is missing.");
  const storage = roster.storage?.[type];
  return { StorageConfigs: storage === undefined ? [] : [storageConfig(type, storage)] };
}

function storageConfig(resourceType: string, storage: ConnectStorage): object {
  const association = { AssociationId: `local-${resourceType.toLowerCase()}`, StorageType: storage.type };
  if (storage.type === "KINESIS_STREAM") return { ...association, KinesisStreamConfig: { StreamArn: storage.streamArn } };
  return {
    ...association,
    KinesisVideoStreamConfig: {
      Prefix: storage.prefix,
      RetentionPeriodHours: storage.retentionHours,
      EncryptionConfig: { EncryptionType: "KMS", KeyId: "arn:aws:kms:us-east-1:111122223333:alias/aws/kinesisvideo" },
    },
  };
}

function checkInstance(roster: ConnectRoster, instanceId: string): void {
  if (instanceId === roster.instanceId) return;
  throw new ServiceError(404, "ResourceNotFoundException", "The specified instance does not exist.");
}
