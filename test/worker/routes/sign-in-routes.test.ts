import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import app from "../../../worker/index.ts";
import { freshInstance } from "../support.ts";

const HUB = "https://hub.example";
let issuers = 0;
let issuer = "";
let asked: Request[] = [];
/** What the issuer answers; null = it is away. */
let document: Record<string, unknown> | null = null;
let tokenAnswer = () => Response.json({ id_token: "t" });

beforeEach(() => {
  issuers += 1;
  issuer = `https://issuer-${issuers}.example/`;
  asked = [];
  document = {
    issuer,
    authorization_endpoint: `${issuer}authorize`,
    token_endpoint: "https://tokens.example/token",
    end_session_endpoint: `${issuer}logout`,
  };
  tokenAnswer = () => Response.json({ id_token: "t" });
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    asked.push(request.clone());
    if (request.url.startsWith("https://tokens.example/")) return tokenAnswer();
    if (document === null) throw new TypeError("The issuer is away.");
    return Response.json(document);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const settings = (changes: Record<string, string> = {}) => ({
  ...env,
  AUTH_MODE: "jwt",
  AUTH_ISSUER: issuer,
  AUTH_CLIENT_ID: "board",
  ...changes,
});

function ask(path: string, changes?: Record<string, string>, init: RequestInit = {}): Promise<Response> {
  return Promise.resolve(app.request(`${HUB}${path}`, init, settings(changes)));
}

const signIn = () => ({
  issuer,
  clientId: "board",
  scopes: "openid profile",
  authorizationEndpoint: `${issuer}authorize`,
  tokenEndpoint: "https://tokens.example/token",
  endSessionEndpoint: `${issuer}logout`,
  signOutUrl: null,
  prompt: null,
});

describe("GET /v1/config", () => {
  it("SGN-11 Tells everybody how the page signs people in, and no secret and no instance.", async () => {
    const answer = await ask("/v1/config");
    expect([answer.status, answer.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
    const text = await answer.text();
    expect(JSON.parse(text)).toEqual({ local: false, signIn: signIn(), serverTime: expect.any(Number) });
    expect(text).not.toMatch(/whsec_|test-1|vigia-/);
  });

  it("SGN-11 Passes on the scopes, the prompt and the sign-out address of the settings.", async () => {
    const changes = {
      AUTH_SCOPES: "openid groups offline_access",
      AUTH_PROMPT: "consent",
      AUTH_SIGN_OUT_URL: "https://x.auth.example.com/logout?client_id=board&logout_uri={returnTo}",
    };
    expect(await (await ask("/v1/config", changes)).json()).toMatchObject({
      signIn: { scopes: changes.AUTH_SCOPES, prompt: "consent", signOutUrl: changes.AUTH_SIGN_OUT_URL },
    });
  });

  it("SGN-11 Has no sign-in without AUTH_CLIENT_ID, and in local mode for this machine, and asks no issuer for it.", async () => {
    expect(await (await ask("/v1/config", { AUTH_CLIENT_ID: "" })).json()).toMatchObject({ local: false, signIn: null });
    const local = await app.request("http://localhost/v1/config", {}, settings({ AUTH_MODE: "local" }));
    expect(await local.json()).toMatchObject({ local: true, signIn: null });
    expect(await (await ask("/v1/config", { AUTH_MODE: "local" })).json()).toMatchObject({ local: false, signIn: signIn() });
    expect(asked).toHaveLength(1);
  });

  it("SGN-8 Says whether an instance exists, and tells no sign-in for one that does not.", async () => {
    expect(await (await ask(`/v1/config?instance=${freshInstance()}`)).json()).toMatchObject({
      instanceKnown: true,
      signIn: signIn(),
    });
    expect(await (await ask("/v1/config?instance=made-up")).json()).toMatchObject({ instanceKnown: false, signIn: null });
  });

  it("SGN-8 An address that asks for many unknown instances gets 429.", async () => {
    const from = { headers: { "CF-Connecting-IP": "203.0.113.77" } };
    // The limit counts by the minute of the clock, so these are more than two minutes allow.
    const answers = await Promise.all(
      Array.from({ length: 201 }, (_, index) => ask(`/v1/config?instance=guess-${index}`, {}, from)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    expect((await ask(`/v1/config?instance=${freshInstance()}`, {}, from)).status).toBe(200);
  });

  it("SGN-12 The endpoints are read once an hour, and known ones outlive an outage of the issuer.", async () => {
    vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    for (let time = 0; time < 3; time += 1) expect((await ask("/v1/config")).status).toBe(200);
    expect(asked.map(({ url }) => url)).toEqual([`${issuer}.well-known/openid-configuration`]);
    document = null;
    vi.setSystemTime(Date.now() + 61 * 60_000);
    for (let time = 0; time < 3; time += 1) expect(await (await ask("/v1/config")).json()).toMatchObject({ signIn: signIn() });
    expect(asked).toHaveLength(2);
  });

  it("SGN-12 While the endpoints are unknown, the answer is 503 with Retry-After, and the next request asks again.", async () => {
    const known = document;
    document = null;
    const answer = await ask("/v1/config");
    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "1"]);
    expect(await answer.json()).toMatchObject({ error: "identity_provider_unreachable" });
    document = known;
    expect((await ask("/v1/config")).status).toBe(200);
  });

  it.each([
    ["names another issuer", () => ({ ...document, issuer: "https://other.example/" })],
    ["has a token endpoint without TLS", () => ({ ...document, token_endpoint: "http://tokens.example/token" })],
    ["has a sign-out address that is a script", () => ({ ...document, end_session_endpoint: "javascript:alert(1)" })],
    ["is no object", () => ({})],
  ])("SGN-12 A discovery document that %s is not used.", async (_, wrong) => {
    document = wrong();
    expect((await ask("/v1/config")).status).toBe(503);
  });

  it("SGN-11 An unknown setting of the sign-in is refused with its name.", async () => {
    for (const [name, value] of [
      ["AUTH_SCOPES", "profile"],
      ["AUTH_PROMPT", "none"],
      ["AUTH_SIGN_OUT_URL", "javascript:alert(1)"],
      ["AUTH_TOKEN_RELAY", "yes"],
      ["AUTH_ISSUER", "issuer"],
      ["AUTH_JWKS_URL", ""],
    ] as const) {
      const answer = await ask("/v1/config", { [name]: value });
      expect([name, answer.status]).toEqual([name, 503]);
      expect(await answer.text()).toContain(name);
    }
  });
});

describe("The page's policy", () => {
  const policy = "default-src 'none'; connect-src 'self'; manifest-src 'self'";
  const assets = { fetch: async () => new Response("<!doctype html>", { headers: { "Content-Security-Policy": policy } }) };
  const page = async (changes: Record<string, string> = {}, path = "/") => {
    const init = { headers: { Accept: "text/html" } };
    const answer = await app.request(`${HUB}${path}`, init, { ...settings(changes), ASSETS: assets });
    return answer.headers.get("Content-Security-Policy");
  };

  it("SGN-13 Names the issuer and its token host, on every address of the page.", async () => {
    const wanted = `default-src 'none'; connect-src 'self' ${issuer.slice(0, -1)} https://tokens.example; manifest-src 'self'`;
    expect(await page()).toBe(wanted);
    expect(await page({}, "/wall?instance=x")).toBe(wanted);
  });

  it("SGN-13 Names nobody else than needed: with the relay only the issuer, without a client nobody.", async () => {
    expect(await page({ AUTH_TOKEN_RELAY: "true" })).toContain(`connect-src 'self' ${issuer.slice(0, -1)};`);
    expect(await page({ AUTH_CLIENT_ID: "" })).toBe(policy);
    document = null;
    expect(await page({ TICKET_SECRET: "" })).toBe(policy);
  });
});

describe("POST /v1/signin/token", () => {
  const relay = (form: Record<string, string>, headers: Record<string, string> = { Origin: HUB }, on = "true") =>
    ask("/v1/signin/token", { AUTH_TOKEN_RELAY: on }, { method: "POST", body: new URLSearchParams(form), headers });
  const code = { code: "c", code_verifier: "v" };

  it("SGN-14 Is 404 unless AUTH_TOKEN_RELAY is true; then the config names it as the token endpoint.", async () => {
    expect((await relay(code, { Origin: HUB }, "false")).status).toBe(404);
    const answer = await ask("/v1/config", { AUTH_TOKEN_RELAY: "true" });
    expect(await answer.json()).toMatchObject({ signIn: { tokenEndpoint: `${HUB}/v1/signin/token` } });
  });

  it("SGN-14 Passes a code or a refresh token on to the issuer, with the hub's own client and address.", async () => {
    const strange = { client_id: "other", redirect_uri: "https://evil.example/", client_secret: "s", scope: "all" };
    expect(await (await relay({ ...strange, ...code, grant_type: "password" })).json()).toEqual({ id_token: "t" });
    await relay({ ...strange, refresh_token: "r" });
    const forms = await Promise.all(asked.filter(({ method }) => method === "POST").map((request) => request.text()));
    expect(forms.map((form) => Object.fromEntries(new URLSearchParams(form)))).toEqual([
      { grant_type: "authorization_code", ...code, redirect_uri: `${HUB}/`, client_id: "board" },
      { grant_type: "refresh_token", refresh_token: "r", client_id: "board", scope: "openid profile" },
    ]);
  });

  it("SGN-14 Gives the issuer's refusal back, and follows no redirect.", async () => {
    tokenAnswer = () => Response.json({ error: "invalid_grant" }, { status: 400 });
    const refused = await relay(code);
    expect([refused.status, await refused.json()]).toEqual([400, { error: "invalid_grant" }]);
    tokenAnswer = () => Response.redirect("https://evil.example/", 307);
    expect((await relay(code)).status).toBe(503);
  });

  it("SGN-14 An address that asks for many tokens gets 429, and the issuer hears nothing of those.", async () => {
    const from = { Origin: HUB, "CF-Connecting-IP": "203.0.113.78" };
    // Whenever the minute of the limit begins, so many are more than two minutes allow.
    const answers = await Promise.all(Array.from({ length: 201 }, () => relay(code, from)));
    const refused = answers.filter(({ status }) => status === 429).length;
    expect(refused).toBeGreaterThan(0);
    expect(asked.filter(({ method }) => method === "POST")).toHaveLength(answers.length - refused);
  });

  it("SGN-12 SGN-14 An issuer that hangs is given up: for its endpoints after 3 s, and for a token after 8 s.", {
    timeout: 10_000,
  }, async () => {
    const limits: number[] = [];
    const { timeout } = AbortSignal;
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      limits.push(ms);
      return timeout.call(AbortSignal, 20);
    });
    const answering = vi.mocked(globalThis.fetch).getMockImplementation();
    const hangAt = (place: string) =>
      vi.mocked(globalThis.fetch).mockImplementation((input, init) => {
        if (!String(input).startsWith(place) && answering !== undefined) return answering(input, init);
        return new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
      });
    hangAt(issuer);
    expect((await ask("/v1/config")).status).toBe(503);
    hangAt("https://tokens.example/");
    expect((await relay(code)).status).toBe(503);
    expect(limits).toEqual([3_000, 3_000, 8_000]);
  });

  it("SGN-14 Serves only the hub's own page, and only whole forms.", async () => {
    for (const headers of [{}, { Origin: "https://embedding.example" }, { Origin: "null" }]) {
      expect((await relay(code, headers)).status).toBe(403);
    }
    for (const form of [{}, { code: "c" }, { ...code, refresh_token: "r" }, { code: "c", code_verifier: "v".repeat(30_000) }]) {
      expect((await relay(form)).status).toBe(400);
    }
    expect(asked.filter(({ method }) => method === "POST")).toEqual([]);
    const wrong = await ask("/v1/signin/token", { AUTH_TOKEN_RELAY: "true" });
    expect([wrong.status, wrong.headers.get("Allow")]).toEqual([405, "POST"]);
  });
});
