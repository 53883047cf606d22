import type { Measured } from "../measure/figure.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { inTurn } from "./in-turn.ts";
import { type Load, type LoadResult, runLoad } from "./load.ts";

/** Distinct group filters among the viewers. */
const FILTERS = [1, 100, 1000] as const;

/** What it costs that viewers have different group filters. Every viewer sees every agent, so that only the filters differ. */
export const groupFilters: Scenario = {
  name: "distinct group filters",
  async run({ quick }: Effort): Promise<Measured[]> {
    const viewers = quick ? 100 : 1000;
    const load: Load = { agents: 500, viewers, updatesPerPost: 10, postsPerSecond: 50, seconds: quick ? 2 : 5, compact: true };
    const results = await inTurn(
      quick ? 1 : 3,
      FILTERS.map((count) => String(count)),
      (count) =>
        runLoad("vigia", { ...load, deflate: true, groupsOf: (viewer) => ["Ventas", `directory-${viewer % Number(count)}`] }),
    );
    const one = results.get("1") ?? [];
    const figure = (count: number, name: string, unit: string, read: (result: LoadResult) => number): Measured => ({
      name: `${count.toLocaleString("en")} distinct group filters of ${viewers.toLocaleString("en")} viewers: ${name}`,
      unit,
      ours: (results.get(String(count)) ?? []).map(read),
      peer: one.map(read),
      peerName: "Vigía, one filter for all",
      goal: null,
      note: "500 updates/s as above, hub.v1.z. Each filter has frames of its own, which are made and compressed apart.",
    });
    return FILTERS.filter((count) => count > 1).flatMap((count) => [
      figure(count, "CPU of the server per million (update x viewer)", "CPU s", ({ cpuPerMillion }) => cpuPerMillion),
      figure(count, "POST to last viewer, p99", "ms", ({ lastViewerP99 }) => lastViewerP99),
    ]);
  },
};
