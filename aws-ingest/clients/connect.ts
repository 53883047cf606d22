import {
  ConnectClient,
  DescribeUserCommand,
  paginateGetCurrentUserData,
  paginateListAgentStatuses,
  paginateListQueues,
  paginateListRoutingProfiles,
  paginateListUserHierarchyGroups,
  paginateSearchUsers,
  ResourceNotFoundException,
  type UserData,
  type UserSearchSummary,
} from "@aws-sdk/client-connect";

/** Connect allows two requests a second, with bursts of five, for most of these. All callers of the account share that limit. */
const MAX_ATTEMPTS = 10;
const REQUEST_TIMEOUT_MS = 10_000;
/** The largest pages that the operations allow. */
const LIST_PAGE = 1000;
const SEARCH_PAGE = 500;
const USER_DATA_PAGE = 100;
/** One GetCurrentUserData may name this many routing profiles. */
const PROFILES_PER_REQUEST = 100;
/** No contact center has this many pages, so more of them are a fault of the service. */
const MAX_PAGES = 1000;

/** Id of a resource of the instance -> its name. */
export type Names = ReadonlyMap<string, string>;

export interface ConnectDirectory {
  /** Id -> type (ROUTABLE, CUSTOM, OFFLINE). */
  statusTypes(): Promise<Names>;
  routingProfiles(): Promise<Names>;
  queues(): Promise<Names>;
  hierarchyGroups(): Promise<Names>;
  /** Returns every user of the instance. */
  users(): Promise<UserSearchSummary[]>;
  /** Returns every signed-in user of these routing profiles. */
  currentUsers(routingProfileIds: readonly string[]): Promise<UserData[]>;
  /** Returns false only if Amazon Connect answers that there is no such user. */
  userExists(userId: string): Promise<boolean>;
  close(): void;
}

/**
 * Opens Amazon Connect's API for one instance. Each method reads its list to the last page. The SDK repeats a throttled request
 * after growing pauses.
 * @param timeUp when it aborts, no further page is read
 * @throws the SDK's errors after its own retries, or Error for a list without an end or when the time is up
 */
export function openConnect(instanceId: string, timeUp: AbortSignal): ConnectDirectory {
  const client = new ConnectClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  // A new object for each list, because the SDK's paginators write the token and the page size into their input.
  const input = () => ({ InstanceId: instanceId });
  const lists = { client, pageSize: LIST_PAGE };
  const rowsOf = <Page, Row>(pages: AsyncIterable<Page>, rowsIn: (page: Page) => Row[] | undefined) =>
    collectRows(pages, rowsIn, timeUp);
  return {
    async statusTypes() {
      const rows = await rowsOf(paginateListAgentStatuses(lists, input()), (page) => page.AgentStatusSummaryList);
      return new Map(rows.map((row) => [row.Id ?? "", row.Type ?? ""]));
    },
    async routingProfiles() {
      return namesOf(await rowsOf(paginateListRoutingProfiles(lists, input()), (page) => page.RoutingProfileSummaryList));
    },
    async queues() {
      const standard = { ...input(), QueueTypes: ["STANDARD" as const] };
      return namesOf(await rowsOf(paginateListQueues(lists, standard), (page) => page.QueueSummaryList));
    },
    async hierarchyGroups() {
      const pages = paginateListUserHierarchyGroups(lists, input());
      return namesOf(await rowsOf(pages, (page) => page.UserHierarchyGroupSummaryList));
    },
    users: () => rowsOf(paginateSearchUsers({ client, pageSize: SEARCH_PAGE }, input()), (page) => page.Users),
    async currentUsers(routingProfileIds) {
      const users = new Map<string, UserData>();
      for (let from = 0; from < routingProfileIds.length; from += PROFILES_PER_REQUEST) {
        const Filters = { RoutingProfiles: routingProfileIds.slice(from, from + PROFILES_PER_REQUEST) };
        const pages = paginateGetCurrentUserData({ client, pageSize: USER_DATA_PAGE }, { ...input(), Filters });
        for (const row of await rowsOf(pages, (page) => page.UserDataList)) users.set(row.User?.Id ?? "", row);
      }
      return [...users.values()];
    },
    async userExists(userId) {
      try {
        await client.send(new DescribeUserCommand({ ...input(), UserId: userId }));
        return true;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return false;
        throw error;
      }
    },
    close: () => client.destroy(),
  };
}

/** Collects the rows of all pages, in order. */
async function collectRows<Page, Row>(
  pages: AsyncIterable<Page>,
  rowsIn: (page: Page) => Row[] | undefined,
  timeUp: AbortSignal,
): Promise<Row[]> {
  const rows: Row[] = [];
  let count = 0;
  for await (const page of pages) {
    count += 1;
    if (timeUp.aborted)
      throw new Error(
        "Amazon Connect's lists take longer than this function may run. Set reconcileMinutes to a larger number and deploy again.",
      );
    if (count > MAX_PAGES)
      throw new Error(`A list of Amazon Connect has more than ${MAX_PAGES} pages; the reconciliation stops.`);
    rows.push(...(rowsIn(page) ?? []));
  }
  return rows;
}

function namesOf(rows: readonly { Id?: string | undefined; Name?: string | undefined }[]): Names {
  return new Map(rows.map((row) => [row.Id ?? "", row.Name ?? ""]));
}
