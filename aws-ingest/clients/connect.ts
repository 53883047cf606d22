import {
  ConnectClient,
  GetCurrentUserDataCommand,
  ListAgentStatusesCommand,
  ListQueuesCommand,
  ListRoutingProfilesCommand,
  ListUserHierarchyGroupsCommand,
  SearchUsersCommand,
  type UserData,
  type UserSearchSummary,
} from "@aws-sdk/client-connect";

/** Two requests a second with bursts of five are Connect's limit for most of these, shared with everybody else in the account. */
const MAX_ATTEMPTS = 10;
const REQUEST_TIMEOUT_MS = 10_000;
const LIST_PAGE = 1000;
const SEARCH_PAGE = 500;
const USER_DATA_PAGE = 100;
/** Routing profiles that one GetCurrentUserData may name. */
const PROFILES_PER_REQUEST = 100;
/** A token that never ends is a fault, not a contact center. */
const MAX_PAGES = 1000;

/** A resource of the instance by its id. */
export type Names = ReadonlyMap<string, string>;

export interface ConnectDirectory {
  /** Id -> type (ROUTABLE, CUSTOM, OFFLINE). */
  statusTypes(): Promise<Names>;
  routingProfiles(): Promise<Names>;
  queues(): Promise<Names>;
  hierarchyGroups(): Promise<Names>;
  /** Every user of the instance. */
  users(): Promise<UserSearchSummary[]>;
  /** Everybody signed in, of these routing profiles. */
  currentUsers(routingProfileIds: readonly string[]): Promise<UserData[]>;
  close(): void;
}

/** Amazon Connect's API, every list to its last page; throttled requests are repeated with growing pauses. @throws the SDK's errors */
export function openConnect(instanceId: string): ConnectDirectory {
  const client = new ConnectClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  const list = { InstanceId: instanceId, MaxResults: LIST_PAGE };
  return {
    async statusTypes() {
      const rows = await allPages(async (NextToken) => {
        const page = await client.send(new ListAgentStatusesCommand({ ...list, NextToken }));
        return { rows: page.AgentStatusSummaryList, next: page.NextToken };
      });
      return new Map(rows.map((row) => [row.Id ?? "", row.Type ?? ""]));
    },
    async routingProfiles() {
      const rows = await allPages(async (NextToken) => {
        const page = await client.send(new ListRoutingProfilesCommand({ ...list, NextToken }));
        return { rows: page.RoutingProfileSummaryList, next: page.NextToken };
      });
      return namesOf(rows);
    },
    async queues() {
      const rows = await allPages(async (NextToken) => {
        const page = await client.send(new ListQueuesCommand({ ...list, NextToken, QueueTypes: ["STANDARD"] }));
        return { rows: page.QueueSummaryList, next: page.NextToken };
      });
      return namesOf(rows);
    },
    async hierarchyGroups() {
      const rows = await allPages(async (NextToken) => {
        const page = await client.send(new ListUserHierarchyGroupsCommand({ ...list, NextToken }));
        return { rows: page.UserHierarchyGroupSummaryList, next: page.NextToken };
      });
      return namesOf(rows);
    },
    users: () =>
      allPages(async (NextToken) => {
        const page = await client.send(new SearchUsersCommand({ InstanceId: instanceId, MaxResults: SEARCH_PAGE, NextToken }));
        return { rows: page.Users, next: page.NextToken };
      }),
    async currentUsers(routingProfileIds) {
      const users = new Map<string, UserData>();
      for (let from = 0; from < routingProfileIds.length; from += PROFILES_PER_REQUEST) {
        const Filters = { RoutingProfiles: routingProfileIds.slice(from, from + PROFILES_PER_REQUEST) };
        const rows = await allPages(async (NextToken) => {
          const request = { InstanceId: instanceId, Filters, MaxResults: USER_DATA_PAGE, NextToken };
          const page = await client.send(new GetCurrentUserDataCommand(request));
          return { rows: page.UserDataList, next: page.NextToken };
        });
        for (const row of rows) users.set(row.User?.Id ?? "", row);
      }
      return [...users.values()];
    },
    close: () => client.destroy(),
  };
}

async function allPages<Row>(
  page: (token: string | undefined) => Promise<{ rows: Row[] | undefined; next: string | undefined }>,
): Promise<Row[]> {
  const all: Row[] = [];
  let token: string | undefined;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const { rows = [], next } = await page(token);
    all.push(...rows);
    if (!next) return all;
    token = next;
  }
  throw new Error("A list of Amazon Connect does not end.");
}

function namesOf(rows: readonly { Id?: string | undefined; Name?: string | undefined }[]): Names {
  return new Map(rows.map((row) => [row.Id ?? "", row.Name ?? ""]));
}
