import { type ConnectRoster, type ResourceKind, resourceArn } from "./connect-roster.ts";
import { ServiceError, type ServiceRequest } from "./service.ts";

/** The List… operations of Amazon Connect's API. */

/** The largest page of most of them. */
const MAX_PAGE = 1000;
const MAX_PROFILE_QUEUES_PAGE = 100;
const DEFAULT_PAGE = 100;

export interface ListCall {
  /** The second id in the path, for example the routing profile's. */
  id: string;
  roster: ConnectRoster;
  request: ServiceRequest;
}

export function listUsers({ roster, request }: ListCall): object {
  const users = roster.users.map(({ id, username }) => ({
    Id: id,
    Arn: resourceArn(roster.instanceId, "agent", id),
    Username: username,
  }));
  const { page, next } = listPage(users, request.url.searchParams);
  return { UserSummaryList: page, ...next };
}

export function listAgentStatuses({ roster, request }: ListCall): object {
  const types = request.url.searchParams.getAll("AgentStatusTypes");
  const statuses = roster.statuses
    .filter((status) => types.length === 0 || types.includes(status.type))
    .map(({ id, name, type }) => ({ Id: id, Arn: resourceArn(roster.instanceId, "agent-state", id), Name: name, Type: type }));
  const { page, next } = listPage(statuses, request.url.searchParams);
  return { AgentStatusSummaryList: page, ...next };
}

export function listRoutingProfiles({ roster, request }: ListCall): object {
  const { page, next } = listPage(summaries(roster, "routing-profile", roster.routingProfiles), request.url.searchParams);
  return { RoutingProfileSummaryList: page, ...next };
}

/** Lists standard queues only, because an agent's own queue (AGENT) has no name. */
export function listQueues({ roster, request }: ListCall): object {
  const types = request.url.searchParams.getAll("queueTypes");
  const queues = types.length > 0 && !types.includes("STANDARD") ? [] : (roster.queues ?? []);
  const rows = summaries(roster, "queue", queues).map((row) => ({ ...row, QueueType: "STANDARD" }));
  const { page, next } = listPage(rows, request.url.searchParams);
  return { QueueSummaryList: page, ...next };
}

/** Has a row for each channel of a queue. */
export function listProfileQueues({ id, roster, request }: ListCall): object {
  const profile = roster.routingProfiles.find((candidate) => candidate.id === id);
  if (profile === undefined) throw new ServiceError(404, "ResourceNotFoundException", "The routing profile does not exist.");
  const names = new Map((roster.queues ?? []).map((queue) => [queue.id, queue.name]));
  const rows = (profile.queueIds ?? []).flatMap((queueId) =>
    ["VOICE", "CHAT"].map((channel) => ({
      QueueId: queueId,
      QueueArn: resourceArn(roster.instanceId, "queue", queueId),
      QueueName: names.get(queueId) ?? "",
      Priority: 1,
      Delay: 0,
      Channel: channel,
    })),
  );
  const { page, next } = listPage(rows, request.url.searchParams, MAX_PROFILE_QUEUES_PAGE);
  return { RoutingProfileQueueConfigSummaryList: page, ...next };
}

export function listHierarchyGroups({ roster, request }: ListCall): object {
  const rows = summaries(roster, "agent-group", roster.hierarchyGroups ?? []);
  const { page, next } = listPage(rows, request.url.searchParams);
  return { UserHierarchyGroupSummaryList: page, ...next };
}

function summaries(roster: ConnectRoster, kind: ResourceKind, resources: readonly { id: string; name: string }[]) {
  return resources.map(({ id, name }) => ({ Id: id, Arn: resourceArn(roster.instanceId, kind, id), Name: name }));
}

function listPage<Entry>(all: readonly Entry[], query: URLSearchParams, largest = MAX_PAGE): { page: Entry[]; next: object } {
  const size = Number(query.get("maxResults") ?? DEFAULT_PAGE);
  if (!Number.isInteger(size) || size < 1 || size > largest) {
    throw new ServiceError(400, "InvalidParameterException", `maxResults must be 1 to ${largest}.`);
  }
  return pageOf(all, size, query.get("nextToken") ?? undefined);
}

/** Returns one page, and the token of the next. @throws ServiceError for a token that is none */
export function pageOf<Entry>(
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
