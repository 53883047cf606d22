import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { CfnInstanceStorageConfig } from "aws-cdk-lib/aws-connect";
import { type IStream, Stream, StreamEncryption, StreamMode } from "aws-cdk-lib/aws-kinesis";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { StartingPosition } from "aws-cdk-lib/aws-lambda";
import { KinesisEventSource, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { DataStreamSetting, Instance } from "./context.ts";
import type { FunctionFactory } from "./function-factory.ts";
import { acknowledgeWildcard, type EntryFile } from "./node-function.ts";

/** What Amazon Connect writes to a stream, and who reads it here. */
export interface ConnectStream {
  entry: Extract<EntryFile, "agent-events" | "contact-lens">;
  description: string;
  /** Amazon Connect's name of it (API AssociateInstanceStorageConfig, ResourceType). */
  resourceType: "AGENT_EVENTS" | "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS";
  /** Records per invocation, at most: what fits one or two posts. */
  batchSize: number;
  timeout: Duration;
  /** What the reader may ask Amazon Connect about the instance's contacts. */
  contactReads: readonly string[];
}

export interface DataStreamProps {
  connectStream: ConnectStream;
  setting: Exclude<DataStreamSetting, { mode: "off" }>;
  instance: Instance;
  functions: FunctionFactory;
  failed: IQueue;
  /** Encrypts a stream that is made here. */
  key: IKey;
}

/** A Kinesis stream that Amazon Connect writes to, made here and connected to the instance or an existing one, and its reader. */
export class DataStream extends Construct {
  constructor(scope: Construct, id: string, { connectStream, setting, instance, functions, failed, key }: DataStreamProps) {
    super(scope, id);
    let stream: IStream;
    if (setting.mode === "managed") {
      stream = this.#make("shards" in setting ? setting.shards : 1, key);
      new CfnInstanceStorageConfig(this, "StorageConfig", {
        instanceArn: instance.arn,
        resourceType: connectStream.resourceType,
        storageType: "KINESIS_STREAM",
        kinesisStreamConfig: { streamArn: stream.streamArn },
      });
    } else {
      stream = Stream.fromStreamAttributes(this, "Existing", {
        streamArn: setting.streamArn,
        ...(setting.keyArn === undefined ? {} : { encryptionKey: Key.fromKeyArn(this, "ExistingKey", setting.keyArn) }),
      });
    }
    const reader = functions.hubClientFunction(this, "Reader", {
      entry: connectStream.entry,
      description: connectStream.description,
      timeout: connectStream.timeout,
      memory: 512,
    });
    if (connectStream.contactReads.length > 0) {
      const contacts = `${instance.arn}/contact/*`;
      reader.allow("ReadContacts", [...connectStream.contactReads], [instance.arn, contacts]);
      acknowledgeWildcard(reader, contacts, "Reads of this one instance: every call is a contact of its own.");
    }
    // A record that keeps failing is isolated by halving its batch, tried a bounded number of times, then noted in
    // `failed`: one bad record must not hold up the agents behind it in its shard.
    reader.lambda.addEventSource(
      new KinesisEventSource(stream, {
        startingPosition: StartingPosition.LATEST,
        batchSize: connectStream.batchSize,
        // One batch of a shard at a time: Contact Lens' reader keeps each call's turns in its container.
        parallelizationFactor: 1,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: 5,
        // Agents repeat their whole state every two minutes: what is older than this has been said again since.
        maxRecordAge: Duration.minutes(15),
        onFailure: new SqsDlq(failed),
      }),
    );
  }

  #make(shards: number, key: IKey): Stream {
    const stream = new Stream(this, "Stream", {
      streamMode: StreamMode.PROVISIONED,
      shardCount: shards,
      encryption: StreamEncryption.KMS,
      encryptionKey: key,
      retentionPeriod: Duration.hours(24),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(stream).acknowledge({
      id: "AwsSolutions-KDS3",
      reason: "Amazon Connect cannot write agent events to a stream on the aws/kinesis key; the stack's own key is required.",
    });
    return stream;
  }
}
