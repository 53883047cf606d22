import { stripVTControlCharacters } from "node:util";
import * as v from "valibot";
import type { Stage } from "../../infra/stages.ts";
import { askTool } from "./tools.ts";
import { writeWorkerConfig } from "./worker-config.ts";

/** The secrets of a deployed Worker. Cloudflare tells their names and never a value, so no decision may need an old value. */

/** Cloudflare's limits (developers.cloudflare.com/workers/platform/limits, 2026-11): variables and secrets of a Worker together. */
export const MAX_VARIABLES = 128;
/** The same page: the size of one variable or secret, 5 KB. */
export const MAX_SECRET_BYTES = 5_000;
/** The secret of the first release with the signing secrets of all instances. */
export const LIST = "INGEST_SECRETS";
const OWN = /^INGEST_SECRET_([A-Z0-9_]+)$/;

/** Returns the name of the Worker secret of one instance (protocol rule SIG-8). */
export function secretNameOf(instanceId: string): string {
  return `INGEST_SECRET_${instanceId.toUpperCase().replaceAll("-", "_")}`;
}

/** Returns the names under which the hub has the function of an instance, as the Worker reads them. */
export function actionNamesOf(instanceId: string): { url: string; secret: string } {
  const id = instanceId.toUpperCase().replaceAll("-", "_");
  return { url: `ACTIONS_URL_${id}`, secret: `ACTIONS_SECRET_${id}` };
}

/** Returns the instances with a secret of their own. */
export function instancesIn(names: Iterable<string>): string[] {
  return [...names].flatMap((name) => OWN.exec(name)?.[1]?.toLowerCase().replaceAll("_", "-") ?? []).toSorted();
}

export type WorkerSecrets =
  | { state: "there"; names: ReadonlySet<string>; variables: number; config: string }
  /** The Worker does not exist yet. */
  | { state: "none"; config: string }
  | { state: "unknown"; reason: string };

const listSchema = v.array(v.object({ name: v.string() }));

/** Asks Cloudflare for the names of a Worker's secrets. `variables` counts its other settings. `config` is for further calls. */
export async function listSecrets(stage: Stage): Promise<WorkerSecrets> {
  const written = await writeWorkerConfig(stage);
  if (!written.ok) return { state: "unknown", reason: written.message };
  const { code, output, errors } = await askTool("wrangler", ["secret", "list", "--format", "json", "--config", written.path]);
  if (code !== 0) {
    const text = `${output}\n${errors}`;
    if (/Worker "[^"]*" not found/.test(text)) return { state: "none", config: written.path };
    return { state: "unknown", reason: `wrangler could not list the secrets of ${stage.workerName}: ${firstLineOf(text)}` };
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), listSchema), output.slice(Math.max(0, output.indexOf("["))));
  if (!parsed.success)
    return {
      state: "unknown",
      reason: "wrangler secret list answered in an unknown form. Run npm ci, which installs the version that this project knows.",
    };
  const names = new Set(parsed.output.map(({ name }) => name));
  return { state: "there", names, variables: written.variables, config: written.path };
}

/**
 * Sets and deletes (null) secrets of a Worker. All others stay as they are, because Cloudflare merges them.
 * @returns why nothing was changed, or null
 */
export async function changeSecrets(
  { names, variables, config }: Extract<WorkerSecrets, { state: "there" }>,
  changes: Readonly<Record<string, string | null>>,
): Promise<string | null> {
  const problem = limitProblem(names, variables, changes);
  if (problem !== null) return problem;
  const { code, output, errors } = await askTool("wrangler", ["secret", "bulk", "--config", config], JSON.stringify(changes));
  return code === 0 ? null : `wrangler did not store the secrets: ${firstLineOf(`${errors}\n${output}`)}`;
}

/** Returns why Cloudflare would refuse the changes, or null. */
export function limitProblem(
  names: ReadonlySet<string>,
  variables: number,
  changes: Readonly<Record<string, string | null>>,
): string | null {
  const large = Object.entries(changes).find(([, value]) => value !== null && Buffer.byteLength(value) > MAX_SECRET_BYTES);
  if (large !== undefined) {
    return `${large[0]} would have ${Buffer.byteLength(large[1] ?? "")} bytes, and Cloudflare takes ${MAX_SECRET_BYTES}. Finish the rotation first.`;
  }
  const after = new Set(names);
  for (const [name, value] of Object.entries(changes)) value === null ? after.delete(name) : after.add(name);
  const count = after.size + variables;
  if (count <= MAX_VARIABLES || after.size <= names.size) return null;
  return `The Worker would have ${count} settings and secrets, and Cloudflare takes ${MAX_VARIABLES}. Remove an instance, or give the new one a stage of its own.`;
}

/** wrangler's own message, without its decoration. It holds no secret: wrangler prints names only. */
function firstLineOf(text: string): string {
  const plain = stripVTControlCharacters(text);
  const line = plain.split("\n").find((one) => /error|✘/i.test(one)) ?? plain.split("\n").find((one) => one.trim() !== "") ?? "";
  return line.replace(/^.*\[ERROR\]\s*/, "").trim() || "no reason given";
}
