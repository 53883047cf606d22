import type { Goal, Measured } from "../measure/figure.ts";
import { median } from "../measure/statistics.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { type Load, type LoadResult, runLoad } from "./load.ts";
import type { ServerName } from "./server-options.ts";
import { TITLE } from "./servers.ts";

const PEERS = ["party", "node-ws", "bare", "socket-io"] as const satisfies readonly ServerName[];

/** The goal for CPU. Vigía sends one frame for each flush and viewer, a peer one for each update. */
const CPU_GOALS: Partial<Record<ServerName, Goal>> = {
  party: { of: "ratio", atMost: 1 / 30 },
  "node-ws": { of: "ratio", atMost: 1 / 15 },
};

const CPU = "CPU of the server per million (update x viewer)";

function cpuBeside(peer: ServerName, ours: readonly LoadResult[], results: readonly LoadResult[]) {
  return {
    unit: "CPU s",
    ours: ours.map((result) => result.cpuPerMillion),
    peer: results.map((result) => result.cpuPerMillion),
    peerName: TITLE[peer],
    goal: CPU_GOALS[peer] ?? null,
  };
}

/** Measures CPU at a rate that PartyServer and the bare loop can sustain. */
export const keepingUp: Scenario = {
  name: "peers at a rate they keep up with",
  async run({ quick }: Effort): Promise<Measured[]> {
    const viewers = quick ? 100 : 1000;
    const load: Load = { agents: 500, viewers, updatesPerPost: 10, postsPerSecond: 50, seconds: quick ? 1 : 4 };
    const slow: Load = { ...load, updatesPerPost: 1, postsPerSecond: 15 };
    const ours = await repeat(quick ? 1 : 3, () => runLoad("vigia", load));
    const figures: Measured[] = [];
    for (const peer of ["party", "bare", "node-ws"] as const) {
      const results = await repeat(quick ? 1 : 3, () => runLoad(peer, slow));
      figures.push({
        ...cpuBeside(peer, ours, results),
        name: `${CPU}, the peer at 15 updates/s`,
        note: `Vigía at 500 updates/s as above; the peer at a rate it can keep up with (${seconds(results)} s for ${slow.seconds} s of load), so that it cannot pack waiting frames together.`,
      });
    }
    return figures;
  },
};

/** Measures CPU and delay while 500 updates a second reach 1,000 viewers. Each update is for another agent, so none is conflated. */
export const underLoad: Scenario = {
  name: "500 updates/s to 1,000 viewers",
  async run({ quick }: Effort): Promise<Measured[]> {
    const viewers = quick ? 100 : 1000;
    const load: Load = { agents: 500, viewers, updatesPerPost: 10, postsPerSecond: 50, seconds: quick ? 2 : 5 };
    // A peer that falls behind delivers its backlog after the load, and the run lasts until then.
    const peerLoad = { ...load, seconds: 1 };
    const ours = await repeat(quick ? 1 : 5, () => runLoad("vigia", load));
    const peers = new Map<ServerName, LoadResult[]>();
    for (const peer of PEERS) peers.set(peer, await repeat(quick ? 1 : 3, () => runLoad(peer, peerLoad)));
    const sdkLoad = { ...load, viewers: quick ? 5 : 20, updatesPerPost: 1, postsPerSecond: 5, seconds: quick ? 2 : 4 };
    peers.set("agents-sdk", await repeat(quick ? 1 : 3, () => runLoad("agents-sdk", sdkLoad)));

    const figures: Measured[] = [];
    for (const [peer, results] of peers) {
      figures.push({
        ...cpuBeside(peer, ours, results),
        name: CPU,
        note:
          peer === "agents-sdk"
            ? "it sends the whole state (250 KB) per update and viewer, so it had 20 viewers and 5 updates/s; per (update x viewer) all the same."
            : `the load process used ${percent(results)} of its core, with Vigía ${percent(ours)}.`,
      });
    }
    for (const [peer, results] of peers) {
      if (peer === "agents-sdk") continue;
      figures.push({
        name: `POST to last of ${viewers.toLocaleString("en")} viewers, p99, at 500 updates/s`,
        unit: "ms",
        ours: ours.map((result) => result.lastViewerP99),
        peer: results.map((result) => result.lastViewerP99),
        peerName: TITLE[peer],
        goal: peer === "party" ? { of: "ours", atMost: 250 } : null,
        note: `had this load for one second and needed ${seconds(results)} s to deliver it; under a lasting load its delay grows without end. Ours includes the 100 ms window.`,
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
