import * as v from "valibot";
import { ownCpuSeconds } from "../measure/processes.ts";
import { percentile, sum } from "../measure/statistics.ts";
import { checkBoards } from "./board-check.ts";
import { dialectOf } from "./dialects.ts";
import { exchange, type SentPost, scorePost, seedAgents, send, sendSteadily } from "./posts.ts";
import { busyPost, queuesPost } from "./queue-posts.ts";
import { hasPositions, type ServerName } from "./server-options.ts";
import { type RunningServer, startServer } from "./servers.ts";
import { type SharedFrame, Viewers } from "./viewers.ts";

export interface Load {
  agents: number;
  viewers: number;
  updatesPerPost: number;
  postsPerSecond: number;
  seconds: number;
  /** The clients offer permessage-deflate, as browsers do. */
  deflate?: boolean;
  /** The viewers of Vigía speak `hub.v1.z`. */
  compact?: boolean;
  /** The pace that each viewer asks for, ms. */
  paceMs?: number;
  /** Returns the group filter of a viewer by its number. */
  groupsOf?: (viewer: number) => readonly string[];
  /** Events of contacts in queues that each post has beside its scores. */
  queueEventsPerPost?: number;
  /** Another checkout whose Worker runs, see `ServerOptions.root`. */
  root?: string | undefined;
}

export interface LoadResult {
  /** Server CPU seconds per million (update x viewer). */
  cpuPerMillion: number;
  /** Milliseconds from the start of a POST until the last viewer has its last update. */
  lastViewerP50: number;
  lastViewerP99: number;
  /** Milliseconds from the start of a POST to its answer. */
  answerP99: number;
  /** Wire bytes per viewer and update. */
  bytesPerUpdate: number;
  /** Frames that a viewer got in a second. */
  framesPerSecond: number;
  /** Seconds from the first post until every viewer had everything; the load itself lasts `Load.seconds`. */
  wallSeconds: number;
  /** Server CPU seconds per second of that time. */
  serverCores: number;
  /** CPU seconds of this process per second: near 1 means the clients were the bottleneck. */
  clientCores: number;
}

/** Starts a server, loads it once, checks every board, stops it. */
export async function runLoad(name: ServerName, load: Load): Promise<LoadResult> {
  const server = await startServer(name, { agents: load.agents, deflate: load.deflate ?? false, root: load.root });
  const viewers = new Viewers(server, load.compact);
  const sleep = keepAwake(server);
  try {
    await seedAgents(server);
    if (load.queueEventsPerPost) await send(server, queuesPost());
    const { groupsOf, deflate = false } = load;
    await viewers.open(load.viewers, groupsOf === undefined ? { deflate } : { deflate, groupsOf });
    if (load.paceMs !== undefined) viewers.sendMessage({ type: "pace", intervalMs: load.paceMs });
    await warmUp(server, viewers);
    return await measure(server, viewers, load);
  } finally {
    sleep();
    await viewers.close();
    await server.stop();
  }
}

/** Sends some updates before the measurement, so that neither side is cold. */
const WARM_UP_POSTS = 10;

async function warmUp(server: RunningServer, viewers: Viewers): Promise<void> {
  const posts = Array.from({ length: WARM_UP_POSTS }, (_, round) => scorePost(server, round, [round]));
  await arrived(server, viewers, await sendSteadily(server, posts, 20));
}

async function measure(server: RunningServer, viewers: Viewers, load: Load): Promise<LoadResult> {
  const posts = Array.from({ length: load.seconds * load.postsPerSecond }, (_, post) => {
    const first = post * load.updatesPerPost;
    const indexes = Array.from({ length: load.updatesPerPost }, (_, offset) => (first + offset) % load.agents);
    const round = WARM_UP_POSTS + Math.floor(first / load.agents);
    return load.queueEventsPerPost ? busyPost(post, round, indexes, load.queueEventsPerPost) : scorePost(server, round, indexes);
  });
  const before = { cpu: server.cpuSeconds(), own: ownCpuSeconds(), bytes: viewers.bytesRead, frames: viewers.frames };
  const start = performance.now();
  const sent = await sendSteadily(server, posts, load.postsPerSecond);
  await arrived(server, viewers, sent);
  const wallSeconds = (performance.now() - start) / 1000;
  const cpu = server.cpuSeconds() - before.cpu;
  const own = ownCpuSeconds() - before.own;
  const updates = sum(posts.map((post) => post.updates.length));
  const delays = delaysOf(server, sent, viewers);
  await checkBoards(server, viewers);
  return {
    cpuPerMillion: (cpu / (updates * load.viewers)) * 1e6,
    lastViewerP50: percentile(delays, 0.5),
    lastViewerP99: percentile(delays, 0.99),
    answerP99: percentile(
      sent.map((post) => post.answeredAt - post.startedAt),
      0.99,
    ),
    bytesPerUpdate: (viewers.bytesRead - before.bytes) / (updates * load.viewers),
    framesPerSecond: (viewers.frames - before.frames) / load.viewers / wallSeconds,
    wallSeconds,
    serverCores: cpu / wallSeconds,
    clientCores: own / wallSeconds,
  };
}

/** The longest wait for a backlog. A peer that needs longer has no figure. */
const ARRIVE_TIMEOUT_MS = 240_000;
/** workerd puts an object to sleep after ten idle seconds. */
const STAY_AWAKE_MS = 3000;
const counts = new WeakMap<RunningServer, number>();

/** Waits until every viewer has all updates of the posts. */
export async function arrived(server: RunningServer, viewers: Viewers, sent: readonly SentPost[]): Promise<void> {
  const count = (counts.get(server) ?? 0) + sum(sent.map((post) => post.updates.length));
  counts.set(server, count);
  const target = hasPositions(server.name) ? Math.max(...sent.map((post) => post.seq ?? 0)) : count;
  await viewers.reach(target, ARRIVE_TIMEOUT_MS);
}

/** Keeps a peer awake while its last frames drain, because it keeps its board in memory only. Returns a function that stops it. */
function keepAwake(server: RunningServer): () => void {
  if (server.name === "vigia" || server.name === "nchan") return () => {};
  const timer = setInterval(() => exchange(server, "GET", "/", {}).catch(() => {}), STAY_AWAKE_MS);
  return () => clearInterval(timer);
}

/** Returns for each post the milliseconds from its start until the last viewer had its last update. */
export function delaysOf(server: RunningServer, sent: readonly SentPost[], viewers: Viewers): number[] {
  const perGroup = viewers.groups().map(({ frames }) => arrivals(server, sent, frames));
  return sent.map((post, index) => Math.max(...perGroup.map((times) => times[index] ?? Number.NaN)) - post.startedAt);
}

/** Returns for each post the time at which the last viewer had its last update. */
function arrivals(server: RunningServer, sent: readonly SentPost[], frames: readonly SharedFrame[]): number[] {
  if (hasPositions(server.name)) {
    return sent.map(({ seq }) => frames.find((frame) => (frame.to ?? 0) >= (seq ?? 0))?.lastAt ?? Number.NaN);
  }
  // Peers send one frame for each update, in the order of the posts.
  if (server.name === "agents-sdk") return frames.slice(-sent.length).map((frame) => frame.lastAt);
  const { textOf } = dialectOf(server);
  const arrivedAt = new Map<string, number>();
  for (const frame of frames.slice(1)) {
    const { data } = v.parse(updateFrameSchema, textOf(frame.data));
    arrivedAt.set(`${data.agentId} ${data.sentimentScore}`, frame.lastAt);
  }
  return sent.map(({ updates }) =>
    Math.max(...updates.map((update) => arrivedAt.get(`${update.agentId} ${update.sentimentScore}`) ?? Number.NaN)),
  );
}

const updateFrameSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ data: v.object({ agentId: v.string(), sentimentScore: v.number() }) }),
);
