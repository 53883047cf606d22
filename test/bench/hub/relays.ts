import type { Measured } from "../measure/figure.ts";
import { percentile, sum } from "../measure/statistics.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { checkBoards } from "./board-check.ts";
import { arrived, delaysOf } from "./load.ts";
import { scorePost, seedAgents, sendSteadily } from "./posts.ts";
import { startServer } from "./servers.ts";
import { Viewers } from "./viewers.ts";

/** Compares viewers that are spread over relays with as many on one object. */
export const relays: Scenario = {
  name: "viewers over four relays",
  async run({ quick }: Effort): Promise<Measured[]> {
    const count = quick ? 400 : 4000;
    const times = quick ? 1 : 2;
    const spread = await repeat(times, () => oneRun(count, count / 5, SELDOM));
    const single = await repeat(times, () => oneRun(count, 30_000, SELDOM));
    const feeding = await repeat(times, () => oneRun(FEW, 1, OFTEN));
    const alone = await repeat(times, () => oneRun(FEW, 30_000, OFTEN));
    const name = `${count.toLocaleString("en")} viewers over four relays and their root`;
    return [
      {
        name: `${name}: POST to last viewer, p50`,
        unit: "ms",
        ours: spread.map((run) => run.delay),
        peer: single.map((run) => run.delay),
        peerName: "all on one object",
        goal: null,
        note: "One update every 700 ms. Here all objects share one process and one core, so relays can only cost. At Cloudflare each has its own.",
      },
      {
        name: `${name}: CPU of all objects per million (update x viewer)`,
        unit: "CPU s",
        ours: spread.map((run) => run.cpuPerMillion),
        peer: single.map((run) => run.cpuPerMillion),
        peerName: "all on one object",
        goal: null,
        note: "",
      },
      {
        name: "CPU per update of a root with four relays",
        unit: "CPU ms",
        ours: feeding.map((run) => run.cpuPerUpdate),
        peer: alone.map((run) => run.cpuPerUpdate),
        peerName: "an object without relays",
        goal: null,
        note: `${FEW} viewers, one on each object. So little but the post and the four hand-overs is left. The relays' side of them is counted too.`,
      },
    ];
  },
};

/** The root and four relays. */
const FEW = 5;

interface Run {
  delay: number;
  cpuPerMillion: number;
  /** ms. */
  cpuPerUpdate: number;
}

interface PostRate {
  posts: number;
  perSecond: number;
}

/** Slow enough that every viewer has an update before the next one. */
const SELDOM: PostRate = { posts: 12, perSecond: 1 / 0.7 };
/** Each update is still a flush of its own. There are many, because Linux counts CPU in hundredths of a second. */
const OFTEN: PostRate = { posts: 90, perSecond: 9 };

async function oneRun(count: number, viewersPerObject: number, rate: PostRate): Promise<Run> {
  const vars = { VIEWERS_PER_OBJECT: String(viewersPerObject) };
  const server = await startServer("vigia", { agents: 500, vars });
  const viewers = new Viewers(server);
  try {
    await seedAgents(server);
    await viewers.open(count);
    const posts = Array.from({ length: rate.posts }, (_, round) => scorePost(server, round, [round]));
    const cpu = server.cpuSeconds();
    const sent = await sendSteadily(server, posts, rate.perSecond);
    await arrived(server, viewers, sent);
    const used = server.cpuSeconds() - cpu;
    await checkBoards(server, viewers);
    const updates = sum(posts.map((post) => post.updates.length));
    return {
      delay: percentile(delaysOf(server, sent, viewers).slice(2), 0.5),
      cpuPerMillion: (used / (updates * count)) * 1e6,
      cpuPerUpdate: (used / updates) * 1000,
    };
  } finally {
    await viewers.close();
    await server.stop();
  }
}
