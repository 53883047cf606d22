import * as v from "valibot";
import type { SettingsReader } from "../../protocol/settings-reader.ts";
import { isLoopback } from "./loopback.ts";
import { readSignInSettings, type SignInSettings } from "./sign-in-settings.ts";
import { OWN_NAMES, type RoleMap, VIEWER_ROLES } from "./viewer-roles.ts";

/** An issuer with its keys, or several that share them. */
export interface IssuerSettings {
  /** The values of `iss`. */
  names: readonly string[];
  jwksUrl: string;
  /** The values of `aud` (of `client_id` in access tokens of Cognito) that are meant for this hub. */
  audiences: readonly string[];
  /** Names or paths of claims, see `claims.ts`. */
  instancesClaim: string;
  /** Empty = no group limits. */
  groupsClaim: string;
  rolesClaim: string;
  /** The claims that may name the person's user in Amazon Connect. */
  usernameClaims: readonly string[];
}

/** Who may ask for tickets. */
export interface IdentitySettings {
  issuers: readonly IssuerSettings[];
  roleMap: RoleMap;
  /** How the page signs people in; null = it does not. */
  signIn: SignInSettings | null;
}

/**
 * Where identity providers put the name with which somebody signs in. Amazon Connect has the e-mail address there when people come by
 * SAML, unless the operator maps something else.
 */
const USERNAME_CLAIMS = ["preferred_username", "email", "upn", "cognito:username"];
const ADVICE = 'docs/deploy.md, "Settings of the hub", says what it needs.';

const text = v.pipe(v.string(), v.trim(), v.nonEmpty());
const issuersSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(
    v.strictObject({
      issuer: text,
      jwksUrl: v.pipe(text, v.check(isKeySetAddress)),
      audience: v.union([text, v.pipe(v.array(text), v.minLength(1))]),
      instancesClaim: v.optional(text),
      groupsClaim: v.optional(v.pipe(v.string(), v.trim())),
      rolesClaim: v.optional(v.pipe(v.string(), v.trim())),
    }),
  ),
);

const role = v.picklist(VIEWER_ROLES);
// A record would take an array for an empty object.
const roleMapSchema = v.pipe(v.string(), v.startsWith("{"), v.parseJson(), v.record(text, v.union([role, v.array(role)])));

/**
 * Reads who may ask for tickets; null = nobody. `AUTH_JWKS_URL`, `AUTH_ISSUER` and `AUTH_AUDIENCE` name one key set;
 * `AUTH_ISSUERS` adds others, each with audiences of its own, so that no issuer can speak for another.
 */
export function readIdentitySettings(reader: SettingsReader, advice: string): IdentitySettings | null {
  const usernameClaims = reader.words("AUTH_USERNAME_CLAIM");
  const claims = {
    instancesClaim: reader.optionalText("AUTH_INSTANCES_CLAIM") ?? "instances",
    groupsClaim: reader.textOrEmpty("AUTH_GROUPS_CLAIM", "groups", advice),
    rolesClaim: reader.textOrEmpty("AUTH_ROLES_CLAIM", "roles", advice),
    usernameClaims: usernameClaims.length === 0 ? USERNAME_CLAIMS : usernameClaims,
  };
  const signIn = readSignInSettings(reader, advice);
  const first = reader.optionalText("AUTH_JWKS_URL") === null ? [] : [firstIssuer(reader, claims, signIn, advice)];
  const issuers = [...first, ...furtherIssuers(reader, claims)];
  const names = issuers.flatMap((issuer) => issuer.names);
  if (new Set(names).size < names.length) {
    reader.refuse("AUTH_ISSUERS", "names an issuer twice", "Put all audiences of an issuer into one entry.");
  }
  const roleMap = readRoleMap(reader);
  return issuers.length === 0 ? null : { issuers, roleMap, signIn };
}

type ClaimNames = Pick<IssuerSettings, "instancesClaim" | "groupsClaim" | "rolesClaim" | "usernameClaims">;

function firstIssuer(reader: SettingsReader, claims: ClaimNames, signIn: SignInSettings | null, advice: string): IssuerSettings {
  const jwksUrl = reader.requiredText("AUTH_JWKS_URL", advice);
  if (!isKeySetAddress(jwksUrl)) reader.refuse("AUTH_JWKS_URL", "is not an https address", advice);
  const audience = reader.requiredText("AUTH_AUDIENCE", advice);
  return {
    names: words(reader.requiredText("AUTH_ISSUER", advice)),
    jwksUrl,
    // The whole text too: before there could be several, an audience could contain spaces.
    // The ID tokens of the page are made out to its client (OpenID Connect Core §2).
    audiences: [audience, ...words(audience), ...(signIn === null ? [] : [signIn.clientId])],
    ...claims,
  };
}

function furtherIssuers(reader: SettingsReader, claims: ClaimNames): IssuerSettings[] {
  const value = reader.optionalText("AUTH_ISSUERS");
  if (value === null) return [];
  const parsed = v.safeParse(issuersSchema, value);
  if (!parsed.success) {
    const place = v.getDotPath(parsed.issues[0]);
    const problem = place === null ? "is not a JSON list of issuers" : `has a wrong or missing value at ${place}`;
    reader.refuse("AUTH_ISSUERS", problem, ADVICE);
    return [];
  }
  return parsed.output.map(({ issuer, jwksUrl, audience, ...own }) => ({
    names: [issuer],
    jwksUrl,
    audiences: [audience].flat(),
    instancesClaim: own.instancesClaim ?? claims.instancesClaim,
    groupsClaim: own.groupsClaim ?? claims.groupsClaim,
    rolesClaim: own.rolesClaim ?? claims.rolesClaim,
    usernameClaims: claims.usernameClaims,
  }));
}

/** Reads which values of the roles claim give which roles. Without the setting the roles have their own names. */
function readRoleMap(reader: SettingsReader): RoleMap {
  const value = reader.optionalText("AUTH_ROLE_MAP");
  if (value === null) return OWN_NAMES;
  const parsed = v.safeParse(roleMapSchema, value);
  if (parsed.success) return new Map(Object.entries(parsed.output).map(([name, roles]) => [name, [roles].flat()]));
  reader.refuse("AUTH_ROLE_MAP", "is no JSON object that maps texts to roles", 'The roles are "supervisor" and "admin".');
  return OWN_NAMES;
}

function words(value: string): string[] {
  return value.split(/\s+/).filter((word) => word !== "");
}

function isKeySetAddress(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  return url !== null && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)));
}
