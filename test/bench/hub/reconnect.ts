import type { Measured } from "../measure/figure.ts";
import { pause } from "../measure/processes.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { checkResumed, positionOf } from "./board-check.ts";
import { scorePost, seedAgents, send } from "./posts.ts";
import type { ServerName } from "./server-options.ts";
import { type RunningServer, startServer } from "./servers.ts";
import { Viewers } from "./viewers.ts";

const AGENTS = 500;
const CHANGED = 20;

interface Return {
  bytes: number;
  cpu: number;
  ms: number;
}

/** All viewers reconnect at once after a break in which 20 of 500 agents changed. */
export const reconnect: Scenario = {
  name: "everybody comes back at once",
  async run({ quick }: Effort): Promise<Measured[]> {
    const count = quick ? 200 : 1000;
    const runs = await repeat(quick ? 1 : 5, () => oneRun(count));
    const party = await repeat(quick ? 1 : 3, () => listsOf("party", AGENTS, count));
    const handshakes = await repeat(quick ? 1 : 3, () => listsOf("bare", 1, count));
    const name = `${count.toLocaleString("en")} viewers come back after ${CHANGED} of ${AGENTS} agents changed`;
    const peerName = "Vigía, the whole list";
    const of = (field: keyof Return, side: "resumed" | "fresh") => runs.map((run) => run[side][field]);
    const row = (what: string, unit: string, field: keyof Return) => ({
      name: `${name}: ${what}`,
      unit,
      ours: of(field, "resumed"),
      peer: of(field, "fresh"),
      peerName,
    });
    return [
      {
        ...row("bytes per viewer", "bytes", "bytes"),
        goal: { of: "ratio", atMost: 0.06 },
        note: "Answer to the handshake included, on both sides. Every viewer's board is compared with the server's afterwards.",
      },
      {
        ...row("CPU of the server per viewer", "CPU ms", "cpu"),
        goal: { of: "ratio", atMost: 0.25 },
        note: "Both sides pay for the same handshake. The hub verifies the same ticket and stores that it was used. All who come within a second share the text of the whole list, so it is cheap too. The bare handshake below is the floor.",
      },
      {
        ...row("CPU of the server per viewer", "CPU ms", "cpu"),
        peer: party.map((run) => run.cpu),
        peerName: "PartyServer, the whole list (no ticket, nothing verified)",
        goal: null,
        note: "",
      },
      {
        ...row("CPU of the server per viewer", "CPU ms", "cpu"),
        peer: handshakes.map((run) => run.cpu),
        peerName: "bare Durable Object loop, a handshake and a list of one agent",
        goal: null,
        note: "The platform's own cost of a socket.",
      },
      { ...row("until the last is consistent", "ms", "ms"), goal: null, note: "" },
    ];
  },
};

async function oneRun(count: number): Promise<{ resumed: Return; fresh: Return }> {
  const server = await startServer("vigia", { agents: AGENTS });
  try {
    await seedAgents(server);
    // Warms both sides up.
    await comeBack(server, 50, "");
    const position = await positionOf(server);
    await send(
      server,
      scorePost(
        server,
        1,
        Array.from({ length: CHANGED }, (_, index) => index),
      ),
    );
    const fresh = await comeBack(server, count, "");
    const resumed = await comeBack(server, count, position);
    return { resumed, fresh };
  } finally {
    await server.stop();
  }
}

/** Measures new viewers at a peer, which sends each of them the whole list. */
async function listsOf(peer: ServerName, agents: number, count: number): Promise<Return> {
  const server = await startServer(peer, { agents });
  try {
    await comeBack(server, 50, "");
    return await comeBack(server, count, "");
  } finally {
    await server.stop();
  }
}

async function comeBack(server: RunningServer, count: number, position: string): Promise<Return> {
  const viewers = new Viewers(server);
  // Gives the server time to clean up after the previous viewers.
  await pause(500);
  const cpu = server.cpuSeconds();
  const start = performance.now();
  await viewers.open(count, { position });
  const ms = performance.now() - start;
  const used = server.cpuSeconds() - cpu;
  const bytes = viewers.bytesRead / count;
  await checkResumed(server, viewers, position === "" ? server.agents : CHANGED);
  await viewers.close();
  return { bytes, cpu: (used / count) * 1000, ms };
}
