import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { RecordingBucket } from "../call/call-ports.ts";

/** The SDK has no limit of its own, and the function must stop waiting well before its end. 5 MiB take a second. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_ATTEMPTS = 3;

/**
 * Opens one bucket for recordings. The bucket's own setting encrypts them.
 * Every method throws the SDK's error after its own retries.
 * @param requestTimeout milliseconds per attempt
 */
export function openRecordings(bucket: string, requestTimeout = REQUEST_TIMEOUT_MS): RecordingBucket & { close(): void } {
  const client = new S3Client({
    // A bucket name in the path works everywhere. One in the host name fails with private gateways and local servers.
    forcePathStyle: true,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
  return {
    bucket,
    async putObject(key, body, contentType) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
    },
    async beginUpload(key, contentType) {
      const request = { Bucket: bucket, Key: key, ContentType: contentType };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(request));
      if (UploadId === undefined)
        throw new Error(`S3 answered CreateMultipartUpload of ${key} without an UploadId, so the recording cannot start.`);
      return UploadId;
    },
    async uploadPart(key, uploadId, number, body) {
      const request = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumber: number, Body: body };
      const { ETag } = await client.send(new UploadPartCommand(request));
      if (ETag === undefined)
        throw new Error(`S3 answered UploadPart ${number} of ${key} without an ETag, so the recording stops here.`);
      return ETag;
    },
    async completeUpload(key, uploadId, parts) {
      const Parts = parts.map(([PartNumber, ETag]) => ({ PartNumber, ETag }));
      await client.send(
        new CompleteMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId, MultipartUpload: { Parts } }),
      );
    },
    async abortUpload(key, uploadId) {
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
    },
    close: () => client.destroy(),
  };
}
