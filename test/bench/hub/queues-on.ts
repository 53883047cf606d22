import type { Measured } from "../measure/figure.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { inTurn } from "./in-turn.ts";
import { type Load, type LoadResult, runLoad } from "./load.ts";

/** What queues add to the load of agents. The default rules of alerts are on in both cases, as in every hub. */
export const queuesOn: Scenario = {
  name: "queues and alerts on",
  async run({ quick }: Effort): Promise<Measured[]> {
    const viewers = quick ? 100 : 1000;
    const load: Load = { agents: 500, viewers, updatesPerPost: 10, postsPerSecond: 50, seconds: quick ? 2 : 5, compact: true };
    const results = await inTurn(quick ? 1 : 3, ["queues", "none"] as const, (kind) =>
      runLoad("vigia", { ...load, deflate: true, queueEventsPerPost: kind === "queues" ? 1 : 0 }),
    );
    const figure = (name: string, unit: string, read: (result: LoadResult) => number): Measured => ({
      name: `50 queues with 50 events/s beside 500 updates/s: ${name}`,
      unit,
      ours: (results.get("queues") ?? []).map(read),
      peer: (results.get("none") ?? []).map(read),
      peerName: "Vigía without queues",
      goal: null,
      note: `${viewers.toLocaleString("en")} viewers of hub.v1.z without a filter, who get the rows of the queues too. The default rules of alerts judge both cases.`,
    });
    return [
      figure("CPU of the server", "cores", ({ serverCores }) => serverCores),
      figure("POST to last viewer, p99", "ms", ({ lastViewerP99 }) => lastViewerP99),
    ];
  },
};
