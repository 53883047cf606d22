import type { Goal, Measured } from "../measure/figure.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { inTurn } from "./in-turn.ts";
import { calmScores, jumpingScores, type PreparedPost, scorePost, seedAgents, send, sendSteadily } from "./posts.ts";
import type { ServerName } from "./server-options.ts";
import { missingServer, type RunningServer, startServer, TITLE } from "./servers.ts";

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
/** A server compiles what it runs often. At 350 posts/s it does so for more than ten seconds, so the posts before come faster. */
const WARM_UP_SECONDS = 6;
/** So many posts are on their way at once during the warm-up. */
const WARM_UP_LANES = 4;

const ROUNDS = 4;
const NAMES: Readonly<Record<number, string>> = {
  1: `CPU of the server per post of one update, ${SINGLE_POSTS_PER_SECOND} posts/s`,
  [LARGE]: `CPU of the server per update, posts of ${LARGE}`,
};
const GOALS: Readonly<Record<number, Goal>> = { 1: { of: "ratio", atMost: 1.6 }, [LARGE]: { of: "ours", atMost: 85 } };

/** Vigía is measured once more, with scores of which a quarter begins or ends an alert. */
type Kind = ServerName | "alerts";

/** What a post costs when nobody looks on, beside servers that do the same job and one that only answers. */
export const postCost: Scenario = {
  name: "what a post costs",
  async run({ quick }: Effort): Promise<Measured[]> {
    const figures: Measured[] = [];
    for (const [updates, perSecond] of [
      [1, SINGLE_POSTS_PER_SECOND],
      [LARGE, LARGE_POSTS_PER_SECOND],
    ] as const) {
      const peers = PEERS.filter((name) => missingServer(name) === null);
      const results = await inTurn<Kind, number>(quick ? 1 : ROUNDS, ["vigia", "alerts", ...peers], (kind) =>
        cpuPerUpdate(kind, updates, perSecond, quick ? 1 : 4, quick ? 1 : WARM_UP_SECONDS),
      );
      const name = NAMES[updates] ?? "";
      const figure = { name, unit: "CPU µs", ours: results.get("vigia") ?? [], goal: null };
      const job =
        "The same signed posts for all, nobody looks on. Vigía checks each update against the schema, decides about alerts, and logs changes for the board of the past.";
      for (const peer of peers) {
        const goal = peer === "bare-conflating" ? (GOALS[updates] ?? null) : null;
        figures.push({ ...figure, peer: results.get(peer) ?? [], peerName: TITLE[peer], goal, note: `${job} ${WORK[peer]}` });
      }
      const alerts = {
        peer: results.get("alerts") ?? [],
        peerName: "Vigía, and a quarter of the updates begins or ends an alert",
      };
      figures.push({ ...figure, ...alerts, note: "The scores of no center jump so. Both sides have the default rules." });
    }
    return figures;
  },
};

async function cpuPerUpdate(
  kind: Kind,
  updates: number,
  perSecond: number,
  seconds: number,
  warmUpSeconds: number,
): Promise<number> {
  const server = await startServer(kind === "alerts" ? "vigia" : kind, { agents: AGENTS });
  const scoreOf = kind === "alerts" ? jumpingScores : calmScores;
  let sent = 0;
  const nextPost = () => {
    const first = sent;
    sent += updates;
    const indexes = Array.from({ length: updates }, (_, offset) => (first + offset) % AGENTS);
    return scorePost(server, Math.floor(first / AGENTS), indexes, scoreOf);
  };
  try {
    await seedAgents(server);
    await warmUp(server, nextPost, warmUpSeconds);
    const posts = (forSeconds: number) => Array.from({ length: perSecond * forSeconds }, nextPost);
    await sendSteadily(server, posts(1), perSecond);
    const measured = posts(seconds);
    const before = server.cpuSeconds();
    await sendSteadily(server, measured, perSecond);
    return ((server.cpuSeconds() - before) / (measured.length * updates)) * 1e6;
  } finally {
    await server.stop();
  }
}

/** Sends posts as fast as the server takes them. */
async function warmUp(server: RunningServer, nextPost: () => PreparedPost, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  const lane = async () => {
    while (performance.now() < end) await send(server, nextPost());
  };
  await Promise.all(Array.from({ length: WARM_UP_LANES }, lane));
}
