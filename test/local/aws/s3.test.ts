import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import { S3Store } from "../../../local/aws/s3-store.ts";
import { ServiceError } from "../../../local/aws/service.ts";

const Bucket = "recordings";
const MIB = 1024 * 1024;

let s3: LocalS3;
let client: S3Client;

beforeEach(async () => {
  s3 = await startS3({ buckets: [Bucket], maxBytes: 40 * MIB });
  client = new S3Client({
    region: "us-east-1",
    endpoint: s3.url,
    maxAttempts: 2,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
  });
});
afterEach(async () => {
  client.destroy();
  await s3.close();
});

/** Returns bytes that differ at each position, so that a swapped or lost part is detected. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);
  return bytes;
}

async function read(Key: string, Range?: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...(Range && { Range }) }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe("An object", () => {
  test("is read back whole and in part, with its encryption and metadata.", async () => {
    const bytes = noise(100_000);
    const Key = "2024/04/29/llamada ñ+1.wav";
    const put = await client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: bytes,
        ContentType: "audio/wav",
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: "key-1",
        Metadata: { contact: "c-1" },
      }),
    );
    expect(put).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: "key-1" });
    expect(await read(Key)).toEqual(bytes);
    expect(await read(Key, "bytes=10-19")).toEqual(bytes.subarray(10, 20));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({
      ContentLength: 100_000,
      ContentType: "audio/wav",
      ETag: put.ETag,
      Metadata: { contact: "c-1" },
    });
    expect(s3.objects()).toMatchObject([{ key: Key, encryption: { algorithm: "aws:kms", keyId: "key-1" }, parts: 0 }]);
  });

  test("may be uploaded as a stream.", async () => {
    const bytes = noise(200_000);
    const Body = Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
    await client.send(new PutObjectCommand({ Bucket, Key: "stream", Body, ContentLength: bytes.length }));
    expect(await read("stream")).toEqual(bytes);
  });

  test("with a wrong checksum is refused.", async () => {
    const put = new PutObjectCommand({ Bucket, Key: "damaged", Body: "audio", ChecksumCRC32: "AAAAAA==" });
    await expect(client.send(put)).rejects.toMatchObject({ name: "BadDigest" });
    expect(s3.objects()).toEqual([]);
  });

  test("is not found when the key or the bucket does not exist.", async () => {
    await expect(read("nothing")).rejects.toMatchObject({ name: "NoSuchKey" });
    const head = client.send(new HeadObjectCommand({ Bucket, Key: "nothing" }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    const elsewhere = new PutObjectCommand({ Bucket: "elsewhere", Key: "a", Body: "a" });
    await expect(client.send(elsewhere)).rejects.toMatchObject({ name: "NoSuchBucket" });
  });
});

describe("A multipart upload", () => {
  const begin = async (): Promise<string> => {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key: "call.wav", ServerSideEncryption: "AES256" }),
    );
    return UploadId ?? "";
  };
  const part = async (UploadId: string, PartNumber: number, Body: Buffer) => {
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key: "call.wav", UploadId, PartNumber, Body }));
    return { PartNumber, ETag };
  };
  const complete = (UploadId: string, Parts: { PartNumber: number; ETag: string | undefined }[]) =>
    client.send(new CompleteMultipartUploadCommand({ Bucket, Key: "call.wav", UploadId, MultipartUpload: { Parts } }));

  test("by the SDK's own uploader is stored whole.", async () => {
    const bytes = noise(12 * MIB + 5);
    const Body = Readable.from([bytes.subarray(0, 3 * MIB), bytes.subarray(3 * MIB)]);
    await new Upload({ client, params: { Bucket, Key: "call.wav", Body } }).done();
    expect((await read("call.wav")).equals(bytes)).toBe(true);
    expect(s3.objects()).toMatchObject([{ parts: 3, etag: expect.stringMatching(/-3"$/) }]);
    expect(s3.openUploads()).toBe(0);
  });

  test("refuses a small part that is not the last one.", async () => {
    const id = await begin();
    const parts = [await part(id, 1, noise(5 * MIB - 1)), await part(id, 2, noise(10))];
    await expect(complete(id, parts)).rejects.toMatchObject({ name: "EntityTooSmall" });
    expect(s3.openUploads()).toBe(1);
    parts[0] = await part(id, 1, noise(5 * MIB));
    await complete(id, parts);
    expect(s3.objects()[0]?.bytes.length).toBe(5 * MIB + 10);
  });

  test("refuses parts out of order, parts with a wrong ETag, and unknown upload ids.", async () => {
    const id = await begin();
    const first = await part(id, 1, noise(5 * MIB));
    const second = await part(id, 2, noise(5 * MIB));
    await expect(complete(id, [second, first])).rejects.toMatchObject({ name: "InvalidPartOrder" });
    await expect(complete(id, [{ ...first, ETag: '"other"' }])).rejects.toMatchObject({ name: "InvalidPart" });
    await expect(complete("nothing", [first])).rejects.toMatchObject({ name: "NoSuchUpload" });
  });

  test("accepts no parts after it is aborted.", async () => {
    const id = await begin();
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key: "call.wav", UploadId: id }));
    await expect(part(id, 1, noise(10))).rejects.toMatchObject({ name: "NoSuchUpload" });
    expect(s3.openUploads()).toBe(0);
  });
});

test("S3 stores an object on the client's retry after one ordered failure.", async () => {
  s3.faults.refuse(1, new ServiceError(503, "SlowDown", "Please reduce your request rate."));
  await client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
  expect(s3.objects()).toHaveLength(1);
});

test("S3 deletes the oldest objects when all objects together are too large.", async () => {
  for (const Key of ["a", "b", "c"]) await client.send(new PutObjectCommand({ Bucket, Key, Body: noise(15 * MIB) }));
  expect(s3.objects().map((object) => object.key)).toEqual(["b", "c"]);
});

test("S3 keeps a small object in a memory block of its own.", () => {
  const store = new S3Store(["marks"], MIB);
  const heading = { contentType: "text/plain", encryption: { algorithm: null, keyId: null }, metadata: {} };
  store.putObject("marks", "one", Buffer.concat([Buffer.from("a mark")]), heading);
  expect(store.objects.map(({ bytes }) => bytes.buffer.byteLength)).toEqual(["a mark".length]);
});

test("S3 deletes the objects of a bucket with an expiry when they are too old, and keeps those of the other buckets.", () => {
  vi.useFakeTimers();
  const store = new S3Store(["short", "long"], MIB, { short: 60_000 });
  const heading = { contentType: "text/plain", encryption: { algorithm: null, keyId: null }, metadata: {} };
  for (const [bucket, key] of [
    ["short", "old"],
    ["long", "old"],
    ["short", "new"],
  ] as const) {
    vi.advanceTimersByTime(40_000);
    store.putObject(bucket, key, noise(4), heading);
  }
  expect(store.objects.map(({ bucket, key }) => `${bucket}/${key}`)).toEqual(["long/old", "short/new"]);
  vi.useRealTimers();
});
