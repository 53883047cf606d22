import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { type HubSecrets, hubSecretsSchema } from "./rotation.ts";
import { DEPLOY_FOLDER } from "./tools.ts";

const FOLDER = process.env["VIGIA_DEPLOY_FOLDER"] ?? DEPLOY_FOLDER;
/** The hub's secrets for `wrangler --secrets-file`. It is the only copy outside the two clouds, so keep it safe. */
export const SECRETS_FILE = join(FOLDER, "hub-secrets.json");
const PUT_TIMES_FILE = join(FOLDER, "put-times.json");
const OUTPUTS_FILE = join(FOLDER, "outputs.json");

/** Returns null when there is no file yet. @throws Error that names the file and the wrong field, never a value */
export function loadSecrets(): HubSecrets | null {
  if (!existsSync(SECRETS_FILE)) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), hubSecretsSchema), readFileSync(SECRETS_FILE, "utf8"));
  if (parsed.success) return parsed.output;
  const field = v.getDotPath(parsed.issues[0]) ?? "the content";
  throw new Error(`${SECRETS_FILE}: ${field} is invalid. Correct the file, or restore it from a backup.`);
}

export function saveSecrets(secrets: HubSecrets): void {
  save(SECRETS_FILE, { ...secrets, INGEST_SECRETS: JSON.stringify(secrets.INGEST_SECRETS) });
}

const putTimesSchema = v.record(v.string(), v.object({ hub: v.optional(v.number()), aws: v.optional(v.number()) }));
/** Maps an instance id to the times at which each cloud got its current secrets, epoch ms. */
export type PutTimes = v.InferOutput<typeof putTimesSchema>;

export function loadPutTimes(): PutTimes {
  return existsSync(PUT_TIMES_FILE) ? v.parse(putTimesSchema, JSON.parse(readFileSync(PUT_TIMES_FILE, "utf8"))) : {};
}

export function savePutTimes(times: PutTimes): void {
  save(PUT_TIMES_FILE, times);
}

/** Returns the file into which `cdk deploy` writes the stack's outputs. */
export function outputsFile(): string {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  return OUTPUTS_FILE;
}

/** Returns the ARN of the stack's signing secret, or null before the first deployment from this machine. */
export function deployedSecretArn(stackName: string): string | null {
  if (!existsSync(OUTPUTS_FILE)) return null;
  const outputs = v.parse(
    v.record(v.string(), v.looseObject({ SigningSecretArn: v.optional(v.string()) })),
    JSON.parse(readFileSync(OUTPUTS_FILE, "utf8")),
  );
  return outputs[stackName]?.SigningSecretArn ?? null;
}

/** Replaces the file in one step, so that it is never incomplete. Only its owner can read it. */
function save(file: string, value: unknown): void {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
