import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { decodeJwt, importJWK, SignJWT } from "jose";
import { describe, expect, inject, it, vi } from "vitest";
import { bearer, checkIdentity } from "../../../worker/auth/identity.ts";
import { call, freshInstance } from "../support.ts";
import { type Claims, identitySettings, tokenOf } from "./issuer.ts";

const { url, keys } = inject("identityProvider");
/** `AUTH_MODE=local` works only on loopback names, so it must have no effect here. */
const PUBLIC = "https://vigia.example";

async function identity(
  claims: Claims,
  options: { key?: number; alg?: string; issuer?: string; audience?: string; exp?: number } = {},
) {
  const jwk = keys[options.key ?? 0];
  if (jwk === undefined) throw new Error(`The identity provider has no key ${options.key ?? 0}.`);
  return new SignJWT({ groups: ["Ventas"], ...claims })
    .setProtectedHeader({ alg: options.alg ?? "RS256", kid: jwk.kid })
    .setSubject("ana@example.com")
    .setIssuer(options.issuer ?? "https://issuer.example")
    .setAudience(options.audience ?? "vigia")
    .setExpirationTime(options.exp ?? Math.floor(Date.now() / 1000) + 600)
    .sign(await importJWK(jwk, options.alg ?? "RS256"));
}

function requestTicket(instance: string, token: string | null, headers: Record<string, string> = {}): Promise<Response> {
  return call(
    `/v1/instances/${instance}/tickets`,
    { method: "POST", headers: { ...(token === null ? {} : { Authorization: `Bearer ${token}` }), ...headers } },
    PUBLIC,
  );
}

describe("Tickets for an identity", () => {
  it("SES-3 Local mode gives no ticket on a host name outside loopback.", async () => {
    expect((await requestTicket(freshInstance(), null)).status).toBe(401);
    expect((await requestTicket(freshInstance(), "nonsense")).status).toBe(401);
  });

  it("SES-1 An identity of the configured issuer gets a ticket for its instance.", async () => {
    const instance = freshInstance();
    const response = await requestTicket(instance, await identity({ instances: [instance] }));
    expect(response.status).toBe(200);
    const { ticket, expiresAt } = await response.json<{ ticket: string; expiresAt: number }>();
    expect(ticket.split(".")).toHaveLength(3);
    expect(Math.abs(expiresAt - Date.now() - 60_000)).toBeLessThan(5000);
  });

  it("SES-1 An identity in the header of Cloudflare Access gets a ticket as well.", async () => {
    const instance = freshInstance();
    const assertion = await identity({ instances: `other ${instance}` });
    expect((await requestTicket(instance, null, { "Cf-Access-Jwt-Assertion": assertion })).status).toBe(200);
  });

  it("SES-1 An identity that does not name the instance gets 403.", async () => {
    const instance = freshInstance();
    expect((await requestTicket(instance, await identity({ instances: ["another"] }))).status).toBe(403);
    expect((await requestTicket(instance, await identity({}))).status).toBe(403);
    expect((await requestTicket("unknown", await identity({ instances: ["*"] }))).status).toBe(403);
  });

  it.each([
    ["a number", 7],
    ["null", null],
    ["too long", "s".repeat(257)],
  ])("SES-1 An identity whose subject is %s gets 401, because no revocation could name it.", async (_, sub) => {
    const instance = freshInstance();
    const token = await tokenOf({ sub, instances: instance, groups: ["Ventas"] });
    expect((await requestTicket(instance, token)).status).toBe(401);
    const headers = { Authorization: `Bearer ${token}` };
    expect((await call(`/v1/instances/${instance}/agents`, { headers }, PUBLIC)).status).toBe(401);
  });

  it.each([
    ["an empty subject", { sub: "" }],
    ["no subject", {}],
  ])("SES-1 An identity with %s is called anonymous, so that a revocation can name it.", async (_, sub) => {
    const instance = freshInstance();
    const answer = await requestTicket(instance, await tokenOf({ ...sub, instances: instance, groups: ["Ventas"] }));
    expect(answer.status).toBe(200);
    const { ticket } = await answer.json<{ ticket: string }>();
    expect(decodeJwt(ticket).sub).toBe("anonymous");
  });

  it("SES-1 An identity with a wrong issuer, audience, key or algorithm, or one that has expired, gets 401.", async () => {
    const instance = freshInstance();
    const claims = { instances: [instance] };
    const wrong = [
      await identity(claims, { issuer: "https://evil.example" }),
      await identity(claims, { audience: "another-app" }),
      await identity(claims, { exp: Math.floor(Date.now() / 1000) - 120 }),
      await identity(claims, { key: 1 }),
      await new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256", kid: "first" })
        .setSubject("ana")
        .setIssuer("https://issuer.example")
        .setAudience("vigia")
        .setExpirationTime("10m")
        .sign(new TextEncoder().encode("a shared secret that is long enough")),
    ];
    for (const token of wrong) {
      const response = await requestTicket(instance, token);
      expect([response.status, await response.json()]).toEqual([401, { error: "unauthorized" }]);
      expect(response.headers.get("WWW-Authenticate")).toBe('Bearer realm="vigia"');
    }
  });

  it("IDN-1 An identity without groups gets 403 from tickets and polls, with a message that says what to set.", async () => {
    const instance = freshInstance();
    const token = await tokenOf({ sub: "ana", instances: instance });
    const headers = { Authorization: `Bearer ${token}` };
    for (const answer of [
      await requestTicket(instance, token),
      await call(`/v1/instances/${instance}/agents`, { headers }, PUBLIC),
    ]) {
      expect([answer.status, await answer.json()]).toMatchObject([
        403,
        { error: "no_groups", message: expect.stringContaining("AUTH_GROUPS_CLAIM") },
      ]);
    }
  });

  it("SES-1 The log has the reason of every refusal, and nothing of the token.", async () => {
    const instance = freshInstance();
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const person = { sub: "ana", instances: instance, groups: ["Ventas"] };
    const second = Math.floor(Date.now() / 1000);
    const cases: [string, string | null][] = [
      ["no_token", null],
      ["malformed", "nonsense"],
      ["wrong_issuer", await tokenOf({ ...person, iss: "https://evil.example" })],
      ["wrong_issuer", await tokenOf({ ...person, iss: undefined })],
      ["wrong_audience", await tokenOf({ ...person, aud: "another" })],
      ["expired", await tokenOf({ ...person, exp: second - 31 })],
      ["not_yet_valid", await tokenOf({ ...person, nbf: second + 60 })],
      ["bad_claim", await tokenOf({ ...person, exp: undefined })],
      ["bad_subject", await tokenOf({ ...person, sub: 7 })],
      ["bad_signature", `${(await tokenOf(person)).slice(0, -8)}AAAAAAAA`],
      ["not_allowed", await tokenOf({ ...person, instances: "i2" })],
      ["no_groups", await tokenOf({ ...person, groups: undefined })],
      ["groups_overage", await tokenOf({ ...person, groups: undefined, hasgroups: true })],
      ["too_many_groups", await tokenOf({ ...person, groups: ["–".repeat(8_000)] })],
    ];
    for (const [, token] of cases) await requestTicket(instance, token);
    const logged = lines.mock.calls.map(([line]) => JSON.parse(String(line)));
    lines.mockRestore();
    expect(logged.map(({ event, reason }) => [event, reason])).toEqual(cases.map(([reason]) => ["identity_refused", reason]));
    for (const entry of logged) {
      const { event: _, reason: __, local: ___, ...rest } = entry;
      expect(rest).toEqual({ instanceId: instance });
    }
  });

  it("SES-2 The ticket carries the identity's groups, and the identity itself may poll.", async () => {
    const instance = freshInstance();
    const token = await identity({ instances: [instance], groups: ["Ventas"] });
    const { ticket } = await (await requestTicket(instance, token)).json<{ ticket: string }>();
    const payload = JSON.parse(atob((ticket.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
    expect(payload).toMatchObject({ groups: ["Ventas"], aud: instance, sub: "ana@example.com" });
    const polled = await call(`/v1/instances/${instance}/agents`, { headers: { Authorization: `Bearer ${token}` } }, PUBLIC);
    expect(await polled.json()).toMatchObject({ data: [] });
  });

  it("POL-3 Polling an instance that does not exist gets 403 and creates no object.", async () => {
    const anywhere = await identity({ instances: "*" });
    const before = (await listDurableObjectIds(env.CONTACT_CENTER)).length;
    const headers = { Authorization: `Bearer ${anywhere}` };
    const answer = await call("/v1/instances/made-up/agents", { headers }, PUBLIC);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({ error: "not_allowed" });
    expect((await listDurableObjectIds(env.CONTACT_CENTER)).length).toBe(before);
  });

  it("SES-6 An allowed origin may request tickets across origins, and no other origin may.", async () => {
    const ask = (origin: string) =>
      call(
        `/v1/instances/${freshInstance()}/tickets`,
        { method: "OPTIONS", headers: { Origin: origin, "Access-Control-Request-Method": "POST" } },
        PUBLIC,
      );
    expect((await ask("https://embedding.example")).headers.get("Access-Control-Allow-Origin")).toBe("https://embedding.example");
    expect((await ask("https://evil.example")).headers.get("Access-Control-Allow-Origin")).toBeNull();
  });

  it("SES-1 The hub accepts rotated keys of the issuer without a restart.", async () => {
    const instance = freshInstance();
    await fetch(`${url}/rotate`, { method: "POST" });
    const token = await identity({ instances: [instance] }, { key: 1 });
    let status = 0;
    for (let tries = 0; tries < 50 && status !== 200; tries += 1) {
      status = (await requestTicket(instance, token)).status;
      if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(status).toBe(200);
  });

  it("SES-1 An identity that requests too many tickets in a minute gets 429 with Retry-After.", async () => {
    const instance = freshInstance();
    const token = await identity({ instances: [instance] });
    const statuses = [];
    // The limit counts by the minute of the clock, so these are more than two minutes allow.
    for (let times = 0; times < 125; times += 1) {
      const response = await requestTicket(instance, token);
      statuses.push(response.status);
      if (response.status === 429) expect(response.headers.get("Retry-After")).toMatch(/^\d+$/);
    }
    expect(statuses).toContain(429);
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(200));
  });
});

describe("The claims of an identity", () => {
  const settings = identitySettings();
  const check = async (claims: Claims, now = Date.now()) =>
    checkIdentity(settings, await tokenOf({ groups: ["Ventas"], ...claims }), "i1", now);

  it("SES-1 A subject may have 256 characters.", async () => {
    const subject = "s".repeat(256);
    expect(await check({ sub: subject, instances: "i1" })).toMatchObject({ ok: true, identity: { subject } });
  });

  it("SES-1 An identity is accepted for 30 s after its end, because clocks differ, and must have an end.", async () => {
    const exp = Math.floor(Date.now() / 1000) - 1_000;
    expect(await check({ instances: "i1", exp }, (exp + 29) * 1000)).toMatchObject({
      ok: true,
      identity: { expiresAt: exp * 1000 },
    });
    expect(await check({ instances: "i1", exp }, (exp + 31) * 1000)).toMatchObject({ ok: false, status: 401 });
    expect(await check({ instances: "i1", exp: undefined })).toMatchObject({ ok: false, status: 401 });
  });

  it("SES-1 An identity that names every instance by * is accepted, and one whose claim only contains the name is not.", async () => {
    expect(await check({ instances: "*" })).toMatchObject({ ok: true });
    expect(await check({ instances: ["i11", "*i1"] })).toMatchObject({ ok: false, status: 403 });
  });

  it("SES-1 Without an identity provider or a token there is no identity.", async () => {
    expect(await checkIdentity(null, await tokenOf({ instances: "i1" }), "i1", Date.now())).toMatchObject({
      ok: false,
      status: 401,
    });
    expect(await checkIdentity(settings, null, "i1", Date.now())).toMatchObject({ ok: false, status: 401 });
  });

  it("SES-8 A session lasts an hour, or as long as its identity if that is shorter, but at least 90 s.", async () => {
    const instance = freshInstance();
    const now = Math.floor(Date.now() / 1000);
    const endFor = async (exp: number) => {
      const { ticket } = await (await requestTicket(instance, await identity({ instances: instance }, { exp }))).json<{
        ticket: string;
      }>();
      return decodeJwt<{ end: number }>(ticket).end;
    };
    expect(await endFor(now + 600)).toBe(now + 600);
    // An identity at its end, even a little past it, buys no session that is over before it begins.
    for (const exp of [now + 5, now - 20]) expect(await endFor(exp)).toBeGreaterThanOrEqual(now + 90);
    const longest = await endFor(now + 86_400);
    expect(longest).toBeGreaterThanOrEqual(now + 3600);
    expect(longest).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 3600);
  });
});

it.each([
  [{ Authorization: "Bearer abc" }, "abc"],
  [{ Authorization: "bearer abc" }, "abc"],
  [{ Authorization: "Basic abc" }, null],
  [{ Authorization: "Bearer a b" }, null],
  [{ Authorization: "Bearer " }, null],
  [{ "Cf-Access-Jwt-Assertion": "def" }, "def"],
  [{ Authorization: "Bearer abc", "Cf-Access-Jwt-Assertion": "def" }, "abc"],
  [{}, null],
])("SES-1 The bearer of %j is %s.", (headers, token) => {
  expect(bearer(new Headers(Object.entries(headers)))).toBe(token);
});
