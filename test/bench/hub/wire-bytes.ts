import type { Measured } from "../measure/figure.ts";
import { agentId, firstAgents, frame } from "../peers/board.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { type Load, runLoad } from "./load.ts";
import type { ServerName } from "./server-options.ts";
import { TITLE } from "./servers.ts";

/** Measures the bytes on a viewer's wire for each update, without and with permessage-deflate. */
export const wireBytes: Scenario = {
  name: "bytes per viewer and update",
  async run({ quick }: Effort): Promise<Measured[]> {
    const load: Load = { agents: 500, viewers: 20, updatesPerPost: 10, postsPerSecond: 50, seconds: quick ? 1 : 4 };
    const few: Load = { ...load, viewers: 5, updatesPerPost: 1, postsPerSecond: 5, seconds: 2 };
    const times = quick ? 1 : 3;
    const figures: Measured[] = [];
    for (const deflate of [false, true]) {
      const bytes = async (name: ServerName, under: Load) =>
        (await repeat(times, () => runLoad(name, { ...under, deflate }))).map((result) => result.bytesPerUpdate);
      const ours = await bytes("vigia", load);
      const how = deflate ? "with compression" : "without compression";
      const figure = { name: `Bytes per viewer and update, ${how}`, unit: "bytes", ours };
      figures.push({
        ...figure,
        peer: await bytes("agents-sdk", few),
        peerName: TITLE["agents-sdk"],
        goal: { of: "ratio", atMost: 1 / 400 },
        note: "Wire bytes as the socket counts them, 500 agents, 500 updates/s, each for another agent.",
      });
      figures.push({
        ...figure,
        peer: await bytes("bare", load),
        peerName: `${TITLE.bare} (the same agent whole, in the seed's frame)`,
        goal: { of: "ratio", atMost: 0.45 },
        note: "The bare loop sends every field of the agent per update.",
      });
    }
    figures.push(againstSeed(figures[0]?.ours ?? []));
    return figures;
  },
};

/** The size of a legacy frame with its five fields, without the WebSocket header. */
function againstSeed(ours: readonly number[]): Measured {
  const [agent] = firstAgents(1);
  const five = { agentId: agentId(0), name: agent?.["name"], status: "on a call", duration: 120, sentimentScore: 3.5 };
  const header = 4;
  return {
    name: "Bytes per viewer and update, without compression",
    unit: "bytes",
    ours,
    peer: [Buffer.byteLength(frame(five)) + header],
    peerName: "a frame of the five oldest fields only (computed)",
    goal: null,
    note: `Ours says more: both scores with their quarters (${Buffer.byteLength(sentimentText())} of the bytes) beside the number, so it is the larger one here.`,
  };
}

function sentimentText(): string {
  const [agent] = firstAgents(1);
  return JSON.stringify({ sentiment: agent?.["sentiment"] });
}
