import { INCLUDED, type Prices } from "./prices.ts";

/** The work of a contact center in a month. */
export interface Usage {
  agents: number;
  /** The calls of each agent in an hour of work. */
  callsPerHour: number;
  minutesPerCall: number;
  hoursPerDay: number;
  daysPerMonth: number;
  /** The share of calls whose audio is transcribed, 0 to 1. */
  transcribed: number;
  /** The share of the transcribed minutes that Call Analytics listens to, 0 to 1. The standard engine does the others. */
  callAnalytics: number;
  /** The share of the transcribed turns whose sentiment Comprehend decides, 0 to 1. */
  comprehend: number;
  viewers: number;
  /** The days for which recordings are kept. 0 = no recordings. */
  recordingDays: number;
  shards: number;
}

export interface CostLine {
  what: string;
  /** The counted amount, in words. */
  basis: string;
  dollars: number;
}

export interface Estimate {
  aws: CostLine[];
  cloudflare: CostLine[];
  total: number;
  /** The calls at the same time in an average hour of work, to compare with Transcribe's quota of concurrent streams (25). */
  concurrentCalls: number;
}

// The product's work for each call and agent. These are assumptions of the estimate, not settings.
/** The final turns of both speakers in a minute of conversation. Each is one post. */
const TURNS_PER_MINUTE = 10;
/** Comprehend counts at least three units of 100 characters for a text. A turn of six seconds has some 80 characters. */
const COMPREHEND_UNITS_PER_TURN = 3;
/** The call rings, connects, goes on hold, resumes, ends and is cleared. */
const AGENT_EVENTS_PER_CALL = 6;
/** Amazon Connect repeats an idle agent's state every 120 seconds. */
const HEARTBEATS_PER_HOUR = 30;
/** 8 kHz, 16 bit, one track: 0.96 MB. */
const TRACK_GB_PER_MINUTE = 0.00096;
const TRACKS = 2;
/** The memory of the transcriber (infra/call-transcription.ts) and of the other functions. */
const TRANSCRIBER_GB = 1;
const SMALL_FUNCTION_GB = 0.5;
const SMALL_RUN_SECONDS = 0.2;
/** The time from the last word to the end of the function: it waits for more audio and sends the last posts. */
const TAIL_SECONDS = 30;
const LOG_GB_PER_CALL = 20e-6;
const POST_GB = 2e-6;
const RECONCILE_RUNS_PER_HOUR = 12;
const RECONCILE_RUN_SECONDS = 5;
/** A call is queued, answered, ended and completed. Events of AWS services cost nothing in EventBridge. */
const CONTACT_EVENTS_PER_CALL = 4;
const QUEUE_READS_PER_HOUR = 60;
const QUEUE_READ_SECONDS = 1;
const ALARMS = 31;
const CUSTOM_METRICS = 32;
const KEYS = 1;
const HOURS_PER_MONTH = 730;
// The rows of a post: those it writes, measured on the hub's counter (2026-11-23), and those deleted later (id and turn).
const ROWS_PER_TURN = 3 + 2;
/** The agent, the queues that it serves, whose staffing changes with it, the hour of its day, and the post's id. */
const ROWS_PER_AGENT_CHANGE = 4 + 1;
/** An agent's hour is deleted with its day, and an idle agent's is written each ten minutes. */
const ROWS_PER_AGENT_HOUR = 6 + 1;
/** The note on a scored contact and its place in the order of time, written once and deleted once. */
const ROWS_PER_NOTE = 2 + 2;
const ROWS_PER_HEARTBEAT = 1 + 1;
/** Measured with `npm run bench:queues` (2026-11-26). The post's id is deleted later, and the contact once for its four events. */
const ROWS_PER_CONTACT_EVENT = 4 + 1.25;
/** 32 queues share a row, and a center has some fifty. */
const ROWS_PER_QUEUE_READ = 3 + 1;
/** The log behind replay: a line with each change of the board, and its part of the row, which is compressed and deleted later. */
const LOG_ROWS_PER_CHANGE = 1 + 0.1;
const CPU_MS_PER_POST = 5;
/** An object stays awake for a post and the flush after it. */
const AWAKE_SECONDS_PER_POST = 0.2;
const OBJECT_GB = 0.128;
/** The requests of a viewer in a day: connections, tickets, refreshes and watched calls. */
const REQUESTS_PER_VIEWER_DAY = 60;
/** Workers Logs notes each request twice: for the Worker and for the object that it calls. */
const LOG_EVENTS_PER_REQUEST = 2;

/** Besides the one before each turn. A quiet call writes one every 20 s. */
const CHECKPOINTS_PER_MINUTE = 3;
const WATCHDOG_RUNS_PER_HOUR = 60;
/** A list of the day's calls, with a warm container. */
const WATCHDOG_RUN_SECONDS = 0.3;

/** Returns the cost of a whole month at list prices, without AWS's free tier. */
export function estimate(usage: Usage, prices: Prices): Estimate {
  const hours = usage.hoursPerDay * usage.daysPerMonth;
  const calls = usage.agents * usage.callsPerHour * hours;
  const transcribedCalls = calls * usage.transcribed;
  const minutes = transcribedCalls * usage.minutesPerCall;
  const audioGb = minutes * TRACKS * TRACK_GB_PER_MINUTE;
  const turns = minutes * TURNS_PER_MINUTE;
  const agentChanges = calls * AGENT_EVENTS_PER_CALL;
  const heartbeats = usage.agents * hours * HEARTBEATS_PER_HOUR;
  const agentEvents = agentChanges + heartbeats;
  const contactEvents = calls * CONTACT_EVENTS_PER_CALL;
  const queueReads = HOURS_PER_MONTH * QUEUE_READS_PER_HOUR;
  const posts = turns + agentEvents + contactEvents + queueReads;
  const transcriberSeconds = minutes * 60 + transcribedCalls * TAIL_SECONDS;
  const reconcileSeconds = HOURS_PER_MONTH * RECONCILE_RUNS_PER_HOUR * RECONCILE_RUN_SECONDS;
  const watchdogSeconds = HOURS_PER_MONTH * WATCHDOG_RUNS_PER_HOUR * WATCHDOG_RUN_SECONDS;
  const scheduledSeconds = reconcileSeconds + watchdogSeconds + queueReads * QUEUE_READ_SECONDS;
  const smallSeconds = (agentEvents + contactEvents + transcribedCalls) * SMALL_RUN_SECONDS + scheduledSeconds;
  const checkpoints = turns + minutes * CHECKPOINTS_PER_MINUTE;
  const millions = (count: number, price: number, included = 0) => (Math.max(0, count - included) / 1e6) * price;

  const aws: CostLine[] = [
    {
      what: "Transcription: standard",
      basis: `${round(minutes * (1 - usage.callAnalytics))} min of calls`,
      dollars: minutes * (1 - usage.callAnalytics) * prices.transcribeMinute,
    },
    {
      what: "Transcription: Call Analytics",
      basis: `${round(minutes * usage.callAnalytics)} min of calls`,
      dollars: minutes * usage.callAnalytics * prices.callAnalyticsMinute,
    },
    {
      what: "Sentiment (Comprehend)",
      basis: `${round(turns * usage.comprehend)} turns of ${COMPREHEND_UNITS_PER_TURN} units`,
      dollars: turns * usage.comprehend * COMPREHEND_UNITS_PER_TURN * prices.comprehendUnit,
    },
    {
      what: "Lambda",
      basis: `${round(transcriberSeconds / 3600)} h of listening, ${round(agentEvents + contactEvents)} events`,
      dollars:
        (transcriberSeconds * TRANSCRIBER_GB + smallSeconds * SMALL_FUNCTION_GB) * prices.lambdaGbSecond +
        millions(agentEvents + contactEvents + queueReads + transcribedCalls * 2, prices.lambdaMillionRequests),
    },
    { what: "Live audio (Kinesis Video)", basis: `${round(audioGb)} GB in and out`, dollars: audioGb * 2 * prices.videoGb },
    {
      what: "Agent events (Kinesis)",
      basis: `${usage.shards} shard${usage.shards === 1 ? "" : "s"}`,
      dollars: usage.shards * HOURS_PER_MONTH * prices.kinesisShardHour + millions(agentEvents, prices.kinesisMillionPuts),
    },
    {
      what: "Recordings (S3)",
      basis: usage.recordingDays === 0 ? "none" : `kept ${usage.recordingDays} days`,
      dollars: (audioGb * usage.recordingDays * prices.s3GbMonth) / 30,
    },
    {
      what: "Checkpoints (S3)",
      basis: `${round(checkpoints)} writes`,
      dollars: millions(checkpoints, prices.s3MillionPuts),
    },
    {
      what: "Watching it (CloudWatch)",
      basis: `${ALARMS} alarms, ${CUSTOM_METRICS} metrics, logs`,
      dollars:
        ALARMS * prices.alarmMonth +
        CUSTOM_METRICS * prices.customMetricMonth +
        prices.dashboardMonth +
        calls * LOG_GB_PER_CALL * prices.logGb,
    },
    {
      what: "Key, secret, data to the hub",
      basis: `${round(posts)} posts`,
      dollars: KEYS * prices.keyMonth + prices.secretMonth + posts * POST_GB * prices.egressGb,
    },
  ];

  const viewerRequests = usage.viewers * usage.daysPerMonth * REQUESTS_PER_VIEWER_DAY;
  const awakeSeconds = Math.min(posts * AWAKE_SECONDS_PER_POST, HOURS_PER_MONTH * 3600);
  const rowsOfDays = usage.agents * hours * ROWS_PER_AGENT_HOUR + transcribedCalls * ROWS_PER_NOTE;
  const rowsOfAgents = agentChanges * ROWS_PER_AGENT_CHANGE + heartbeats * ROWS_PER_HEARTBEAT + rowsOfDays;
  const rowsOfQueues = contactEvents * ROWS_PER_CONTACT_EVENT + queueReads * ROWS_PER_QUEUE_READ;
  const rowsOfLog = (turns + agentChanges + contactEvents + queueReads) * LOG_ROWS_PER_CHANGE;
  const rows = turns * ROWS_PER_TURN + rowsOfAgents + rowsOfQueues + rowsOfLog;
  const logEvents = (posts + viewerRequests) * LOG_EVENTS_PER_REQUEST;
  const cloudflare: CostLine[] = [
    { what: "Workers Paid plan", basis: "one account", dollars: prices.workersPlanMonth },
    {
      what: "Worker",
      basis: `${round(posts + viewerRequests)} requests`,
      dollars:
        millions(posts + viewerRequests, prices.workerMillionRequests, INCLUDED.workerRequests) +
        millions(posts * CPU_MS_PER_POST, prices.workerMillionCpuMs, INCLUDED.workerCpuMs),
    },
    {
      what: "Durable Object: requests",
      basis: "posts and sockets, outgoing frames are free",
      dollars: millions(posts + viewerRequests, prices.objectMillionRequests, INCLUDED.objectRequests),
    },
    {
      what: "Durable Object: awake",
      basis: `${round(awakeSeconds / 3600)} h of ${HOURS_PER_MONTH}`,
      dollars: millions(awakeSeconds * OBJECT_GB, prices.objectMillionGbSeconds, INCLUDED.objectGbSeconds),
    },
    {
      what: "Durable Object: rows",
      basis: `${round(rows)} written`,
      dollars: millions(rows, prices.objectMillionRowsWritten, INCLUDED.objectRowsWritten),
    },
    {
      what: "Workers Logs",
      basis: `${round(logEvents)} events`,
      dollars: millions(logEvents, prices.millionLogEvents, INCLUDED.logEvents),
    },
  ];
  const total = [...aws, ...cloudflare].reduce((sum, { dollars }) => sum + dollars, 0);
  return { aws, cloudflare, total, concurrentCalls: (transcribedCalls * usage.minutesPerCall) / (hours * 60 || 1) };
}

/** Returns the estimate as a Markdown table, which docs/cost.md shows too. */
export function asTable({ aws, cloudflare, total, concurrentCalls }: Estimate, agents: number): string {
  const row = (place: string) => (line: CostLine) => `| ${place} | ${line.what} | ${line.basis} | ${dollars(line.dollars)} |`;
  return [
    "| where | what | counted | $ a month |",
    "| --- | --- | --- | ---: |",
    ...aws.map(row("AWS")),
    ...cloudflare.map(row("Cloudflare")),
    `| | **together** | ${dollars(total / (agents || 1))} per agent, ${round(concurrentCalls)} calls at a time | **${dollars(total)}** |`,
  ].join("\n");
}

function dollars(value: number): string {
  return value.toFixed(2);
}

function round(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
