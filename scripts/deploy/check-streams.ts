import { DescribeStreamSummaryCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import * as v from "valibot";
import type { Instance } from "../../infra/settings.ts";
import type { Deployment } from "../../infra/settings-file.ts";
import { checkOrExplain, isNamedError } from "./aws-checks.ts";
import { attention, type Finding, missing, ok } from "./preflight-report.ts";

/** Streams and keys that the stack does not make: whether they are there, and whether the functions may read them. */

export interface KnownStream {
  /** The customer's key that encrypts the stream. null = none, or the key of AWS. */
  keyArn: string | null;
  /** Encrypted with the key of AWS, `alias/aws/kinesis`. */
  withAwsKey: boolean;
  openShards: number;
}

/** @returns null when there is no such stream @throws the error of AWS */
export async function describeStream(instance: Instance, streamArn: string): Promise<KnownStream | null> {
  const client = new KinesisClient({ region: instance.region });
  try {
    const { StreamDescriptionSummary: found } = await client.send(new DescribeStreamSummaryCommand({ StreamARN: streamArn }));
    const keyId = found?.EncryptionType === "KMS" ? (found.KeyId ?? null) : null;
    const withAwsKey = keyId !== null && /alias\/aws\/kinesis$/.test(keyId);
    const keyArn = keyId === null || withAwsKey ? null : await keyArnOf(instance, keyId);
    return { keyArn, withAwsKey, openShards: found?.OpenShardCount ?? 1 };
  } catch (error) {
    if (isNamedError(error, "ResourceNotFoundException")) return null;
    throw error;
  } finally {
    client.destroy();
  }
}

/** A stream names its key by id, ARN or alias. The settings take the ARN of the key. */
async function keyArnOf({ partition, region, account }: Instance, keyId: string): Promise<string> {
  if (keyId.includes(":key/")) return keyId;
  if (!keyId.includes("alias/")) return `arn:${partition}:kms:${region}:${account}:key/${keyId}`;
  const client = new KMSClient({ region });
  try {
    return (await client.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata?.Arn ?? keyId;
  } finally {
    client.destroy();
  }
}

/** Checks the streams and keys that the settings call existing. */
export async function checkExisting(deployment: Deployment): Promise<Finding[]> {
  const { media, agentEvents, contactLens } = deployment.settings;
  const findings: Finding[] = [];
  for (const [setting, source] of Object.entries({ agentEvents, contactLens })) {
    if (source.mode !== "existing") continue;
    const check = () => checkStream(deployment.instance, setting, source);
    findings.push(...(await checkOrExplain(`${setting}.streamArn`, "kinesis:DescribeStreamSummary", check)));
  }
  for (const [setting, source] of Object.entries({ media, agentEvents, contactLens })) {
    if (source.mode !== "existing" || source.keyArn === undefined) continue;
    const { keyArn } = source;
    const check = () => checkKey(deployment.instance, `${setting}.keyArn`, keyArn);
    findings.push(...(await checkOrExplain(`${setting}.keyArn`, "kms:GetKeyPolicy", check)));
  }
  return findings;
}

async function checkStream(
  instance: Instance,
  setting: string,
  source: { streamArn: string; keyArn?: string | undefined },
): Promise<Finding[]> {
  const stream = await describeStream(instance, source.streamArn);
  if (stream === null) return [missing(`${setting}: there is no stream ${source.streamArn}.`, "Correct streamArn.")];
  const findings: Finding[] = [];
  if (setting === "agentEvents" && stream.withAwsKey) {
    findings.push(
      missing(
        "agentEvents: the stream uses the key aws/kinesis, with which Amazon Connect cannot write agent events.",
        "Give the stream a key of your own that Amazon Connect may use (docs/connect.md).",
      ),
    );
  }
  if (stream.keyArn !== null && stream.keyArn !== source.keyArn) {
    findings.push(
      missing(
        `${setting}: the function could not decrypt the stream, because keyArn is not the key of the stream.`,
        `Set ${setting}.keyArn to ${stream.keyArn}.`,
      ),
    );
  }
  if (setting === "contactLens" && stream.openShards > 1) {
    findings.push(
      attention(
        `contactLens: the stream has ${stream.openShards} shards. With more than one, scores are late.`,
        'Merge them to one shard (docs/deploy.md, "Contact Lens").',
      ),
    );
  }
  return findings.length > 0 ? findings : [ok(`${setting}: the existing stream is there.`)];
}

const oneOrMany = v.union([v.string(), v.array(v.string())]);
const policySchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Statement: v.array(
      v.object({
        Effect: v.string(),
        Principal: v.optional(v.union([v.string(), v.record(v.string(), oneOrMany)])),
        Action: v.optional(oneOrMany),
        Condition: v.optional(v.unknown()),
      }),
    ),
  }),
);

async function checkKey(instance: Instance, setting: string, keyArn: string): Promise<Finding[]> {
  const client = new KMSClient({ region: instance.region });
  try {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyArn }));
    if (KeyMetadata?.KeyState !== "Enabled") {
      const state = KeyMetadata?.KeyState ?? "unknown";
      return [
        missing(`${setting}: the key has the state ${state}, so nothing can be decrypted.`, "Enable the key, or name another."),
      ];
    }
    const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: "default" }));
    if (rolesMayDecrypt(Policy ?? "", instance))
      return [ok(`${setting}: the policy of the key lets roles of the account use it.`)];
    return [
      missing(
        `${setting}: the policy of the key lets no role of the account use it, so the functions cannot decrypt.`,
        `Add a statement to the key policy that allows kms:Decrypt to arn:${instance.partition}:iam::${instance.account}:root.`,
      ),
    ];
  } catch (error) {
    if (!isNamedError(error, "NotFoundException")) throw error;
    return [missing(`${setting}: there is no key ${keyArn}.`, "Correct keyArn.")];
  } finally {
    client.destroy();
  }
}

/**
 * Whether a key policy leaves the decision to the policies of roles: it allows the account itself to decrypt. A statement with a
 * condition may do so too, but not for certain, so it does not count.
 */
export function rolesMayDecrypt(policy: string, { partition, account }: Pick<Instance, "partition" | "account">): boolean {
  const parsed = v.safeParse(policySchema, policy);
  if (!parsed.success) return false;
  const whole = ["*", account, `arn:${partition}:iam::${account}:root`];
  return parsed.output.Statement.some(({ Effect, Principal = [], Action = [], Condition }) => {
    const principals = typeof Principal === "string" ? [Principal] : Object.values(Principal).flat();
    const actions = [Action].flat();
    const decrypts = actions.some((action) => ["*", "kms:*", "kms:Decrypt", "kms:Decrypt*", "kms:De*"].includes(action));
    return Effect === "Allow" && Condition === undefined && decrypts && principals.some((one) => whole.includes(one));
  });
}
