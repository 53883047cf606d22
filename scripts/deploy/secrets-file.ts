import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { Deployment } from "../../infra/settings-file.ts";
import type { Stage } from "../../infra/stages.ts";
import { type HubSecrets, hubSecretsSchema } from "./rotation.ts";
import { DEPLOY_FOLDER } from "./tools.ts";

const FOLDER = process.env["VIGIA_DEPLOY_FOLDER"] ?? DEPLOY_FOLDER;
const PUT_TIMES_FILE = join(FOLDER, "put-times.json");
const OUTPUTS_FILE = join(FOLDER, "outputs.json");
/** The first release had one Worker, with this name, and one file of secrets in the folder itself. */
const FIRST_WORKER = "vigia";

/** Returns the folder of one Worker. Two Workers never share a file, so a deployment of one cannot carry the other's secrets. */
export function workerFolder(workerName: string): string {
  return join(FOLDER, workerName);
}

/**
 * Returns the file with the secrets of one Worker, for `wrangler --secrets-file`. It is the only copy outside the two clouds, so
 * keep it safe. The file of the first release stays where it is.
 */
export function secretsFile(workerName: string): string {
  const file = join(workerFolder(workerName), "hub-secrets.json");
  const first = join(FOLDER, "hub-secrets.json");
  return workerName === FIRST_WORKER && !existsSync(file) && existsSync(first) ? first : file;
}

/** Returns null when there is no file yet. @throws Error that names the file and the wrong field, never a value */
export function loadSecrets(workerName: string): HubSecrets | null {
  const file = secretsFile(workerName);
  if (!existsSync(file)) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), hubSecretsSchema), readFileSync(file, "utf8"));
  if (parsed.success) return parsed.output;
  const field = v.getDotPath(parsed.issues[0]) ?? "the content";
  throw new Error(`${file}: ${field} is invalid. Correct the file, or restore it from a backup.`);
}

const signedInstancesSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ INGEST_SECRETS: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())) }),
);

/**
 * Returns why the secrets in the file of a Worker must not reach it, or null. Two settings files, for example of two customers,
 * may name Workers of the same name in two Cloudflare accounts. Then the file belongs to the other one.
 */
export function foreignSecrets({ name, workerName }: Stage, all: readonly Deployment[]): string | null {
  const file = secretsFile(workerName);
  const parsed = v.safeParse(signedInstancesSchema, existsSync(file) ? readFileSync(file, "utf8") : "");
  const known = parsed.success ? Object.keys(parsed.output.INGEST_SECRETS) : [];
  const own = all.filter(({ stage }) => stage.name === name).map(({ instance }) => instance.id);
  if (known.length === 0 || own.some((id) => known.includes(id))) return null;
  return (
    `${file} has the secrets of other instances (${known.join(", ")}), and of none in the stage ${name}. ` +
    "If they post to another Worker, give this stage another workerName. If they post to this one, add them to the settings."
  );
}

export function saveSecrets(workerName: string, secrets: HubSecrets): void {
  saveFile(secretsFile(workerName), { ...secrets, INGEST_SECRETS: JSON.stringify(secrets.INGEST_SECRETS) });
}

const putTimesSchema = v.record(v.string(), v.object({ hub: v.optional(v.number()), aws: v.optional(v.number()) }));
/** Maps an instance id to the times at which each cloud got its current secrets, epoch ms. */
export type PutTimes = v.InferOutput<typeof putTimesSchema>;

export function loadPutTimes(): PutTimes {
  return existsSync(PUT_TIMES_FILE) ? v.parse(putTimesSchema, JSON.parse(readFileSync(PUT_TIMES_FILE, "utf8"))) : {};
}

export function savePutTimes(times: PutTimes): void {
  saveFile(PUT_TIMES_FILE, times);
}

const outputsSchema = v.record(v.string(), v.looseObject({ SigningSecretArn: v.optional(v.string()) }));

/** Returns the file into which `cdk deploy` writes the outputs of the stacks that it deploys. It replaces the whole file. */
export function newOutputsFile(): string {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  return `${OUTPUTS_FILE}.deployed`;
}

/** Adds the outputs of a deployment to those of earlier ones, which were perhaps of other stacks. */
export function keepOutputs(): void {
  if (!existsSync(newOutputsFile())) return;
  saveFile(OUTPUTS_FILE, { ...readOutputs(OUTPUTS_FILE), ...readOutputs(newOutputsFile()) });
  rmSync(newOutputsFile());
}

/**
 * Returns the ARN of the stack's signing secret, or null before the first deployment from this machine. A stack of the same name
 * in another account or Region is another stack.
 */
export function deployedSecretArn({ settings, instance }: Deployment): string | null {
  const arn = readOutputs(OUTPUTS_FILE)[settings.stackName]?.SigningSecretArn;
  return arn?.startsWith(`arn:${instance.partition}:secretsmanager:${instance.region}:${instance.account}:`) ? arn : null;
}

function readOutputs(file: string): v.InferOutput<typeof outputsSchema> {
  return existsSync(file) ? v.parse(outputsSchema, JSON.parse(readFileSync(file, "utf8"))) : {};
}

/** Replaces the file in one step, so that it is never incomplete. Only its owner can read it. */
function saveFile(file: string, value: unknown): void {
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
