import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openRecordings } from "../../../aws-ingest/clients/recordings.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import { type LocalService, ServiceError, startService } from "../../../local/aws/service.ts";

const KEY = "2026/11/23/contact-1.wav";
const PART = new Uint8Array(5 * 1024 * 1024).fill(7);

let s3: LocalS3;
let store: ReturnType<typeof openRecordings>;
beforeEach(async () => {
  s3 = await startS3({ buckets: ["kept"] });
  useServer(s3.url);
});
afterEach(async () => {
  store.close();
  await s3.close();
});

function useServer(url: string): void {
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_S3: url,
  });
  store = openRecordings("kept");
}

describe("The store of recordings", () => {
  test("has an object as soon as it is put, and one of several parts as soon as its upload is complete.", async () => {
    await store.putObject("a.json", "{}", "application/json");
    const uploadId = await store.beginUpload(KEY, "audio/wav");
    const etags = [await store.uploadPart(KEY, uploadId, 1, PART), await store.uploadPart(KEY, uploadId, 2, new Uint8Array(3))];
    expect(s3.openUploads()).toBe(1);
    await store.completeUpload(KEY, uploadId, [
      [1, etags[0] ?? ""],
      [2, etags[1] ?? ""],
    ]);
    expect(s3.openUploads()).toBe(0);
    expect(s3.objects().map(({ key, parts, bytes }) => [key, parts, bytes.length])).toEqual([
      ["a.json", 0, 2],
      [KEY, 2, PART.length + 3],
    ]);
  });

  test("has no open upload as soon as it is aborted.", async () => {
    const uploadId = await store.beginUpload(KEY, "audio/wav");
    await store.uploadPart(KEY, uploadId, 2, PART);
    await store.abortUpload(KEY, uploadId);
    expect([s3.openUploads(), s3.objects()]).toEqual([0, []]);
  });

  test.each([
    ["putObject", () => store.putObject(KEY, "x", "text/plain")],
    ["beginUpload", () => store.beginUpload(KEY, "audio/wav")],
    ["uploadPart", () => store.uploadPart(KEY, "u", 1, PART)],
    ["completeUpload", () => store.completeUpload(KEY, "u", [[1, "e"]])],
    ["abortUpload", () => store.abortUpload(KEY, "u")],
  ])("throws the error of S3 when %s is refused.", async (_name, request) => {
    s3.faults.refuse(1, new ServiceError(403, "AccessDenied", "no"));
    await expect(request()).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

describe("An answer of S3 without", () => {
  let empty: LocalService;
  beforeEach(async () => {
    empty = await startService({ serve: () => ({ status: 200, body: "<Result></Result>" }) });
    store.close();
    useServer(empty.url);
  });
  afterEach(() => empty.close());

  test("an upload id is an error that names the object.", async () => {
    await expect(store.beginUpload(KEY, "audio/wav")).rejects.toThrow(`CreateMultipartUpload of ${KEY} without an UploadId`);
  });

  test("an ETag is an error that names the part.", async () => {
    await expect(store.uploadPart(KEY, "u", 3, PART)).rejects.toThrow(`UploadPart 3 of ${KEY} without an ETag`);
  });
});
