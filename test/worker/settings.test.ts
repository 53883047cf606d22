import { env } from "cloudflare:workers";
import * as v from "valibot";
import { describe, expect, it, vi } from "vitest";
import { centerFactsOf } from "../../worker/center-name.ts";
import app from "../../worker/index.ts";
import { readSettings, type Settings } from "../../worker/settings.ts";
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
    hubName: "vigia",
    metricsToken: null,
    localMode: false,
    identity: null,
    allowedOrigins: new Set(),
    flushIntervalMs: 100,
    viewersPerObject: 1000,
    historyDays: 7,
    forgetTurnsAfterMs: 600_000,
    forgetAgentsAfterMs: 30 * 86_400_000,
    showAgentSentiment: true,
    showListeners: true,
    auditKeptMs: 365 * 86_400_000,
    timeZone: "UTC",
    centerNames: new Map(),
    recordingRole: null,
    serviceLevelFormula: "removed",
    delivery: { boardUrl: null, problem: null, targets: [] },
    places: { jurisdiction: null, centerHint: null },
    actions: { enabled: new Set(), urls: new Map(), secrets: new Map(), allowLoopback: false },
  });
});

it("ACTIONS is a list of actions, and none is on without it.", () => {
  expect(read({ ACTIONS: "status, listen" })).toMatchObject({ actions: { enabled: new Set(["status", "listen"]) } });
  expect(read({ ACTIONS: "status whisper" })).toContain("ACTIONS names an action that there is not.");
});

it("SHOW_AGENT_SENTIMENT is true or false, and nothing else.", () => {
  expect(read({ SHOW_AGENT_SENTIMENT: "false" })).toMatchObject({ showAgentSentiment: false });
  expect(read({ SHOW_AGENT_SENTIMENT: "no" })).toContain("SHOW_AGENT_SENTIMENT has an unknown value. Set it to true or false.");
});

it("HISTORY_DAYS is a number of days up to a year, and 0 keeps none.", () => {
  expect(read({})).toMatchObject({ historyDays: 7 });
  expect(read({ HISTORY_DAYS: "0" })).toMatchObject({ historyDays: 0 });
  expect(read({ HISTORY_DAYS: "367" })).toContain("HISTORY_DAYS");
});

it("TIME_ZONE is a time zone that the runtime knows.", () => {
  expect(read({ TIME_ZONE: "America/Mexico_City" })).toMatchObject({ timeZone: "America/Mexico_City" });
  for (const wrong of ["Mexico", "+05:00", "-06"]) {
    expect(read({ TIME_ZONE: wrong })).toContain("TIME_ZONE is no time zone of the IANA database such as America/Mexico_City.");
  }
});

it("TIME_ZONE keeps the name that the operator chose, and its usual letters in any case.", () => {
  const names = ["Asia/Kolkata", "America/Argentina/Buenos_Aires", "Europe/Kyiv", "europe/madrid"];
  const settings = names.map((TIME_ZONE) => read({ TIME_ZONE }));
  expect(settings).toMatchObject([...names.slice(0, 3), "Europe/Madrid"].map((timeZone) => ({ timeZone })));
});

it("AUDIT_DAYS is a whole number of days from 1 to 3650.", () => {
  expect(read({ AUDIT_DAYS: "30" })).toMatchObject({ auditKeptMs: 30 * 86_400_000 });
  for (const wrong of ["0", "3651", "a year"]) expect(read({ AUDIT_DAYS: wrong })).toContain("AUDIT_DAYS is not a whole number");
});

it("SERVICE_LEVEL_FORMULA is removed or answered, and nothing else.", () => {
  expect(read({ SERVICE_LEVEL_FORMULA: "answered" })).toMatchObject({ serviceLevelFormula: "answered" });
  expect(read({ SERVICE_LEVEL_FORMULA: "best" })).toContain("SERVICE_LEVEL_FORMULA has an unknown value.");
});

it("SHOW_LISTENERS is true or false, and nothing else.", () => {
  expect(read({ SHOW_LISTENERS: "false" })).toMatchObject({ showListeners: false });
  expect(read({ SHOW_LISTENERS: "no" })).toContain("SHOW_LISTENERS has an unknown value. Set it to true or false.");
});

const SECRET_32 = btoa("x".repeat(32));
const VALID = { INGEST_SECRETS: JSON.stringify({ one: SECRET }), TICKET_SECRET: SECRET_32 };
const IDENTITY = { AUTH_JWKS_URL: "https://issuer.example/keys", AUTH_ISSUER: "https://issuer.example", AUTH_AUDIENCE: "vigia" };

/** Returns the settings, or the message about those that are wrong. */
function read(changes: Record<string, string>): Settings | string {
  const parsed = readSettings({ ...VALID, ...changes });
  return parsed.ok ? parsed.settings : parsed.message;
}

describe("The bounds of the settings", () => {
  it.each([
    ["FLUSH_INTERVAL_MS", "flushIntervalMs", 0, 60_000, 1],
    ["VIEWERS_PER_OBJECT", "viewersPerObject", 1, 30_000, 1],
    ["FORGET_TRANSCRIPTS_AFTER_SECONDS", "forgetTurnsAfterMs", 0, 86_400, 1000],
    ["FORGET_AGENTS_AFTER_DAYS", "forgetAgentsAfterMs", 1, 3650, 86_400_000],
  ] as const)("%s becomes %s, and is a whole number from %i to %i.", (name, field, least, most, factor) => {
    expect(read({ [name]: String(least) })).toMatchObject({ [field]: least * factor });
    expect(read({ [name]: String(most) })).toMatchObject({ [field]: most * factor });
    expect(read({ [name]: String(most + 1) })).toMatch(`${name} is not a whole number from ${least} to ${most}.`);
    expect(read({ [name]: String(least - 1) })).toMatch(`${name} is not a whole number from ${least} to ${most}.`);
  });

  it("TICKET_SECRET needs 32 bytes of base64 in each of its words.", () => {
    expect(read({ TICKET_SECRET: `${SECRET_32} ${SECRET_32}` })).toMatchObject({ ticketSecrets: { length: 2 } });
    const short = btoa("x".repeat(31));
    expect(read({ TICKET_SECRET: short })).toMatch("TICKET_SECRET has 31 bytes, but 32 are needed.");
    expect(read({ TICKET_SECRET: `${SECRET_32} ${short}` })).toMatch("TICKET_SECRET has 31 bytes");
    expect(read({ TICKET_SECRET: "not-base64!" })).toMatch("TICKET_SECRET is not base64.");
    expect(read({ TICKET_SECRET: "" })).toMatch("TICKET_SECRET is not set.");
  });

  it("A ticket secret becomes the bytes that its base64 stands for.", () => {
    const secret = btoa(String.fromCharCode(...Array.from({ length: 32 }, (_, index) => index * 8)));
    const settings = read({ TICKET_SECRET: secret });
    expect(typeof settings === "string" ? settings : [...(settings.ticketSecrets[0] ?? [])]).toEqual(
      Array.from({ length: 32 }, (_, index) => index * 8),
    );
  });

  it("INGEST_SECRETS is a JSON object of texts, and the advice says where it belongs.", () => {
    expect(read({ INGEST_SECRETS: "whsec_alone" })).toBe(
      "INGEST_SECRETS is not a JSON object of texts. It maps instance ids to whsec_ secrets. " +
        "Put the signing secret of an instance into the Worker with npm run secret -- add.",
    );
  });

  it.each(["https://issuer.example/keys", "http://localhost:8080/keys", "http://127.0.0.1/keys", "http://[::1]:80/keys"])(
    "SES-1 The key set may be at %s.",
    (jwksUrl) => {
      expect(read({ ...IDENTITY, AUTH_JWKS_URL: jwksUrl })).toMatchObject({ identity: { issuers: [{ jwksUrl }] } });
    },
  );

  it.each(["http://issuer.example/keys", "http://localhost.example/keys", "issuer.example/keys", "ftp://issuer.example/keys"])(
    "SES-1 The key set may not be at %s.",
    (jwksUrl) => {
      expect(read({ ...IDENTITY, AUTH_JWKS_URL: jwksUrl })).toMatch("AUTH_JWKS_URL is not an https address.");
    },
  );

  it("SES-1 An identity provider needs an issuer and an audience, and has names for its claims.", () => {
    const claims = { instancesClaim: "instances", groupsClaim: "groups", rolesClaim: "roles" };
    expect(read(IDENTITY)).toMatchObject({
      identity: { issuers: [{ names: ["https://issuer.example"], audiences: ["vigia", "vigia"], ...claims }] },
    });
    const named = { AUTH_INSTANCES_CLAIM: "custom.hubs", AUTH_GROUPS_CLAIM: "custom.teams", AUTH_ROLES_CLAIM: "custom.jobs" };
    expect(read({ ...IDENTITY, ...named })).toMatchObject({
      identity: { issuers: [{ instancesClaim: "custom.hubs", groupsClaim: "custom.teams", rolesClaim: "custom.jobs" }] },
    });
    expect(read({ ...IDENTITY, AUTH_AUDIENCE: "" })).toMatch("AUTH_AUDIENCE is not set.");
    expect(read({ AUTH_ISSUER: "https://issuer.example" })).toMatchObject({ identity: null });
  });

  it("IDN-1 Only an empty AUTH_GROUPS_CLAIM switches group limits off, and an empty AUTH_INSTANCES_CLAIM is the default.", () => {
    expect(read({ ...IDENTITY, AUTH_GROUPS_CLAIM: "", AUTH_INSTANCES_CLAIM: "" })).toMatchObject({
      identity: { issuers: [{ groupsClaim: "", instancesClaim: "instances" }] },
    });
    expect(read({ ...IDENTITY, AUTH_GROUPS_CLAIM: "  " })).toMatch("AUTH_GROUPS_CLAIM has only spaces.");
  });

  it("IDN-5 AUTH_ISSUER and AUTH_AUDIENCE may name several, and an audience with a space still counts.", () => {
    const several = { ...IDENTITY, AUTH_ISSUER: "https://a.example https://b.example", AUTH_AUDIENCE: "one two" };
    expect(read(several)).toMatchObject({
      identity: { issuers: [{ names: ["https://a.example", "https://b.example"], audiences: ["one two", "one", "two"] }] },
    });
  });

  it.each([
    ["not JSON", "{", "AUTH_ISSUERS is not a JSON list of issuers."],
    ["an object", "{}", "AUTH_ISSUERS is not a JSON list of issuers."],
    [
      "an entry without a key set",
      '[{"issuer":"https://a.example","audience":"x"}]',
      "AUTH_ISSUERS has a wrong or missing value at 0.jwksUrl.",
    ],
    ["a key set without https", '[{"issuer":"a","jwksUrl":"http://a.example/k","audience":"x"}]', "at 0.jwksUrl."],
    ["an unknown field", '[{"issuer":"a","jwksUrl":"https://a.example/k","audience":"x","aud":"y"}]', "at 0.aud."],
    ["no audience", '[{"issuer":"a","jwksUrl":"https://a.example/k","audience":[]}]', "at 0.audience."],
    [
      "the first issuer again",
      '[{"issuer":"https://issuer.example","jwksUrl":"https://a.example/k","audience":"x"}]',
      "AUTH_ISSUERS names an issuer twice.",
    ],
  ])("IDN-5 AUTH_ISSUERS may not be or have %s.", (_, value, problem) => {
    expect(read({ ...IDENTITY, AUTH_ISSUERS: value })).toMatch(problem);
  });

  it("IDN-4 AUTH_ROLE_MAP maps values of a claim to one role or more.", () => {
    const roleMap = new Map([
      ["boss", ["admin", "supervisor"]],
      ["Jefe de turno", ["supervisor"]],
    ]);
    const value = '{"boss":["admin","supervisor"],"Jefe de turno":"supervisor"}';
    expect(read({ ...IDENTITY, AUTH_ROLE_MAP: value })).toMatchObject({ identity: { roleMap } });
    for (const wrong of ["boss", "[]", '{"boss":"owner"}', '{"boss":7}', '{"":"admin"}']) {
      expect(read({ ...IDENTITY, AUTH_ROLE_MAP: wrong })).toMatch("AUTH_ROLE_MAP is no JSON object that maps texts to roles.");
    }
  });

  it("SES-6 Each word of ALLOWED_ORIGINS is an exact origin.", () => {
    const [one, two] = ["https://a.example", "http://b.example:8080"];
    expect(read({ ALLOWED_ORIGINS: `${one}, ${two}` })).toMatchObject({ allowedOrigins: new Set([one, two]) });
    for (const wrong of ["https://*.example.com", "https://a.example/", "a.example", "*", "https://A.example"]) {
      expect(read({ ALLOWED_ORIGINS: `${one} ${wrong}` })).toMatch("ALLOWED_ORIGINS has an entry that is not an exact origin");
    }
  });

  it("SES-3 Only AUTH_MODE=local turns the local mode on.", () => {
    expect(read({ AUTH_MODE: "local" })).toMatchObject({ localMode: true });
    expect(read({ AUTH_MODE: "jwt" })).toMatchObject({ localMode: false });
  });
});

it("The hub reads the settings of an environment once.", () => {
  const environment = { ...VALID };
  expect(readSettings(environment)).toBe(readSettings(environment));
  expect(readSettings({ ...VALID, METRICS_TOKEN: "m" })).toMatchObject({ settings: { metricsToken: "m" } });
});

it("OPS-1 /readyz asks for an instance when no setting names one.", async () => {
  const answer = await ready({});
  expect([answer.status, await answer.json()]).toEqual([
    503,
    {
      error: "not_configured",
      message: "INGEST_SECRETS lists no instance, and none has a secret of its own. Add one with npm run secret -- add.",
    },
  ]);
});

it("OPS-1 A hub with wrong settings answers 503 on every route but /healthz, and logs the first setting without its value.", async () => {
  const lines = vi.spyOn(console, "log").mockImplementation(() => {});
  const wrong = { ...env, FLUSH_INTERVAL_MS: "fast" };
  const answer = await app.request("/v1/instances/one/agents", {}, wrong);
  expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "1"]);
  expect(await answer.json()).toMatchObject({ error: "not_configured", message: expect.stringContaining("FLUSH_INTERVAL_MS") });
  expect(lines.mock.calls).toEqual([['{"event":"not_configured","setting":"FLUSH_INTERVAL_MS"}']]);
  lines.mockRestore();
  const health = await app.request("/healthz", {}, wrong);
  expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
});

it("OPS-1 /readyz answers 503 when the hub's object does not answer.", async () => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  const restarting = { getByName: () => ({ ping: () => Promise.reject(new Error("The object restarts.")) }) };
  expect((await app.request("/readyz", {}, { ...env, CONTACT_CENTER: restarting })).status).toBe(503);
  vi.restoreAllMocks();
});

it("CENTER_NAME names every center, and CENTER_NAME_<ID> wins for its instance.", () => {
  const names = (more: Record<string, string>) => {
    const settings = read(more);
    if (typeof settings === "string") throw new Error(settings);
    return ["a8c17f30-f72c", "other"].map((id) => centerFactsOf(settings, id).name);
  };
  expect(names({})).toEqual([null, null]);
  expect(names({ CENTER_NAME: " Ventas " })).toEqual(["Ventas", "Ventas"]);
  expect(names({ CENTER_NAME: "Ventas", CENTER_NAME_A8C17F30_F72C: "Soporte" })).toEqual(["Soporte", "Ventas"]);
  expect(names({ CENTER_NAME_A8C17F30_F72C: "Soporte" })).toEqual(["Soporte", null]);
});

it.each(["two\nlines", "x".repeat(61), "turned \u202E round"])("The name of a center is refused if it is %j.", (name) => {
  expect(read({ CENTER_NAME_X: name })).toContain("CENTER_NAME_X is no name of at most 60 characters in one line.");
});
