import type { Goal, Measured } from "../measure/figure.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { inTurn } from "./in-turn.ts";
import { scorePost, seedAgents, sendSteadily } from "./posts.ts";
import type { ServerName } from "./server-options.ts";
import { missingServer, startServer, TITLE } from "./servers.ts";

const PEERS = ["bare-conflating", "bare-whole", "node-whole", "bun-whole"] as const satisfies readonly ServerName[];
const WORK = {
  "bare-conflating": "The bare object checks no signature and stores nothing.",
  "bare-whole": "The bare object checks the signature, and stores the post's id and the agents.",
  "node-whole": "The peer checks the signature, and stores the post's id and the agents.",
  "bun-whole": "The peer checks the signature, and stores the post's id and the agents.",
} as const;
const AGENTS = 500;
/** Posts with one update, as a center with 350 calls in which somebody says a phrase each second. */
const SINGLE_POSTS_PER_SECOND = 350;
/** Posts of 100 updates a second. It leaves half of a core free. */
const LARGE_POSTS_PER_SECOND = 50;
const LARGE = 100;
/** In its first seconds a server compiles what it runs, an eighth of the CPU. A hub runs for weeks. */
const WARM_UP_SECONDS = 5;

const GOALS: Readonly<Record<string, Goal>> = {
  "1": { of: "ratio", atMost: 1.6 },
  [String(LARGE)]: { of: "ours", atMost: 85 },
};

/** What a post costs when nobody looks on, beside servers that do the same job and one that only answers. */
export const postCost: Scenario = {
  name: "what a post costs",
  async run({ quick }: Effort): Promise<Measured[]> {
    const seconds = quick ? 1 : 4;
    const figures: Measured[] = [];
    for (const [updates, perSecond] of [
      [1, SINGLE_POSTS_PER_SECOND],
      [LARGE, LARGE_POSTS_PER_SECOND],
    ] as const) {
      const peers = PEERS.filter((name) => missingServer(name) === null);
      const results = await inTurn<ServerName, number>(quick ? 1 : 3, ["vigia", ...peers], (name) =>
        cpuPerUpdate(name, updates, perSecond, seconds, quick ? 1 : WARM_UP_SECONDS),
      );
      for (const peer of peers) {
        figures.push({
          name:
            updates === 1
              ? `CPU of the server per post of one update, ${perSecond} posts/s`
              : `CPU of the server per update, posts of ${updates}`,
          unit: "CPU µs",
          ours: results.get("vigia") ?? [],
          peer: results.get(peer) ?? [],
          peerName: TITLE[peer],
          goal: peer === "bare-conflating" ? (GOALS[String(updates)] ?? null) : null,
          note: `The same signed posts for all, nobody looks on. Vigía checks each update against the schema, decides about alerts, and logs changes for the board of the past. ${WORK[peer]}`,
        });
      }
    }
    return figures;
  },
};

async function cpuPerUpdate(
  name: ServerName,
  updates: number,
  perSecond: number,
  seconds: number,
  warmUpSeconds: number,
): Promise<number> {
  const server = await startServer(name, { agents: AGENTS });
  const posts = (count: number, firstRound: number) =>
    Array.from({ length: count }, (_, post) => {
      const indexes = Array.from({ length: updates }, (__, offset) => (post * updates + offset) % AGENTS);
      return scorePost(server, firstRound + Math.floor((post * updates) / AGENTS), indexes);
    });
  try {
    await seedAgents(server);
    await sendSteadily(server, posts(perSecond * warmUpSeconds, 0), perSecond);
    const measured = posts(perSecond * seconds, 100);
    const before = server.cpuSeconds();
    await sendSteadily(server, measured, perSecond);
    return ((server.cpuSeconds() - before) / (measured.length * updates)) * 1e6;
  } finally {
    await server.stop();
  }
}
