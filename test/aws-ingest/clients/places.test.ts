import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CallPlaces } from "../../../aws-ingest/call/call-places.ts";
import type { PlaceStore } from "../../../aws-ingest/call/call-ports.ts";
import { openPlaces } from "../../../aws-ingest/clients/places.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";

const BUCKET = "checkpoints";

let s3: LocalS3;
let miniflare: Miniflare;
let s3Places: PlaceStore & { close(): void };
let r2Places: PlaceStore;
let tests = 0;
beforeAll(async () => {
  s3 = await startS3({ buckets: [BUCKET] });
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_S3: s3.url,
  });
  const options = { modules: true, script: "export default {}", r2Buckets: ["BUCKET"], compatibilityDate: "2026-11-01" };
  miniflare = new Miniflare(convertV4MiniflareOptions(options));
});
beforeEach(async () => {
  tests += 1;
  s3Places = openPlaces(BUCKET, `instance-${tests}`);
  r2Places = r2Store(await miniflare.getR2Bucket("BUCKET"), `instance-${tests}/`);
});
afterAll(async () => {
  s3Places.close();
  await s3.close();
  await miniflare.dispose();
});

/** The same port on Cloudflare's R2 as miniflare has it: conditional writes that nobody here wrote. */
function r2Store(bucket: Awaited<ReturnType<Miniflare["getR2Bucket"]>>, prefix: string): PlaceStore {
  return {
    async listPlaces() {
      const { objects } = await bucket.list({ prefix });
      return objects.map(({ key, size, etag }) => ({ number: Number(key.slice(prefix.length)), taken: size > 0, tag: etag }));
    },
    async readPlace(number) {
      const object = await bucket.get(`${prefix}${number}`);
      const contactId = (await object?.text()) ?? "";
      return object === null || contactId === "" ? null : { contactId, tag: object.etag, ageMs: 0 };
    },
    async writePlace(number, contactId, previous) {
      const onlyIf = previous === null ? { etagDoesNotMatch: "*" } : { etagMatches: previous };
      return (await bucket.put(`${prefix}${number}`, contactId ?? "", { onlyIf })) !== null;
    },
  };
}

const STORES: readonly [string, () => PlaceStore][] = [
  ["the stand-in for S3", () => s3Places],
  ["miniflare's R2", () => r2Places],
];

describe.each(STORES)("The places in %s", (_, store) => {
  const take = (contactId: string, capacity: number) =>
    new CallPlaces({ store: store(), capacity, mayWait: AbortSignal.abort(), onWait() {}, onError() {} }).waitForPlace(
      contactId,
      0,
    );

  test("Twelve calls at once get five places between them, none twice, and the others find the house full.", async () => {
    const got: (number | "full" | "unknown")[] = [];
    // A run that lost a race looks again, as it does after its pause.
    for (let round = 0; round < 5 && got.filter((place) => place !== "full").length < 5; round += 1)
      got.push(...(await Promise.all(Array.from({ length: 12 }, (_unused, index) => take(`call-${round}-${index}`, 5)))));
    const numbers = got.filter((place) => place !== "full");
    expect(numbers.toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect((await store().listPlaces()).filter(({ taken }) => taken)).toHaveLength(5);
  });

  test("A place that was given back is taken by the next call, and only by one.", async () => {
    expect(await take("first", 1)).toBe(0);
    expect(await take("second", 1)).toBe("full");
    const places = new CallPlaces({
      store: store(),
      capacity: 1,
      mayWait: AbortSignal.abort(),
      onWait() {},
      onError: (error) => expect(error).toBe("none"),
    });
    await places.freePlace(0, "first");
    expect(await store().readPlace(0)).toBeNull();
    const next = await Promise.all([take("third", 1), take("fourth", 1)]);
    expect(next.filter((place) => place === 0)).toHaveLength(1);
  });
});

test("A bucket that does not exist is an error and no free house.", async () => {
  const places = openPlaces("nowhere", "instance");
  await expect(places.listPlaces()).rejects.toMatchObject({ name: "NoSuchBucket" });
  await expect(places.writePlace(0, "call", null)).rejects.toMatchObject({ name: "NoSuchBucket" });
  places.close();
});
