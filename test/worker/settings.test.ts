import { env } from "cloudflare:workers";
import * as v from "valibot";
import { expect, it } from "vitest";
import app from "../../worker/index.ts";
import { readSettings } from "../../worker/settings.ts";
import { OTHER_SECRET, SECRET } from "./support.ts";

const ready = (instances: Record<string, string>) =>
  app.request("/readyz", {}, { ...env, INGEST_SECRETS: JSON.stringify(instances) });

it("OPS-1 SIG-5 The answer of /readyz names the place of an invalid signing secret and not the secret.", async () => {
  expect((await ready({ first: SECRET, second: `${OTHER_SECRET} ${SECRET}` })).status).toBe(200);
  const answer = await ready({ first: SECRET, second: `${OTHER_SECRET} whsec_dG9vLXNob3J0` });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    error: "not_configured",
    message: "INGEST_SECRETS, entry 2: Signing secret 2 has 9 bytes; expected 24 to 64.",
  });
});

it("OPS-1 A post to an instance with an invalid signing secret gets 503 with Retry-After.", async () => {
  const body = JSON.stringify({ updates: [] });
  const answer = await app.request(
    "/v1/instances/second/updates",
    { method: "POST", headers: { "Content-Type": "application/json", "Content-Length": String(body.length) }, body },
    { ...env, INGEST_SECRETS: JSON.stringify({ second: "nonsense" }) },
  );
  expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "1"]);
  expect(await answer.json()).toMatchObject({ error: "not_configured" });
});

it("OPS-1 /readyz names all settings that are missing or wrong at once, without their values.", async () => {
  const wrong = {
    TICKET_SECRET: "c2hvcnQ=",
    INGEST_SECRETS: "",
    AUTH_MODE: "guess",
    AUTH_JWKS_URL: "http://issuer.example/keys",
    AUTH_ISSUER: "",
    ALLOWED_ORIGINS: "https://example.com/page",
    FLUSH_INTERVAL_MS: 100,
    VIEWERS_PER_OBJECT: "0",
  };
  const answer = await app.request("/readyz", {}, { ...env, ...wrong });
  expect(answer.status).toBe(503);
  const { error, message } = v.parse(v.object({ error: v.string(), message: v.string() }), await answer.json());
  expect(error).toBe("not_configured");
  for (const problem of [
    "INGEST_SECRETS is not set.",
    "TICKET_SECRET has 5 bytes, but 32 are needed.",
    "AUTH_MODE has an unknown value. Set it to jwt or local.",
    "AUTH_JWKS_URL is not an https address.",
    "AUTH_ISSUER is not set.",
    "ALLOWED_ORIGINS has an entry that is not an exact origin",
    "FLUSH_INTERVAL_MS is not a text.",
    "VIEWERS_PER_OBJECT is not a whole number from 1 to 30000.",
  ]) {
    expect(message).toContain(problem);
  }
  expect(message).not.toMatch(/c2hvcnQ|guess|issuer\.example/);
});

it("The settings have defaults, and a text between spaces is taken without them.", () => {
  const secret = "dGlja2V0LXNlY3JldC10aWNrZXQtc2VjcmV0LXRpY2tldC0wMQ==";
  const parsed = readSettings({ INGEST_SECRETS: JSON.stringify({ one: SECRET }), TICKET_SECRET: ` ${secret} ${secret} ` });
  if (!parsed.ok) throw new Error(parsed.message);
  expect({ ...parsed.settings, ticketSecrets: parsed.settings.ticketSecrets.length }).toEqual({
    ingestSecrets: new Map([["one", SECRET]]),
    ticketSecrets: 2,
    metricsToken: null,
    localMode: false,
    identity: null,
    allowedOrigins: new Set(),
    flushIntervalMs: 100,
    viewersPerObject: 1000,
    forgetTurnsAfterMs: 600_000,
  });
});
