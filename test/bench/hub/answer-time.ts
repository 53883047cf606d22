import type { Measured } from "../measure/figure.ts";
import { percentile } from "../measure/statistics.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { checkBoards } from "./board-check.ts";
import { arrived } from "./load.ts";
import { sendApart } from "./posting-apart.ts";
import { scorePost, seedAgents } from "./posts.ts";
import { startServer } from "./servers.ts";
import { Viewers } from "./viewers.ts";

/** The flush interval is no multiple of the time between posts, so posts come at any moment of a flush. */
const PER_SECOND = 4.7;

/** Answers whether a sender waits longer when many viewers are connected. */
export const answerTime: Scenario = {
  name: "POST answer with many viewers",
  async run({ quick }: Effort): Promise<Measured[]> {
    const viewers = quick ? 500 : 5000;
    const posts = quick ? 15 : 100;
    const perObject = viewers / 5;
    const ways = [
      { where: "the default: four relays and their root", room: perObject, goal: { of: "ratio", atMost: 1.5 } },
      { where: "all on one object", room: viewers, goal: null },
    ] as const;
    const none = await repeat(quick ? 1 : 3, () => answers(0, perObject, posts));
    const figures: Measured[] = [];
    for (const { where, room, goal } of ways) {
      const many = await repeat(quick || goal === null ? 1 : 3, () => answers(viewers, room, posts));
      for (const share of [0.5, 0.99]) {
        figures.push({
          name: `POST answer p${share * 100} with ${viewers.toLocaleString("en")} viewers, ${where}`,
          unit: "ms",
          ours: many.map((times) => percentile(times, share)),
          peer: none.map((times) => percentile(times, share)),
          peerName: "Vigía without viewers",
          goal: share === 0.99 ? goal : null,
          note: `${PER_SECOND} posts/s from a process of its own, each with a change for everybody. All objects share one process and one core here. A flush goes out in slices, so a post waits for a slice and not for all viewers.`,
        });
      }
    }
    return figures;
  },
};

/** Returns the milliseconds from each post to its answer. */
async function answers(count: number, viewersPerObject: number, howMany: number): Promise<number[]> {
  const server = await startServer("vigia", { agents: 500, vars: { VIEWERS_PER_OBJECT: String(viewersPerObject) } });
  const viewers = new Viewers(server);
  try {
    await seedAgents(server);
    await viewers.open(count);
    const warmUp = Math.ceil(PER_SECOND);
    const posts = Array.from({ length: warmUp + howMany }, (_, round) => scorePost(server, round, [round % 500]));
    const sent = await sendApart(server, posts, PER_SECOND);
    await arrived(server, viewers, sent);
    if (count > 0) await checkBoards(server, viewers);
    return sent.slice(warmUp).map((post) => post.answeredAt - post.startedAt);
  } finally {
    await viewers.close();
    await server.stop();
  }
}
