import type { Measured } from "../measure/figure.ts";
import { percentile } from "../measure/statistics.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { checkBoards } from "./board-check.ts";
import { arrived } from "./load.ts";
import { scorePost, seedAgents, sendSteadily } from "./posts.ts";
import { startServer } from "./servers.ts";
import { Viewers } from "./viewers.ts";

/** Whether a sender must wait longer because many look on. */
export const answerTime: Scenario = {
  name: "POST answer with many viewers",
  async run({ quick }: Effort): Promise<Measured[]> {
    const viewers = quick ? 500 : 5000;
    const times = quick ? 1 : 3;
    const seconds = quick ? 3 : 7;
    const figures: Measured[] = [];
    for (const [perSecond, goal] of [
      [2, true],
      [20, false],
    ] as const) {
      const none = await repeat(times, () => answerP99(0, perSecond, seconds));
      const many = await repeat(times, () => answerP99(viewers, perSecond, seconds));
      figures.push({
        name: `POST answer p99 with ${viewers.toLocaleString("en")} viewers on one object, ${perSecond} posts/s`,
        unit: "ms",
        ours: many,
        peer: none,
        peerName: "Vigía without viewers",
        goal: goal ? { of: "ratio", atMost: 1.5 } : null,
        note: goal
          ? "Answered before the fan-out begins."
          : "A post that arrives while a frame goes out waits for the rest of it: one object is one thread. The default of 1,000 viewers per object keeps that wait short; this row has all on one.",
      });
    }
    return figures;
  },
};

async function answerP99(count: number, perSecond: number, seconds: number): Promise<number> {
  const server = await startServer("vigia", { agents: 500 });
  const viewers = new Viewers(server);
  try {
    await seedAgents(server);
    await viewers.open(count);
    const posts = Array.from({ length: seconds * perSecond }, (_, round) => scorePost(server, round, [round % 500]));
    const sent = await sendSteadily(server, posts, perSecond);
    await arrived(server, viewers, sent);
    if (count > 0) await checkBoards(server, viewers);
    // The first second warms up.
    const answers = sent.slice(perSecond).map((post) => post.answeredAt - post.startedAt);
    return percentile(answers, 0.99);
  } finally {
    await viewers.close();
    await server.stop();
  }
}
