import { randomUUID } from "node:crypto";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CallCheckpoints } from "../../../aws-ingest/call/call-checkpoints.ts";
import type { CheckpointStore } from "../../../aws-ingest/call/call-ports.ts";
import { parseCheckpoint } from "../../../aws-ingest/call/checkpoint.ts";
import { INITIAL_STATE } from "../../../aws-ingest/call/transcriber-job.ts";
import { type CallObjects, openCallObjects } from "../../../aws-ingest/clients/checkpoints.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import { seeded } from "../../support/call-sound.ts";
import { JOB } from "../../support/scripted-call.ts";

const BUCKET = "checkpoints";
const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";

let s3: LocalS3;
let objects: CallObjects;
let miniflare: Miniflare;
let r2: CheckpointStore;
beforeAll(async () => {
  s3 = await startS3({ buckets: [BUCKET] });
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_S3: s3.url,
  });
  objects = openCallObjects(BUCKET, INSTANCE);
  const options = { modules: true, script: "export default {}", r2Buckets: ["BUCKET"], compatibilityDate: "2026-11-01" };
  miniflare = new Miniflare(convertV4MiniflareOptions(options));
  r2 = r2Store(await miniflare.getR2Bucket("BUCKET"));
});
afterAll(async () => {
  objects.close();
  await s3.close();
  await miniflare.dispose();
});

/** The same port on Cloudflare's R2 as miniflare has it: conditional writes that nobody here wrote. */
function r2Store(bucket: Awaited<ReturnType<Miniflare["getR2Bucket"]>>): CheckpointStore {
  return {
    async readCheckpoint(contactId) {
      const object = await bucket.get(contactId);
      return object && { body: await object.text(), tag: object.etag, ageMs: Date.now() - object.uploaded.getTime() };
    },
    async writeCheckpoint(contactId, body, previous) {
      const onlyIf = previous === null ? { etagDoesNotMatch: "*" } : { etagMatches: previous };
      const object = await bucket.put(contactId, body, { onlyIf });
      if (object !== null) return { kind: "written", tag: object.etag };
      return { kind: (await bucket.head(contactId)) === null ? "gone" : "overtaken" };
    },
  };
}

const STORES: readonly [string, () => CheckpointStore][] = [
  ["the stand-in for S3", () => objects],
  ["miniflare's R2", () => r2],
];

async function runOn(store: CheckpointStore, contactId: string, errors: (string | null)[] = []) {
  const stored = await store.readCheckpoint(contactId);
  const number = stored === null ? 0 : (parseCheckpoint(stored.body)?.number ?? 0);
  const head = { requestId: "request", run: randomUUID(), fruitlessStarts: 0, begunAt: 0, job: { ...JOB, contactId } };
  const previous = stored && { tag: stored.tag, number };
  return new CallCheckpoints({ store, head, previous, intervalMs: 20_000, onWrite: (error) => errors.push(error) });
}
const write = (run: CallCheckpoints) => run.write("running", INITIAL_STATE);
const numberIn = async (store: CheckpointStore, contactId: string) =>
  parseCheckpoint((await store.readCheckpoint(contactId))?.body ?? "")?.number;

describe.each(STORES)("On %s", (_name, store) => {
  test("a run that another one has overtaken learns it at its next write, and stores nothing any more.", async () => {
    const contactId = randomUUID();
    const first = await runOn(store(), contactId);
    expect([await write(first), await write(first)]).toEqual(["written", "written"]);
    const second = await runOn(store(), contactId);
    expect(await write(second)).toBe("written");
    expect([await write(first), first.lost.aborted, await write(first)]).toEqual(["lost", true, "lost"]);
    expect([await write(second), second.lost.aborted]).toEqual(["written", false]);
    expect(await numberIn(store(), contactId)).toBe(4);
  });

  test("one of twenty runs that begin at once has the call.", async () => {
    const contactId = randomUUID();
    const runs = await Promise.all(Array.from({ length: 20 }, () => runOn(store(), contactId)));
    const results = await Promise.all(runs.map(write));
    expect(results.filter((result) => result === "written")).toHaveLength(1);
    expect(results.filter((result) => result === "lost")).toHaveLength(19);
  });

  test("a checkpoint that was deleted is written anew.", async () => {
    const contactId = randomUUID();
    const run = await runOn(store(), contactId);
    await write(run);
    if (store() === objects) s3.deleteObject(BUCKET, `checkpoints/${INSTANCE}/${contactId}.json`);
    else await (await miniflare.getR2Bucket("BUCKET")).delete(contactId);
    expect(await write(run)).toBe("written");
    expect(await numberIn(store(), contactId)).toBe(2);
  });
});

describe("A checkpoint in S3", () => {
  test("whose answer was lost is known as the run's own.", async () => {
    const contactId = randomUUID();
    const run = await runOn(objects, contactId);
    s3.conditional.lostAnswers = 1;
    expect([await write(run), await write(run), run.lost.aborted]).toEqual(["written", "written", false]);
    expect(await numberIn(objects, contactId)).toBe(2);
  });

  test("is written once more after a conflict.", async () => {
    const contactId = randomUUID();
    const run = await runOn(objects, contactId);
    s3.conditional.conflicts = 2;
    expect([await write(run), run.lost.aborted]).toEqual(["written", false]);
  });

  test("survives conflicts and lost answers that come by chance, and never two runs go on.", async () => {
    const random = seeded(3);
    Object.assign(s3.conditional, { random, share: 0.4 });
    const contactId = randomUUID();
    for (let round = 0; round < 12; round += 1) {
      const [first, second] = [await runOn(objects, contactId), await runOn(objects, contactId)];
      const results = await Promise.all([write(first), write(second)]);
      expect(results.filter((result) => result === "written").length).toBeLessThanOrEqual(1);
      const winner = results[0] === "written" ? first : second;
      if (results.includes("written")) expect(await write(winner)).not.toBe("lost");
    }
    Object.assign(s3.conditional, { share: 0 });
  });

  test("that cannot be stored costs nothing but itself: the next one is stored.", async () => {
    const errors: (string | null)[] = [];
    const run = await runOn(objects, randomUUID(), errors);
    s3.faults.cut(3);
    expect([await write(run), await write(run)]).toEqual(["failed", "written"]);
    expect([errors.length, errors[1]]).toEqual([2, null]);
  });

  test("has an age by the clock of S3, in whole seconds.", async () => {
    const contactId = randomUUID();
    await write(await runOn(objects, contactId));
    const stored = await objects.readCheckpoint(contactId);
    expect(stored?.ageMs).toBeLessThan(20_000);
    expect((stored?.ageMs ?? 1) % 1000).toBe(0);
    expect(await objects.readCheckpoint(randomUUID())).toBeNull();
  });

  test("is refused with an error when the bucket does not exist.", async () => {
    const nowhere = openCallObjects("no-such-bucket", INSTANCE);
    await expect(nowhere.writeCheckpoint("contact", "{}", null)).rejects.toThrow("The specified bucket does not exist");
    nowhere.close();
  });
});

test("A contact is marked as ended for the transcriber, and no other one is.", async () => {
  const contactId = randomUUID();
  expect(await objects.isMarkedEnded(contactId)).toBe(false);
  await objects.markEnded(contactId);
  expect([await objects.isMarkedEnded(contactId), await objects.isMarkedEnded(randomUUID())]).toEqual([true, false]);
});
