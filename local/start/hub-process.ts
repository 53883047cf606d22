// The process of the hub: it runs the Worker in one Workers runtime, through Miniflare.
import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import * as v from "valibot";
import { type ChildService, runAsChild } from "./child.ts";
import { HUB_ENTRY } from "./hub-entry.ts";
import { bundleWorker } from "./worker-bundle.ts";
import { readWorkerOptions } from "./worker-options.ts";

const configSchema = v.object({ port: v.number(), folder: v.string(), vars: v.record(v.string(), v.string()) });
const WRANGLER_FILE = fileURLToPath(new URL("../../wrangler.toml", import.meta.url));

/** Miniflare replaces a runtime that has died, and reports here when it cannot. */
class HubLog extends Log {
  onError: () => void = () => {};

  override error(message: Error): void {
    super.error(message);
    this.onError();
  }
}

runAsChild(async (config): Promise<ChildService> => {
  const { port, folder, vars } = v.parse(configSchema, config);
  const { main, options } = readWorkerOptions(WRANGLER_FILE, vars);
  const log = new HubLog(LogLevel.WARN);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      modules: [
        { type: "ESModule", path: "hub-entry.mjs", contents: HUB_ENTRY },
        { type: "ESModule", path: "hub.mjs", contents: await bundleWorker(main) },
      ],
      host: "127.0.0.1",
      port,
      // Where wrangler kept it, so that the state of the first release is found.
      resourcePersistencePath: `${folder}/v3`,
      log,
      handleStructuredLogs: ({ level, message }) => {
        if (level !== "debug") console.log(message);
      },
      // The real one comes from Cloudflare. Nothing here asks the internet.
      cf: false,
    }),
  );
  const { origin } = await miniflare.ready;
  log.onError = () => void miniflare.ready.catch(endWithoutRuntime);
  return { ready: { url: origin }, stop: () => miniflare.dispose() };
});

/** Ends this process, so that the parent stops everything: the runtime has died and cannot be started again. */
function endWithoutRuntime(error: unknown): void {
  console.error("The Workers runtime has stopped and does not start again:", error);
  process.exit(1);
}
