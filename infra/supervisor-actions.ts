import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { FunctionUrlAuthType } from "aws-cdk-lib/aws-lambda";
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket } from "aws-cdk-lib/aws-s3";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { FunctionFactory } from "./function-factory.ts";
import { acknowledgeWildcard, type IngestFunction } from "./node-function.ts";
import type { ActionSetting, Instance, RecordingLinksSetting } from "./settings.ts";

/** The hub waits ten seconds. The function has to answer before, because the hub cannot know what became of an order without answer. */
const TIMEOUT = Duration.seconds(9);
/** The shortest time of a lifecycle rule. A signature is too old after five minutes. */
const IDS_KEPT_FOR = Duration.days(1);

/** What the function may read for links to recordings. */
export interface RecordingRights {
  setting: RecordingLinksSetting;
  /** The bucket of this stack's own recordings; null = it makes none. */
  own: Bucket | null;
}

export interface SupervisorActionsProps {
  instance: Instance;
  functions: FunctionFactory;
  key: IKey;
  actions: readonly ActionSetting[];
  /** null = nobody hears recordings. */
  recordings: RecordingRights | null;
}

/**
 * Does in Amazon Connect what supervisors order on the board. The hub reaches the function at an address of its own that everybody can
 * call: Cloudflare has no identity of AWS, so the signature of the hub decides. Its role has the actions that are on and no other.
 */
export class SupervisorActions extends Construct {
  readonly url: string;
  readonly secret: Secret;

  constructor(scope: Construct, id: string, { instance, functions, key, actions, recordings }: SupervisorActionsProps) {
    super(scope, id);
    this.secret = new Secret(this, "Secret", {
      description:
        "Vigia: verifies what supervisors order; space-separated whsec_ values, newest first (npm run secret -- actions)",
      generateSecretString: { excludePunctuation: true, passwordLength: 32 },
    });
    Validations.of(this.secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason: "Both clouds must hold the same value, so `npm run secret -- actions` replaces it in both.",
    });
    const ids = this.#makeBucket(key);
    const orders = functions.plainFunction(this, "Actions", {
      entry: "actions",
      description: "Does in Amazon Connect what supervisors order on the board",
      timeout: TIMEOUT,
      memory: 512,
      environment: {
        ACTIONS: actions.join(" "),
        ACTIONS_SECRET_ID: this.secret.secretArn,
        ACTION_IDS_BUCKET: ids.bucketName,
        ...recordingEnvironment(recordings),
      },
    });
    orders.allow("ReadSecret", ["secretsmanager:GetSecretValue"], [this.secret.secretArn]);
    this.#allowIds(orders, ids, key, instance);
    allowActions(orders, instance, new Set(actions));
    if (recordings !== null) allowRecordings(orders, instance, key, recordings);
    // With AuthType NONE the CDK adds the permissions for everybody: lambda:InvokeFunctionUrl, and lambda:InvokeFunction, which new
    // addresses need since October 2025.
    this.url = orders.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }).url;
  }

  /** A bucket of its own, because the actions work without calls and so without checkpoints, and read nothing of either. */
  #makeBucket(key: IKey): Bucket {
    const ids = new Bucket(this, "Ids", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      lifecycleRules: [{ expiration: IDS_KEPT_FOR, abortIncompleteMultipartUploadAfter: IDS_KEPT_FOR }],
      // CloudFormation cannot delete a bucket with objects, and the orders of the last day have left some.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(ids).acknowledge({
      id: "AwsSolutions-S1",
      reason: "The objects are random ids without content and live for a day. The hub has the audit of the actions.",
    });
    return ids;
  }

  /** The function may add ids. It may not read, replace knowingly or delete any: S3 itself refuses to write one twice. */
  #allowIds(orders: IngestFunction, ids: Bucket, key: IKey, instance: Instance): void {
    const path = `actions/${instance.id}/*`;
    orders.allow("KeepIds", ["s3:PutObject"], [ids.arnForObjects(path)]);
    orders.allow("EncryptIds", ["kms:GenerateDataKey"], [key.keyArn]);
    const bucket = ids.node.defaultChild;
    if (!(bucket instanceof CfnBucket)) return;
    const objects = `<${Stack.of(this).getLogicalId(bucket)}.Arn>/${path}`;
    acknowledgeWildcard(orders, objects, "Each order has an object of its own in this one folder.");
  }
}

/** Adds the rights of the actions that are on. The resources are those of AWS's service authorization reference (read 2026-11-26). */
function allowActions(orders: IngestFunction, { arn }: Instance, actions: ReadonlySet<ActionSetting>): void {
  const anyUser = `${arn}/agent/*`;
  const anyStatus = `${arn}/agent-state/*`;
  const anyContact = `${arn}/contact/*`;
  const used = new Set<string>();
  const allow: IngestFunction["allow"] = (sid, names, resources, conditions) => {
    orders.allow(sid, names, resources, conditions);
    for (const resource of resources) if (resource !== arn) used.add(resource);
  };
  if (actions.has("status")) {
    allow("ReadStatuses", ["connect:ListAgentStatuses"], [arn, anyStatus]);
    allow("SetStatus", ["connect:PutUserStatus"], [arn, anyUser, anyStatus]);
  }
  if (actions.has("free")) allow("FreeAgents", ["connect:DismissUserContact"], [anyUser]);
  if (actions.has("listen") || actions.has("barge")) {
    allow("FindSupervisor", ["connect:SearchUsers"], [arn]);
    // A request that names no capability would not be limited, so there must be one.
    const silent = {
      "ForAllValues:StringEquals": { "connect:MonitorCapabilities": ["SILENT_MONITOR"] },
      Null: { "connect:MonitorCapabilities": "false" },
    };
    allow("Listen", ["connect:MonitorContact"], [arn, anyUser, anyContact], actions.has("barge") ? undefined : silent);
  }
  if (actions.has("stop")) allow("StopContacts", ["connect:StopContact"], [anyContact]);
  const reason = "Supervisors act on any agent and contact of this one instance. The hub decides which of them each may.";
  for (const resource of used) acknowledgeWildcard(orders, resource, reason);
}

function recordingEnvironment(recordings: RecordingRights | null): Record<string, string> {
  const location = recordings?.setting.connectRecordings?.location;
  return {
    ...(recordings?.own && { RECORDING_LINKS_BUCKET: recordings.own.bucketName }),
    ...(location !== undefined && { CONNECT_RECORDINGS: location }),
  };
}

/**
 * Lets the function read recordings, because whoever opens a presigned address reads as the role that signed it. It may list nothing,
 * and of the stack's own bucket it reads the audio alone.
 */
function allowRecordings(
  orders: IngestFunction,
  { arn, partition }: Instance,
  key: IKey,
  { setting, own }: RecordingRights,
): void {
  const reason =
    "Anybody of the role that the hub demands may hear any recording of this one instance, and each has an object of its own.";
  if (own !== null) {
    const audio = own.arnForObjects("*.wav");
    orders.allow("ReadOwnRecordings", ["s3:GetObject"], [audio]);
    orders.allow("DecryptOwnRecordings", ["kms:Decrypt"], [key.keyArn]);
    const bucket = own.node.defaultChild;
    if (bucket instanceof CfnBucket) acknowledgeWildcard(orders, `<${Stack.of(orders).getLogicalId(bucket)}.Arn>/*.wav`, reason);
  }
  const connect = setting.connectRecordings;
  if (connect === undefined) return;
  const contacts = `${arn}/contact/*`;
  const objects = `arn:${partition}:s3:::${connect.location}/*`;
  orders.allow("FindConnectRecordings", ["connect:DescribeContact"], [contacts]);
  orders.allow("ReadConnectRecordings", ["s3:GetObject"], [objects]);
  if (connect.keyArn !== undefined) orders.allow("DecryptConnectRecordings", ["kms:Decrypt"], [connect.keyArn]);
  for (const resource of [contacts, objects]) acknowledgeWildcard(orders, resource, reason);
}
