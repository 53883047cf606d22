// The process that runs the Worker: wrangler's own development server, started through its API.
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { unstable_DevEnv } from "wrangler";
import { type ChildService, runAsChild } from "./child.ts";

const configSchema = v.object({ port: v.number(), folder: v.string(), vars: v.record(v.string(), v.string()) });
/** A cold start takes about a second; a loaded machine may need ten. */
const HEALTHY_WITHIN_MS = 30_000;

/** A starved machine may miss one answer, or two in a row. */
const HEALTH_CHECK_MS = 3_000;
const MISSED_LIMIT = 3;
let missed = 0;

runAsChild(async (config): Promise<ChildService> => {
  const { port, folder, vars } = v.parse(configSchema, config);
  const bindings = Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, { type: "plain_text" as const, value }]),
  );
  const server = new unstable_DevEnv();
  // The server would wait for a corrected file; nobody corrects one here. What is wrong is in the log by then.
  const failed = new Promise<never>((_, reject) => {
    server.once("buildFailed", () => reject(new Error("The Worker cannot be built; the log says why.")));
    server.on("error", (error) => reject(error instanceof Error ? error : new Error("The Workers runtime failed.")));
  });
  const worker = await server.startWorker({
    config: fileURLToPath(new URL("../../wrangler.toml", import.meta.url)),
    envFiles: [],
    bindings,
    dev: {
      server: { hostname: "127.0.0.1", port },
      inspector: false,
      watch: false,
      liveReload: false,
      persist: folder,
      logLevel: "warn",
    },
  });
  const url = (await Promise.race([worker.url, failed])).origin;
  await waitUntilHealthy(url);
  const watch = setInterval(() => void missHealth(url), HEALTH_CHECK_MS);
  return {
    ready: { url },
    stop: () => {
      clearInterval(watch);
      return worker.dispose();
    },
  };
});

/** The server does not say when the runtime under it dies; this process then ends too, and whoever started it says so. */
async function missHealth(url: string): Promise<void> {
  const answered = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(HEALTH_CHECK_MS) }).then(
    (response) => response.body?.cancel().then(() => true),
    () => false,
  );
  missed = answered === false ? missed + 1 : 0;
  if (missed < MISSED_LIMIT) return;
  console.error("The Workers runtime no longer answers.");
  process.exit(1);
}

async function waitUntilHealthy(url: string): Promise<void> {
  const deadline = performance.now() + HEALTHY_WITHIN_MS;
  for (;;) {
    const healthy = await fetch(`${url}/healthz`).then(
      async (response) => {
        await response.body?.cancel();
        return response.ok;
      },
      () => false,
    );
    if (healthy) return;
    if (performance.now() > deadline) throw new Error(`The hub does not answer on ${url}/healthz.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
