import type { Measured } from "../measure/figure.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { type Load, runLoad } from "./load.ts";
import type { ServerName } from "./server-options.ts";
import { TITLE } from "./servers.ts";

/** Slower than the flush interval, so that each post is a flush of its own. */
const FRAMES_PER_SECOND = 9;

/** The lower bound of all other figures: the cost of one frame to one viewer, small and large. */
export const frameCost: Scenario = {
  name: "what a frame costs",
  async run({ quick }: Effort): Promise<Measured[]> {
    const times = quick ? 1 : 3;
    const load = { agents: 500, viewers: quick ? 100 : 1000, postsPerSecond: FRAMES_PER_SECOND, seconds: quick ? 2 : 5 };
    const small = await repeat(times, () => perFrame("vigia", { ...load, updatesPerPost: 1 }));
    const large = await repeat(times, () => perFrame("vigia", { ...load, updatesPerPost: 50 }));
    const bare = await repeat(times, () => perFrame("bare", { ...load, updatesPerPost: 1 }));
    return [
      {
        name: "CPU of the server per frame and viewer, one change in it",
        unit: "CPU µs",
        ours: small,
        peer: bare,
        peerName: TITLE.bare,
        goal: null,
        note: `${FRAMES_PER_SECOND} posts and so ${FRAMES_PER_SECOND} frames a second; what the post itself costs is in it.`,
      },
      {
        name: "CPU of the server per frame and viewer, 50 changes in it",
        unit: "CPU µs",
        ours: large,
        peer: small,
        peerName: "Vigía, one change in it",
        goal: null,
        note: "About 10 KB. Ten such frames a second and viewer are the floor of the load above.",
      },
    ];
  },
};

async function perFrame(name: ServerName, load: Load): Promise<number> {
  return (await runLoad(name, load)).cpuPerMillion * load.updatesPerPost;
}
