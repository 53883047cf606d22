import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { type HubSecrets, hubSecretsSchema } from "./rotation.ts";
import { DEPLOY_FOLDER } from "./tools.ts";

const FOLDER = process.env["VIGIA_DEPLOY_FOLDER"] ?? DEPLOY_FOLDER;
/** The hub's secrets, as `wrangler --secrets-file` reads them. The only copy outside the two clouds: keep it safe. */
export const SECRETS_FILE = join(FOLDER, "hub-secrets.json");
const PUT_TIMES_FILE = join(FOLDER, "put-times.json");
const OUTPUTS_FILE = join(FOLDER, "outputs.json");

/** null = there is none yet. @throws Error that names the file and says what is wrong, never what it holds. */
export function loadSecrets(): HubSecrets | null {
  if (!existsSync(SECRETS_FILE)) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), hubSecretsSchema), readFileSync(SECRETS_FILE, "utf8"));
  if (parsed.success) return parsed.output;
  throw new Error(`${SECRETS_FILE}: ${v.getDotPath(parsed.issues[0]) ?? "the file"} is not what npm run secret writes.`);
}

export function saveSecrets(secrets: HubSecrets): void {
  save(SECRETS_FILE, { ...secrets, INGEST_SECRETS: JSON.stringify(secrets.INGEST_SECRETS) });
}

const putTimesSchema = v.record(v.string(), v.object({ hub: v.optional(v.number()), aws: v.optional(v.number()) }));
/** Instance id -> when its current secrets were put into each cloud, epoch ms. */
export type PutTimes = v.InferOutput<typeof putTimesSchema>;

export function loadPutTimes(): PutTimes {
  return existsSync(PUT_TIMES_FILE) ? v.parse(putTimesSchema, JSON.parse(readFileSync(PUT_TIMES_FILE, "utf8"))) : {};
}

export function savePutTimes(times: PutTimes): void {
  save(PUT_TIMES_FILE, times);
}

/** Where `cdk deploy` writes the stack's outputs. */
export function outputsFile(): string {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  return OUTPUTS_FILE;
}

/** The ARN of the stack's signing secret, or null before the first deployment from this machine. */
export function deployedSecretArn(stackName: string): string | null {
  if (!existsSync(OUTPUTS_FILE)) return null;
  const outputs = v.parse(
    v.record(v.string(), v.looseObject({ SigningSecretArn: v.optional(v.string()) })),
    JSON.parse(readFileSync(OUTPUTS_FILE, "utf8")),
  );
  return outputs[stackName]?.SigningSecretArn ?? null;
}

/** Whole or not at all, readable by its owner only. */
function save(file: string, value: unknown): void {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
