import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledgeWildcard, type IngestFunction } from "./node-function.ts";

/** The shortest time that a lifecycle rule can name. A checkpoint is of no use when the stream has lost the sound. */
const KEPT_FOR = Duration.days(1);

/**
 * Makes the bucket for the state of running calls: private, encrypted with the stack's key, emptied by itself within two days.
 * It is not the recordings' bucket, because the transcriber may read checkpoints and may read no recording, and because calls
 * have checkpoints with or without recordings.
 */
export class Checkpoints extends Construct {
  readonly bucket: Bucket;
  readonly #instanceId: string;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { key, instanceId }: { key: IKey; instanceId: string }) {
    super(scope, id);
    this.#key = key;
    this.#instanceId = instanceId;
    this.bucket = new Bucket(this, "Bucket", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      lifecycleRules: [{ expiration: KEPT_FOR, abortIncompleteMultipartUploadAfter: KEPT_FOR }],
      // CloudFormation cannot delete a bucket with objects, and the calls of the last day have left some.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason: "The objects live for a day and only functions of this stack may read them. CloudTrail can log their reads.",
    });
  }

  /** Lets the transcriber keep the state of calls, and see that a contact has ended. */
  allowTranscriber(transcriber: IngestFunction): void {
    this.#allow(transcriber, "KeepCheckpoints", ["s3:GetObject", "s3:PutObject"], "checkpoints");
    this.#allow(transcriber, "SeeEndedContacts", ["s3:GetObject"], "ended");
    this.#allow(transcriber, "TakePlaces", ["s3:GetObject", "s3:PutObject"], "places");
    this.#allowMissing(transcriber);
    // A write to an encrypted bucket makes a data key, and a read opens it.
    transcriber.allow("EncryptCheckpoints", ["kms:GenerateDataKey", "kms:Decrypt"], [this.#key.keyArn]);
  }

  /** Lets a function mark contacts as ended, and nothing else. */
  allowMarking(marker: IngestFunction): void {
    this.#allow(marker, "MarkEndedContacts", ["s3:PutObject"], "ended");
    marker.allow("EncryptMarks", ["kms:GenerateDataKey"], [this.#key.keyArn]);
  }

  /** Lets the trigger see whether all places are taken. A list shows sizes and no content, so it needs no key. */
  allowCounting(trigger: IngestFunction): void {
    const folder = `places/${this.#instanceId}/`;
    trigger.allow("CountPlaces", ["s3:ListBucket"], [this.bucket.bucketArn], { StringEquals: { "s3:prefix": folder } });
  }

  /** Lets the watchdog find the calls that lost their transcriber, and free the places of calls that are gone. */
  allowReading(reader: IngestFunction): void {
    this.#allow(reader, "ReadCheckpoints", ["s3:GetObject"], "checkpoints");
    this.#allow(reader, "FreePlaces", ["s3:GetObject", "s3:PutObject"], "places");
    this.#allowMissing(reader);
    reader.allow("DecryptCheckpoints", ["kms:GenerateDataKey", "kms:Decrypt"], [this.#key.keyArn]);
  }

  #allow(target: IngestFunction, sid: string, actions: string[], folder: "checkpoints" | "ended" | "places"): void {
    const path = `${folder}/${this.#instanceId}/*`;
    target.allow(sid, actions, [this.bucket.arnForObjects(path)]);
    const resource = this.bucket.node.defaultChild;
    if (!(resource instanceof CfnBucket)) return;
    const objects = `<${Stack.of(this).getLogicalId(resource)}.Arn>/${path}`;
    acknowledgeWildcard(target, objects, "Each call has an object of its own in this one folder.");
  }

  /** S3 answers 403 instead of 404 for an object that does not exist to whoever may not list the bucket. */
  #allowMissing(target: IngestFunction): void {
    target.allow("ListCheckpoints", ["s3:ListBucket"], [this.bucket.bucketArn]);
  }
}
