import {
  ConnectClient,
  type CurrentMetric,
  type CurrentMetricResult,
  DescribeContactCommand,
  type Filters,
  GetCurrentMetricDataCommand,
  type GetCurrentMetricDataRequest,
  InvalidParameterException,
  InvalidRequestException,
  ListQueuesCommand,
  ListRoutingProfileQueuesCommand,
  ListRoutingProfilesCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-connect";
import type { DescribedContact } from "../connect/described-contact.ts";
import { timeOrNull } from "../connect/foreign-values.ts";
import type { ProfileQueue } from "../connect/queue-directory.ts";
import { RequestRate } from "./request-rate.ts";

/** The SDK repeats a throttled request after growing pauses. */
const MAX_ATTEMPTS = 6;
const REQUEST_TIMEOUT_MS = 10_000;
/**
 * GetCurrentMetricData takes five requests a second with bursts of eight from the whole account, the others ten (Service quotas,
 * L-ED2B0490 and "ListQueues", read 2026-11-25). Wallboards of other hands use the same quota.
 */
const REQUESTS_PER_SECOND = 4;
const BURST = 4;
/** The largest pages that the operations allow. */
const LIST_PAGE = 1000;
const PROFILE_QUEUES_PAGE = 100;
const FIGURES_PAGE = 100;
/** One GetCurrentMetricData may name this many queues. */
const QUEUES_PER_REQUEST = 100;
/** The operation has no figures of e-mails (API reference, GetCurrentMetricData, "Filters", read 2026-11-26). */
const CHANNELS = ["VOICE", "CHAT", "TASK"] as const;
/** No instance has this many pages, so more of them are a fault of the service. */
const MAX_PAGES = 1000;

const AGENT_FIGURES: readonly CurrentMetric[] = [
  { Name: "AGENTS_STAFFED", Unit: "COUNT" },
  { Name: "AGENTS_AVAILABLE", Unit: "COUNT" },
];
const CONTACT_FIGURES: readonly CurrentMetric[] = [
  { Name: "CONTACTS_IN_QUEUE", Unit: "COUNT" },
  { Name: "OLDEST_CONTACT_AGE", Unit: "SECONDS" },
  { Name: "CONTACTS_SCHEDULED", Unit: "COUNT" },
];
const ESTIMATE: CurrentMetric = { Name: "ESTIMATED_WAIT_TIME", Unit: "SECONDS" };

type FigureRequest = Pick<GetCurrentMetricDataRequest, "Groupings" | "CurrentMetrics">;

/** The figures of some queues, and when the oldest of them were taken (epoch ms). */
export interface QueueReading {
  rows: CurrentMetricResult[];
  takenAt: number;
}

export interface ConnectQueues {
  /** Returns the standard queues of the instance: id -> name. */
  queueNames(): Promise<Map<string, string>>;
  /** Returns the routing profiles of the instance: id -> name. */
  profileNames(): Promise<Map<string, string>>;
  /** Returns the queues that a routing profile serves, each once. */
  profileQueues(profileId: string): Promise<ProfileQueue[]>;
  /** Returns how many agents each queue has: one row per queue. */
  agentFigures(queueIds: readonly string[]): Promise<QueueReading>;
  /** Returns who waits in each queue: one row per queue and channel. Their ages are seconds, because the rows are grouped. */
  contactFigures(queueIds: readonly string[]): Promise<QueueReading>;
  /** Returns a contact, or null only if Amazon Connect answers that there is none. */
  describeContact(contactId: string): Promise<DescribedContact | null>;
  close(): void;
}

/** Set when Amazon Connect has refused the estimate beside other figures. This container leaves it out from then on. */
let estimateRefused = false;

/**
 * Opens Amazon Connect for questions about the queues of one instance. Each method reads to the last page.
 * @param timeUp when it aborts, no further request is sent
 * @throws the SDK's errors after its own retries, or Error for a list without an end
 */
export function openConnectQueues(instanceId: string, timeUp: AbortSignal): ConnectQueues {
  const client = new ConnectClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  const rate = new RequestRate(REQUESTS_PER_SECOND, BURST);
  const abort = { abortSignal: timeUp };
  const lists = { InstanceId: instanceId, MaxResults: LIST_PAGE };
  const allPages = <Page extends { NextToken?: string | undefined }>(send: (token: object) => Promise<Page>) =>
    collectPages(async (token) => {
      await rate.permit(timeUp);
      return send(token === undefined ? {} : { NextToken: token });
    });

  /** Asks for the figures of at most 100 queues at a time. All pages of one answer repeat the same request. */
  const figures = async (queueIds: readonly string[], channels: Filters, request: FigureRequest) => {
    const reading: QueueReading = { rows: [], takenAt: Date.now() };
    for (let from = 0; from < queueIds.length; from += QUEUES_PER_REQUEST) {
      const filters = { Queues: queueIds.slice(from, from + QUEUES_PER_REQUEST), ...channels };
      const whole = { InstanceId: instanceId, Filters: filters, ...request, MaxResults: FIGURES_PAGE };
      const pages = await allPages((token) => client.send(new GetCurrentMetricDataCommand({ ...whole, ...token }), abort));
      for (const { MetricResults = [], DataSnapshotTime } of pages) {
        reading.rows.push(...MetricResults);
        reading.takenAt = Math.min(reading.takenAt, timeOrNull(DataSnapshotTime) ?? reading.takenAt);
      }
    }
    return reading;
  };
  return {
    async queueNames() {
      const standard = { ...lists, QueueTypes: ["STANDARD" as const] };
      const pages = await allPages((token) => client.send(new ListQueuesCommand({ ...standard, ...token }), abort));
      return namesOf(pages.flatMap((page) => page.QueueSummaryList ?? []));
    },
    async profileNames() {
      const pages = await allPages((token) => client.send(new ListRoutingProfilesCommand({ ...lists, ...token }), abort));
      return namesOf(pages.flatMap((page) => page.RoutingProfileSummaryList ?? []));
    },
    async profileQueues(profileId) {
      const profile = { InstanceId: instanceId, RoutingProfileId: profileId, MaxResults: PROFILE_QUEUES_PAGE };
      const pages = await allPages((token) => client.send(new ListRoutingProfileQueuesCommand({ ...profile, ...token }), abort));
      // The list has a row for each channel of a queue.
      const queues = new Map(
        pages
          .flatMap((page) => page.RoutingProfileQueueConfigSummaryList ?? [])
          .map((row) => [row.QueueId ?? "", row.QueueName ?? ""]),
      );
      return [...queues].filter(([id]) => id !== "").map(([id, name]) => ({ id, name }));
    },
    // Without a filter of channels, because that would leave out agents who serve other ones.
    agentFigures: (queueIds) => figures(queueIds, {}, { Groupings: ["QUEUE"], CurrentMetrics: [...AGENT_FIGURES] }),
    async contactFigures(queueIds) {
      const ask = (more: readonly CurrentMetric[]) =>
        figures(
          queueIds,
          { Channels: [...CHANNELS] },
          { Groupings: ["QUEUE", "CHANNEL"], CurrentMetrics: [...CONTACT_FIGURES, ...more] },
        );
      if (estimateRefused) return ask([]);
      try {
        return await ask([ESTIMATE]);
      } catch (error) {
        if (!(error instanceof InvalidParameterException || error instanceof InvalidRequestException)) throw error;
        const without = await ask([]);
        estimateRefused = true;
        return without;
      }
    },
    async describeContact(contactId) {
      await rate.permit(timeUp);
      try {
        const command = new DescribeContactCommand({ InstanceId: instanceId, ContactId: contactId });
        return (await client.send(command, abort)).Contact ?? {};
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return null;
        throw error;
      }
    },
    close: () => client.destroy(),
  };
}

async function collectPages<Page extends { NextToken?: string | undefined }>(
  read: (token: string | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let token: string | undefined; pages.length < MAX_PAGES; ) {
    const page = await read(token);
    pages.push(page);
    token = page.NextToken;
    if (!token) return pages;
  }
  throw new Error(`A list of Amazon Connect has more than ${MAX_PAGES} pages; the reading of the queues stops.`);
}

function namesOf(rows: readonly { Id?: string | undefined; Name?: string | undefined }[]): Map<string, string> {
  return new Map(rows.filter(({ Id }) => Id).map((row) => [row.Id ?? "", row.Name ?? ""]));
}
