import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { RecordingStore } from "../call/call-ports.ts";

/** The SDK would wait for ever. A store that does not answer must be given up well before the invocation's end: 5 MiB take a second. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_ATTEMPTS = 3;

/** Objects of one bucket, encrypted as the bucket says. Every method throws the SDK's error after its own retries. */
export function openRecordings(bucket: string, requestTimeout = REQUEST_TIMEOUT_MS): RecordingStore & { close(): void } {
  const client = new S3Client({
    // S3's stand-ins and private gateways are reached by path; the bucket name in the path works everywhere.
    forcePathStyle: true,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
  return {
    async putObject(key, body, contentType) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
    },
    async beginUpload(key, contentType) {
      const request = { Bucket: bucket, Key: key, ContentType: contentType };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(request));
      if (UploadId === undefined) throw new Error("The upload has no id.");
      return UploadId;
    },
    async uploadPart(key, uploadId, number, body) {
      const request = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumber: number, Body: body };
      const { ETag } = await client.send(new UploadPartCommand(request));
      if (ETag === undefined) throw new Error("The part has no tag.");
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
