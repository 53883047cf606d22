import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { CompactSign, decodeJwt, importJWK, SignJWT } from "jose";
import { describe, expect, inject, it } from "vitest";
import { bearer, checkIdentity } from "../../../worker/auth/identity.ts";
import { call, freshInstance } from "../support.ts";

const { url, keys } = inject("identityProvider");
/** `AUTH_MODE=local` works only on loopback names, so it must have no effect here. */
const PUBLIC = "https://vigia.example";

interface Claims {
  [name: string]: unknown;
}

async function identity(
  claims: Claims,
  options: { key?: number; alg?: string; issuer?: string; audience?: string; exp?: number } = {},
) {
  const jwk = keys[options.key ?? 0];
  if (jwk === undefined) throw new Error(`The identity provider has no key ${options.key ?? 0}.`);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: options.alg ?? "RS256", kid: jwk.kid })
    .setSubject("ana@example.com")
    .setIssuer(options.issuer ?? "https://issuer.example")
    .setAudience(options.audience ?? "vigia")
    .setExpirationTime(options.exp ?? Math.floor(Date.now() / 1000) + 600)
    .sign(await importJWK(jwk, options.alg ?? "RS256"));
}

/** Signs a token with an issuer, an audience, an end and these claims, which may replace them. */
async function tokenOf(claims: Claims): Promise<string> {
  const jwk = keys[0];
  if (jwk === undefined) throw new Error("The identity provider has no keys.");
  const whole = { iss: "https://issuer.example", aud: "vigia", exp: Date.now() / 1000 + 600, ...claims };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(whole)))
    .setProtectedHeader({ alg: "RS256", kid: jwk.kid })
    .sign(await importJWK(jwk, "RS256"));
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

  it("SES-2 The hub finds claims by their path, and a claim that is no list allows nothing.", () => {
    const settings = {
      jwksUrl: `${url}/keys`,
      issuer: "https://issuer.example",
      audience: "vigia",
      instancesClaim: "custom.instances",
      groupsClaim: "custom.groups",
    };
    const check = async (claims: Claims) => checkIdentity(settings, await identity(claims), "i1", Date.now());
    return Promise.all([
      expect(check({ custom: { instances: ["i1"], groups: "Ventas, Soporte" } })).resolves.toMatchObject({
        ok: true,
        identity: { groupFilter: ["Ventas", "Soporte"] },
      }),
      expect(check({ "custom.instances": ["i1"] })).resolves.toMatchObject({ ok: true, identity: { groupFilter: null } }),
      expect(check({ custom: { instances: 7 } })).resolves.toMatchObject({ ok: false, status: 403 }),
      expect(check({ custom: "i1" })).resolves.toMatchObject({ ok: false, status: 403 }),
      expect(check({ custom: { instances: "i1", groups: 7 } })).resolves.toMatchObject({ identity: { groupFilter: [] } }),
    ]);
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
    const token = await tokenOf({ sub, instances: instance });
    expect((await requestTicket(instance, token)).status).toBe(401);
    const headers = { Authorization: `Bearer ${token}` };
    expect((await call(`/v1/instances/${instance}/agents`, { headers }, PUBLIC)).status).toBe(401);
  });

  it.each([
    ["an empty subject", { sub: "" }],
    ["no subject", {}],
  ])("SES-1 An identity with %s is called anonymous, so that a revocation can name it.", async (_, sub) => {
    const instance = freshInstance();
    const answer = await requestTicket(instance, await tokenOf({ ...sub, instances: instance }));
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
    for (let times = 0; times < 70; times += 1) {
      const response = await requestTicket(instance, token);
      statuses.push(response.status);
      if (response.status === 429) expect(response.headers.get("Retry-After")).toMatch(/^\d+$/);
    }
    expect(statuses).toContain(429);
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(200));
  });
});

describe("The claims of an identity", () => {
  const settings = {
    jwksUrl: `${url}/keys`,
    issuer: "https://issuer.example",
    audience: "vigia",
    instancesClaim: "instances",
    groupsClaim: "groups",
  };
  const check = async (claims: Claims, now = Date.now()) => checkIdentity(settings, await tokenOf(claims), "i1", now);

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

  it("SES-2 Only the texts of a list count, and words are separated by spaces or commas.", async () => {
    const groupsFor = async (groups: unknown) => {
      const checked = await check({ instances: ["i1", 7], groups });
      return checked.ok ? checked.identity.groupFilter : checked.error;
    };
    expect(await groupsFor(["Ventas", 7, null, "Soporte"])).toEqual(["Ventas", "Soporte"]);
    expect(await groupsFor(" Ventas,\tSoporte , Otros ")).toEqual(["Ventas", "Soporte", "Otros"]);
    expect(await groupsFor("")).toEqual([]);
    expect(await groupsFor(null)).toBeNull();
    expect(await groupsFor({ 0: "Ventas" })).toEqual([]);
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

  it("SES-8 A session lasts an hour, or as long as its identity if that is shorter.", async () => {
    const instance = freshInstance();
    const now = Math.floor(Date.now() / 1000);
    const endFor = async (exp: number) => {
      const { ticket } = await (await requestTicket(instance, await identity({ instances: instance }, { exp }))).json<{
        ticket: string;
      }>();
      return decodeJwt<{ end: number }>(ticket).end;
    };
    expect(await endFor(now + 600)).toBe(now + 600);
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
