import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { startChild } from "./child.ts";

export interface LocalHubOptions {
  /** 0 takes any free port. */
  port: number;
  /** Where the Durable Objects' storage and the log live; made if missing. */
  folder: string;
  /** Settings and secrets; they win over wrangler.toml, and `.dev.vars` is not read. */
  vars: Readonly<Record<string, string>>;
}

/** The real Worker in the real Workers runtime, on loopback. */
export interface RunningHub {
  /** `http://127.0.0.1:8787`, without a slash at the end. */
  url: string;
  pid: number;
  logFile: string;
  exited: Promise<void>;
  /** Ends it in order; its storage stays. */
  stop(): Promise<void>;
  /** A crash: everything of it is gone at once, as if the machine had lost power. Its storage stays. */
  kill(): Promise<void>;
}

/**
 * Starts the hub and waits until `/healthz` answers. Starting again with the same folder and port is a restart.
 * @throws Error with the runtime's own message when it cannot start.
 */
export async function startHub(options: LocalHubOptions): Promise<RunningHub> {
  mkdirSync(options.folder, { recursive: true });
  const logFile = join(options.folder, "hub.log");
  const child = await startChild({
    entry: fileURLToPath(new URL("hub-process.ts", import.meta.url)),
    config: { ...options, folder: join(options.folder, "state") },
    env: { CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false", WRANGLER_WRITE_LOGS: "false", NO_COLOR: "1" },
    logFile,
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
