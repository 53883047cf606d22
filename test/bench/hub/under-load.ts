import type { Measured } from "../measure/figure.ts";
import { median } from "../measure/statistics.ts";
import { NOT_CONFLATING } from "../report/headline.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { type Load, type LoadResult, runLoad } from "./load.ts";
import type { ServerName } from "./server-options.ts";
import { TITLE } from "./servers.ts";

const PEERS = ["party", "node-ws", "bare", "socket-io"] as const satisfies readonly ServerName[];

/** What conflation gives: peers that send each update, as their documentation shows it, under the load of the other comparison. */
export const underLoad: Scenario = {
  name: "peers that send every update",
  async run({ quick }: Effort): Promise<Measured[]> {
    const viewers = quick ? 100 : 1000;
    const load: Load = { agents: 500, viewers, updatesPerPost: 10, postsPerSecond: 50, seconds: quick ? 2 : 5 };
    // A peer that falls behind delivers its backlog after the load, and the run lasts until then.
    const peerLoad = { ...load, seconds: 1 };
    const ours = await repeat(quick ? 1 : 2, () => runLoad("vigia", load));
    const peers = new Map<ServerName, LoadResult[]>();
    for (const peer of PEERS) peers.set(peer, [await runLoad(peer, peerLoad)]);
    const sdkLoad = { ...load, viewers: quick ? 5 : 20, updatesPerPost: 1, postsPerSecond: 5, seconds: quick ? 2 : 4 };
    peers.set("agents-sdk", [await runLoad("agents-sdk", sdkLoad)]);

    const figures: Measured[] = [];
    for (const [peer, results] of peers) {
      figures.push({
        name: NOT_CONFLATING,
        unit: "CPU s",
        ours: ours.map((result) => result.cpuPerMillion),
        peer: results.map((result) => result.cpuPerMillion),
        peerName: TITLE[peer],
        goal: null,
        note:
          peer === "agents-sdk"
            ? "It sends the whole state (250 KB) per update and viewer, so it had 20 viewers and 5 updates/s. The figure is per update and viewer all the same."
            : `It had this load for one second and needed ${seconds(results)} s to deliver it. The load process used ${percent(results)} of its core, with Vigía ${percent(ours)}.`,
      });
    }
    return figures;
  },
};

function percent(results: readonly LoadResult[]): string {
  return `${Math.round(median(results.map((result) => result.clientCores)) * 100)} %`;
}

function seconds(results: readonly LoadResult[]): string {
  return median(results.map((result) => result.wallSeconds)).toFixed(1);
}
