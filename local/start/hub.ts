import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { startChild } from "./child.ts";

export interface LocalHubOptions {
  /** A port of 127.0.0.1. 0 takes any free one. */
  port: number;
  /** Has the Durable Objects' storage and the log. Created when it does not exist. */
  folder: string;
  /** Settings and secrets. They win over wrangler.toml. The hub does not read `.dev.vars`. */
  vars: Readonly<Record<string, string>>;
  /** Ends a hub that is not ready yet. */
  giveUp?: AbortSignal;
}

/** The real Worker in the real Workers runtime on loopback. */
export interface RunningHub {
  /** For example `http://127.0.0.1:8787`, without a slash at the end. */
  url: string;
  pid: number;
  logFile: string;
  exited: Promise<void>;
  /** Ends the hub in order and keeps its storage. */
  stop(): Promise<void>;
  /** Ends all processes of the hub at once, like a power failure. Keeps its storage. */
  kill(): Promise<void>;
}

/**
 * Miniflare sends each request through five isolates, and each keeps what it has read until its heap grows. With small young
 * generations they collect early: 270 MB instead of 560 MB after 6,000 posts, at the same speed (workerd 1.20261117.1).
 */
const SMALL_HEAPS = "--max-semi-space-size=1 --min-semi-space-size=1 --initial-heap-size=4";
/** For hub-entry.ts. */
const COLLECTOR = "--expose-gc";

/**
 * Starts the hub and waits until `/healthz` answers. A second start with the same folder and port is a restart.
 * @throws Error with the runtime's message when the hub cannot start
 */
export async function startHub({ giveUp, ...options }: LocalHubOptions): Promise<RunningHub> {
  mkdirSync(options.folder, { recursive: true });
  const logFile = join(options.folder, "hub.log");
  const child = await startChild({
    name: "The hub",
    entry: fileURLToPath(new URL("hub-process.ts", import.meta.url)),
    config: { ...options, folder: join(options.folder, "state") },
    env: {
      NO_COLOR: "1",
      MINIFLARE_WORKERD_V8_FLAGS: process.env["MINIFLARE_WORKERD_V8_FLAGS"] ?? `${SMALL_HEAPS} ${COLLECTOR}`,
    },
    logFile,
    giveUp,
  });
  const { url } = v.parse(v.object({ url: v.string() }), child.ready);
  return {
    url,
    pid: child.pid,
    logFile,
    exited: child.exited,
    stop: () => child.stop(),
    kill: () => {
      child.kill();
      return child.exited;
    },
  };
}

/** Kills the hub like a power failure, and starts it again on the same port and storage. */
export async function restartHub(hub: RunningHub, options: LocalHubOptions): Promise<RunningHub> {
  await hub.kill();
  return startHub(options);
}
