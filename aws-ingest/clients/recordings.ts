import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { RecordingStore } from "../recording.ts";

/** Objects of one bucket, encrypted as the bucket says. Every method throws the SDK's error after its own retries. */
export function openRecordings(bucket: string): RecordingStore & { close(): void } {
  // S3's stand-ins and private gateways are reached by path; the bucket name in the path works everywhere.
  const client = new S3Client({ forcePathStyle: true });
  return {
    async put(key, body, contentType) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
    },
    async begin(key, contentType) {
      const request = { Bucket: bucket, Key: key, ContentType: contentType };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(request));
      if (UploadId === undefined) throw new Error("The upload has no id.");
      return UploadId;
    },
    async part(key, uploadId, number, body) {
      const request = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumber: number, Body: body };
      const { ETag } = await client.send(new UploadPartCommand(request));
      if (ETag === undefined) throw new Error("The part has no tag.");
      return ETag;
    },
    async complete(key, uploadId, parts) {
      const Parts = parts.map(([PartNumber, ETag]) => ({ PartNumber, ETag }));
      await client.send(
        new CompleteMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId, MultipartUpload: { Parts } }),
      );
    },
    async abort(key, uploadId) {
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
    },
    close: () => client.destroy(),
  };
}
