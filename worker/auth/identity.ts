import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import type { GroupFilter } from "../../core/board/visibility.ts";
import type { IdentitySettings } from "../settings.ts";

/** Asymmetric signatures only: a shared secret would let whoever can verify also issue. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
/** Clocks of identity providers differ a little. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** How soon an unknown key id may cause another fetch: rotated keys are seen at once, forged key ids do not cost a fetch each. */
const JWKS_COOLDOWN_MS = 2_000;
const JWKS_TIMEOUT_MS = 5_000;

/** As long as a revocation can name it; OpenID Connect Core §2 allows 255 characters. */
const MAX_SUBJECT_LENGTH = 256;
/** A service token of Cloudflare Access has an empty `sub`, other issuers' have none: a revocation reaches them under this name. */
const NAMELESS = "anonymous";

export interface Identity {
  subject: string;
  groupFilter: GroupFilter;
  /** When the identity itself ends, epoch milliseconds; infinity if it does not say. */
  expiresAt: number;
}

export type IdentityCheck =
  | { ok: true; identity: Identity }
  | { ok: false; status: 401; error: "unauthorized" }
  | { ok: false; status: 403; error: "not_allowed" }
  | { ok: false; status: 503; error: "identity_provider_unreachable" };

const UNAUTHORIZED: IdentityCheck = { ok: false, status: 401, error: "unauthorized" };

/** One key set per address, kept by the isolate; jose refetches when a key id is unknown. */
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

/** The bearer of an identity: `Authorization: Bearer`, or what Cloudflare Access adds to a request that passed it. */
export function bearer(headers: Headers): string | null {
  const match = /^Bearer ([^\s]+)$/i.exec(headers.get("Authorization") ?? "");
  return match?.[1] ?? headers.get("Cf-Access-Jwt-Assertion");
}

/** Verifies an identity of any OIDC issuer and says what it may see of the instance. */
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
    // jose reports a key set that answers anything but 200 and JSON as a plain JOSEError.
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

/** The claim of this name, or at this path: Cloudflare Access puts what it got from an identity provider under `custom`. */
function claim(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const key of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Object.entries(value).find(([own]) => own === key)?.[1];
  }
  return value;
}

/** A claim as identity providers write lists: an array, or words with spaces or commas between. Absent = null. */
function list(claim: unknown): string[] | null {
  if (claim === undefined || claim === null) return null;
  if (Array.isArray(claim)) return claim.filter((item) => typeof item === "string");
  return typeof claim === "string" ? claim.split(/[\s,]+/).filter((word) => word !== "") : [];
}
