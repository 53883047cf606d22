// `npm run bench:frames -- [--viewers 300,1000] [--rounds 3] [--seconds 5] [--base FOLDER]`: CPU and bytes of hub.v1.z against
// hub.v1, in one run, with the rounds of all kinds in turn. The clients offer permessage-deflate as browsers do, but for the kind
// that says otherwise. `--base` names another checkout, which is measured as "base". docs/performance.md has the figures.
import { parseArgs } from "node:util";
import { type Load, type LoadResult, runLoad } from "./hub/load.ts";
import { median } from "./measure/statistics.ts";

const { values } = parseArgs({
  options: {
    viewers: { type: "string", default: "300,1000" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "5" },
    base: { type: "string" },
    only: { type: "string", default: "" },
  },
});

const KINDS: Record<string, Partial<Load>> = {
  "hub.v1, deflate": { deflate: true },
  "hub.v1, no deflate": { deflate: false },
  "hub.v1.z": { deflate: true, compact: true },
  "hub.v1.z, pace 500": { deflate: true, compact: true, paceMs: 500 },
  "hub.v1.z, pace 1000": { deflate: true, compact: true, paceMs: 1000 },
  ...(values.base !== undefined && {
    "base, deflate": { deflate: true, root: values.base },
    "base, no deflate": { deflate: false, root: values.base },
  }),
};

const round = (value: number) => Math.round(value * 100) / 100;

for (const viewers of values.viewers.split(",").map(Number)) {
  const results = new Map<string, LoadResult[]>();
  const kinds = Object.entries(KINDS).filter(([name]) => name.includes(values.only));
  // A thousand viewers that inflate would be the bottleneck themselves.
  const measured = kinds.filter(([, { deflate, compact }]) => viewers <= 300 || deflate !== true || compact === true);
  for (let turn = 0; turn < Number(values.rounds); turn += 1) {
    for (const [name, kind] of measured) {
      const load = { agents: 500, viewers, updatesPerPost: 10, postsPerSecond: 50, seconds: Number(values.seconds), ...kind };
      results.set(name, [...(results.get(name) ?? []), await runLoad("vigia", load)]);
    }
  }
  console.log(
    `${viewers} viewers, 500 agents, 500 updates/s, ${values.rounds} rounds (median; CPU in s per million updates x viewers)`,
  );
  console.table(
    Object.fromEntries(
      [...results].map(([name, runs]) => {
        const of = (read: (run: LoadResult) => number) => round(median(runs.map(read)));
        const cpu = runs.map((run) => round(run.cpuPerMillion));
        return [
          name,
          {
            cpu: of((run) => run.cpuPerMillion),
            range: `${Math.min(...cpu)}-${Math.max(...cpu)}`,
            bytes: of((run) => run.bytesPerUpdate),
            p50: of((run) => run.lastViewerP50),
            p99: of((run) => run.lastViewerP99),
            framesPerSecond: of((run) => run.framesPerSecond),
            clientCores: of((run) => run.clientCores),
          },
        ];
      }),
    ),
  );
}
