import * as oidc from "openid-client";
import type { SignInConfig } from "../../../protocol/answers.ts";

// The only file that knows openid-client. The page loads it when somebody has to sign in, renew or sign out.

/** What this tab remembers while the person is at the issuer. */
export interface StartedSignIn {
  state: string;
  nonce: string;
  verifier: string;
}

export interface TokenSet {
  /** Null = the answer had none: some issuers send none with a renewal. */
  idToken: string | null;
  refreshToken: string | null;
  /** How long the ID token is valid, counted from now, in milliseconds. */
  validForMs: number;
  /** Who signed in, as a person reads it. */
  name: string | null;
  /** The issuer's id of the person (`sub`); null = the answer had no ID token. */
  subject: string | null;
}

/** Why there are no tokens: a word of the issuer (RFC 6749 §5.2, OpenID Connect Core §3.1.2.6), or one of these. */
export class SignInError extends Error {
  override readonly name = "SignInError";
  /** `unreachable` = no answer, `wrong_answer` = the answer belongs to no sign-in of this tab or makes no sense. */
  readonly code: string;

  constructor(code: string) {
    super(`The sign-in ended without a token: ${code}`);
    this.code = code;
  }
}

/** Returns the issuer's address for a sign-in, and what to remember until the answer. */
export async function startSignIn(
  config: SignInConfig,
  skewMs: number,
  redirectUri: string,
  prompt: string | null,
): Promise<{ url: URL; started: StartedSignIn }> {
  const started = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
  const url = oidc.buildAuthorizationUrl(client(config, skewMs), {
    redirect_uri: redirectUri,
    scope: config.scopes,
    state: started.state,
    nonce: started.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(started.verifier),
    code_challenge_method: "S256",
    ...(prompt === null ? {} : { prompt }),
  });
  return { url, started };
}

/**
 * Exchanges the issuer's answer for tokens.
 * @param answer the address to which the issuer sent the browser back
 * @throws SignInError
 */
export async function finishSignIn(config: SignInConfig, skewMs: number, answer: URL, started: StartedSignIn): Promise<TokenSet> {
  const checks = { expectedState: started.state, expectedNonce: started.nonce, pkceCodeVerifier: started.verifier };
  return read(
    () => oidc.authorizationCodeGrant(client(config, skewMs), answer, { ...checks, idTokenExpected: true }),
    skewMs,
    null,
  );
}

/**
 * Renews the tokens.
 * @throws SignInError
 */
export async function renewTokens(config: SignInConfig, skewMs: number, refreshToken: string): Promise<TokenSet> {
  return read(() => oidc.refreshTokenGrant(client(config, skewMs), refreshToken), skewMs, refreshToken);
}

/** Returns where the issuer signs a person out; null = it has no such address. */
export function signOutAddress(config: SignInConfig, idToken: string, returnTo: string): string | null {
  if (config.signOutUrl !== null) return config.signOutUrl.replaceAll("{returnTo}", encodeURIComponent(returnTo));
  if (config.endSessionEndpoint === null) return null;
  const parameters = { id_token_hint: idToken, post_logout_redirect_uri: returnTo };
  return oidc.buildEndSessionUrl(client(config, 0), parameters).href;
}

function client(config: SignInConfig, skewMs: number): oidc.Configuration {
  const server: oidc.ServerMetadata = {
    issuer: config.issuer,
    authorization_endpoint: config.authorizationEndpoint,
    token_endpoint: config.tokenEndpoint,
    ...(config.endSessionEndpoint === null ? {} : { end_session_endpoint: config.endSessionEndpoint }),
  };
  const metadata = { [oidc.clockSkew]: Math.round(skewMs / 1000) };
  const configuration = new oidc.Configuration(server, config.clientId, metadata, oidc.None());
  // The hub refuses plain http for any host but this machine.
  if (config.tokenEndpoint.startsWith("http:") || config.issuer.startsWith("http:")) oidc.allowInsecureRequests(configuration);
  return configuration;
}

async function read(
  ask: () => Promise<oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers>,
  skewMs: number,
  refreshToken: string | null,
): Promise<TokenSet> {
  try {
    const answer = await ask();
    const claims = answer.claims();
    return {
      idToken: answer.id_token ?? null,
      refreshToken: answer.refresh_token ?? refreshToken,
      // Not from `iat`: Microsoft Entra ID writes a time some minutes before. The hub's clock is the one that counts.
      validForMs: claims === undefined ? 0 : claims.exp * 1000 - Date.now() - skewMs,
      name: nameOf(claims),
      subject: claims?.sub ?? null,
    };
  } catch (error) {
    throw new SignInError(codeOf(error));
  }
}

function nameOf(claims: oidc.IDToken | undefined): string | null {
  const names = [claims?.["name"], claims?.["preferred_username"], claims?.["email"], claims?.sub];
  return names.find((name): name is string => typeof name === "string" && name.trim() !== "") ?? null;
}

function codeOf(error: unknown): string {
  if (error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError) return error.error;
  // What `fetch` throws has no code of the library, and a server in trouble is as good as none.
  const cause = error instanceof Error ? error.cause : undefined;
  if (error instanceof TypeError && !(error instanceof oidc.ClientError)) return "unreachable";
  return cause instanceof Response && cause.status >= 500 ? "unreachable" : "wrong_answer";
}
