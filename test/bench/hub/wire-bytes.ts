import type { Measured } from "../measure/figure.ts";
import { agentId, firstAgents } from "../peers/board.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { type Load, runLoad } from "./load.ts";
import type { ServerName } from "./server-options.ts";
import { TITLE } from "./servers.ts";

const PLAIN_BYTES = "Bytes per viewer and update, without compression";

/** Measures the bytes on a viewer's wire for each update, without compression. compression.ts has those with it. */
export const wireBytes: Scenario = {
  name: "bytes per viewer and update",
  async run({ quick }: Effort): Promise<Measured[]> {
    const load: Load = { agents: 500, viewers: 20, updatesPerPost: 10, postsPerSecond: 50, seconds: quick ? 1 : 4 };
    const few: Load = { ...load, viewers: 5, updatesPerPost: 1, postsPerSecond: 5, seconds: 2 };
    const figures: Measured[] = [];
    // Bytes hardly differ from run to run.
    const bytes = async (name: ServerName, under: Load) => [(await runLoad(name, under)).bytesPerUpdate];
    const ours = await bytes("vigia", load);
    const figure = { name: PLAIN_BYTES, unit: "bytes", ours };
    figures.push({
      ...figure,
      peer: await bytes("agents-sdk", few),
      peerName: TITLE["agents-sdk"],
      goal: { of: "ratio", atMost: 1 / 400 },
      note: "Wire bytes as the socket counts them, 500 agents, 500 updates/s, each for another agent. Vigía's viewers speak hub.v1 here.",
    });
    figures.push({
      ...figure,
      peer: await bytes("bare", load),
      peerName: `${TITLE.bare} (the same agent whole, in the seed's frame)`,
      goal: null,
      note: "The bare loop sends every field of the agent per update.",
    });
    figures.push(againstSeed(ours));
    return figures;
  },
};

/** The size of a legacy frame with its five fields, without the WebSocket header. */
function againstSeed(ours: readonly number[]): Measured {
  const [agent] = firstAgents(1);
  const five = { agentId: agentId(0), name: agent?.["name"], status: "on a call", duration: 120, sentimentScore: 3.5 };
  const header = 4;
  return {
    name: PLAIN_BYTES,
    unit: "bytes",
    ours,
    peer: [Buffer.byteLength(JSON.stringify({ type: "agentStatusUpdate", data: five })) + header],
    peerName: "a frame of the five oldest fields only (computed)",
    goal: null,
    note: "Ours says more: both scores with their quarters, and the score of the contact, so it is the larger one here.",
  };
}
