import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importSecrets, sign, verify } from "../../protocol/signature.ts";
import {
  addInstance,
  beginRotation,
  type Changed,
  finishRotation,
  type HubSecrets,
  SETTLE_MS,
  signingSecrets,
} from "../../scripts/deploy/rotation.ts";

const ID = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const random = () => randomBytes(32).toString("base64");
const good = (changed: Changed): HubSecrets => {
  if (!changed.ok) throw new Error(changed.message);
  return changed.secrets;
};
/** Returns whether a hub with the secrets `hub` accepts a post that a function with the secrets `aws` signed. */
async function accepted(hub: string, aws: string): Promise<boolean> {
  const body = '{"updates":[]}';
  const headers = new Headers({ ...(await sign(await importSecrets(aws), "post-1", 1_700_000_000, body)) });
  const bytes = new TextEncoder().encode(body);
  return (await verify(await importSecrets(hub), (name) => headers.get(name), bytes, 1_700_000_000)).ok;
}

describe("Secrets of both clouds", () => {
  test("A new instance gets a secret of its own, and the hub's own keys are made once.", async () => {
    const first = good(addInstance(null, ID, random));
    const second = good(addInstance(first, "other-instance", random));
    expect(second).toMatchObject({ TICKET_SECRET: first.TICKET_SECRET, METRICS_TOKEN: first.METRICS_TOKEN });
    const [one, other] = [second.INGEST_SECRETS[ID] ?? "", second.INGEST_SECRETS["other-instance"] ?? ""];
    expect([await accepted(one, one), await accepted(one, other)]).toEqual([true, false]);
  });

  test("An instance with a secret does not get another by mistake.", () => {
    const hub = good(addInstance(null, ID, random));
    expect(addInstance(hub, ID, random)).toMatchObject({ ok: false, message: expect.stringContaining("rotate") });
  });

  test("A step out of order is refused, and the refusal names the step that comes first.", () => {
    const hub = good(addInstance(null, ID, random));
    expect(beginRotation(null, ID, random)).toMatchObject({ ok: false, message: expect.stringContaining("secret -- new") });
    expect(finishRotation(hub, ID, {}, 0)).toMatchObject({ ok: false, message: expect.stringContaining("secret -- rotate") });
    const begun = good(beginRotation(hub, ID, random));
    expect(beginRotation(begun, ID, random)).toMatchObject({ ok: false, message: expect.stringContaining("secret -- finish") });
    expect(finishRotation(begun, ID, { hub: 1 }, 9e12)).toMatchObject({
      ok: false,
      message: expect.stringContaining("secret -- put"),
    });
    expect(finishRotation(begun, ID, { hub: 1, aws: 60_000 }, 120_000)).toMatchObject({
      ok: false,
      message: expect.stringContaining("9 min"),
    });
  });

  test("A refusal never shows a secret.", () => {
    const hub = good(addInstance(null, ID, random));
    for (const refused of [addInstance(hub, ID, random), finishRotation(hub, ID, {}, 0)]) {
      expect(JSON.stringify(refused)).not.toContain(hub.INGEST_SECRETS[ID]);
    }
  });
});

/**
 * Simulates both clouds through a whole rotation, and returns the number of refused posts. A function may sign with any value
 * that AWS held during the last SETTLE_MS. It caches the secret, and it may be in a series of retries.
 */
async function refusedPosts(hubFirst: readonly boolean[], pausesMs: readonly number[], hasty: boolean): Promise<number> {
  let now = 0;
  let desired = good(addInstance(null, ID, random));
  const value = () => signingSecrets(desired, ID).join(" ");
  let hub = value();
  const aws: { value: string; until: number }[] = [{ value: value(), until: Number.POSITIVE_INFINITY }];
  let refused = 0;
  const tryAllSecrets = async () => {
    for (const known of aws) if (known.until > now - SETTLE_MS && !(await accepted(hub, known.value))) refused += 1;
  };
  const putBoth = async (first: boolean, pauseMs: number) => {
    for (const cloud of first ? ["hub", "aws"] : ["aws", "hub"]) {
      if (cloud === "hub") hub = value();
      else {
        for (const known of aws) known.until = Math.min(known.until, now);
        aws.push({ value: value(), until: Number.POSITIVE_INFINITY });
      }
      await tryAllSecrets();
      now += pauseMs;
    }
  };
  desired = good(beginRotation(desired, ID, random));
  await putBoth(hubFirst[0] ?? true, pausesMs[0] ?? 0);
  const settled = now;
  if (!hasty) now += SETTLE_MS;
  desired = good(finishRotation(desired, ID, { hub: settled, aws: settled }, settled + SETTLE_MS));
  await putBoth(hubFirst[1] ?? true, pausesMs[1] ?? 0);
  await tryAllSecrets();
  return refused;
}

describe("A rotation in two steps", () => {
  test("SIG-3 No post is refused during a rotation, for any order of the clouds and any pauses.", async () => {
    const pause = fc.integer({ min: 0, max: 3 * SETTLE_MS });
    await fc.assert(
      fc.asyncProperty(fc.tuple(fc.boolean(), fc.boolean()), fc.tuple(pause, pause), async (hubFirst, pauses) => {
        expect(await refusedPosts(hubFirst, pauses, false)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test("A rotation that ends without the wait refuses posts.", async () => {
    expect(await refusedPosts([false, true], [0, 0], true)).toBeGreaterThan(0);
  });
});
