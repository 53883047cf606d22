import { importJWK, type JWK, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { checkIdentity } from "../../../worker/auth/identity.ts";
import { identitySettings } from "./issuer.ts";

const { keys } = inject("identityProvider");
const UNREACHABLE = {
  ok: false,
  status: 503,
  error: "identity_provider_unreachable",
  reason: "identity_provider_unreachable",
};
const UNAUTHORIZED = { ok: false, status: 401, error: "unauthorized", reason: "unknown_key" };

let addresses = 0;

/** An issuer with a key set of its own, because the isolate keeps a key set for each address. */
function freshIssuer() {
  addresses += 1;
  const jwksUrl = `https://issuer-${addresses}.example/keys`;
  const settings = identitySettings({ AUTH_JWKS_URL: jwksUrl });
  return {
    jwksUrl,
    async checkKey(index: number) {
      return checkIdentity(settings, await tokenOf(index), "i1", Date.now());
    },
  };
}

async function tokenOf(index: number): Promise<string> {
  const jwk = keyAt(index);
  return new SignJWT({ instances: "i1", groups: ["Ventas"] })
    .setProtectedHeader({ alg: "RS256", kid: jwk.kid })
    .setSubject("ana")
    .setIssuer("https://issuer.example")
    .setAudience("vigia")
    .setExpirationTime("10m")
    .sign(await importJWK(jwk, "RS256"));
}

function keyAt(index: number): JWK & { kid: string } {
  const jwk = keys[index];
  if (jwk === undefined) throw new Error(`The identity provider has no key ${index}.`);
  return jwk;
}

/** The key set with the public halves of these keys. */
function keySet(...indexes: number[]): Response {
  const published = indexes.map((index) => {
    const { kid, kty, n, e } = keyAt(index);
    return { kid, kty, n, e, alg: "RS256" };
  });
  return Response.json({ keys: published });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("An issuer whose keys the hub cannot get", () => {
  it("SES-1 An issuer that never answers makes the hub answer 503 after five seconds, so that dashboards come back.", async () => {
    const limit = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => AbortSignal.abort(timeoutError()));
    const { checkKey } = freshIssuer();
    vi.spyOn(globalThis, "fetch").mockImplementation(
      (_, init) =>
        new Promise((_resolve, reject) => {
          if (init?.signal?.aborted === true) reject(init.signal.reason);
        }),
    );
    expect(await checkKey(0)).toEqual(UNREACHABLE);
    expect(limit).toHaveBeenCalledExactlyOnceWith(5_000);
  });

  it.each([
    ["answers 500", () => new Response("{}", { status: 500 })],
    ["answers 404", () => new Response("{}", { status: 404 })],
    ["redirects to a sign-in page", () => new Response(null, { status: 302, headers: { Location: "https://login.example/" } })],
    ["answers JSON that is no key set", () => Response.json({ error: "maintenance" })],
    ["answers a page instead of JSON", () => new Response("<html>", { status: 200 })],
  ])("SES-1 An issuer that %s makes the hub answer 503, so that dashboards come back.", async (_, answer) => {
    const { checkKey } = freshIssuer();
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => answer());
    expect(await checkKey(0)).toEqual(UNREACHABLE);
  });

  it("SES-1 An issuer that refuses the connection makes the hub answer 503, so that dashboards come back.", async () => {
    // Nothing listens there, so this is the runtime's own error. It is no TypeError, as it is elsewhere.
    const settings = identitySettings({ AUTH_JWKS_URL: "http://127.0.0.1:9/keys" });
    expect(await checkIdentity(settings, await tokenOf(0), "i1", Date.now())).toEqual(UNREACHABLE);
  });

  it("SES-1 A key that the hub does not know gets 503 when the issuer refuses the connection, because it may be new.", async () => {
    const { checkKey } = freshIssuer();
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => keySet(0));
    expect(await checkKey(0)).toMatchObject({ ok: true });
    vi.setSystemTime(Date.now() + 3_000);
    fetched.mockRejectedValue(new Error("Network connection lost."));
    expect(await checkKey(1)).toEqual(UNREACHABLE);
    expect(await checkKey(0)).toMatchObject({ ok: true });
  });

  it.each([
    ["has no modulus", { n: undefined }],
    ["is no base64", { n: "!!!" }],
    ["is for signing", { key_ops: ["sign", "verify"] }],
    ["is too short", { n: "AQAB" }],
  ])("SES-1 A published key that %s makes the hub answer 503, because the issuer has to mend it.", async (_, change) => {
    const { checkKey } = freshIssuer();
    const { kid, kty, n, e } = keyAt(0);
    const broken = { kid, kty, n, e, ...change };
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ keys: [broken] }));
    expect(await checkKey(0)).toEqual(UNREACHABLE);
  });

  it("SES-1 The hub accepts identities as soon as the issuer answers again.", async () => {
    const { checkKey, jwksUrl } = freshIssuer();
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementationOnce(async () => new Response("{}", { status: 500 }));
    expect(await checkKey(0)).toEqual(UNREACHABLE);
    fetched.mockImplementation(async () => keySet(0));
    expect(await checkKey(0)).toMatchObject({ ok: true, identity: { subject: "ana" } });
    expect(fetched.mock.calls.map(([address]) => String(address))).toEqual([jwksUrl, jwksUrl]);
  });
});

describe("An issuer that goes away", () => {
  const HOUR = 3_600_000;

  it("IDN-7 Keys that are known outlive an outage of a day, and one request in 30 s asks the issuer.", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const { checkKey } = freshIssuer();
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => keySet(0));
    expect(await checkKey(0)).toMatchObject({ ok: true });
    fetched.mockImplementation(async () => new Response("down", { status: 503 }));
    vi.setSystemTime(Date.now() + 11 * 60_000);
    for (let times = 0; times < 5; times += 1) expect(await checkKey(0)).toMatchObject({ ok: true });
    expect(fetched).toHaveBeenCalledTimes(2);
    expect(lines.mock.calls).toEqual([['{"event":"issuer_unreachable","reason":"no_key_set"}']]);
    vi.setSystemTime(Date.now() + 23 * HOUR);
    expect(await checkKey(0)).toMatchObject({ ok: true });
    vi.setSystemTime(Date.now() + HOUR);
    expect(await checkKey(0)).toEqual(UNREACHABLE);
  });

  it("IDN-7 An isolate that begins during the outage has the keys that another one left in the cache.", async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const { checkKey, jwksUrl } = freshIssuer();
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => keySet(0));
    expect(await checkKey(0)).toMatchObject({ ok: true });
    // A module that is loaded anew is what a new isolate has.
    vi.resetModules();
    const { issuerKeys } = await import("../../../worker/auth/issuer-keys.ts");
    fetched.mockImplementation(async () => new Response("down", { status: 503 }));
    const find = (address: string) =>
      issuerKeys(address).find({ alg: "RS256", kid: keyAt(0).kid }, { payload: "", signature: "" });
    expect(await find(jwksUrl)).toMatchObject({ type: "public" });
    await expect(find("https://never-seen.example/keys")).rejects.toThrow();
  });

  it("IDN-7 A key that the hub does not know gets 503 during an outage, because it may be new.", async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const { checkKey } = freshIssuer();
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => keySet(0));
    expect(await checkKey(0)).toMatchObject({ ok: true });
    fetched.mockRejectedValue(new TypeError("fetch failed"));
    vi.setSystemTime(Date.now() + 11 * 60_000);
    expect(await checkKey(1)).toEqual(UNREACHABLE);
    expect(await checkKey(0)).toMatchObject({ ok: true });
  });

  it("IDN-7 A key that the issuer withdrew ends ten minutes later.", async () => {
    const { checkKey } = freshIssuer();
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => keySet(0, 1));
    expect(await checkKey(1)).toMatchObject({ ok: true });
    fetched.mockImplementation(async () => keySet(0));
    vi.setSystemTime(Date.now() + 10 * 60_000);
    expect(await checkKey(1)).toEqual(UNAUTHORIZED);
  });
});

describe("An issuer that rotates its keys", () => {
  it("SES-1 The hub accepts the new key two seconds after its last fetch, and still the old one.", async () => {
    const { checkKey } = freshIssuer();
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => keySet(0));
    expect(await checkKey(0)).toMatchObject({ ok: true });
    fetched.mockImplementation(async () => keySet(0, 1));
    vi.setSystemTime(Date.now() + 1_999);
    expect(await checkKey(1)).toEqual(UNAUTHORIZED);
    expect(fetched).toHaveBeenCalledTimes(1);
    vi.setSystemTime(Date.now() + 1);
    expect(await checkKey(1)).toMatchObject({ ok: true });
    expect(await checkKey(0)).toMatchObject({ ok: true });
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it("SES-1 Forged key ids cost one fetch in two seconds, and get 401.", async () => {
    const { checkKey } = freshIssuer();
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => keySet(0));
    for (let times = 0; times < 5; times += 1) expect(await checkKey(1)).toEqual(UNAUTHORIZED);
    expect(fetched).toHaveBeenCalledTimes(1);
    vi.setSystemTime(Date.now() + 2_000);
    for (let times = 0; times < 5; times += 1) expect(await checkKey(1)).toEqual(UNAUTHORIZED);
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});

/** The reason of a signal that `AbortSignal.timeout` aborted (DOM Standard §3.2). */
function timeoutError(): DOMException {
  return new DOMException("The operation timed out.", "TimeoutError");
}
