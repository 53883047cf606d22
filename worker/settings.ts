import * as v from "valibot";

/** The settings of the hub, parsed once. Their names and meaning: docs/deploy.md. */
export interface Settings {
  /** Instance id -> its signing secrets, newest first. An instance exists if it is here. */
  ingestSecrets: ReadonlyMap<string, string>;
  /** Keys for viewer tickets, newest first: the first signs, all verify. */
  ticketSecrets: readonly Uint8Array<ArrayBuffer>[];
  metricsToken: string | null;
  localMode: boolean;
  identity: IdentitySettings | null;
  allowedOrigins: ReadonlySet<string>;
  flushIntervalMs: number;
  viewersPerObject: number;
  /** A contact's turns leave the hub so long after its end. */
  forgetTurnsAfterMs: number;
}

export interface IdentitySettings {
  jwksUrl: string;
  issuer: string;
  audience: string;
  instancesClaim: string;
  groupsClaim: string;
}

export type ParsedSettings = { ok: true; settings: Settings } | { ok: false; name: string; message: string };

const text = v.optional(v.string(), "");
const envSchema = v.object({
  INGEST_SECRETS: text,
  TICKET_SECRET: text,
  METRICS_TOKEN: text,
  AUTH_MODE: text,
  AUTH_JWKS_URL: text,
  AUTH_ISSUER: text,
  AUTH_AUDIENCE: text,
  AUTH_INSTANCES_CLAIM: text,
  AUTH_GROUPS_CLAIM: text,
  ALLOWED_ORIGINS: text,
  FLUSH_INTERVAL_MS: text,
  VIEWERS_PER_OBJECT: text,
  FORGET_TRANSCRIPTS_AFTER_SECONDS: text,
});
const secretsSchema = v.record(v.pipe(v.string(), v.nonEmpty()), v.pipe(v.string(), v.nonEmpty()));

/** RFC 7518 §3.2: an HS256 key has at least the size of the hash. */
const MIN_TICKET_SECRET_BYTES = 32;

class SettingError extends Error {
  readonly setting: string;
  constructor(setting: string, message: string) {
    super(message);
    this.setting = setting;
  }
}

const parsed = new WeakMap<object, ParsedSettings>();

/** Parses the environment; says which setting is wrong, never what it contains. The answer is kept for the same `env`. */
export function readSettings(env: object): ParsedSettings {
  const known = parsed.get(env);
  if (known !== undefined) return known;
  const result = parse(env);
  parsed.set(env, result);
  return result;
}

function parse(env: object): ParsedSettings {
  try {
    const vars = v.parse(envSchema, env);
    return {
      ok: true,
      settings: {
        ingestSecrets: ingestSecrets(vars.INGEST_SECRETS),
        ticketSecrets: ticketSecrets(vars.TICKET_SECRET),
        metricsToken: vars.METRICS_TOKEN === "" ? null : vars.METRICS_TOKEN,
        localMode: mode(vars.AUTH_MODE) === "local",
        identity:
          vars.AUTH_JWKS_URL === ""
            ? null
            : {
                jwksUrl: webAddress("AUTH_JWKS_URL", vars.AUTH_JWKS_URL),
                issuer: needed("AUTH_ISSUER", vars.AUTH_ISSUER),
                audience: needed("AUTH_AUDIENCE", vars.AUTH_AUDIENCE),
                instancesClaim: vars.AUTH_INSTANCES_CLAIM || "instances",
                groupsClaim: vars.AUTH_GROUPS_CLAIM || "groups",
              },
        allowedOrigins: new Set(words(vars.ALLOWED_ORIGINS).map((origin) => exactOrigin(origin))),
        flushIntervalMs: wholeNumber("FLUSH_INTERVAL_MS", vars.FLUSH_INTERVAL_MS, 100, 0, 60_000),
        viewersPerObject: wholeNumber("VIEWERS_PER_OBJECT", vars.VIEWERS_PER_OBJECT, 1000, 1, 30_000),
        forgetTurnsAfterMs: forgetSeconds(vars.FORGET_TRANSCRIPTS_AFTER_SECONDS) * 1000,
      },
    };
  } catch (error) {
    if (error instanceof SettingError) return { ok: false, name: error.setting, message: error.message };
    if (error instanceof v.ValiError) return { ok: false, name: "environment", message: "A setting is not text." };
    throw error;
  }
}

function ingestSecrets(value: string): ReadonlyMap<string, string> {
  let json: unknown;
  try {
    json = JSON.parse(needed("INGEST_SECRETS", value));
  } catch (error) {
    if (error instanceof SettingError) throw error;
    throw new SettingError("INGEST_SECRETS", "INGEST_SECRETS is not valid JSON.");
  }
  const result = v.safeParse(secretsSchema, json);
  if (!result.success) throw new SettingError("INGEST_SECRETS", "INGEST_SECRETS must map instance ids to whsec_ secrets.");
  return new Map(Object.entries(result.output));
}

function ticketSecrets(value: string): Uint8Array<ArrayBuffer>[] {
  return words(needed("TICKET_SECRET", value)).map((word) => {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = Uint8Array.from(atob(word), (character) => character.charCodeAt(0));
    } catch {
      throw new SettingError("TICKET_SECRET", "TICKET_SECRET is not base64.");
    }
    if (bytes.length < MIN_TICKET_SECRET_BYTES) {
      throw new SettingError(
        "TICKET_SECRET",
        `TICKET_SECRET has ${bytes.length} bytes; at least ${MIN_TICKET_SECRET_BYTES} are needed.`,
      );
    }
    return bytes;
  });
}

function mode(value: string): "jwt" | "local" {
  if (value === "" || value === "jwt") return "jwt";
  if (value === "local") return "local";
  throw new SettingError("AUTH_MODE", "AUTH_MODE is neither jwt nor local.");
}

function webAddress(name: string, value: string): string {
  if (!URL.canParse(value)) throw new SettingError(name, `${name} is not a URL.`);
  const { protocol, hostname } = new URL(value);
  if (protocol !== "https:" && !isLoopback(hostname)) throw new SettingError(name, `${name} must be an https address.`);
  return value;
}

function exactOrigin(value: string): string {
  if (!URL.canParse(value) || new URL(value).origin !== value) {
    throw new SettingError(
      "ALLOWED_ORIGINS",
      "ALLOWED_ORIGINS has an entry that is not an exact origin such as https://example.com.",
    );
  }
  return value;
}

function wholeNumber(name: string, value: string, fallback: number, min: number, max: number): number {
  if (value === "") return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new SettingError(name, `${name} must be a whole number from ${min} to ${max}.`);
  }
  return number;
}

/** Ten minutes unless set: enough to finish reading. At most a day: what was said should not stay longer than needed. */
function forgetSeconds(value: string): number {
  return wholeNumber("FORGET_TRANSCRIPTS_AFTER_SECONDS", value, 600, 0, 86_400);
}

function needed(name: string, value: string): string {
  if (value === "") throw new SettingError(name, `${name} is missing.`);
  return value;
}

function words(value: string): string[] {
  return value.split(/\s+/).filter((word) => word !== "");
}

/** Host names that cannot be reached from another machine (RFC 6761 §6.3, RFC 5735, RFC 4291). */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}
