// The process of the hub: it runs the Worker in wrangler's development server.
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { unstable_DevEnv } from "wrangler";
import { type ChildService, runAsChild } from "./child.ts";

const configSchema = v.object({ port: v.number(), folder: v.string(), vars: v.record(v.string(), v.string()) });
/** A cold start takes about a second. A loaded machine may need ten. */
const HEALTHY_WITHIN_MS = 30_000;

/** On a loaded machine the hub may miss one or two health checks in a row. */
const HEALTH_CHECK_MS = 3_000;
const MISSED_LIMIT = 3;
let missed = 0;

runAsChild(async (config): Promise<ChildService> => {
  const { port, folder, vars } = v.parse(configSchema, config);
  const bindings = Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, { type: "plain_text" as const, value }]),
  );
  const server = new unstable_DevEnv();
  // After a failed build the server waits for a corrected file. Here nobody corrects one, so the process fails instead.
  const failed = new Promise<never>((_, reject) => {
    server.once("buildFailed", () => reject(new Error("The build of the Worker failed.")));
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

/** Ends this process when the Workers runtime has died, because wrangler does not report that. The parent then stops all. */
async function missHealth(url: string): Promise<void> {
  const answered = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(HEALTH_CHECK_MS) }).then(
    (response) => response.body?.cancel().then(() => true),
    () => false,
  );
  missed = answered === false ? missed + 1 : 0;
  if (missed < MISSED_LIMIT) return;
  console.error(`The hub missed ${MISSED_LIMIT} health checks at ${url}/healthz: the Workers runtime has stopped.`);
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
    if (performance.now() > deadline)
      throw new Error(`The hub does not answer at ${url}/healthz after ${HEALTHY_WITHIN_MS / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
