import type { Goal, Measured } from "../measure/figure.ts";
import { BROWSER_BYTES } from "../report/headline.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { inTurn } from "./in-turn.ts";
import { type Load, type LoadResult, runLoad } from "./load.ts";
import type { ServerName } from "./server-options.ts";
import { missingServer, TITLE } from "./servers.ts";

interface Way {
  server: ServerName;
  deflate: boolean;
  compact: boolean;
}

const COMPACT: Way = { server: "vigia", deflate: true, compact: true };
/** 300 viewers, because the clients must inflate each frame on one core. */
const FEW = {
  compact: COMPACT,
  deflate: { server: "vigia", deflate: true, compact: false },
  node: { server: "node-whole", deflate: true, compact: false },
  bun: { server: "bun-whole", deflate: true, compact: false },
} as const satisfies Record<string, Way>;
const MANY = { compact: COMPACT, plain: { server: "vigia", deflate: false, compact: false } } as const satisfies Record<
  string,
  Way
>;
const NAMES: Readonly<Record<keyof typeof FEW | "plain", string>> = {
  compact: "",
  deflate: "Vigía, hub.v1 with permessage-deflate",
  node: `${TITLE["node-whole"]}, permessage-deflate`,
  bun: `${TITLE["bun-whole"]}, one shared compressor`,
  plain: "Vigía, hub.v1 without compression",
};

/** What compression costs and saves. The clients offer permessage-deflate as browsers do, and ask Vigía for `hub.v1.z`. */
export const compression: Scenario = {
  name: "compression as browsers negotiate it",
  async run({ quick }: Effort): Promise<Measured[]> {
    const [few, many] = quick ? [50, 100] : [300, 1000];
    const load = { agents: 500, updatesPerPost: 10, postsPerSecond: 50, seconds: quick ? 2 : 5 };
    const atFew = await compared(FEW, { ...load, viewers: few }, quick ? 1 : 3);
    const atMany = await compared(MANY, { ...load, viewers: many }, quick ? 1 : 3);
    const cpu = ({ cpuPerMillion }: LoadResult) => cpuPerMillion;
    const audience = (viewers: number) => `${viewers.toLocaleString("en")} browsers`;
    return [
      ...figures(atFew, `CPU of the server per million (update x viewer), ${audience(few)}`, "CPU s", cpu, {
        deflate: { of: "ratio", atMost: 0.5 },
      }),
      ...figures(atMany, `CPU of the server per million (update x viewer), ${audience(many)}`, "CPU s", cpu, {
        plain: { of: "ratio", atMost: 1.05 },
      }),
      ...figures(atMany, `POST to last of ${audience(many)}, p99`, "ms", ({ lastViewerP99 }) => lastViewerP99, {
        plain: { of: "ours", atMost: 200 },
      }),
      ...figures(atFew, BROWSER_BYTES, "bytes", ({ bytesPerUpdate }) => bytesPerUpdate, {
        deflate: { of: "ours", atMost: 35 },
      }),
    ];
  },
};

type Results = ReadonlyMap<string, readonly LoadResult[]>;

function compared(ways: Readonly<Record<string, Way>>, load: Load, rounds: number): Promise<Results> {
  const kinds = Object.keys(ways).filter((kind) => missingServer(ways[kind]?.server ?? "vigia") === null);
  return inTurn(rounds, kinds, (kind) => {
    const { server, ...how } = ways[kind] ?? COMPACT;
    return runLoad(server, { ...load, ...how });
  });
}

function figures(
  results: Results,
  name: string,
  unit: string,
  read: (result: LoadResult) => number,
  goals: Readonly<Record<string, Goal>>,
): Measured[] {
  const ours = (results.get("compact") ?? []).map(read);
  return Object.entries(NAMES).flatMap(([kind, peerName]): Measured[] => {
    const theirs = kind === "compact" ? undefined : results.get(kind);
    if (theirs === undefined) return [];
    const note =
      "hub.v1.z compresses a frame once for everybody. 500 agents with random ids, 500 updates/s, each for another agent.";
    return [{ name, unit, ours, peer: theirs.map(read), peerName, goal: goals[kind] ?? null, note }];
  });
}
