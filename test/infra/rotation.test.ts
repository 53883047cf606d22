import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importSecrets, sign, verify } from "../../protocol/signature.ts";
import { addedSecret, finishedSecret, rotatedSecret, SETTLE_MS, type Step } from "../../scripts/deploy/rotation.ts";
import type { StackSecret } from "../../scripts/deploy/stack-secret.ts";

const random = () => randomBytes(32).toString("base64");
const good = (step: Step): readonly string[] => {
  if (!step.ok) throw new Error(step.message);
  return step.words;
};
const inAws = (words: readonly string[], changedAt: number | null = 0): StackSecret => ({ arn: "arn", words, changedAt });
const firstSecret = () => good(addedSecret(inAws([]), false, false, random));

/** Returns whether a hub with the secrets `hub` accepts a post that a function with the secrets `aws` signed. */
async function accepted(hub: string, aws: string): Promise<boolean> {
  const body = '{"updates":[]}';
  const headers = new Headers({ ...(await sign(await importSecrets(aws), "post-1", 1_700_000_000, body)) });
  const bytes = new TextEncoder().encode(body);
  return (await verify(await importSecrets(hub), (name) => headers.get(name), bytes, 1_700_000_000)).ok;
}

describe("The steps of npm run secret", () => {
  test("A new instance gets a secret of its own, and one that has a secret keeps it.", async () => {
    const [one, other] = [firstSecret().join(" "), firstSecret().join(" ")];
    expect([await accepted(one, one), await accepted(one, other)]).toEqual([true, false]);
    expect(good(addedSecret(inAws([one]), true, true, random))).toEqual([one]);
  });

  test("A secret that only the hub has is replaced on request only.", () => {
    expect(addedSecret(inAws([]), true, false, random)).toMatchObject({
      ok: false,
      message: expect.stringContaining("--replace"),
    });
    expect(good(addedSecret(inAws([]), true, true, random))).toHaveLength(1);
  });

  test("A rotation that has begun goes on with its new secret, because the second step may have failed.", () => {
    const begun = good(rotatedSecret(inAws(["old"]), random));
    expect(begun[1]).toBe("old");
    expect(good(rotatedSecret(inAws(begun), random))).toEqual(begun);
  });

  test("A step out of order is refused, and the refusal names the step that comes first.", () => {
    expect(rotatedSecret(inAws([]), random)).toMatchObject({ ok: false, message: expect.stringContaining("secret -- add") });
    expect(finishedSecret(inAws([]), 0)).toMatchObject({ ok: false, message: expect.stringContaining("secret -- add") });
    expect(finishedSecret(inAws(["one"]), 9e12)).toMatchObject({
      ok: false,
      message: expect.stringContaining("secret -- rotate"),
    });
    const early = { ok: false, message: expect.stringContaining("in 9 min") };
    expect(finishedSecret(inAws(["new", "old"], 60_000), 120_000)).toMatchObject(early);
    const unknown = { ok: false, message: expect.stringContaining("in 10 min") };
    expect(finishedSecret(inAws(["new", "old"], null), 9e12)).toMatchObject(unknown);
  });
});

/**
 * Simulates both clouds through a whole rotation, and returns the number of refused posts. A function may sign with any value
 * that AWS held during the last SETTLE_MS. It caches the secret, and it may be in a series of retries.
 */
async function refusedPosts(hubFirst: readonly boolean[], pausesMs: readonly number[], hasty: boolean): Promise<number> {
  let now = 0;
  let words = firstSecret();
  let hub = words.join(" ");
  const aws: { value: string; until: number }[] = [{ value: hub, until: Number.POSITIVE_INFINITY }];
  let changedAt = 0;
  let refused = 0;
  const tryAllSecrets = async () => {
    for (const known of aws) if (known.until > now - SETTLE_MS && !(await accepted(hub, known.value))) refused += 1;
  };
  const putBoth = async (first: boolean, pauseMs: number) => {
    for (const cloud of first ? ["hub", "aws"] : ["aws", "hub"]) {
      if (cloud === "hub") hub = words.join(" ");
      else {
        for (const known of aws) known.until = Math.min(known.until, now);
        aws.push({ value: words.join(" "), until: Number.POSITIVE_INFINITY });
        changedAt = now;
      }
      await tryAllSecrets();
      now += pauseMs;
    }
  };
  words = good(rotatedSecret(inAws(words), random));
  await putBoth(hubFirst[0] ?? true, pausesMs[0] ?? 0);
  if (!hasty) now = Math.max(now, changedAt + SETTLE_MS);
  words = good(finishedSecret(inAws(words, hasty ? now - SETTLE_MS : changedAt), now));
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
