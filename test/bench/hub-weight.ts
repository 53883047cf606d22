// `npm run bench:weight -- filters|joins|one-viewer`: shows in the real workerd what group filters, joining viewers and one greedy
// viewer cost the hub. docs/load.md has the figures.
import { scorePost, seedAgents, send, sendSteadily } from "./hub/posts.ts";
import { type RunningServer, startServer } from "./hub/servers.ts";
import { openViewer, type WeighedViewer } from "./hub/weighed-viewer.ts";
import { pause, until } from "./measure/processes.ts";
import { percentile } from "./measure/statistics.ts";

const MIB = 1024 * 1024;
/** Cloudflare gives an isolate 128 MB (Cloudflare docs, Workers limits, read 2026-11-25). */
const HEAP_MB = 128;
const WARM_UP_ROUNDS = 5;
const ROUNDS = 60;

async function openAll(
  server: RunningServer,
  filters: readonly (readonly string[] | null)[],
  width: number,
): Promise<WeighedViewer[]> {
  const viewers: WeighedViewer[] = [];
  const queue = filters.entries();
  const lane = async () => {
    for (const [index, groups] of queue) viewers.push(await openViewer(server, groups, `viewer-${index}`));
  };
  await Promise.all(Array.from({ length: width }, lane));
  return viewers;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}

/** The last kind differs by groups of no agent too, and has many of them. The first is what the others are compared with. */
const FILTERS: Record<string, (index: number) => readonly string[]> = {
  "one filter": () => ["Ventas"],
  "1,000 filters that differ by groups of no agent": (index) => ["Ventas", `directory-${index}`],
  "1,000 filters of 100 groups each": (index) => [
    "Ventas",
    ...Array.from({ length: 99 }, (_, each) => `directory-${index}-${each}`),
  ],
};

/** 1,000 viewers and flushes of 500 agents in a heap of 128 MB. The rounds of all kinds alternate, so that they meet the same machine. */
async function filters(): Promise<void> {
  const kinds = await Promise.all(
    Object.entries(FILTERS).map(async ([name, filterOf]) => {
      const server = await startServer("vigia", { agents: 500, heapMb: HEAP_MB });
      await seedAgents(server);
      const viewers = await openAll(
        server,
        Array.from({ length: 1000 }, (_, index) => filterOf(index)),
        50,
      );
      return { name, server, viewers, delays: [] as number[] };
    }),
  );
  const everybody = Array.from({ length: 500 }, (_, index) => index);
  for (let round = 1; round <= WARM_UP_ROUNDS + ROUNDS; round += 1) {
    for (const { server, viewers, delays } of kinds) {
      const { startedAt, seq } = await send(server, scorePost(server, round, everybody));
      const arrived = ({ position, closed }: WeighedViewer) => position >= (seq ?? 0) || closed !== null;
      await until("the last viewer", 60_000, () => viewers.every(arrived));
      if (round > WARM_UP_ROUNDS) delays.push(performance.now() - startedAt);
      await pause(150);
    }
  }
  for (const { name, server, viewers, delays } of kinds) {
    const base = kinds[0]?.delays ?? [];
    const [p50, p99] = [percentile(delays, 0.5), percentile(delays, 0.99)];
    const ratios = `${(p50 / percentile(base, 0.5)).toFixed(2)} and ${(p99 / percentile(base, 0.99)).toFixed(2)} times one filter`;
    const closed = viewers.filter((each) => each.closed !== null).length;
    console.log(
      `${name}: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (${ratios}), ${closed} closed, peak ${megabytes(server.peakMemoryBytes())}`,
    );
  }
  await Promise.all(kinds.map(({ server }) => server.stop()));
}

/** 50 viewers join at 20,000 agents while updates go on. */
async function joins(): Promise<void> {
  for (const busy of [false, true]) {
    const server = await startServer("vigia", { agents: 20_000, heapMb: HEAP_MB });
    try {
      await seedAgents(server);
      const before = server.memoryBytes();
      const seeded = server.peakMemoryBytes();
      let going = busy;
      const updates = (async () => {
        for (let round = 1; going; round += 1) {
          await send(server, scorePost(server, round, [round % 20_000]));
          await pause(20);
        }
      })();
      const start = performance.now();
      const viewers = await openAll(
        server,
        Array.from({ length: 50 }, () => null),
        50,
      );
      const seconds = (performance.now() - start) / 1000;
      going = false;
      await updates;
      const closed = viewers.filter((each) => each.closed !== null).length;
      console.log(
        `50 viewers join at 20,000 agents, ${busy ? "50 posts a second" : "quiet"}: ${seconds.toFixed(1)} s, ${closed} closed, ` +
          `before ${megabytes(before)} (peak ${megabytes(seeded)}), peak ${megabytes(server.peakMemoryBytes())}`,
      );
    } catch (error) {
      console.log(`joins: FAILED: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await server.stop();
    }
  }
}

/** What one viewer may send within the limit of messages. */
const GREED: Record<string, (viewer: WeighedViewer) => void> = {
  nothing: () => {},
  "59 resyncs": ({ socket }) => {
    for (let times = 0; times < 59; times += 1) socket.send('{"type":"resync"}');
  },
  "59 watches": ({ socket }) => {
    for (let times = 0; times < 59; times += 1) {
      socket.send(JSON.stringify({ type: times % 2 === 0 ? "watch" : "unwatch", contactId: "long-call" }));
    }
  },
};

/** One viewer at 10,000 agents asks as much as it may, and posts go on. */
async function oneViewer(): Promise<void> {
  const server = await startServer("vigia", { agents: 10_000 });
  try {
    await seedAgents(server);
    for (const [name, ask] of Object.entries(GREED)) {
      const viewer = await openViewer(server, null, "greedy");
      await pause(500);
      const received = viewer.lists;
      const posts = Array.from({ length: 100 }, (_, round) => scorePost(server, round, [round]));
      setTimeout(() => ask(viewer), 500);
      const sent = await sendSteadily(server, posts, 20);
      const times = sent.map((post) => post.answeredAt - post.startedAt);
      await pause(1000);
      console.log(
        `one viewer sends ${name} at 10,000 agents: post p50 ${percentile(times, 0.5).toFixed(1)} ms, longest ${Math.max(...times).toFixed(0)} ms, ` +
          `${viewer.lists - received} lists, closed ${viewer.closed ?? "no"}`,
      );
      viewer.socket.terminate();
      await pause(300);
    }
  } finally {
    await server.stop();
  }
}

const PARTS: Record<string, () => Promise<void>> = { filters, joins, "one-viewer": oneViewer };
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => PARTS[name] === undefined);
if (unknown.length > 0) {
  console.error(`Unknown part ${unknown.join(", ")}. Choose from: ${Object.keys(PARTS).join(", ")}.`);
  process.exit(2);
}
for (const [name, run] of Object.entries(PARTS)) if (asked.length === 0 || asked.includes(name)) await run();
process.exit(0);
