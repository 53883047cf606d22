import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import type { GroupFilter } from "../../core/board/visibility.ts";
import type { IdentitySettings } from "../settings.ts";

/** Asymmetric signatures only: with a shared secret, everybody who can verify could also issue. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
/** The clocks of identity providers differ a little. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** Minimum time between two fetches for unknown key ids. The hub sees rotated keys at once, and forged key ids cost no fetch each. */
const JWKS_COOLDOWN_MS = 2_000;
const JWKS_TIMEOUT_MS = 5_000;

/** A revocation can name subjects of at most this length. OpenID Connect Core §2 allows 255 characters. */
const MAX_SUBJECT_LENGTH = 256;
/** The subject of service tokens: those of Cloudflare Access have an empty `sub`, others none. A revocation reaches them by this name. */
const NAMELESS = "anonymous";

export interface Identity {
  subject: string;
  groupFilter: GroupFilter;
  /** When the identity itself ends, epoch milliseconds. Infinity = never. */
  expiresAt: number;
}

export type IdentityCheck =
  | { ok: true; identity: Identity }
  | { ok: false; status: 401; error: "unauthorized" }
  | { ok: false; status: 403; error: "not_allowed" }
  | { ok: false; status: 503; error: "identity_provider_unreachable" };

const UNAUTHORIZED: IdentityCheck = { ok: false, status: 401, error: "unauthorized" };

/** One key set per address, kept by the isolate. jose fetches it again when a key id is unknown. */
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

/** Returns the identity's token from `Authorization: Bearer`, or from the header that Cloudflare Access adds. */
export function bearer(headers: Headers): string | null {
  const match = /^Bearer ([^\s]+)$/i.exec(headers.get("Authorization") ?? "");
  return match?.[1] ?? headers.get("Cf-Access-Jwt-Assertion");
}

/** Verifies an identity of any OIDC issuer, and reads which groups of the instance it may see. */
export async function checkIdentity(
  settings: IdentitySettings | null,
  token: string | null,
  instanceId: string,
  now: number,
): Promise<IdentityCheck> {
  if (settings === null || token === null) return UNAUTHORIZED;
  let keySet = keySets.get(settings.jwksUrl);
  if (keySet === undefined) {
    keySet = createRemoteJWKSet(new URL(settings.jwksUrl), {
      cooldownDuration: JWKS_COOLDOWN_MS,
      timeoutDuration: JWKS_TIMEOUT_MS,
    });
    keySets.set(settings.jwksUrl, keySet);
  }
  try {
    const { payload } = await jwtVerify(token, keySet, {
      algorithms: ALGORITHMS,
      issuer: settings.issuer,
      audience: settings.audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ["exp"],
      currentDate: new Date(now),
    });
    return read(payload, settings, instanceId);
  } catch (error) {
    if (error instanceof errors.JWKSTimeout) return { ok: false, status: 503, error: "identity_provider_unreachable" };
    if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWTExpired) return UNAUTHORIZED;
    // When the key set answers anything but 200 and JSON, jose throws a JOSEError without a code of its own.
    if (error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC") {
      return { ok: false, status: 503, error: "identity_provider_unreachable" };
    }
    if (error instanceof errors.JOSEError) return UNAUTHORIZED;
    if (error instanceof TypeError) return { ok: false, status: 503, error: "identity_provider_unreachable" };
    throw error;
  }
}

function read(payload: JWTPayload, settings: IdentitySettings, instanceId: string): IdentityCheck {
  const subject: unknown = payload.sub === undefined || payload.sub === "" ? NAMELESS : payload.sub;
  if (typeof subject !== "string" || subject.length > MAX_SUBJECT_LENGTH) return UNAUTHORIZED;
  const instances = list(claim(payload, settings.instancesClaim));
  if (instances === null || !(instances.includes(instanceId) || instances.includes("*"))) {
    return { ok: false, status: 403, error: "not_allowed" };
  }
  return {
    ok: true,
    identity: {
      subject,
      groupFilter: list(claim(payload, settings.groupsClaim)),
      expiresAt: payload.exp === undefined ? Number.POSITIVE_INFINITY : payload.exp * 1000,
    },
  };
}

/** Returns the claim of this name, or at this path: Cloudflare Access puts an identity provider's claims under `custom`. */
function claim(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const key of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Object.entries(value).find(([own]) => own === key)?.[1];
  }
  return value;
}

/** Reads a list as identity providers write it: an array, or words with spaces or commas between. Absent = null. */
function list(claim: unknown): string[] | null {
  if (claim === undefined || claim === null) return null;
  if (Array.isArray(claim)) return claim.filter((item) => typeof item === "string");
  return typeof claim === "string" ? claim.split(/[\s,]+/).filter((word) => word !== "") : [];
}
