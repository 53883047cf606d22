import { Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledgeWildcard, type IngestFunction } from "./node-function.ts";

/** How long the log of reads of a recording is kept. This is longer than the default for recordings. */
const ACCESS_LOG_DAYS = 400;

/** Makes the bucket for recordings and final transcripts: private, encrypted with the stack's key, with a limit in days. */
export class Recordings extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { key, retentionDays }: { key: IKey; retentionDays: number }) {
    super(scope, id);
    const closed = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // Recordings of people must not vanish with a stack. docs/maintain.md says how to empty the buckets on purpose.
      removalPolicy: RemovalPolicy.RETAIN,
    };
    const accessLogs = new Bucket(this, "AccessLogs", {
      ...closed,
      // S3 cannot write access logs to a bucket with a KMS key as its default encryption.
      encryption: BucketEncryption.S3_MANAGED,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ expiration: Duration.days(ACCESS_LOG_DAYS) }],
    });
    Validations.of(accessLogs).acknowledge({
      id: "AwsSolutions-S1",
      reason: "This bucket holds the access logs of the recordings, and a log of its own access would never end.",
    });
    this.bucket = new Bucket(this, "Bucket", {
      ...closed,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      lifecycleRules: [{ expiration: Duration.days(retentionDays), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    this.#logAccessTo(accessLogs);
  }

  /** Sets the log up without the CDK's own option, so that S3's log service may write for this one bucket only. */
  #logAccessTo(accessLogs: Bucket): void {
    const resource = this.bucket.node.defaultChild;
    if (resource instanceof CfnBucket) resource.loggingConfiguration = { destinationBucketName: accessLogs.bucketName };
    accessLogs.addToResourcePolicy(
      new PolicyStatement({
        sid: "S3WritesAccessLogs",
        principals: [new ServicePrincipal("logging.s3.amazonaws.com")],
        actions: ["s3:PutObject"],
        resources: [accessLogs.arnForObjects("*")],
        conditions: { ArnLike: { "aws:SourceArn": this.bucket.bucketArn } },
      }),
    );
  }

  /** Lets a function add recordings. It may not read, list or delete them. */
  allowWriting(writer: IngestFunction, key: IKey): void {
    writer.allow("StoreRecordings", ["s3:PutObject", "s3:AbortMultipartUpload"], [this.bucket.arnForObjects("*")]);
    const resource = this.bucket.node.defaultChild;
    if (resource instanceof CfnBucket) {
      const objects = `<${Stack.of(this).getLogicalId(resource)}.Arn>/*`;
      acknowledgeWildcard(writer, objects, "Each call makes new objects in this one bucket.");
    }
    // A multipart upload to an encrypted bucket decrypts the data key for each part.
    writer.allow("EncryptRecordings", ["kms:GenerateDataKey", "kms:Decrypt"], [key.keyArn]);
  }
}
