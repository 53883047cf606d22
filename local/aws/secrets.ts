import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { readInput, startJsonService } from "./json-service.ts";
import { type LocalService, ServiceError } from "./service.ts";

/** AWS Secrets Manager on loopback: GetSecretValue. A test rotates a secret by hand. */
export interface LocalSecrets extends LocalService {
  /** Stores a new current value and keeps the earlier one as AWSPREVIOUS. Creates the secret when it does not exist. */
  putSecretValue(name: string, value: string): void;
  /** Marks the secret as deleted. Secrets Manager then refuses to read it. */
  markDeleted(name: string): void;
  /** Returns how often a value was read. */
  reads(): number;
}

interface Version {
  id: string;
  value: string;
  createdAt: number;
}

interface Secret {
  name: string;
  arn: string;
  current: Version;
  previous: Version | null;
  deleted: boolean;
}

const getSchema = v.object({
  SecretId: v.pipe(v.string(), v.minLength(1), v.maxLength(2048)),
  VersionId: v.optional(v.pipe(v.string(), v.minLength(32), v.maxLength(64))),
  VersionStage: v.optional(v.string()),
});

/** `secrets` maps names to current values. An ARN is `arn:aws:secretsmanager:us-east-1:111122223333:secret:NAME-local1`. */
export async function startSecrets(secrets: Readonly<Record<string, string>> = {}): Promise<LocalSecrets> {
  const store = new Map<string, Secret>();
  let reads = 0;

  const addVersion = (name: string, value: string): void => {
    const current = { id: randomUUID(), value, createdAt: Date.now() };
    const arn = `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-local1`;
    store.set(name, { name, arn, current, previous: store.get(name)?.current ?? null, deleted: false });
  };
  for (const [name, value] of Object.entries(secrets)) addVersion(name, value);

  const getSecretValue = (input: unknown): object => {
    const { SecretId, VersionId, VersionStage } = readInput(getSchema, input, "InvalidParameterException");
    const secret = [...store.values()].find((entry) => entry.name === SecretId || entry.arn === SecretId);
    if (secret === undefined) {
      throw new ServiceError(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }
    if (secret.deleted) {
      const message = "You can't perform this operation on the secret because it was marked for deletion.";
      throw new ServiceError(400, "InvalidRequestException", message);
    }
    const stage = stageOf(secret, VersionId, VersionStage);
    const version = stage === "AWSPREVIOUS" ? secret.previous : stage === "AWSCURRENT" ? secret.current : null;
    if (version === null) {
      const asked = VersionId === undefined ? `staging label: ${VersionStage}` : `VersionId: ${VersionId}`;
      const message = `Secrets Manager can't find the specified secret value for ${asked}`;
      throw new ServiceError(400, "ResourceNotFoundException", message);
    }
    reads += 1;
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      SecretString: version.value,
      VersionStages: [stage],
      CreatedDate: version.createdAt / 1000,
    };
  };
  const service = await startJsonService({ GetSecretValue: getSecretValue });

  return {
    ...service,
    putSecretValue: addVersion,
    markDeleted: (name) => {
      const secret = store.get(name);
      if (secret !== undefined) secret.deleted = true;
    },
    reads: () => reads,
  };
}

function stageOf(secret: Secret, versionId: string | undefined, stage: string | undefined): string | null {
  if (versionId === undefined) return stage ?? "AWSCURRENT";
  const found = versionId === secret.current.id ? "AWSCURRENT" : versionId === secret.previous?.id ? "AWSPREVIOUS" : null;
  return stage === undefined || stage === found ? found : null;
}
