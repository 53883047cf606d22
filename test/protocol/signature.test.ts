import { createHmac } from "node:crypto";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { importSecrets, type SignatureHeaders, sign, TOLERANCE_SECONDS, verify } from "../../protocol/signature.ts";

const secretOf = (seed: number, bytes = 32) =>
  `whsec_${Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 31 + seed) & 255)).toString("base64")}`;
const OURS = secretOf(1);
const OTHER = secretOf(2);
const BODY = '{"updates":[{"type":"agent.heartbeat","agentId":"agent-ñ","occurredAt":1714363532120}]}';
// The reference library reads the real clock, so the posts carry the current time.
const nowSeconds = () => Math.floor(Date.now() / 1000);
const bytes = (text: string) => new TextEncoder().encode(text);

interface Attempt {
  headers: Partial<SignatureHeaders>;
  body?: string;
  secrets?: string;
  at?: number;
}

async function check({ headers, body = BODY, secrets = OURS, at = nowSeconds() }: Attempt) {
  return verify(await importSecrets(secrets), (name) => headers[name] ?? null, bytes(body), at);
}

async function signed(secrets = OURS, id = "msg_1", at = nowSeconds(), body = BODY): Promise<SignatureHeaders> {
  return sign(await importSecrets(secrets), id, at, body);
}

/** Signs with the reference library. */
function reference(secret: string, id: string, at: number, body: string): SignatureHeaders {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(at),
    "webhook-signature": new Webhook(secret).sign(id, new Date(at * 1000), body),
  };
}

describe("Signatures", () => {
  it("SIG-1 We accept the signatures of the reference library, and it accepts ours.", async () => {
    const id = fc.string({ minLength: 1, unit: fc.constantFrom(..."abcXYZ019_-") });
    await fc.assert(
      fc.asyncProperty(id, fc.string({ unit: "grapheme" }), fc.integer({ min: 24, max: 64 }), async (id, text, size) => {
        const secret = secretOf(size, size);
        const body = JSON.stringify({ text });
        const at = nowSeconds();
        expect(await check({ headers: reference(secret, id, at, body), body, secrets: secret, at })).toEqual({ ok: true, id });
        expect(new Webhook(secret).verify(body, { ...(await signed(secret, id, at, body)) })).toEqual({ text });
      }),
      { numRuns: 60 },
    );
  });

  it("SIG-1 A signature does not match another body, id, time or secret.", async () => {
    const headers = await signed();
    const at = nowSeconds();
    expect(await check({ headers, body: `${BODY} ` })).toEqual({ ok: false, reason: "no_match" });
    expect(await check({ headers: { ...headers, "webhook-id": "msg_2" } })).toEqual({ ok: false, reason: "no_match" });
    expect(await check({ headers: { ...headers, "webhook-timestamp": String(at - 7) } })).toMatchObject({ ok: false });
    expect(await check({ headers, secrets: OTHER })).toEqual({ ok: false, reason: "no_match" });
  });

  it("SIG-1 A signature does not match a body with one flipped bit.", async () => {
    const headers = await signed();
    const keys = await importSecrets(OURS);
    const body = bytes(BODY);
    for (let bit = 0; bit < body.length * 8; bit += 13) {
      const tampered = body.slice();
      tampered[bit >> 3] = (tampered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await verify(keys, (name) => headers[name], tampered, nowSeconds())).toMatchObject({ ok: false });
    }
  });

  it("SIG-1 Our signature is that of the published example.", async () => {
    // The example that the tests of the Standard Webhooks libraries share ("sign function works").
    const keys = await importSecrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    expect(await sign(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, '{"test": 2432232314}')).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it("SIG-2 The clocks of sender and hub may differ by 300 s either way, and by no more.", async () => {
    const at = nowSeconds();
    const headers = await signed(OURS, "msg_1", at);
    for (const skew of [-TOLERANCE_SECONDS, 0, TOLERANCE_SECONDS]) {
      expect(await check({ headers, at: at + skew })).toEqual({ ok: true, id: "msg_1" });
    }
    for (const skew of [-TOLERANCE_SECONDS - 1, TOLERANCE_SECONDS + 1]) {
      expect(await check({ headers, at: at + skew })).toEqual({ ok: false, reason: "outside_tolerance" });
    }
    expect(TOLERANCE_SECONDS).toBe(300);
  });

  it("SIG-2 A timestamp that is no whole number of seconds is refused.", async () => {
    const headers = await signed();
    for (const time of [
      "",
      "now",
      "1.5e9",
      "-5",
      " 17",
      "0x10",
      "Infinity",
      "9".repeat(400),
      `${headers["webhook-timestamp"]}.5`,
    ]) {
      expect(await check({ headers: { ...headers, "webhook-timestamp": time } }), time).toMatchObject({ ok: false });
    }
  });

  it("SIG-2 A time that is no whole number of seconds is refused, also when the sender has signed it.", async () => {
    const key = Buffer.from(OURS.slice("whsec_".length), "base64");
    for (const time of ["now", "NaN", `${nowSeconds()}.5`, `0x${nowSeconds().toString(16)}`]) {
      const signature = createHmac("sha256", key).update(`msg_1.${time}.${BODY}`).digest("base64");
      const headers = { "webhook-id": "msg_1", "webhook-timestamp": time, "webhook-signature": `v1,${signature}` };
      expect(await check({ headers }), time).toEqual({ ok: false, reason: "bad_timestamp" });
    }
  });

  it("SIG-3 A hub with two secrets accepts posts signed with either secret or with both.", async () => {
    const rotation = `${OTHER} ${OURS}`;
    const at = nowSeconds();
    for (const headers of [reference(OURS, "m", at, BODY), reference(OTHER, "m", at, BODY), await signed(rotation, "m", at)]) {
      expect(await check({ headers, secrets: rotation })).toEqual({ ok: true, id: "m" });
    }
    const both = await signed(rotation, "m", at);
    for (const secret of [OURS, OTHER]) {
      expect(await check({ headers: both, secrets: secret })).toMatchObject({ ok: true });
      expect(() => new Webhook(secret).verify(BODY, { ...both })).not.toThrow();
    }
    expect(await check({ headers: both, secrets: secretOf(3) })).toMatchObject({ ok: false });
  });

  it("SIG-3 Only the first 16 signatures of a header count, and those of other versions are ignored.", async () => {
    const headers = await signed();
    const right = headers["webhook-signature"];
    const listed = (signatures: string[]) => check({ headers: { ...headers, "webhook-signature": signatures.join(" ") } });
    const wrong = (await signed(OTHER))["webhook-signature"];
    expect(await listed([...Array(15).fill(wrong), right])).toMatchObject({ ok: true });
    expect(await listed([...Array(16).fill(wrong), right])).toEqual({ ok: false, reason: "no_match" });
    expect(await listed([right.replace("v1,", "v1a,"), "v2,abc", right])).toMatchObject({ ok: true });
    expect(await listed([right.replace("v1,", "v1a,")])).toMatchObject({ ok: false });
    expect(await listed([right.replace("v1,", "v2,")])).toMatchObject({ ok: false });
    expect(await listed(Array(20_000).fill(wrong))).toMatchObject({ ok: false });
  });

  it("SIG-4 Missing and malformed headers are refused, and no error is thrown.", async () => {
    const headers = await signed();
    for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"] as const) {
      const { [name]: _, ...rest } = headers;
      expect(await check({ headers: rest })).toEqual({ ok: false, reason: "missing_header" });
      expect(await check({ headers: { ...headers, [name]: "" } })).toEqual({ ok: false, reason: "missing_header" });
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (garbage) => {
        for (const signature of [garbage, `v1,${garbage}`, `v1 ${garbage}`]) {
          expect(await check({ headers: { ...headers, "webhook-signature": signature } })).toMatchObject({ ok: false });
        }
      }),
    );
  });

  it.each([
    ["", "There is no signing secret"],
    ["c2VjcmV0", "Signing secret 1 is not whsec_"],
    [`${OURS} whsec_!!!`, "Signing secret 2 is not whsec_"],
    [`${OURS} ${secretOf(9, 23)}`, "Signing secret 2 has 23 bytes"],
    [secretOf(9, 65), "Signing secret 1 has 65 bytes"],
  ])("SIG-5 The error about a wrong secret names its place and never its value.", async (secrets, message) => {
    const error = await importSecrets(secrets).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(message);
    for (const secret of secrets.split(" ")) {
      const value = secret.replace("whsec_", "");
      if (value !== "") expect(String(error)).not.toContain(value);
    }
  });
});
