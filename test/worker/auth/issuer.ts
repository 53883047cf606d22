import { CompactSign, importJWK } from "jose";
import { inject } from "vitest";
import { SettingsReader } from "../../../protocol/settings-reader.ts";
import { checkIdentity, type IdentityCheck } from "../../../worker/auth/identity.ts";
import { type IdentitySettings, readIdentitySettings } from "../../../worker/auth/identity-settings.ts";

const ISSUER = "https://issuer.example";

export interface Claims {
  [name: string]: unknown;
}

/** Reads identity settings as the hub does. Without changes they trust the issuer of the tests. */
export function identitySettings(changes: Record<string, string> = {}): IdentitySettings {
  const reader = new SettingsReader({
    AUTH_JWKS_URL: `${inject("identityProvider").url}/keys`,
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: "vigia",
    ...changes,
  });
  const settings = readIdentitySettings(reader, "Set it.");
  if (settings === null || reader.problems.length > 0) throw new Error(JSON.stringify(reader.problems));
  return settings;
}

/** Signs a token with an issuer, an audience, an end and these claims, which may replace them. A claim that is undefined is left out. */
export async function tokenOf(claims: Claims): Promise<string> {
  const [jwk] = inject("identityProvider").keys;
  if (jwk === undefined) throw new Error("The identity provider has no keys.");
  const whole = { iss: ISSUER, aud: "vigia", exp: Math.floor(Date.now() / 1000) + 600, ...claims };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(whole)))
    .setProtectedHeader({ alg: "RS256", kid: jwk.kid })
    .sign(await importJWK(jwk, "RS256"));
}

/** Checks an identity with these claims at the instance `i1`, which they name. */
export async function checkClaims(claims: Claims, changes: Record<string, string> = {}): Promise<IdentityCheck> {
  const token = await tokenOf({ sub: "ana", instances: "i1", groups: ["Ventas"], ...claims });
  return checkIdentity(identitySettings(changes), token, "i1", Date.now());
}
