import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { CfnInstanceStorageConfig } from "aws-cdk-lib/aws-connect";
import { type IStream, Stream, StreamEncryption, StreamMode } from "aws-cdk-lib/aws-kinesis";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { StartingPosition } from "aws-cdk-lib/aws-lambda";
import { KinesisEventSource, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { FunctionFactory } from "./function-factory.ts";
import { acknowledgeWildcard, type EntryFile } from "./node-function.ts";
import type { DataStreamSetting, Instance } from "./settings.ts";

/** A kind of record that Amazon Connect writes to a Kinesis stream, and the function that reads it. */
export interface ConnectStream {
  entry: Extract<EntryFile, "agent-events" | "contact-lens">;
  description: string;
  /** Amazon Connect's names of the kinds of records (API AssociateInstanceStorageConfig, ResourceType). */
  resourceType: "AGENT_EVENTS" | "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS";
  /** Another kind on the same stream, which the settings may switch off. */
  chatResourceType: "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS" | null;
  /** Maximum of records per invocation. This many fit into one or two posts. */
  batchSize: number;
  timeout: Duration;
  /** Lambda drops older records, and notes their place in the stream. */
  maxRecordAge: Duration;
  /** IAM actions of the reader on the contacts of the instance. */
  contactReads: readonly string[];
}

export interface DataStreamProps {
  connectStream: ConnectStream;
  setting: Exclude<DataStreamSetting, { mode: "off" }>;
  instance: Instance;
  functions: FunctionFactory;
  failed: IQueue;
  /** Encrypts the stream, if the stack makes it. */
  key: IKey;
}

/**
 * Makes the function that reads a Kinesis stream of Amazon Connect. With "managed" it also makes the stream and connects it to
 * the instance. With "existing" it uses the stream of the settings.
 */
export class DataStream extends Construct {
  constructor(scope: Construct, id: string, { connectStream, setting, instance, functions, failed, key }: DataStreamProps) {
    super(scope, id);
    let stream: IStream;
    if (setting.mode === "managed") {
      stream = this.#make("shards" in setting ? setting.shards : 1, key);
      this.#connect("StorageConfig", instance, connectStream.resourceType, stream);
      const withChats = "chat" in setting && setting.chat;
      if (connectStream.chatResourceType !== null && withChats)
        this.#connect("ChatStorageConfig", instance, connectStream.chatResourceType, stream);
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
      acknowledgeWildcard(
        reader,
        contacts,
        "The function reads contacts of this one instance, and every call or chat is a new contact.",
      );
    }
    // The functions pass over bad records themselves. So a batch fails only while the hub is away, or when the function crashes.
    // Lambda tries it again until its records are too old, because a count of attempts says nothing about time. It halves a
    // failing batch, so that a record on which the function crashes does not fail the others.
    reader.lambda.addEventSource(
      new KinesisEventSource(stream, {
        startingPosition: StartingPosition.LATEST,
        batchSize: connectStream.batchSize,
        // One batch of a shard at a time, because the Contact Lens function keeps the turns of each contact in its container.
        parallelizationFactor: 1,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        maxRecordAge: connectStream.maxRecordAge,
        onFailure: new SqsDlq(failed),
      }),
    );
  }

  /** Lets Amazon Connect write records of this kind to the stream. */
  #connect(id: string, instance: Instance, resourceType: string, { streamArn }: IStream): void {
    new CfnInstanceStorageConfig(this, id, {
      instanceArn: instance.arn,
      resourceType,
      storageType: "KINESIS_STREAM",
      kinesisStreamConfig: { streamArn },
    });
  }

  #make(shards: number, key: IKey): Stream {
    const stream = new Stream(this, "Stream", {
      streamMode: StreamMode.PROVISIONED,
      shardCount: shards,
      encryption: StreamEncryption.KMS,
      encryptionKey: key,
      retentionPeriod: Duration.hours(24),
      // Another mode in the settings takes the stream out of the stack. It then stays, because its data may still be wanted.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(stream).acknowledge({
      id: "AwsSolutions-KDS3",
      reason:
        "Amazon Connect cannot write agent events to a stream on the aws/kinesis key, so the stream uses the stack's own key.",
    });
    return stream;
  }
}
