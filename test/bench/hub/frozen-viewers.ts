import type { Measured } from "../measure/figure.ts";
import { percentile } from "../measure/statistics.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { checkBoards } from "./board-check.ts";
import { arrived, delaysOf } from "./load.ts";
import { scorePost, seedAgents, sendSteadily } from "./posts.ts";
import { type RunningServer, startServer } from "./servers.ts";
import { Viewers } from "./viewers.ts";

const AGENTS = 500;
const PER_POST = 10;
const POSTS_PER_SECOND = 50;
/** The hub stops sending at 256 KiB and may have one frame more under way. */
const BOUND_KIB = 256;

/** One viewer in a hundred stops reading; the others must not notice, nor the hub's memory. */
export const frozenViewers: Scenario = {
  name: "one viewer in a hundred stops reading",
  async run({ quick }: Effort): Promise<Measured[]> {
    const count = quick ? 200 : 1000;
    const seconds = quick ? 5 : 30;
    // Each run takes more than 45 s.
    const runs = await repeat(quick ? 1 : 2, () => oneRun(count, seconds));
    const frozen = `${count / 100} of ${count.toLocaleString("en")} viewers frozen for ${seconds} s`;
    return [
      {
        name: `${frozen}: POST to last healthy viewer, p99`,
        unit: "ms",
        ours: runs.map((run) => run.during),
        peer: runs.map((run) => run.before),
        peerName: "Vigía with nobody frozen",
        goal: { of: "ratio", atMost: 1.2 },
        note: "500 updates/s. The frozen ones are consistent again after they read on.",
      },
      {
        name: `${frozen}: memory growth per frozen viewer`,
        unit: "KiB",
        ours: runs.map((run) => run.growthKib),
        peer: null,
        peerName: null,
        goal: { of: "ours", atMost: BOUND_KIB },
        note: "Resident memory of the server while they are frozen, less its growth over as much time before. Loopback sockets hold some megabytes in the kernel before the server sees a backlog at all.",
      },
    ];
  },
};

async function oneRun(count: number, seconds: number): Promise<{ before: number; during: number; growthKib: number }> {
  const server = await startServer("vigia", { agents: AGENTS });
  const healthy = new Viewers(server);
  const freezing = new Viewers(server);
  const few = count / 100;
  try {
    await seedAgents(server);
    await healthy.open(count - few);
    await freezing.open(few);
    const half = Math.ceil(seconds / 2);
    await load(server, healthy, 0, half);
    const start = server.memoryBytes();
    const before = await load(server, healthy, half, half);
    const middle = server.memoryBytes();
    freezing.freeze();
    const during = await load(server, healthy, 2 * half, seconds);
    const end = server.memoryBytes();
    freezing.thaw();
    await load(server, healthy, 2 * half + seconds, 1);
    await freezing.reach(healthy.position, 60_000);
    await checkBoards(server, healthy);
    await checkBoards(server, freezing);
    const grown = end - middle - (middle - start) * (seconds / half);
    return { before, during, growthKib: Math.max(0, grown) / few / 1024 };
  } finally {
    await healthy.close();
    await freezing.close();
    await server.stop();
  }
}

async function load(server: RunningServer, viewers: Viewers, fromSecond: number, seconds: number): Promise<number> {
  const posts = Array.from({ length: seconds * POSTS_PER_SECOND }, (_, post) => {
    const indexes = Array.from({ length: PER_POST }, (_, offset) => (post * PER_POST + offset) % AGENTS);
    return scorePost(server, fromSecond + Math.floor(post / POSTS_PER_SECOND), indexes);
  });
  const sent = await sendSteadily(server, posts, POSTS_PER_SECOND);
  await arrived(server, viewers, sent);
  return percentile(delaysOf(server, sent, viewers), 0.99);
}
