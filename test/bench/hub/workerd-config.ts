import { mkdirSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import type { ServerName, ServerOptions } from "./server-options.ts";

export const INSTANCE = "bench-instance";
export const SIGNING_SECRET = "whsec_YmVuY2gtc2VjcmV0LWJlbmNoLXNlY3JldC1iZW5jaC0wMQ==";
export const TICKET_SECRET = "YmVuY2gtdGlja2V0LWJlbmNoLXRpY2tldC1iZW5jaC0wMQ==";
const METRICS_TOKEN = "bench";

const HERE = fileURLToPath(new URL("..", import.meta.url));

const OBJECTS: Partial<Record<ServerName, readonly (readonly [binding: string, className: string])[]>> = {
  vigia: [
    ["CONTACT_CENTER", "ContactCenter"],
    ["RELAY", "Relay"],
  ],
  bare: [["HUB", "BareLoop"]],
  "bare-conflating": [["HUB", "BareConflating"]],
  "bare-whole": [["HUB", "BareWhole"]],
  party: [["HUB", "Party"]],
  "agents-sdk": [["HUB", "AgentsSdkBoard"]],
};

/** Sends imports of Node's modules without `node:` to the modules of workerd. */
const nodeModules: Plugin = {
  name: "node-modules",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: new RegExp(`^(${builtinModules.filter((name) => !name.startsWith("_")).join("|")})$`) }, ({ path }) => ({
      path: `node:${path}`,
      external: true,
    }));
    // The Agents SDK names a class of the mail service, which raw workerd does not have.
    onResolve({ filter: /^cloudflare:email$/ }, ({ path }) => ({ path, namespace: "no-mail" }));
    onLoad({ filter: /.*/, namespace: "no-mail" }, () => ({ contents: "export class EmailMessage {}" }));
  },
};

/** Bundles the Worker of `name` and writes the files for `workerd serve` into `folder`. Returns the path of the configuration. */
export async function workerdConfig(name: ServerName, folder: string, options: ServerOptions): Promise<string> {
  await build({
    entryPoints: [join(options.root === undefined ? HERE : join(options.root, "test/bench"), "peers", `${name}.ts`)],
    outfile: join(folder, "worker.js"),
    bundle: true,
    format: "esm",
    minify: true,
    // A profile shows these names.
    keepNames: process.env["BENCH_INSPECT"] !== undefined,
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    plugins: [nodeModules],
    logLevel: "error",
  });
  mkdirSync(join(folder, "state"));
  const vars: Record<string, string> = {
    AGENTS: String(options.agents),
    AUTH_MODE: "local",
    SIGNING_SECRET,
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SIGNING_SECRET }),
    TICKET_SECRET,
    METRICS_TOKEN,
    VIEWERS_PER_OBJECT: "30000",
    ...options.vars,
  };
  const objects = OBJECTS[name] ?? [];
  const text = (value: string) => JSON.stringify(value);
  const bindings = [
    ...objects.map(([binding, className]) => `(name = ${text(binding)}, durableObjectNamespace = ${text(className)})`),
    ...Object.entries(vars).map(([key, value]) => `(name = ${text(key)}, text = ${text(value)})`),
  ];
  const namespaces = objects.map(
    ([, className]) => `(className = ${text(className)}, uniqueKey = ${text(className)}, enableSql = true)`,
  );
  const path = join(folder, "config.capnp");
  writeFileSync(
    path,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "disk", disk = (path = ${text(join(folder, "state"))}, writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  v8Flags = [${options.heapMb === undefined ? "" : text(`--max-old-space-size=${options.heapMb}`)}],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-11-17",
  durableObjectNamespaces = [${namespaces.join(", ")}],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [${bindings.join(", ")}],
);
`,
  );
  return path;
}
