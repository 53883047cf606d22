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
import type { DeploymentSettings, Instance } from "../../infra/context.ts";
import { attention, type Finding, missing, ok, unknown } from "./preflight-report.ts";

/** What the check needs to know of this machine. */
export interface AwsSide {
  settings: DeploymentSettings;
  instance: Instance;
  /** The signing secrets of .deploy/, newest first. */
  secrets: readonly string[];
  /** The stack's secret, if it was deployed from here: then a storage config may be the stack's own. */
  secretArn: string | null;
}

/** Names the SDK takes credentials from; a machine without any of them is not asked (the SDK would wait for a metadata server). */
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

/** Looks at the instance and at the deployed secret. Reads only. */
export async function checkAws(side: AwsSide): Promise<Finding[]> {
  const connect = new ConnectClient({ region: side.instance.region });
  try {
    const findings = [await instanceIsThere(connect, side)];
    for (const [setting, type] of managedSources(side.settings)) findings.push(await storageIsFree(connect, side, setting, type));
    findings.push(await secretIsTheSame(side));
    return findings;
  } catch (error) {
    return [
      missing(
        `AWS refused: ${nameOf(error)}.`,
        "Are the credentials those of the instance's account, and may they read Amazon Connect?",
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
    `The instance's alias is ${alias ?? "not known"}, the settings say ${settings.instanceAlias}.`,
    "Correct instanceAlias: the transcriber may only read streams with the real alias in their names.",
  );
}

/** An instance has one storage config of a kind; a second one makes the deployment fail. */
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
  if (found === undefined) return ok(`${setting}: the instance has no ${ResourceType} config yet; the stack will make it.`);
  if (secretArn !== null) return ok(`${setting}: the instance has its ${ResourceType} config; the stack is deployed already.`);
  const target = found.KinesisStreamConfig?.StreamArn ?? found.KinesisVideoStreamConfig?.Prefix ?? "its own target";
  return missing(
    `${setting}: the instance already has a ${ResourceType} config (${target}); a second one is refused.`,
    `Set ${setting} to "mode": "existing" with what is there, or remove that config in Amazon Connect first.`,
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
  if (secretArn === null) return unknown("The signing secret in AWS: the stack is not deployed from this machine yet.");
  const manager = new SecretsManagerClient({ region: instance.region });
  try {
    const { SecretString } = await manager.send(new GetSecretValueCommand({ SecretId: secretArn }));
    if (SecretString === secrets.join(" ")) return ok("The signing secret in AWS is that of this machine.");
    return missing(
      "The signing secret in AWS is not that of this machine: the hub would refuse the posts.",
      "npm run secret -- put",
    );
  } catch (error) {
    return attention(
      `The signing secret in AWS could not be read (${nameOf(error)}).`,
      "Give the person who deploys secretsmanager:GetSecretValue.",
    );
  } finally {
    manager.destroy();
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown error";
}
