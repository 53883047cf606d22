import { afterAll, beforeAll, expect, test } from "vitest";
import { type ActionIds, openActionIds } from "../../../aws-ingest/clients/action-ids.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";

let s3: LocalS3;
let ids: ActionIds;
beforeAll(async () => {
  s3 = await startS3({ buckets: ["ids"] });
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_S3: s3.url,
  });
  ids = openActionIds("ids", "i1");
});
afterAll(async () => {
  ids.close();
  await s3.close();
});

test("The id of an order is taken once, also one that is no good name for an object.", async () => {
  for (const id of ["1", "../1", "a b/ñ"]) expect([await ids.takeId(id), await ids.takeId(id)]).toEqual([true, false]);
});

test("An id for which somebody else was faster at the same moment is not taken, and it is no fault.", async () => {
  s3.conditional.conflicts = 1;
  expect(await ids.takeId("both")).toBe(false);
});

test("Without an answer nobody knows, and the id is asked for once only.", async () => {
  s3.faults.cut(1);
  await expect(ids.takeId("lost")).rejects.toThrow();
  await expect(openActionIds("no-such-bucket", "i1").takeId("1")).rejects.toThrow();
});
