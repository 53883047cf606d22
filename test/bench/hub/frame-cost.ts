import type { Measured } from "../measure/figure.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { inTurn } from "./in-turn.ts";
import { type LoadResult, runLoad } from "./load.ts";
import type { ServerName } from "./server-options.ts";
import { TITLE } from "./servers.ts";

/** Slower than the flush interval, so that each post is a flush of its own. */
const FRAMES_PER_SECOND = 9;
const CHANGES = [1, 50] as const;
const SERVERS = ["vigia", "bare-conflating"] as const satisfies readonly ServerName[];

interface Kind {
  server: (typeof SERVERS)[number];
  changes: (typeof CHANGES)[number];
}

/** The lower bound of all other figures: the cost of one frame to one viewer, small and large. */
export const frameCost: Scenario = {
  name: "what a frame costs",
  async run({ quick }: Effort): Promise<Measured[]> {
    const seconds = quick ? 2 : 5;
    const viewers = quick ? 100 : 1000;
    const kinds = new Map<string, Kind>(
      CHANGES.flatMap((changes) => SERVERS.map((server) => [`${server} ${changes}`, { server, changes }])),
    );
    const results = await inTurn(quick ? 1 : 3, [...kinds.keys()], async (key) => {
      const { server, changes } = kinds.get(key) ?? { server: "vigia", changes: 1 };
      const load = { agents: 500, postsPerSecond: FRAMES_PER_SECOND, updatesPerPost: changes, seconds };
      const one = await runLoad(server, { ...load, viewers: 1 });
      return perFrame(await runLoad(server, { ...load, viewers }), viewers, one);
    });
    const runs = (server: ServerName, changes: number) => results.get(`${server} ${changes}`) ?? [];
    return [
      {
        name: "CPU of the server per frame and viewer, one change in it",
        unit: "CPU µs",
        ours: runs("vigia", 1),
        peer: runs("bare-conflating", 1),
        peerName: TITLE["bare-conflating"],
        goal: null,
        note: `${FRAMES_PER_SECOND} posts and so ${FRAMES_PER_SECOND} frames a second to ${viewers.toLocaleString("en")} viewers. The same posts with one viewer are subtracted, so the posts are not in it.`,
      },
      {
        name: "CPU of the server per frame and viewer, 50 changes in it",
        unit: "CPU µs",
        ours: runs("vigia", 50),
        peer: runs("bare-conflating", 50),
        peerName: TITLE["bare-conflating"],
        goal: { of: "ratio", atMost: 1.05 },
        note: "About 10 KB. Ten such frames a second and viewer are nearly all that the load of 500 updates/s costs.",
      },
    ];
  },
};

/** Returns µs of CPU for each frame and viewer, without what the posts cost. */
function perFrame(many: LoadResult, viewers: number, one: LoadResult): number {
  const cpu = many.serverCores * many.wallSeconds - one.serverCores * one.wallSeconds;
  const frames = many.framesPerSecond * many.wallSeconds * viewers - one.framesPerSecond * one.wallSeconds;
  return (cpu / frames) * 1e6;
}
