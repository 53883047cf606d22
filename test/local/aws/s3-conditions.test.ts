import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";

const Bucket = "checkpoints";
const Key = "checkpoints/instance/contact.json";

let s3: LocalS3;
let client: S3Client;
beforeEach(async () => {
  s3 = await startS3({ buckets: [Bucket] });
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" };
  client = new S3Client({ region: "us-east-1", endpoint: s3.url, forcePathStyle: true, maxAttempts: 2, credentials });
});
afterEach(async () => {
  client.destroy();
  await s3.close();
});

type Condition = { IfMatch?: string; IfNoneMatch?: string };

async function put(Body: string, condition: Condition = {}): Promise<string> {
  const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key, Body, ...condition }));
  return ETag ?? "";
}

/** Returns status and error name of a request that is refused. */
async function refusal(request: Promise<unknown>): Promise<unknown[]> {
  return request.then(
    () => ["accepted"],
    (error: S3ServiceException) => [error.$metadata.httpStatusCode, error.name],
  );
}

async function stored(): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Body?.transformToString();
}

describe("A conditional write", () => {
  test("makes an object only if there is none.", async () => {
    await put("first", { IfNoneMatch: "*" });
    expect(await refusal(put("second", { IfNoneMatch: "*" }))).toEqual([412, "PreconditionFailed"]);
    expect(await stored()).toBe("first");
    expect(await refusal(put("third", { IfNoneMatch: '"some-etag"' }))).toEqual([501, "NotImplemented"]);
  });

  test("replaces only the version that it names.", async () => {
    const first = await put("first");
    const second = await put("second", { IfMatch: first });
    expect(await refusal(put("late", { IfMatch: first }))).toEqual([412, "PreconditionFailed"]);
    expect(await stored()).toBe("second");
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await refusal(put("third", { IfMatch: second }))).toEqual([404, "NoSuchKey"]);
  });

  test("lets one of twenty win.", async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, number) => refusal(put(`${number}`, { IfNoneMatch: "*" }))));
    expect(results.filter(([first]) => first === "accepted")).toHaveLength(1);
  });

  test("deletes only the version that it names.", async () => {
    const etag = await put("first");
    await put("second");
    const request = client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: etag }));
    expect(await refusal(request)).toEqual([412, "PreconditionFailed"]);
    expect(await stored()).toBe("second");
  });

  test("is refused with 409 and stores nothing when that was ordered, and the SDK does not try again.", async () => {
    s3.conditional.conflicts = 1;
    expect(await refusal(put("first", { IfNoneMatch: "*" }))).toEqual([409, "ConditionalRequestConflict"]);
    expect(s3.objects()).toEqual([]);
    await put("plain writes have no conflicts");
  });

  test("is stored when its answer is lost, and the SDK's own second attempt is told 412.", async () => {
    s3.conditional.lostAnswers = 1;
    expect(await refusal(put("first", { IfNoneMatch: "*" }))).toEqual([412, "PreconditionFailed"]);
    expect(await stored()).toBe("first");
  });
});

test("Objects are listed by prefix in the order of their keys, a page at a time, with their times in whole seconds.", async () => {
  for (const name of ["a/2", "a/1", "b/1", "a/3"]) await client.send(new PutObjectCommand({ Bucket, Key: name, Body: name }));
  const first = await client.send(new ListObjectsV2Command({ Bucket, Prefix: "a/", MaxKeys: 2 }));
  expect([first.Contents?.map((entry) => entry.Key), first.IsTruncated]).toEqual([["a/1", "a/2"], true]);
  const { NextContinuationToken: ContinuationToken } = first;
  const second = await client.send(new ListObjectsV2Command({ Bucket, Prefix: "a/", ContinuationToken }));
  expect([second.Contents?.map((entry) => entry.Key), second.IsTruncated]).toEqual([["a/3"], false]);
  expect((first.Contents?.[0]?.LastModified?.getTime() ?? 1) % 1000).toBe(0);
});
