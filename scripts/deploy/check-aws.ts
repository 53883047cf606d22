import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import {
  ConnectClient,
  DescribeInstanceCommand,
  type InstanceStorageResourceType,
  ListInstanceStorageConfigsCommand,
} from "@aws-sdk/client-connect";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { DeploymentSettings, Instance } from "../../infra/settings.ts";
import { checkConcurrency } from "./check-concurrency.ts";
import { attention, type Finding, missing, ok, unknown } from "./preflight-report.ts";

/** The input of the check from this machine. */
export interface AwsSide {
  settings: DeploymentSettings;
  instance: Instance;
  /** The signing secrets in .deploy/, the newest first. */
  secrets: readonly string[];
  /** The stack's secret. null = the stack was not deployed from this machine. A deployed stack owns its storage configs. */
  secretArn: string | null;
}

/** The variables from which the SDK takes credentials. Without any of them the SDK would wait for a metadata server. */
const CREDENTIAL_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

export function hasCredentials(environment: NodeJS.ProcessEnv): boolean {
  return (
    CREDENTIAL_VARIABLES.some((name) => environment[name] !== undefined) ||
    ["credentials", "config"].some((name) => existsSync(join(homedir(), ".aws", name)))
  );
}

/** Checks the instance and the deployed secret. Reads only. */
export async function checkAws(side: AwsSide): Promise<Finding[]> {
  const connect = new ConnectClient({ region: side.instance.region });
  try {
    const findings = [await instanceIsThere(connect, side)];
    for (const [setting, type] of managedSources(side.settings)) findings.push(await storageIsFree(connect, side, setting, type));
    const { maxConcurrentCalls, media } = side.settings;
    if (maxConcurrentCalls !== null && media.mode !== "off")
      findings.push(await checkConcurrency(side.instance.region, maxConcurrentCalls, side.secretArn !== null));
    findings.push(await secretIsTheSame(side));
    return findings;
  } catch (error) {
    return [
      missing(
        `AWS refused the check of the instance ${side.instance.id}: ${nameOf(error)}.`,
        "Use credentials of the instance's account that may read Amazon Connect.",
      ),
    ];
  } finally {
    connect.destroy();
  }
}

async function instanceIsThere(connect: ConnectClient, { instance, settings }: AwsSide): Promise<Finding> {
  const { Instance: found } = await connect.send(new DescribeInstanceCommand({ InstanceId: instance.id }));
  const alias = found?.InstanceAlias;
  if (alias === settings.instanceAlias) return ok(`The instance ${alias} is there.`);
  return missing(
    `The instance's alias is ${alias ?? "unknown"}, but instanceAlias in the settings is ${settings.instanceAlias}.`,
    "Correct instanceAlias. The transcriber may read only streams that have the real alias in their names.",
  );
}

/** Finds a storage config that would make the deployment fail, because an instance has only one of each kind. */
async function storageIsFree(
  connect: ConnectClient,
  { instance, secretArn }: AwsSide,
  setting: string,
  ResourceType: InstanceStorageResourceType,
): Promise<Finding> {
  const { StorageConfigs = [] } = await connect.send(
    new ListInstanceStorageConfigsCommand({ InstanceId: instance.id, ResourceType }),
  );
  const [found] = StorageConfigs;
  if (found === undefined) return ok(`${setting}: the instance has no ${ResourceType} config yet. The stack will create it.`);
  if (secretArn !== null) return ok(`${setting}: the deployed stack has created the ${ResourceType} config.`);
  const target = found.KinesisStreamConfig?.StreamArn ?? found.KinesisVideoStreamConfig?.Prefix ?? "its own target";
  return missing(
    `${setting}: the instance already has a ${ResourceType} config (${target}). Amazon Connect refuses a second one.`,
    `Set ${setting} to "mode": "existing" with the target of that config, or remove the config in Amazon Connect.`,
  );
}

function managedSources({
  media,
  agentEvents,
  contactLens,
}: DeploymentSettings): [setting: string, type: InstanceStorageResourceType][] {
  const sources: [string, string, InstanceStorageResourceType][] = [
    ["media", media.mode, "MEDIA_STREAMS"],
    ["agentEvents", agentEvents.mode, "AGENT_EVENTS"],
    ["contactLens", contactLens.mode, "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS"],
  ];
  return sources.flatMap(([setting, mode, type]) => (mode === "managed" ? [[setting, type]] : []));
}

async function secretIsTheSame({ instance, secrets, secretArn }: AwsSide): Promise<Finding> {
  if (secretArn === null)
    return unknown("The signing secret in AWS is not checked: the stack was not deployed from this machine.");
  const manager = new SecretsManagerClient({ region: instance.region });
  try {
    const { SecretString } = await manager.send(new GetSecretValueCommand({ SecretId: secretArn }));
    if (SecretString === secrets.join(" ")) return ok("The signing secret in AWS is the one on this machine.");
    return missing(
      "The signing secret in AWS differs from the one on this machine. The hub would refuse the posts.",
      "Run npm run secret -- put.",
    );
  } catch (error) {
    return attention(
      `AWS did not return the signing secret ${secretArn}: ${nameOf(error)}.`,
      "Allow secretsmanager:GetSecretValue to the person who deploys.",
    );
  } finally {
    manager.destroy();
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown error";
}
