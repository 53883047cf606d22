import type { Measured } from "../measure/figure.ts";
import { pause } from "../measure/processes.ts";
import { median } from "../measure/statistics.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { checkBoards } from "./board-check.ts";
import { arrived, delaysOf } from "./load.ts";
import { scorePost, seedAgents, send } from "./posts.ts";
import { startServer, TITLE } from "./servers.ts";
import { Viewers } from "./viewers.ts";

/** workerd puts an object to sleep after ten idle seconds. */
const SLEEP_MS = 13_000;

/** The memory of idle viewers, and the time in which a sleeping object answers. */
export const asleep: Scenario = {
  name: "idle viewers and waking from hibernation",
  async run({ quick }: Effort): Promise<Measured[]> {
    const count = quick ? 200 : 1000;
    const times = quick ? 1 : 3;
    const ours = await repeat(times, () => idleMemory("vigia", count));
    const bare = await repeat(times, () => idleMemory("bare", count));
    // A garbage collection falls into some of the runs.
    const wakes = await repeat(quick ? 1 : 5, () => wake(count));
    return [
      {
        name: `Memory of the server per idle viewer (${count.toLocaleString("en")})`,
        unit: "KiB",
        ours,
        peer: bare,
        peerName: TITLE.bare,
        goal: { of: "ratio", atMost: 1.1 },
        note: "Resident memory after all have connected and got the list, less that of the server before.",
      },
      {
        name: `First POST after hibernation to last of ${count.toLocaleString("en")} viewers`,
        unit: "ms",
        ours: wakes.map((run) => run.cold),
        peer: wakes.map((run) => run.warm),
        peerName: "Vigía awake",
        goal: { of: "ratio", atMost: 2 },
        note: "After 13 s of silence: the object is built anew from storage (500 agents) and takes its sockets back.",
      },
    ];
  },
};

async function idleMemory(name: "vigia" | "bare", count: number): Promise<number> {
  const server = await startServer(name, { agents: 500 });
  const first = new Viewers(server);
  const viewers = new Viewers(server);
  try {
    await seedAgents(server);
    // The first sockets make the runtime allocate what all sockets share. That does not count.
    await first.open(50);
    await pause(500);
    const before = server.memoryBytes();
    await viewers.open(count);
    await pause(1500);
    return (server.memoryBytes() - before) / count / 1024;
  } finally {
    await first.close();
    await viewers.close();
    await server.stop();
  }
}

async function wake(count: number): Promise<{ cold: number; warm: number }> {
  const server = await startServer("vigia", { agents: 500 });
  const viewers = new Viewers(server);
  try {
    await seedAgents(server);
    await viewers.open(count);
    const one = async (round: number) => {
      const sent = [await send(server, scorePost(server, round, [round]))];
      await arrived(server, viewers, sent);
      return delaysOf(server, sent, viewers)[0] ?? Number.NaN;
    };
    const warm: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      await pause(200);
      warm.push(await one(round));
    }
    await pause(SLEEP_MS);
    const cold = await one(8);
    await checkBoards(server, viewers);
    return { cold, warm: median(warm.slice(2)) };
  } finally {
    await viewers.close();
    await server.stop();
  }
}
