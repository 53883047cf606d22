import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cpuSeconds, memoryBytes, pause } from "../measure/processes.ts";
import type { ServerName, ServerOptions } from "./server-options.ts";
import { workerdConfig } from "./workerd-config.ts";

/** How a peer is called in the tables. */
export const TITLE: Readonly<Record<ServerName, string>> = {
  vigia: "Vigía",
  bare: "bare Durable Object loop",
  party: "PartyServer",
  "agents-sdk": "Cloudflare Agents SDK",
  "node-ws": "ws on Node",
  "socket-io": "socket.io on Node",
};

export interface RunningServer {
  name: ServerName;
  port: number;
  agents: number;
  /** CPU seconds the process has used so far, user and system, by the operating system's accounting. */
  cpuSeconds(): number;
  /** Resident memory, bytes. */
  memoryBytes(): number;
  stop(): Promise<void>;
}

const HERE = fileURLToPath(new URL("..", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** The load process runs on the other one. */
const SERVER_CORE = "0";
/** In memory: what one sync of this machine's disk costs says nothing about the hub, nor about storage at Cloudflare. */
const STORAGE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const NODE_PEERS: ReadonlySet<ServerName> = new Set(["node-ws", "socket-io"]);

/** Server -> its folder. Whatever ends this process ends them too. */
const running = new Map<ChildProcess, string>();
process.on("exit", () => {
  for (const [child, folder] of running) {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Starts a server pinned to one core and waits until it answers. */
export async function startServer(name: ServerName, options: ServerOptions): Promise<RunningServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(STORAGE, `vigia-bench-${name}-`));
  const onNode = NODE_PEERS.has(name);
  const command = onNode
    ? [process.execPath, join(HERE, "peers", `${name}.ts`)]
    : [join(ROOT, "node_modules/.bin/workerd"), "serve", await workerdConfig(name, port, folder, options)];
  const child = spawn("taskset", ["-c", SERVER_CORE, ...command], {
    env: {
      ...process.env,
      PORT: String(port),
      AGENTS: String(options.agents),
      ...(options.deflate ? { DEFLATE: "1" } : {}),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  running.set(child, folder);
  const errors: string[] = [];
  child.stderr.on("data", (data) => errors.push(String(data)));
  const { pid } = child;
  if (pid === undefined) throw new Error(`Could not start ${name}.`);
  await untilAnswering(name, port, child, errors);
  return {
    name,
    port,
    agents: options.agents,
    cpuSeconds: () => cpuSeconds(pid),
    memoryBytes: () => memoryBytes(pid),
    stop: () => stop(child, folder),
  };
}

async function untilAnswering(name: ServerName, port: number, child: ChildProcess, errors: string[]): Promise<void> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries += 1) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/${name === "vigia" ? "healthz" : ""}`);
      await answer.body?.cancel();
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await pause(50);
  }
  throw new Error(`${name} did not start: ${errors.join("").slice(0, 2000)}`);
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }
  running.delete(child);
  rmSync(folder, { recursive: true, force: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("No port.")),
      );
    });
  });
}
