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
/** The hub stops sending at 256 KiB; one more frame may be under way. */
const BOUND_KIB = 256;

/** One viewer in a hundred stops reading. Shows whether the other viewers or the hub's memory suffer. */
export const frozenViewers: Scenario = {
  name: "one viewer in a hundred stops reading",
  async run({ quick }: Effort): Promise<Measured[]> {
    const count = quick ? 200 : 1000;
    const seconds = quick ? 5 : 30;
    // A run takes more than 45 s, so there is one of each.
    const runs = await repeat(1, () => oneRun(count, count / 100, seconds, PER_POST));
    const many = await repeat(1, () => oneRun(count / 2, count / 10, seconds, PER_POST * 4));
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
        name: `${count / 10} of ${count / 2} viewers frozen for ${seconds} s at ${PER_POST * 4 * POSTS_PER_SECOND} updates/s: memory growth per frozen viewer`,
        unit: "KiB",
        ours: many.map((run) => run.growthKib),
        peer: null,
        peerName: null,
        goal: { of: "ours", atMost: BOUND_KIB },
        note: "More viewers and a higher rate than above. So the growth is larger than the noise of the heap, and the kernel's own buffers run full. It is the resident memory of the server while they are frozen, less its growth over as much time before.",
      },
    ];
  },
};

async function oneRun(
  count: number,
  few: number,
  seconds: number,
  perPost: number,
): Promise<{ before: number; during: number; growthKib: number }> {
  const server = await startServer("vigia", { agents: AGENTS });
  const healthy = new Viewers(server);
  const freezing = new Viewers(server);
  try {
    await seedAgents(server);
    await healthy.open(count - few);
    await freezing.open(few);
    const half = Math.ceil(seconds / 2);
    await load(server, healthy, perPost, half);
    const start = server.memoryBytes();
    const before = await load(server, healthy, perPost, half);
    const middle = server.memoryBytes();
    freezing.freeze();
    const during = await load(server, healthy, perPost, seconds);
    const end = server.memoryBytes();
    freezing.thaw();
    await load(server, healthy, perPost, 1);
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

/** Counts over all loads, so that an agent never gets the same score twice in a row. */
let updates = 0;

async function load(server: RunningServer, viewers: Viewers, perPost: number, seconds: number): Promise<number> {
  const posts = Array.from({ length: seconds * POSTS_PER_SECOND }, () => {
    const indexes = Array.from({ length: perPost }, (_, offset) => (updates + offset) % AGENTS);
    const round = Math.floor(updates / AGENTS);
    updates += perPost;
    return scorePost(server, round, indexes);
  });
  const sent = await sendSteadily(server, posts, POSTS_PER_SECOND);
  await arrived(server, viewers, sent);
  return percentile(delaysOf(server, sent, viewers), 0.99);
}
