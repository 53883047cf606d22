import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { CheckpointStore, CheckpointWrite } from "../call/call-ports.ts";

/** The SDK has no limit of its own. A checkpoint is some kilobytes, and the next one follows within 20 s. */
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 3;

/** What S3 answers to a conditional write that it refuses (user guide, "conditional writes", read 2026-11-25). */
const REFUSED_WRITES: Readonly<Record<number, "overtaken" | "contended" | "gone">> = {
  404: "gone",
  409: "contended",
  412: "overtaken",
};

/** The objects about the calls of one instance. Every method throws the SDK's error after its own retries. */
export interface CallObjects extends CheckpointStore {
  /** Whether {@link markEnded} was called for this contact. */
  isMarkedEnded(contactId: string): Promise<boolean>;
  /** Leaves a mark for the transcriber: a contact event said that the contact is over. */
  markEnded(contactId: string): Promise<void>;
  close(): void;
}

/** Returns the key of a contact's checkpoint. A contact id has up to 256 characters, and S3 takes keys of 1,024 bytes. */
export function checkpointKey(instanceId: string, contactId: string): string {
  return `${checkpointPrefix(instanceId)}${encodeURIComponent(contactId)}.json`;
}

/** Returns what the keys of all checkpoints of an instance begin with. */
export function checkpointPrefix(instanceId: string): string {
  return `checkpoints/${instanceId}/`;
}

/** Opens the bucket for checkpoints. The bucket's own setting encrypts them. @param requestTimeout milliseconds per attempt */
export function openCallObjects(bucket: string, instanceId: string, requestTimeout = REQUEST_TIMEOUT_MS): CallObjects {
  const client = openBucket(requestTimeout);
  const endedKey = (contactId: string) => `ended/${instanceId}/${encodeURIComponent(contactId)}`;
  return {
    async readCheckpoint(contactId) {
      const object = await readObject(client, bucket, checkpointKey(instanceId, contactId));
      return object && { body: object.body, tag: object.etag, ageMs: object.ageMs };
    },
    async writeCheckpoint(contactId, body, previous): Promise<CheckpointWrite> {
      const condition = previous === null ? { IfNoneMatch: "*" } : { IfMatch: previous };
      const Key = checkpointKey(instanceId, contactId);
      try {
        const put = new PutObjectCommand({ Bucket: bucket, Key, Body: body, ContentType: "application/json", ...condition });
        const { ETag } = await client.send(put);
        if (ETag === undefined)
          throw new Error(`S3 answered PutObject of ${Key} without an ETag, so no checkpoint can follow it.`);
        return { kind: "written", tag: ETag };
      } catch (error) {
        const refused = refusalOf(error);
        if (refused === null) throw error;
        return { kind: refused };
      }
    },
    async isMarkedEnded(contactId) {
      return (await readObject(client, bucket, endedKey(contactId))) !== null;
    },
    async markEnded(contactId) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: endedKey(contactId), Body: "ended" }));
    },
    close: () => client.destroy(),
  };
}

/** Opens a client for one bucket. @param requestTimeout milliseconds per attempt */
export function openBucket(requestTimeout = REQUEST_TIMEOUT_MS): S3Client {
  return new S3Client({
    // A bucket name in the path works everywhere. One in the host name fails with private gateways and local servers.
    forcePathStyle: true,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
}

export interface ReadObject {
  body: string;
  etag: string;
  /** Time since the object was written, by S3's own clock on both sides: a function's clock may be wrong. */
  ageMs: number;
}

/** Reads a text object. Returns null when there is none. */
export async function readObject(client: S3Client, bucket: string, key: string): Promise<ReadObject | null> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  let answeredAt = Number.NaN;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      answeredAt = serverTime(result.response);
      return result;
    },
    { step: "deserialize", name: "serverClock" },
  );
  try {
    const { Body, ETag = "", LastModified } = await client.send(command);
    const body = (await Body?.transformToString()) ?? "";
    // S3 keeps whole seconds, so an age may be a second too long.
    const ageMs = answeredAt - (LastModified?.getTime() ?? Number.NaN);
    return { body, etag: ETag, ageMs: Number.isNaN(ageMs) ? 0 : Math.max(0, ageMs) };
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === "NoSuchKey") return null;
    throw error;
  }
}

/** Returns the time of a response by the server's clock, epoch ms, or NaN. */
export function serverTime(response: unknown): number {
  if (typeof response !== "object" || response === null || !("headers" in response)) return Number.NaN;
  const { headers } = response;
  if (typeof headers !== "object" || headers === null || !("date" in headers)) return Number.NaN;
  return typeof headers.date === "string" ? Date.parse(headers.date) : Number.NaN;
}

function refusalOf(error: unknown): "overtaken" | "contended" | "gone" | null {
  if (!(error instanceof S3ServiceException)) return null;
  // A bucket that does not exist is 404 as well, and no reason to start anew.
  if (error.name === "NoSuchBucket") return null;
  return REFUSED_WRITES[error.$metadata.httpStatusCode ?? 0] ?? null;
}
