import type { Goal, Measured } from "../measure/figure.ts";
import { median } from "../measure/statistics.ts";
import { CPU, LAST_VIEWER } from "../report/headline.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { inTurn } from "./in-turn.ts";
import { type Load, type LoadResult, runLoad } from "./load.ts";
import type { ServerName } from "./server-options.ts";
import { missingServer, TITLE } from "./servers.ts";

const PEERS = ["bare-conflating", "node-whole", "bun-whole", "nchan"] as const satisfies readonly ServerName[];

const JOBS: Readonly<Record<(typeof PEERS)[number], string>> = {
  "bare-conflating": "It checks no signature and stores nothing: the floor of the platform.",
  "node-whole": "It checks the signature of each post and stores it in SQLite with full sync before it answers.",
  "bun-whole": "It checks the signature of each post and stores it in SQLite with full sync before it answers.",
  nchan: "It only fans out. It gets ten finished frames a second and keeps no board.",
};

/** 500 updates a second reach 1,000 viewers. Every server sends the changed fields of a window of 100 ms in one frame. */
export const conflatingPeers: Scenario = {
  name: "peers that conflate",
  async run({ quick }: Effort): Promise<Measured[]> {
    const viewers = quick ? 100 : 1000;
    const load: Load = { agents: 500, viewers, updatesPerPost: 10, postsPerSecond: 50, seconds: quick ? 2 : 5 };
    const frames: Load = { ...load, updatesPerPost: 50, postsPerSecond: 10 };
    const peers = PEERS.filter((peer) => missingServer(peer) === null);
    const left = PEERS.flatMap((peer) => missingServer(peer) ?? []).map((why) => ` One peer was left out: ${why}.`);
    const results = await inTurn(quick ? 1 : 4, ["vigia", ...peers], (name) => runLoad(name, name === "nchan" ? frames : load));
    const ours = results.get("vigia") ?? [];
    return peers.flatMap((peer): Measured[] => {
      const theirs = results.get(peer) ?? [];
      const values = (read: (result: LoadResult) => number) => ({ ours: ours.map(read), peer: theirs.map(read) });
      const beside = { peerName: TITLE[peer] };
      const clients = `The load process used ${percent(theirs)} of its core, with Vigía ${percent(ours)}.`;
      const note = `${JOBS[peer]} ${clients}${peer === "bare-conflating" ? left.join("") : ""}`;
      const p99: Goal = { of: "ours", atMost: 200 };
      return [
        { name: CPU, unit: "CPU s", ...values(({ cpuPerMillion }) => cpuPerMillion), ...beside, goal: null, note },
        {
          name: LAST_VIEWER,
          unit: "ms",
          ...values(({ lastViewerP99 }) => lastViewerP99),
          ...beside,
          goal: peer === "bare-conflating" ? p99 : null,
          note: "Each time includes the window of 100 ms, but for nchan: its frames are finished when they are sent.",
        },
      ];
    });
  },
};

function percent(results: readonly LoadResult[]): string {
  return `${Math.round(median(results.map((result) => result.clientCores)) * 100)} %`;
}
