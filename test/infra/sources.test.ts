import { describe, expect, test } from "vitest";
import { entriesOf, functionOf, ofType, rightsOf, synthesise } from "./synthesised.ts";

const STREAM = "arn:aws:kinesis:us-east-1:111122223333:stream/already-there";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-4333-8444-555555555555";
const managedTypes = (overrides: Record<string, unknown>) =>
  ofType(synthesise(overrides), "AWS::Connect::InstanceStorageConfig").map(({ properties }) => properties["ResourceType"]);
const keysOf = (overrides: Record<string, unknown>, entry: string) =>
  rightsOf(synthesise(overrides), entry)
    .filter(({ actions }) => actions.includes("kms:Decrypt"))
    .flatMap(({ resources }) => resources);

describe("Sources", () => {
  test("A managed source makes an encrypted stream and connects the instance to it.", () => {
    const template = synthesise({ contactLens: { mode: "managed" } });
    expect(managedTypes({ contactLens: { mode: "managed" } }).toSorted()).toEqual([
      "AGENT_EVENTS",
      "MEDIA_STREAMS",
      "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS",
      "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS",
    ]);
    const [key] = ofType(template, "AWS::KMS::Key");
    for (const { properties } of ofType(template, "AWS::Kinesis::Stream")) {
      expect(properties["StreamEncryption"]).toEqual({ EncryptionType: "KMS", KeyId: `<${key?.id}.Arn>` });
    }
    const media = ofType(template, "AWS::Connect::InstanceStorageConfig").find(
      ({ properties }) => properties["ResourceType"] === "MEDIA_STREAMS",
    );
    expect(media?.properties["KinesisVideoStreamConfig"]).toEqual({
      Prefix: "vigia",
      RetentionPeriodHours: 24,
      EncryptionConfig: { EncryptionType: "KMS", KeyId: `<${key?.id}.Arn>` },
    });
  });

  test("The segments of chats come on the stream of the calls, unless the settings leave them out.", () => {
    const template = synthesise({ contactLens: { mode: "managed" } });
    const streams = ofType(template, "AWS::Connect::InstanceStorageConfig")
      .filter(({ properties }) => String(properties["ResourceType"]).startsWith("REAL_TIME_"))
      .map(({ properties }) => properties["KinesisStreamConfig"]);
    expect(streams).toHaveLength(2);
    expect(streams[0]).toEqual(streams[1]);
    expect(managedTypes({ contactLens: { mode: "managed", chat: false } })).not.toContain(
      "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS",
    );
  });

  test("The Contact Lens stream has one shard, whatever the number of shards for agent events.", () => {
    const template = synthesise({ agentEvents: { mode: "managed", shards: 4 }, contactLens: { mode: "managed" } });
    const read = ofType(template, "AWS::Lambda::EventSourceMapping").map(({ properties }) => ({
      reader: properties["FunctionName"],
      parallel: properties["ParallelizationFactor"],
      shards: ofType(template, "AWS::Kinesis::Stream").find(({ id }) => properties["EventSourceArn"] === `<${id}.Arn>`)
        ?.properties["ShardCount"],
    }));
    expect(read).toContainEqual({ reader: `<${functionOf(template, "contact-lens").id}>`, parallel: 1, shards: 1 });
    expect(read).toContainEqual({ reader: `<${functionOf(template, "agent-events").id}>`, parallel: 1, shards: 4 });
  });

  test("An existing source leaves the instance's settings unchanged and reads the stream of the settings.", () => {
    const overrides = {
      media: { mode: "existing", prefix: "theirs", keyArn: KEY },
      agentEvents: { mode: "existing", streamArn: STREAM, keyArn: KEY },
    };
    const template = synthesise(overrides);
    expect(managedTypes(overrides)).toEqual([]);
    expect(ofType(template, "AWS::Kinesis::Stream")).toEqual([]);
    const [source] = ofType(template, "AWS::Lambda::EventSourceMapping");
    expect(source?.properties["EventSourceArn"]).toBe(STREAM);
    expect(keysOf(overrides, "agent-events")).toEqual([KEY]);
    expect(keysOf(overrides, "transcriber")).toContain(KEY);
    const mediaRight = rightsOf(template, "transcriber").find(({ actions }) => actions.includes("kinesisvideo:GetMedia"));
    expect(mediaRight?.resources.join()).toContain(":stream/theirs-connect-example-contact-center-contact-*/*");
  });

  test("An existing source without a key gives no right on any key but the stack's own for checkpoints.", () => {
    expect(keysOf({ agentEvents: { mode: "existing", streamArn: STREAM } }, "agent-events")).toEqual([]);
    const media = { media: { mode: "existing", prefix: "theirs" }, recording: { mode: "off" } };
    const own = ofType(synthesise(media), "AWS::KMS::Key").map(({ id }) => `<${id}.Arn>`);
    expect(keysOf(media, "transcriber")).toEqual(own);
  });

  test("A source that is off makes no resource.", () => {
    const template = synthesise({
      media: { mode: "off" },
      recording: { mode: "off" },
      flow: { mode: "off" },
      agentEvents: { mode: "managed" },
      contactEvents: false,
      queues: false,
      reconcileMinutes: 0,
      alarmEmail: null,
    });
    expect(entriesOf(template)).toEqual(["agent-events"]);
    for (const type of [
      "AWS::S3::Bucket",
      "AWS::Connect::IntegrationAssociation",
      "AWS::Events::Rule",
      "AWS::SNS::Subscription",
    ]) {
      expect(ofType(template, type)).toEqual([]);
    }
  });

  test("The stack works for an instance in another region and partition.", () => {
    const home = "arn:aws-us-gov:connect:us-gov-west-1:444455556666:instance/11111111-2222-4333-8444-555555555555";
    const queueArn = `${home}/queue/88888888-0000-4000-8000-000000000001`;
    const template = synthesise({ instanceArn: home, flow: { mode: "create", queueArn } });
    const mediaRight = rightsOf(template, "transcriber").find(({ actions }) => actions.includes("kinesisvideo:GetMedia"));
    expect(mediaRight?.resources.join()).toMatch(/^arn:aws-us-gov:kinesisvideo:us-gov-west-1:444455556666:/);
  });
});

describe("Storage", () => {
  const template = synthesise();

  test("Recordings are private, encrypted, deleted after the set days, and kept when the stack is deleted.", () => {
    const [key] = ofType(template, "AWS::KMS::Key");
    const bucket = ofType(template, "AWS::S3::Bucket").find(({ id }) => id.includes("RecordingsBucket"));
    expect(bucket?.deletionPolicy).toBe("Retain");
    expect(key?.deletionPolicy).toBe("Retain");
    expect(bucket?.properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: `<${key?.id}.Arn>` } },
        ],
      },
      LifecycleConfiguration: { Rules: [expect.objectContaining({ ExpirationInDays: 30, Status: "Enabled" })] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(bucket?.properties["LoggingConfiguration"]).toBeDefined();
  });

  test("A stack without recordings leaves one bucket when it is deleted, which empties itself within two days.", () => {
    const bare = synthesise({ recording: { mode: "off" } });
    const kept = Object.entries(bare.Resources).filter(([, { DeletionPolicy }]) => DeletionPolicy === "Retain");
    expect(kept.map(([id]) => id)).toEqual([expect.stringMatching(/Checkpoints/)]);
    expect(ofType(bare, "AWS::S3::Bucket").map(({ properties }) => properties["LifecycleConfiguration"])).toEqual([
      { Rules: [expect.objectContaining({ ExpirationInDays: 1, Status: "Enabled" })] },
    ]);
  });

  test("Buckets and queues answer encrypted connections only.", () => {
    const policies = [...ofType(template, "AWS::S3::BucketPolicy"), ...ofType(template, "AWS::SQS::QueuePolicy")];
    expect(policies).toHaveLength(5);
    for (const { properties } of policies) {
      expect(JSON.stringify(properties)).toContain('"Effect":"Deny"');
      expect(JSON.stringify(properties)).toContain('{"Bool":{"aws:SecureTransport":"false"}}');
    }
  });

  test("Logs are kept as long as the setting says.", () => {
    const groups = ofType(synthesise({ logRetentionDays: 7 }), "AWS::Logs::LogGroup");
    expect(groups.length).toBeGreaterThan(3);
    for (const { properties } of groups) expect(properties["RetentionInDays"]).toBe(7);
  });

  test("The template has no value of a secret.", () => {
    expect(JSON.stringify(template)).not.toMatch(/whsec_[A-Za-z0-9+/]{8}/);
    const [secret] = ofType(template, "AWS::SecretsManager::Secret");
    expect(secret?.properties).toHaveProperty("GenerateSecretString");
    expect(functionOf(template, "agent-events").properties).not.toHaveProperty("SecretString");
  });

  test("The stack has the outputs that the next steps need.", () => {
    expect(Object.keys(template.Outputs).toSorted()).toEqual([
      "AgentTransferFlowArn",
      "DashboardUrl",
      "FailedQueueUrl",
      "FlowArn",
      "InstanceId",
      "OutboundFlowArn",
      "QueueTransferFlowArn",
      "RecordingKeys",
      "RecordingsBucket",
      "SigningSecretArn",
      "TriggerFunctionArn",
      "UndeliveredQueueUrl",
    ]);
  });
});
