import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { type AgentClient, createAgentClient } from "../../dashboard/client/index.ts";
import { INSTANCE, workerdConfig } from "./hub/workerd-config.ts";

/**
 * Measures how shipped clients come back after the hub was killed and started again: with what the hub asks for, and as clients
 * that know nothing of it. `node scripts/run.mjs test/bench/coming-back.ts [--clients 2000]`. Exit code 1: somebody stayed away.
 */

const WORKERD = join(fileURLToPath(new URL("../..", import.meta.url)), "node_modules/.bin/workerd");
const ticketSchema = v.object({ ticket: v.string() });
const { values } = parseArgs({ options: { clients: { type: "string", default: "2000" } } });
const count = Number(values.clients);
/** A socket as an older client sees it: without the field that asks to spread. */
class FieldlessSocket extends WebSocket {
  override dispatchEvent(event: Event): boolean {
    if (!(event instanceof MessageEvent) || typeof event.data !== "string") return super.dispatchEvent(event);
    const data = event.data.replace(/"comeBackWithinMs":\d+,/, "");
    return super.dispatchEvent(new MessageEvent("message", { data }));
  }
}

/** Connects the clients, kills the hub, starts it again, and prints how they came back. Returns how many did. */
async function run(name: string, Socket: typeof WebSocket): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "vigia-coming-back-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = await workerdConfig("vigia", folder, { agents: 0, vars: { VIEWERS_PER_OBJECT: "1000" } });
  writeFileSync(config, readFileSync(config, "utf8").replace("127.0.0.1:0", `127.0.0.1:${port}`));
  let hub = await startHub(config, url);
  const clients: AgentClient[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const client = createAgentClient({ url, instanceId: INSTANCE, getTicket: () => ticketAt(url), WebSocket: Socket });
      clients.push(client);
      client.connect();
      // A few at a time: this part is not measured.
      if (index % 50 === 49) await until(() => clients.every((each) => each.connection().status === "live"), 30_000);
    }
    await until(() => clients.every((client) => client.connection().status === "live"), 60_000);
    // A shorter connection would count as a failure.
    await wait(6_000);
    const backAt = new Map<AgentClient, number>();
    await kill(hub);
    hub = await startHub(config, url);
    const upAt = performance.now();
    for (const client of clients) {
      const noteReturn = () => {
        if (client.connection().status === "live" && !backAt.has(client)) backAt.set(client, performance.now() - upAt);
      };
      client.subscribeConnection(noteReturn);
      noteReturn();
    }
    await until(() => backAt.size === clients.length, 120_000);
    print(name, [...backAt.values()]);
    return backAt.size;
  } finally {
    for (const client of clients) client.close();
    await kill(hub);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts the Worker in the real runtime, with its storage on disk, and waits until it answers. */
async function startHub(config: string, url: string): Promise<ChildProcess> {
  const child = spawn(WORKERD, ["serve", config], { stdio: ["ignore", "ignore", "inherit"] });
  for (let tries = 0; tries < 1000; tries += 1) {
    const answered = await fetch(`${url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (answered) return child;
    await wait(10);
  }
  throw new Error(`The hub does not answer at ${url}.`);
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

/** Returns a free port below those that the system gives to outgoing connections: the clients must not take it meanwhile. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (free) return port;
  }
}

async function ticketAt(url: string): Promise<string> {
  const answer = await fetch(`${url}/v1/instances/${INSTANCE}/tickets`, { method: "POST" });
  if (!answer.ok) throw Object.assign(new Error(`The hub gave no ticket: ${answer.status}`), { status: answer.status });
  return v.parse(ticketSchema, await answer.json()).ticket;
}

async function until(holds: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds() && performance.now() < end) await wait(20);
}

/** Prints the returns of each second after the hub was up again. */
function print(name: string, times: readonly number[]): void {
  const seconds = new Map<number, number>();
  for (const time of times) seconds.set(Math.floor(time / 1000), (seconds.get(Math.floor(time / 1000)) ?? 0) + 1);
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => ((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) / 1000).toFixed(1);
  const rows = [...seconds].sort(([a], [b]) => a - b).map(([second, returns]) => `${second}: ${returns}`);
  console.log(`${name}: ${times.length} of ${count} came back; half within ${at(0.5)} s, all within ${at(1)} s of the restart.`);
  console.log(`  most in one second: ${Math.max(0, ...seconds.values())}; by second: ${rows.join(", ")}`);
}

const returned = [
  await run("as the hub asks", WebSocket),
  // The same clients without the field.
  await run("without the field", FieldlessSocket),
];
process.exit(returned.every((number) => number === count) ? 0 : 1);
