import { type ChatAnalyses, listChatSegments } from "./connect-chat-analysis.ts";
import { currentUsers, readCurrentUserQuery, userData } from "./connect-current-users.ts";
import { type ConnectRoster, type ConnectStorage, type ConnectUser, type ResourceKind, resourceArn } from "./connect-roster.ts";
import { readUserSearch, searchUsers } from "./connect-user-search.ts";
import { readJson } from "./json-service.ts";
import { type LocalService, ServiceError, type ServiceRequest, startService } from "./service.ts";

/** Amazon Connect's API on loopback, with the operations that the functions call. The caller owns the roster and the contacts. */
export interface LocalConnect extends LocalService {
  /** Read at every request, so it may be changed or replaced at any time. */
  roster: ConnectRoster;
  /** Contact id -> when it was disconnected (epoch ms), null while it goes on. */
  contacts: Map<string, number | null>;
  /** Contact id -> its times (epoch ms). Only contacts that are listed here have any. */
  contactTimes: Map<string, ContactTimes>;
  /** What Contact Lens found in chats. */
  chatAnalyses: Map<string, readonly object[] | "voice">;
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
}

const REQUESTS_PER_SECOND = 2;
const BURST = 5;
/** The largest page of the List… operations. */
const MAX_PAGE = 1000;
const DEFAULT_PAGE = 100;

interface Call {
  /** The second id in the path, for example the user's. */
  id: string;
  roster: ConnectRoster;
  contacts: ReadonlyMap<string, number | null>;
  contactTimes: ReadonlyMap<string, ContactTimes>;
  chatAnalyses: ChatAnalyses;
  request: ServiceRequest;
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

/** Service quotas of Amazon Connect, "DescribeContact" (read 2026-11-25). */
const DESCRIBE_CONTACT_LIMIT = { requestsPerSecond: 10, burst: 15 };

const ROUTES: readonly Route[] = [
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
        throttle(route);
        const instance =
          decodeURIComponent(match[1] ?? "")
            .split("/")
            .at(-1) ?? "";
        if (instance !== "") checkInstance(connect.roster, instance);
        const { roster, contacts, contactTimes, chatAnalyses } = connect;
        const id = decodeURIComponent(match[2] ?? "");
        const answer = route.answer({ id, roster, contacts, contactTimes, chatAnalyses, request });
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
    chatAnalyses: new Map(),
    requests: () => ({ ...count }),
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

function listUsers({ roster, request }: Call): object {
  const users = roster.users.map(({ id, username }) => ({
    Id: id,
    Arn: resourceArn(roster.instanceId, "agent", id),
    Username: username,
  }));
  const { page, next } = listPage(users, request.url.searchParams);
  return { UserSummaryList: page, ...next };
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
function describeContact({ id, roster, contacts, contactTimes }: Call): object {
  const disconnectedAt = contacts.get(id);
  if (disconnectedAt === undefined) throw new ServiceError(404, "ResourceNotFoundException", "The contact does not exist.");
  return {
    Contact: {
      Arn: `arn:aws:connect:us-east-1:111122223333:instance/${roster.instanceId}/contact/${id}`,
      Id: id,
      Channel: "VOICE",
      ...timesOf(contactTimes.get(id)),
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

function listAgentStatuses({ roster, request }: Call): object {
  const types = request.url.searchParams.getAll("AgentStatusTypes");
  const statuses = roster.statuses
    .filter((status) => types.length === 0 || types.includes(status.type))
    .map(({ id, name, type }) => ({ Id: id, Arn: resourceArn(roster.instanceId, "agent-state", id), Name: name, Type: type }));
  const { page, next } = listPage(statuses, request.url.searchParams);
  return { AgentStatusSummaryList: page, ...next };
}

function listRoutingProfiles({ roster, request }: Call): object {
  const { page, next } = listPage(summaries(roster, "routing-profile", roster.routingProfiles), request.url.searchParams);
  return { RoutingProfileSummaryList: page, ...next };
}

/** Lists standard queues only, because an agent's own queue (AGENT) has no name. */
function listQueues({ roster, request }: Call): object {
  const types = request.url.searchParams.getAll("queueTypes");
  const queues = types.length > 0 && !types.includes("STANDARD") ? [] : (roster.queues ?? []);
  const rows = summaries(roster, "queue", queues).map((row) => ({ ...row, QueueType: "STANDARD" }));
  const { page, next } = listPage(rows, request.url.searchParams);
  return { QueueSummaryList: page, ...next };
}

function listHierarchyGroups({ roster, request }: Call): object {
  const rows = summaries(roster, "agent-group", roster.hierarchyGroups ?? []);
  const { page, next } = listPage(rows, request.url.searchParams);
  return { UserHierarchyGroupSummaryList: page, ...next };
}

function summaries(roster: ConnectRoster, kind: ResourceKind, resources: readonly { id: string; name: string }[]) {
  return resources.map(({ id, name }) => ({ Id: id, Arn: resourceArn(roster.instanceId, kind, id), Name: name }));
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

function listPage<Entry>(all: readonly Entry[], query: URLSearchParams): { page: Entry[]; next: object } {
  const size = Number(query.get("maxResults") ?? DEFAULT_PAGE);
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE) {
    throw new ServiceError(400, "InvalidParameterException", `maxResults must be 1 to ${MAX_PAGE}.`);
  }
  return pageOf(all, size, query.get("nextToken") ?? undefined);
}

function pageOf<Entry>(
  all: readonly Entry[],
  size: number,
  token: string | undefined,
): { page: Entry[]; next: { NextToken?: string }; total: number } {
  const from =
    token === undefined ? 0 : Number(/^from-(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw new ServiceError(400, "InvalidParameterException", "The next token is not valid.");
  const end = from + size;
  const next = end < all.length ? { NextToken: Buffer.from(`from-${end}`).toString("base64url") } : {};
  return { page: all.slice(from, end), next, total: all.length };
}
