import { decodeJwt, errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from "jose";
import { type Authority, readAuthority } from "./authority.ts";
import { claimAt } from "./claims.ts";
import type { IdentitySettings, IssuerSettings } from "./identity-settings.ts";
import { issuerKeys } from "./issuer-keys.ts";

/** Asymmetric signatures only: with a shared secret, everybody who can verify could also issue. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"];
/** The clocks of identity providers differ a little. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** A revocation can name subjects of at most this length. OpenID Connect Core §2 allows 255 characters. */
const MAX_SUBJECT_LENGTH = 256;
/** A name stands in tickets, in sockets and in every copy of an acknowledged alert. */
const MAX_SHOWN_NAME = 100;
/** User names of Amazon Connect have at most 100 characters (API reference, CreateUser, read 2026-11-26). */
const MAX_USERNAME = 100;
/** As many as the settings name by default. They stand in each ticket. */
const MAX_USERNAMES = 4;
/**
 * The claims that name a service token, whose `sub` is empty or missing: Cloudflare Access, Cognito and RFC 9068, Entra v2 and
 * Keycloak, Entra v1, Okta.
 */
const SERVICE_NAMES = ["common_name", "client_id", "azp", "appid", "cid"];
/** The subject of a token that names nobody. A revocation reaches it by this name. */
const NAMELESS = "anonymous";

export interface Identity extends Authority {
  subject: string;
  /** The person's name; undefined = the token has none. */
  name: string | undefined;
  /** The names under which Amazon Connect may know the person, the likeliest first. */
  usernames: readonly string[];
  /** When the identity itself ends, epoch milliseconds. Infinity = never. */
  expiresAt: number;
}

/** Why an identity was refused, as a word for the log. */
export type RefusalReason =
  | "no_identity_provider"
  | "no_token"
  | "malformed"
  | "algorithm"
  | "wrong_issuer"
  | "wrong_audience"
  | "unknown_key"
  | "bad_signature"
  | "expired"
  | "not_yet_valid"
  | "bad_claim"
  | "bad_subject"
  | "identity_provider_unreachable"
  | "not_allowed"
  | "no_groups"
  | "groups_overage";

export type IdentityRefusal = { ok: false; reason: RefusalReason } & (
  | { status: 401; error: "unauthorized" }
  | { status: 403; error: "not_allowed" | "no_groups" | "groups_overage"; message?: string }
  | { status: 503; error: "identity_provider_unreachable" }
);

export type IdentityCheck = { ok: true; identity: Identity } | IdentityRefusal;

/** Returns the identity's token from `Authorization: Bearer`, or from the header that Cloudflare Access adds. */
export function bearer(headers: Headers): string | null {
  const match = /^Bearer ([^\s]+)$/i.exec(headers.get("Authorization") ?? "");
  return match?.[1] ?? headers.get("Cf-Access-Jwt-Assertion");
}

/** Verifies an identity of one of the configured issuers, and reads what it may do at the instance. */
export async function checkIdentity(
  settings: IdentitySettings | null,
  token: string | null,
  instanceId: string,
  now: number,
): Promise<IdentityCheck> {
  if (settings === null) return unauthorized("no_identity_provider");
  if (token === null) return unauthorized("no_token");
  const named = issuerOf(token);
  if (named === null) return unauthorized("malformed");
  const issuer = settings.issuers.find(({ names }) => names.includes(named));
  if (issuer === undefined) return unauthorized("wrong_issuer");
  try {
    const { payload } = await verified(token, issuer, now);
    if (!isMadeOutTo(payload, issuer.audiences)) return unauthorized("wrong_audience");
    const subject = subjectOf(payload);
    if (subject === null) return unauthorized("bad_subject");
    const authority = readAuthority(payload, issuer, settings.roleMap, instanceId);
    if (!authority.ok) return { ...authority, status: 403, reason: authority.error };
    const { groupFilter, roles } = authority;
    const expiresAt = payload.exp === undefined ? Number.POSITIVE_INFINITY : payload.exp * 1000;
    const usernames = usernamesOf(payload, issuer.usernameClaims);
    return { ok: true, identity: { subject, name: nameOf(payload), usernames, groupFilter, roles, expiresAt } };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason !== "identity_provider_unreachable") return unauthorized(reason);
    return { ok: false, status: 503, error: reason, reason };
  }
}

function unauthorized(reason: RefusalReason): IdentityRefusal {
  return { ok: false, status: 401, error: "unauthorized", reason };
}

/** Returns the issuer that the unverified token names, to choose the keys by. "" = none; null = the token is no JWT. */
function issuerOf(token: string): string | null {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === "string" ? iss : "";
  } catch {
    return null;
  }
}

async function verified(token: string, issuer: IssuerSettings, now: number): Promise<JWTVerifyResult> {
  const options = {
    algorithms: ALGORITHMS,
    issuer: [...issuer.names],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ["exp"],
    currentDate: new Date(now),
  };
  try {
    return await jwtVerify(token, issuerKeys(issuer.jwksUrl).find, options);
  } catch (error) {
    // A token without a key id, and several keys that fit: one of them may verify it.
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return await jwtVerify(token, key, options);
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** Whether `aud` names one of the audiences. Access tokens of Cognito have no `aud`: there `client_id` names whom they are for. */
function isMadeOutTo({ aud, client_id: client }: JWTPayload, audiences: readonly string[]): boolean {
  const named: readonly unknown[] = aud === undefined ? [client] : [aud].flat();
  return named.some((name) => typeof name === "string" && audiences.includes(name));
}

/** Returns who the token is for: a person, else the service that it names. null = no revocation could name it. */
function subjectOf(payload: JWTPayload): string | null {
  const subject: unknown = payload.sub === undefined || payload.sub === "" ? serviceOf(payload) : payload.sub;
  return typeof subject === "string" && subject.length <= MAX_SUBJECT_LENGTH ? subject : null;
}

/** Returns the claim `name` of OpenID Connect Core §5.1, as far as it fits into one line. */
function nameOf({ name }: JWTPayload): string | undefined {
  const line = typeof name === "string" ? name.replaceAll(/\s+/g, " ").trim().slice(0, MAX_SHOWN_NAME) : "";
  return line === "" ? undefined : line;
}

/**
 * Returns the names under which Amazon Connect may know the person. An e-mail address that the issuer has not verified may be that of
 * somebody else.
 */
function usernamesOf(payload: JWTPayload, claims: readonly string[]): string[] {
  const trusted = claims.filter((claim) => claim !== "email" || payload["email_verified"] !== false);
  const names = trusted.map((claim) => claimAt(payload, claim)).filter((name) => typeof name === "string");
  return [...new Set(names)].filter((name) => name !== "" && name.length <= MAX_USERNAME).slice(0, MAX_USERNAMES);
}

function serviceOf(payload: JWTPayload): string {
  const names = SERVICE_NAMES.map((claim) => payload[claim]);
  return names.find((name): name is string => typeof name === "string" && name !== "") ?? NAMELESS;
}

function reasonOf(error: unknown): RefusalReason {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "iss") return "wrong_issuer";
    return error.claim === "nbf" ? "not_yet_valid" : "bad_claim";
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return "bad_signature";
  if (error instanceof errors.JWKSNoMatchingKey) return "unknown_key";
  if (error instanceof errors.JOSEAlgNotAllowed) return "algorithm";
  // A key set that hangs or is none. An issuer that is out of reach or gives a broken key is a JOSEError without a code of its own.
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return "identity_provider_unreachable";
  if (error instanceof errors.JOSEError && error.code !== "ERR_JOSE_GENERIC") return "malformed";
  if (error instanceof errors.JOSEError || error instanceof TypeError) return "identity_provider_unreachable";
  throw error;
}
