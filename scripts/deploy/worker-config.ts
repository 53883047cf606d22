import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { Stage } from "../../infra/stages.ts";
import { ROOT } from "./tools.ts";
import { workerFolder } from "./worker-folder.ts";
import { checkVars } from "./worker-vars.ts";

/** The parts of wrangler.toml that differ between stages. */
const wranglerSchema = v.looseObject({
  main: v.string(),
  assets: v.looseObject({ directory: v.string() }),
  vars: v.record(v.string(), v.string()),
  ratelimits: v.array(v.looseObject({ name: v.string(), namespace_id: v.string() })),
});
type WranglerFile = v.InferOutput<typeof wranglerSchema>;
export type WorkerConfig = { ok: true; config: WranglerFile } | { ok: false; message: string };

/**
 * Where settings of one Worker would reach every stage. wrangler's own environments inherit routes, so the deployment of one
 * would take the domain of another, and they lose bindings.
 */
const PER_STAGE = ["route", "routes", "workers_dev", "preview_urls", "account_id", "env"];

/**
 * The secrets of a Worker. As settings they would be readable for everybody who sees the file or the Worker, and wrangler would put
 * them in the place of the secrets of the same names. The address of the function for actions comes with its secret.
 */
const SECRETS =
  /^(?:INGEST_SECRETS|INGEST_SECRET_.+|TICKET_SECRET|METRICS_TOKEN|ALERT_TARGETS(?:_.+)?|ACTIONS_(?:SECRET|URL)(?:_.+)?)$/;

/** Returns wrangler.toml as it is for one stage: its Worker, domain, account, settings and rate limits. */
export function workerConfig(wrangler: unknown, stage: Stage): WorkerConfig {
  const file = v.parse(wranglerSchema, wrangler);
  const misplaced = PER_STAGE.find((name) => name in file);
  if (misplaced !== undefined) {
    const cure = 'Remove it, and set the stage in vigia.config.json (docs/deploy.md, "Settings of the hub").';
    return { ok: false, message: `wrangler.toml sets ${misplaced}, which belongs to one stage. ${cure}` };
  }
  // Alert messages have a link to the board. Without a domain nobody knows its address before the deployment.
  const board = stage.domain === null ? {} : { BOARD_URL: `https://${stage.domain}/` };
  // A ticket is bound to the name of the hub (protocol rule SES-4).
  const vars = { ...file.vars, ...board, ...stage.vars, HUB_NAME: stage.workerName };
  const { names, problem } = checkVars(vars);
  const secret = Object.keys(stage.vars).find((name) => SECRETS.test(name));
  if (secret !== undefined) {
    const cure = 'Remove it, and let npm run secret give it to the Worker (docs/deploy.md, "Secrets").';
    return { ok: false, message: `stages.${stage.name}.vars.${secret} is a secret and no setting. ${cure}` };
  }
  const unknown = Object.keys(stage.vars).find((name) => name === "HUB_NAME" || !(name in file.vars || names.has(name)));
  if (unknown !== undefined) {
    return {
      ok: false,
      message: `stages.${stage.name}.vars.${unknown} is no setting of the Worker. Remove it, or correct its name (docs/deploy.md).`,
    };
  }
  if (problem !== null)
    return { ok: false, message: `The Worker of the stage ${stage.name} would refuse its settings. ${problem}` };
  const config = {
    ...file,
    name: stage.workerName,
    main: join(ROOT, file.main),
    assets: { ...file.assets, directory: dashboardFolder(stage.workerName) },
    vars,
    // An instance may have a secret of its own, so the list of instances is not required.
    secrets: { required: ["TICKET_SECRET"] },
    ...(stage.sendEmail ? { send_email: [{ name: "EMAIL" }] } : {}),
    ratelimits: file.ratelimits.map((limit) => ({ ...limit, namespace_id: namespaceId(stage.workerName, limit.name) })),
    // A domain closes the other address of the Worker. Without a domain, the Worker has no other.
    workers_dev: stage.domain === null,
    preview_urls: false,
    ...(stage.domain === null ? {} : { routes: [{ pattern: stage.domain, custom_domain: true }] }),
    ...(stage.accountId === null ? {} : { account_id: stage.accountId }),
  };
  return { ok: true, config };
}

/** Returns where the dashboard of a Worker is built. A build for `npm start` or for another stage does not disturb it. */
export function dashboardFolder(workerName: string): string {
  return join(workerFolder(workerName), "dashboard");
}

/**
 * Returns the id of a rate limit. Cloudflare counts by this id in the whole account, so two Workers must not have the same.
 * @returns a positive whole number below 2^31 as text
 */
function namespaceId(workerName: string, limit: string): string {
  const digest = createHash("sha256").update(`${workerName}/${limit}`).digest();
  return String((digest.readUInt32BE(0) >>> 1) + 1);
}

/** Reads the settings that the Worker of a stage would have. @throws ValiError when wrangler.toml has another form */
export async function readWorkerConfig(stage: Stage): Promise<WorkerConfig> {
  // wrangler takes a second to load, and most commands end without it.
  const { experimental_readRawConfig: readRawConfig } = await import("wrangler");
  return workerConfig(readRawConfig({ config: join(ROOT, "wrangler.toml") }).rawConfig, stage);
}

/** `variables` counts the settings in the configuration. Cloudflare counts them together with the secrets. */
export type WrittenConfig = { ok: true; path: string; variables: number } | { ok: false; message: string };

/** Writes the configuration of a stage's Worker for wrangler. It holds no secret. */
export async function writeWorkerConfig(stage: Stage): Promise<WrittenConfig> {
  const made = await readWorkerConfig(stage);
  if (!made.ok) return made;
  const folder = workerFolder(stage.workerName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "wrangler.json");
  writeFileSync(path, `${JSON.stringify(made.config, null, 2)}\n`);
  return { ok: true, path, variables: Object.keys(made.config.vars).length };
}
