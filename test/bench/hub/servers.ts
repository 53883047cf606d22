import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { cpuSeconds, memoryBytes, pause, peakMemoryBytes } from "../measure/processes.ts";
import { hasNchan, nchanServer } from "./nchan-server.ts";
import type { ServerName, ServerOptions } from "./server-options.ts";
import { SIGNING_SECRET, workerdConfig } from "./workerd-config.ts";

/** The names of the servers in the tables. */
export const TITLE: Readonly<Record<ServerName, string>> = {
  vigia: "Vigía",
  bare: "bare Durable Object loop",
  party: "PartyServer",
  "agents-sdk": "Cloudflare Agents SDK",
  "node-ws": "ws on Node",
  "socket-io": "socket.io on Node",
  "bare-conflating": "bare Durable Object, conflating",
  "bare-whole": "bare Durable Object, conflating, signed and stored",
  "node-whole": "ws and SQLite on Node, conflating",
  "bun-whole": "Bun and its SQLite, conflating",
  nchan: "nchan, fan-out only",
};

export interface RunningServer {
  name: ServerName;
  port: number;
  agents: number;
  /** Returns the CPU seconds, user and system, that the process has used so far. */
  cpuSeconds(): number;
  /** Returns the resident memory, in bytes. */
  memoryBytes(): number;
  /** Returns the greatest resident memory so far, in bytes. */
  peakMemoryBytes(): number;
  stop(): Promise<void>;
}

const HERE = fileURLToPath(new URL("..", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** The load process runs on the other core. */
const SERVER_CORE = "0";
/** In memory, because the speed of this machine's disk says nothing about the hub or the storage at Cloudflare. */
const STORAGE = process.env["BENCH_STORAGE"] ?? (existsSync("/dev/shm") ? "/dev/shm" : tmpdir());
/** workerd writes here what it listens on, one JSON object a line; the peers on Node do the same. */
const CONTROL_FD = 3;
const listenSchema = v.object({ event: v.literal("listen"), port: v.number() });
const NODE_PEERS: ReadonlySet<ServerName> = new Set(["node-ws", "socket-io", "node-whole"]);
/** It is in npm for Linux on x64 only (package.json of the benchmark). */
const BUN = join(HERE, "node_modules/@oven/bun-linux-x64/bin/bun");

/** Server -> its folder. Both go when this process ends. */
const running = new Map<ChildProcess, string>();
process.on("exit", () => {
  for (const [child, folder] of running) {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Starts a server pinned to one core, on a port that the system chooses, and waits until it answers. */
export async function startServer(name: ServerName, options: ServerOptions): Promise<RunningServer> {
  const folder = mkdtempSync(join(STORAGE, `vigia-bench-${name}-`));
  const nchan = name === "nchan" ? await nchanServer(folder) : null;
  const command = nchan?.command ?? (await commandOf(name, folder, options));
  const child = spawn("taskset", ["-c", SERVER_CORE, ...command], {
    env: {
      ...process.env,
      AGENTS: String(options.agents),
      SIGNING_SECRET,
      STATE: folder,
      ...(options.deflate ? { DEFLATE: "1" } : {}),
    },
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  running.set(child, folder);
  const errors: string[] = [];
  child.stderr?.on("data", (data) => errors.push(String(data)));
  const { pid } = child;
  const control = child.stdio[CONTROL_FD];
  if (pid === undefined || !isReadable(control))
    throw new Error(`The server ${name} did not start, because taskset is missing. Install util-linux.`);
  const port = nchan?.port ?? (await announcedPort(control));
  if (port === null) throw new Error(`The server ${name} ended before it listened: ${errors.join("").slice(0, 2000)}`);
  await untilAnswering(name, port, child, errors);
  return {
    name,
    port,
    agents: options.agents,
    cpuSeconds: () => cpuSeconds(pid),
    memoryBytes: () => memoryBytes(pid),
    peakMemoryBytes: () => peakMemoryBytes(pid),
    stop: () => stop(child, folder),
  };
}

/** Says why a server cannot run on this machine; null when it can. Only optional peers may be missing. */
export function missingServer(name: ServerName): string | null {
  if (name === "bun-whole" && !existsSync(BUN)) return "npm has no Bun for this processor";
  return name === "nchan" && !hasNchan() ? "Debian's packages nginx and libnginx-mod-nchan are not installed" : null;
}

async function commandOf(name: ServerName, folder: string, options: ServerOptions): Promise<string[]> {
  const peer = join(HERE, "peers", `${name}.ts`);
  if (NODE_PEERS.has(name)) return [process.execPath, peer];
  if (name === "bun-whole") return [BUN, peer];
  const config = await workerdConfig(name, folder, options);
  return [join(ROOT, "node_modules/.bin/workerd"), "serve", `--control-fd=${CONTROL_FD}`, config];
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === "object" && stream !== null && "readable" in stream;
}

/** The port of the first listener that a server announces; null when it ends before. */
async function announcedPort(control: Readable): Promise<number | null> {
  for await (const line of createInterface(control)) {
    const message = v.safeParse(listenSchema, JSON.parse(line));
    if (message.success) return message.output.port;
  }
  return null;
}

async function untilAnswering(name: ServerName, port: number, child: ChildProcess, errors: string[]): Promise<void> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries += 1) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/${name === "vigia" ? "healthz" : ""}`);
      await answer.body?.cancel();
      if (answer.ok) return;
    } catch {
      // The server does not listen yet.
    }
    await pause(50);
  }
  throw new Error(`The server ${name} listens but does not answer: ${errors.join("").slice(0, 2000)}`);
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
