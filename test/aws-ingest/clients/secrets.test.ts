import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { keyRing } from "../../../aws-ingest/clients/secrets.ts";
import { type LocalSecrets, startSecrets } from "../../../local/aws/secrets.ts";

const secret = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;

let secrets: LocalSecrets;
beforeAll(async () => {
  secrets = await startSecrets({
    cached: secret(1),
    fresh: secret(1),
    old: secret(1),
    late: "no signing secret",
    two: `${secret(2)} ${secret(1)}`,
  });
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
  });
});
afterAll(() => secrets.close());
afterEach(() => void vi.restoreAllMocks());

/** Runs `work` and returns how often it read a secret. */
async function readsOf(work: () => Promise<unknown>): Promise<number> {
  const before = secrets.reads();
  await work();
  return secrets.reads() - before;
}

test("A secret is read once for all invocations, also by another key ring.", async () => {
  expect(await readsOf(() => keyRing("cached").keys())).toBe(1);
  expect(await readsOf(() => keyRing("cached").keys())).toBe(0);
  expect(await readsOf(() => Promise.all([keyRing("two").keys(), keyRing("two").keys()]))).toBe(1);
  expect(await keyRing("two").keys()).toHaveLength(2);
});

test("A secret is read again when the caller asks for a fresh one.", async () => {
  await keyRing("fresh").keys();
  expect(await readsOf(() => keyRing("fresh").keys(true))).toBe(1);
  expect(await readsOf(() => keyRing("fresh").keys())).toBe(0);
});

test("A secret is read again after five minutes, and not before.", async () => {
  const clock = vi.spyOn(Date, "now");
  const start = Date.now();
  clock.mockReturnValue(start);
  await keyRing("old").keys();
  clock.mockReturnValue(start + 299_999);
  expect(await readsOf(() => keyRing("old").keys())).toBe(0);
  clock.mockReturnValue(start + 300_000);
  expect(await readsOf(() => keyRing("old").keys())).toBe(1);
});

test("A failed read is not kept, so the next one reads the corrected secret.", async () => {
  await expect(keyRing("late").keys()).rejects.toThrow(TypeError);
  await expect(keyRing("missing").keys()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  const corrected = await startSecrets({ late: secret(3) });
  process.env["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = corrected.url;
  expect(await keyRing("late").keys()).toHaveLength(1);
  await corrected.close();
});
