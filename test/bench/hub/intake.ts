import type { Measured } from "../measure/figure.ts";
import { median } from "../measure/statistics.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { freshTicket } from "./dialects.ts";
import { exchange, type PreparedPost, scorePost, seedAgents, send } from "./posts.ts";
import { type RunningServer, startServer } from "./servers.ts";
import { INSTANCE } from "./workerd-config.ts";

const BATCH = 100;
/** Posts under way at a time. Enough that the server never waits for the sender. */
const PARALLEL = 4;

/** The rate at which the hub stores signed posts, for few and for many agents. */
export const intake: Scenario = {
  name: "signed posts in batches of 100",
  async run({ quick }: Effort): Promise<Measured[]> {
    const posts = quick ? 50 : 300;
    const runs = await repeat(quick ? 1 : 5, () => withServer(500, (server) => accepted(server, posts)));
    const [few, many] = [100, quick ? 5000 : 20_000];
    const times = quick ? 1 : 3;
    const small = await repeat(times, () => withServer(few, (server) => growth(server, posts)));
    const large = await repeat(times, () => withServer(many, (server) => growth(server, posts)));
    const against = `Vigía with ${few} agents`;
    const agents = `with ${many.toLocaleString("en")} agents`;
    return [
      {
        name: "Signed posts of 100 updates, accepted and stored on one core",
        unit: "updates/s",
        ours: runs,
        peer: null,
        peerName: null,
        goal: { of: "ours", atLeast: 10_000 },
        note: "Signature, schema, SQLite transaction (on a memory disk) and answer. There are no viewers. The figures of posts above have the peers.",
      },
      {
        name: `CPU of the server per update, ${agents}`,
        unit: "CPU µs",
        ours: large.map((run) => run.cpuPerUpdate),
        peer: small.map((run) => run.cpuPerUpdate),
        peerName: against,
        goal: { of: "ratio", atMost: 1.5 },
        note: "Nearly flat for 200 times as many agents: what is left is a deeper index and colder caches.",
      },
      {
        name: `The whole list over HTTP per agent, ${agents}`,
        unit: "µs",
        ours: large.map((run) => (run.listMs * 1000) / many),
        peer: small.map((run) => (run.listMs * 1000) / few),
        peerName: against,
        goal: { of: "ratio", atMost: 1 },
        note: "No worse than linear. Each list is made anew: a change comes before it.",
      },
    ];
  },
};

async function withServer<Result>(agents: number, use: (server: RunningServer) => Promise<Result>): Promise<Result> {
  const server = await startServer("vigia", { agents });
  try {
    await seedAgents(server);
    return await use(server);
  } finally {
    await server.stop();
  }
}

function batches(server: RunningServer, count: number, firstRound: number): PreparedPost[] {
  return Array.from({ length: count }, (_, post) => {
    const indexes = Array.from({ length: BATCH }, (_, offset) => (post * BATCH + offset) % server.agents);
    return scorePost(server, firstRound + Math.floor((post * BATCH) / server.agents), indexes);
  });
}

async function accepted(server: RunningServer, count: number): Promise<number> {
  await sendAll(server, batches(server, 30, 0));
  const posts = batches(server, count, 10);
  const start = performance.now();
  await sendAll(server, posts);
  return (count * BATCH) / ((performance.now() - start) / 1000);
}

async function growth(server: RunningServer, count: number): Promise<{ cpuPerUpdate: number; listMs: number }> {
  await sendAll(server, batches(server, 30, 0));
  const posts = batches(server, count, 40);
  const cpu = server.cpuSeconds();
  await sendAll(server, posts);
  const cpuPerUpdate = ((server.cpuSeconds() - cpu) / (count * BATCH)) * 1e6;
  const lists = await repeat(7, async () => {
    const [post] = batches(server, 1, 60 + Math.floor(Math.random() * 30));
    if (post !== undefined) await send(server, post);
    const headers = { authorization: `Bearer ${await freshTicket()}` };
    const start = performance.now();
    await exchange(server, "GET", `/v1/instances/${INSTANCE}/agents`, headers);
    return performance.now() - start;
  });
  return { cpuPerUpdate, listMs: median(lists) };
}

async function sendAll(server: RunningServer, posts: readonly PreparedPost[]): Promise<void> {
  const queue = posts.values();
  const lane = async () => {
    for (const post of queue) await send(server, post);
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
}
