import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { FloorSample, FloorWatch } from "./connect-queues.ts";
import { readInput } from "./json-service.ts";
import { ServiceError } from "./service.ts";

/**
 * GetCurrentMetricData with the metrics of queues (API reference, read 2026-11-26). Filters by routing profile, agent status and
 * routing step are left out, because nothing here asks for them.
 */

const CHANNELS = ["VOICE", "CHAT", "TASK"];
const METRICS = [
  ...["AGENTS_ONLINE", "AGENTS_STAFFED", "AGENTS_AVAILABLE"],
  ...["CONTACTS_IN_QUEUE", "OLDEST_CONTACT_AGE", "CONTACTS_SCHEDULED", "ESTIMATED_WAIT_TIME"],
];
const requestSchema = v.object({
  Filters: v.object({
    Queues: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(100)),
    Channels: v.optional(v.pipe(v.array(v.picklist(CHANNELS)), v.minLength(1), v.maxLength(3))),
  }),
  Groupings: v.optional(v.pipe(v.array(v.picklist(["QUEUE", "CHANNEL"])), v.maxLength(2)), []),
  CurrentMetrics: v.pipe(
    v.array(v.object({ Name: v.picklist(METRICS), Unit: v.optional(v.string()) })),
    v.minLength(1),
    v.maxLength(100),
  ),
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 100),
  NextToken: v.optional(v.string()),
});
type MetricRequest = v.InferOutput<typeof requestSchema>;

/** A token is of no use after this. */
const TOKEN_EXPIRES_MS = 5 * 60_000;

interface Answer {
  rows: object[];
  /** The request without its token, because the requests of one chain have to be equal. */
  request: string;
  takenAt: number;
}

/** Answers GetCurrentMetricData. All pages of one answer are of one moment. */
export class CurrentMetricData {
  readonly #answers = new Map<string, Answer>();

  /** @throws ServiceError for a request that Amazon Connect refuses */
  answer(input: unknown, floor: FloorWatch, knownQueues: ReadonlySet<string>, now: number): object {
    const request = readInput(requestSchema, input, "InvalidParameterException");
    const { NextToken: token, ...rest } = request;
    const asked = JSON.stringify(rest);
    const [id = "", from = "0"] = token?.split(".") ?? [];
    const known = this.#answers.get(id);
    if (token !== undefined && (known === undefined || known.request !== asked || now > known.takenAt + TOKEN_EXPIRES_MS)) {
      throw new ServiceError(400, "InvalidParameterException", "The next token is not valid for this request.");
    }
    const answer = known ?? { rows: rowsOf(request, floor.delayed(now), knownQueues, now), request: asked, takenAt: now };
    const first = Number(from);
    const end = first + request.MaxResults;
    const next = end < answer.rows.length ? (token === undefined ? randomUUID() : id) : null;
    if (next !== null) this.#answers.set(next, answer);
    for (const [key, { takenAt }] of this.#answers) if (now > takenAt + TOKEN_EXPIRES_MS) this.#answers.delete(key);
    return {
      MetricResults: answer.rows.slice(first, end),
      DataSnapshotTime: answer.takenAt / 1000,
      ApproximateTotalCount: answer.rows.length,
      ...(next !== null && { NextToken: `${next}.${end}` }),
    };
  }
}

function rowsOf(request: MetricRequest, sample: FloorSample, knownQueues: ReadonlySet<string>, now: number): object[] {
  const { Groupings, Filters } = request;
  const byQueue = Groupings.includes("QUEUE");
  const byChannel = Groupings.includes("CHANNEL");
  if (byChannel && Filters.Channels === undefined) refuse("Grouping by CHANNEL needs a filter of channels.");
  const wantsEstimate = request.CurrentMetrics.some(({ Name }) => Name === "ESTIMATED_WAIT_TIME");
  if (wantsEstimate && !(byQueue && byChannel)) refuse("ESTIMATED_WAIT_TIME needs filters and groupings of QUEUE and CHANNEL.");
  const queues = Filters.Queues.map((entry) => entry.slice(entry.lastIndexOf("/") + 1));
  if (queues.some((queue) => !knownQueues.has(queue))) {
    throw new ServiceError(404, "ResourceNotFoundException", "A queue of the filter does not exist.");
  }
  const channels = Filters.Channels ?? [...CHANNELS, "EMAIL"];
  const rows = (byQueue ? queues.map((queue) => [queue]) : [queues]).flatMap((group) =>
    (byChannel ? channels.map((channel) => [channel]) : [channels]).map((those) => ({ queues: group, channels: those })),
  );
  return rows.flatMap((row) => {
    const part = partOf(sample, row.queues, row.channels);
    // A queue without agents and contacts has no row.
    if (part.agents.every(({ online }) => online === 0) && part.waiting.length + part.scheduled.length === 0) return [];
    const dimensions = {
      ...(byQueue && { Queue: { Id: row.queues[0], Arn: `arn:aws:connect:us-east-1:111122223333:queue/${row.queues[0]}` } }),
      ...(byChannel && { Channel: row.channels[0] }),
    };
    const grouped = byQueue || byChannel;
    return [
      {
        Dimensions: dimensions,
        Collections: request.CurrentMetrics.map((metric) => {
          const value = valueOfMetric(metric.Name, part, grouped, now);
          return { Metric: metric, ...(value === null ? {} : { Value: value }) };
        }),
      },
    ];
  });
}

function partOf({ waiting, scheduled, agents }: FloorSample, queues: readonly string[], channels: readonly string[]) {
  const isHere = (entry: { queueId: string; channel: string }) =>
    queues.includes(entry.queueId) && channels.includes(entry.channel);
  return {
    waiting: waiting.filter(isHere),
    scheduled: scheduled.filter(isHere),
    agents: agents.filter(({ queueId }) => queues.includes(queueId)),
  };
}

/** Returns null for a figure that cannot be computed. The age is milliseconds without groups, although its unit says seconds. */
function valueOfMetric(name: string, { waiting, scheduled, agents }: ReturnType<typeof partOf>, grouped: boolean, now: number) {
  switch (name) {
    case "CONTACTS_IN_QUEUE":
      return waiting.length;
    case "CONTACTS_SCHEDULED":
      return scheduled.length;
    case "OLDEST_CONTACT_AGE": {
      const ages = waiting.map(({ enqueuedAt }) => now - enqueuedAt);
      if (ages.length === 0) return null;
      return grouped ? Math.round(Math.max(...ages) / 1000) : Math.max(...ages);
    }
    case "ESTIMATED_WAIT_TIME":
      return estimateOf(waiting.length, agents);
    case "AGENTS_STAFFED":
      return sumOf(agents.map(({ staffed }) => staffed));
    case "AGENTS_AVAILABLE":
      return sumOf(agents.map(({ available }) => available));
    default:
      return sumOf(agents.map(({ online }) => online));
  }
}

/** Contacts of this length pass through a queue. Amazon Connect does not say how it computes its estimate. */
const HANDLED_IN_SECONDS = 90;

function estimateOf(waiting: number, agents: readonly { staffed: number; available: number }[]): number | null {
  const staffed = sumOf(agents.map((entry) => entry.staffed));
  if (staffed === 0) return null;
  return Math.round((waiting * HANDLED_IN_SECONDS) / staffed);
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function refuse(message: string): never {
  throw new ServiceError(400, "InvalidParameterException", message);
}
