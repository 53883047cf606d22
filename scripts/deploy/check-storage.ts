import { CloudFormationClient, DescribeStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import {
  type ConnectClient,
  type InstanceStorageConfig,
  type InstanceStorageResourceType,
  ListInstanceStorageConfigsCommand,
} from "@aws-sdk/client-connect";
import type { Deployment } from "../../infra/settings-file.ts";
import { isNamedError } from "./aws-checks.ts";
import { isDenied } from "./aws-reason.ts";
import { resourcesOf } from "./check-account.ts";
import { describeStream } from "./check-streams.ts";
import { attention, type Finding, missing, ok } from "./preflight-report.ts";

/** An instance has one storage configuration of each kind. Whose it is decides what the settings may say. */

/** Chats are analysed on the stream of the calls. They are optional there. */
const CHAT_SEGMENTS = "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS";

type SourceName = "media" | "agentEvents" | "contactLens";
const KINDS: readonly [SourceName, InstanceStorageResourceType][] = [
  ["media", "MEDIA_STREAMS"],
  ["agentEvents", "AGENT_EVENTS"],
  ["contactLens", "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS"],
  ["contactLens", CHAT_SEGMENTS],
];

/** `own` = the stack of the settings. `nobody` = no stack, so somebody made it by hand. `unknown` = CloudFormation may not be asked. */
type Owner = { kind: "own" } | { kind: "other"; stack: string } | { kind: "nobody" } | { kind: "unknown" };

/** Compares the storage configurations of the instance with the settings. */
export async function checkStorage(connect: ConnectClient, deployment: Deployment): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [setting, ResourceType] of KINDS) {
    const { StorageConfigs = [] } = await connect.send(
      new ListInstanceStorageConfigsCommand({ InstanceId: deployment.instance.id, ResourceType }),
    );
    const [config] = StorageConfigs;
    const mode = modeOf(deployment, setting, ResourceType);
    if (config === undefined) findings.push(...withoutConfig(setting, mode, ResourceType));
    else findings.push(...(await withConfig(deployment, setting, ResourceType, config)));
  }
  return findings;
}

/** The mode of the settings for this kind of record. Chats are off where the stack makes a stream without them. */
function modeOf({ settings }: Deployment, setting: SourceName, type: InstanceStorageResourceType): string {
  const source = settings[setting];
  return type === CHAT_SEGMENTS && "chat" in source && !source.chat ? "off" : source.mode;
}

function withoutConfig(setting: SourceName, mode: string, type: string): Finding[] {
  if (mode === "existing" && type === CHAT_SEGMENTS) {
    return [
      attention(
        `${setting}: the instance has no ${type} config, so chats have no transcript and no score.`,
        "Associate that kind with the same stream, if the instance analyses chats (docs/connect.md).",
      ),
    ];
  }
  if (mode === "managed") return [ok(`${setting}: the instance has no ${type} config yet. The stack will create it.`)];
  if (mode === "off") return [];
  return [
    missing(
      `${setting}: the instance has no ${type} config, so Amazon Connect writes nothing to the existing stream.`,
      `Turn it on in Amazon Connect, or set ${setting} to "mode": "managed".`,
    ),
  ];
}

async function withConfig(
  deployment: Deployment,
  setting: SourceName,
  type: InstanceStorageResourceType,
  config: InstanceStorageConfig,
): Promise<Finding[]> {
  const mode = modeOf(deployment, setting, type);
  const owner = await ownerOf(deployment, type, config);
  const name = `${setting}: the ${type} config of the instance`;
  if (owner.kind === "own") return ownConfig(name, setting, mode, deployment.settings.stackName);
  if (mode === "off") return [];
  const form = await existingForm(deployment, setting, config);
  if (owner.kind === "unknown") {
    return [
      attention(
        `${name} exists (${form}), and the login may not ask CloudFormation whose it is.`,
        "Allow cloudformation:DescribeStackResources and cloudformation:ListStackResources. Do not change the mode before: existing deletes a config of this stack.",
      ),
    ];
  }
  const whose = owner.kind === "other" ? `belongs to the stack ${owner.stack}` : "was made by hand";
  if (type === CHAT_SEGMENTS && !isTarget(deployment, setting, config)) return chatsElsewhere(`${name} ${whose}`, mode);
  if (mode === "managed") {
    return [
      missing(
        `${name} ${whose}. Amazon Connect refuses a second one.`,
        `Set "${setting}": ${form}. It uses that config and changes nothing there.`,
      ),
    ];
  }
  if (isTarget(deployment, setting, config)) return [ok(`${name} ${whose}, and the settings name its target.`)];
  return [missing(`${name} ${whose}, and it has another target than the settings.`, `Set "${setting}": ${form}.`)];
}

/** The function reads one stream. Chats that go to another one stay out of the board. */
function chatsElsewhere(finding: string, mode: string): Finding[] {
  if (mode === "managed")
    return [missing(`${finding}. Amazon Connect refuses a second one.`, `Set "contactLens": {"mode":"managed","chat":false}.`)];
  const hint = "Associate that kind with the stream of contactLens.streamArn, if the board is to show chats.";
  return [attention(`${finding}, and it has another target than the calls, so chats have no transcript.`, hint)];
}

function ownConfig(name: string, setting: string, mode: string, stack: string): Finding[] {
  if (mode === "managed") return [ok(`${name} belongs to the stack ${stack}.`)];
  if (mode === "existing") {
    return [
      missing(
        `${name} belongs to the stack ${stack} itself. With "existing", the next deployment would delete it.`,
        `Set ${setting} back to "mode": "managed".`,
      ),
    ];
  }
  return [
    attention(
      `${name} belongs to the stack ${stack}. With "off", the next deployment deletes it. A Kinesis stream of the stack stays, with its data.`,
      `Keep "off" only if nothing else needs it.`,
    ),
  ];
}

/**
 * Asks CloudFormation. The physical id of a storage config is its primary identifier (CloudFormation schema of
 * AWS::Connect::InstanceStorageConfig, 2026-11). Where another form is used, the list of the own stack still has the association.
 */
async function ownerOf(
  { settings, instance }: Deployment,
  type: InstanceStorageResourceType,
  { AssociationId = "" }: InstanceStorageConfig,
): Promise<Owner> {
  const client = new CloudFormationClient({ region: instance.region });
  try {
    const PhysicalResourceId = `${instance.arn}|${AssociationId}|${type}`;
    const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ PhysicalResourceId }));
    const resource = StackResources.find((one) => one.PhysicalResourceId === PhysicalResourceId);
    if (resource?.StackName === settings.stackName) return { kind: "own" };
    if (resource?.StackName !== undefined) return { kind: "other", stack: resource.StackName };
  } catch (error) {
    if (isDenied(error)) return { kind: "unknown" };
    if (!isNamedError(error, "ValidationError")) throw error;
  } finally {
    client.destroy();
  }
  try {
    const own = await resourcesOf(settings.stackName, instance.region, "AWS::Connect::InstanceStorageConfig");
    return { kind: AssociationId !== "" && own.some((id) => id.includes(AssociationId)) ? "own" : "nobody" };
  } catch (error) {
    if (isDenied(error)) return { kind: "unknown" };
    throw error;
  }
}

/** Returns the setting that uses a config which exists, as JSON for the settings file. */
async function existingForm(deployment: Deployment, setting: SourceName, config: InstanceStorageConfig): Promise<string> {
  if (setting === "media") {
    const keyArn = config.KinesisVideoStreamConfig?.EncryptionConfig?.KeyId;
    const isKey = keyArn?.includes(":key/") === true;
    return JSON.stringify({ mode: "existing", prefix: prefixOf(deployment, config), ...(isKey ? { keyArn } : {}) });
  }
  const streamArn = config.KinesisStreamConfig?.StreamArn ?? "";
  const stream = await describeStream(deployment.instance, streamArn).catch(() => null);
  return JSON.stringify({ mode: "existing", streamArn, ...(stream?.keyArn ? { keyArn: stream.keyArn } : {}) });
}

/** Amazon Connect completes the prefix with the alias of the instance. The setting has only the part before. */
function prefixOf({ settings }: Deployment, { KinesisVideoStreamConfig }: InstanceStorageConfig): string {
  const whole = KinesisVideoStreamConfig?.Prefix ?? "";
  const end = whole.indexOf(`-connect-${settings.instanceAlias}-contact-`);
  return end < 0 ? whole : whole.slice(0, end);
}

function isTarget(deployment: Deployment, setting: SourceName, config: InstanceStorageConfig): boolean {
  const source = deployment.settings[setting];
  if (source.mode !== "existing") return false;
  if ("prefix" in source) return source.prefix === prefixOf(deployment, config);
  return source.streamArn === config.KinesisStreamConfig?.StreamArn;
}
