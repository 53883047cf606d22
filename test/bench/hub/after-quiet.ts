import type { Measured } from "../measure/figure.ts";
import { pause } from "../measure/processes.ts";
import { percentile } from "../measure/statistics.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { checkBoards } from "./board-check.ts";
import { arrived, delaysOf } from "./load.ts";
import { type SentPost, scorePost, seedAgents, send } from "./posts.ts";
import { type RunningServer, startServer, TITLE } from "./servers.ts";
import { Viewers } from "./viewers.ts";

/** One update after a quiet time, at Vigía and at the bare loop in turn. Both run, so that a disturbance hits both alike. */
export const afterQuiet: Scenario = {
  name: "one update after quiet",
  async run({ quick }: Effort): Promise<Measured[]> {
    const count = quick ? 100 : 1000;
    const runs = await repeat(quick ? 1 : 5, () => oneRun(count, quick ? 5 : 20));
    return [
      {
        name: `One update after quiet, POST to last of ${count.toLocaleString("en")} viewers, p50`,
        unit: "ms",
        ours: runs.map((run) => run.ours),
        peer: runs.map((run) => run.peer),
        peerName: TITLE.bare,
        goal: { of: "ratio", atMost: 1.15 },
        note: "The bare loop neither verifies a signature nor stores anything. Both servers run side by side and are asked in turn.",
      },
    ];
  },
};

async function oneRun(count: number, updates: number): Promise<{ ours: number; peer: number }> {
  const sides = [await side("vigia", count), await side("bare", count)] as const;
  try {
    for (let round = 0; round < updates; round += 1) {
      for (const { server, viewers, sent } of sides) {
        const answer = await send(server, scorePost(server, round, [round]));
        sent.push(answer);
        await arrived(server, viewers, [answer]);
        await pause(150);
      }
    }
    for (const { server, viewers } of sides) await checkBoards(server, viewers);
    const [ours = Number.NaN, peer = Number.NaN] = sides.map(({ server, viewers, sent }) =>
      // The first quarter of the updates warms both up.
      percentile(delaysOf(server, sent, viewers).slice(Math.floor(updates / 4)), 0.5),
    );
    return { ours, peer };
  } finally {
    for (const { server, viewers } of sides) {
      await viewers.close();
      await server.stop();
    }
  }
}

async function side(name: "vigia" | "bare", count: number) {
  const server: RunningServer = await startServer(name, { agents: 500 });
  const viewers = new Viewers(server);
  await seedAgents(server);
  await viewers.open(count);
  const sent: SentPost[] = [];
  return { server, viewers, sent };
}
