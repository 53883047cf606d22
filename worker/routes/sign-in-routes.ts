import { type Context, Hono } from "hono";
import type { ConfigAnswer, SignInConfig } from "../../protocol/answers.ts";
import { countedAddress } from "../auth/client-address.ts";
import { issuerMetadata } from "../auth/issuer-metadata.ts";
import type { SignInSettings } from "../auth/sign-in-settings.ts";
import { log } from "../log.ts";
import { refuse, wrongMethod } from "./answers.ts";
import type { AppEnv } from "./app-env.ts";
import { isLocal } from "./grants.ts";

export const signInRoutes = new Hono<AppEnv>();

const TOKEN_RELAY = "/v1/signin/token";
/** A code, a refresh token or a verifier. Refresh tokens of Entra ID have about 2,000 characters. */
const LONGEST_FIELD = 8 * 1024;
/** The page waits 10 s for its ticket, and the token is one step of it. */
const RELAY_TIMEOUT_MS = 8_000;

signInRoutes.get("/v1/config", async (c) => {
  const instanceId = c.req.query("instance");
  const { ingestSecrets, identity } = c.get("settings");
  const instanceKnown = instanceId === undefined ? undefined : ingestSecrets.has(instanceId);
  if (instanceKnown === false && (await asksTooOften(c))) return tooManyRequests();
  const local = isLocal(c);
  // Nobody has to sign in for an instance that does not exist, so the issuer need not be asked.
  const settings = local || instanceKnown === false ? null : (identity?.signIn ?? null);
  const signIn = settings === null ? null : await signInConfig(settings, new URL(c.req.url).origin);
  if (signIn === "unreachable") {
    return refuse(503, {
      error: "identity_provider_unreachable",
      message: "The sign-in service does not answer. Try again soon.",
    });
  }
  const body: ConfigAnswer = {
    local,
    signIn,
    ...(instanceKnown === undefined ? {} : { instanceKnown }),
    serverTime: Date.now(),
  };
  return c.json(body, 200, { "Cache-Control": "no-store" });
});

signInRoutes.post("/v1/signin/token", async (c) => {
  const settings = c.get("settings").identity?.signIn;
  if (!settings?.relay) return refuse(404, { error: "not_found" });
  const { origin } = new URL(c.req.url);
  if (c.req.header("Origin") !== origin) {
    return refuse(403, {
      error: "foreign_origin",
      message: "Only the hub's own page may ask for tokens here. Open the board at the hub's address.",
    });
  }
  if (await asksTooOften(c)) return tooManyRequests();
  const form = await relayedForm(c, settings, `${origin}/`);
  if (form === null) {
    return refuse(400, { error: "invalid_request", message: "Send a form with code and code_verifier, or with refresh_token." });
  }
  const metadata = await issuerMetadata(settings.issuer, Date.now());
  const answer = metadata === null ? null : await postForm(metadata.tokenEndpoint, form);
  if (answer === null) {
    log("issuer_unreachable", { reason: "no_token" });
    return refuse(503, {
      error: "identity_provider_unreachable",
      message: "The sign-in service does not answer. Try again soon.",
    });
  }
  return new Response(answer.body, {
    status: answer.status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  });
});

signInRoutes.all("/v1/config", () => wrongMethod("GET"));
signInRoutes.all(TOKEN_RELAY, () => wrongMethod("POST"));

async function signInConfig(settings: SignInSettings, origin: string): Promise<SignInConfig | "unreachable"> {
  const metadata = await issuerMetadata(settings.issuer, Date.now());
  if (metadata === null) return "unreachable";
  const { clientId, scopes, signOutUrl, prompt, relay } = settings;
  const tokenEndpoint = relay ? origin + TOKEN_RELAY : metadata.tokenEndpoint;
  return { ...metadata, tokenEndpoint, clientId, scopes, signOutUrl, prompt };
}

/** Builds the form for the issuer. Of the page's form only the three values count: the client and the address are the hub's own. */
async function relayedForm(
  c: Context<AppEnv>,
  { clientId, scopes }: SignInSettings,
  redirectUri: string,
): Promise<URLSearchParams | null> {
  const text = new TextDecoder().decode(await c.req.arrayBuffer());
  if (text.length > 3 * LONGEST_FIELD) return null;
  const given = new URLSearchParams(text);
  const [code, verifier, refreshToken] = [given.get("code"), given.get("code_verifier"), given.get("refresh_token")];
  if (code && verifier && !refreshToken) {
    const form = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri };
    return new URLSearchParams({ ...form, client_id: clientId });
  }
  if (!refreshToken || code) return null;
  return new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId, scope: scopes });
}

/** Null = the issuer does not answer. A redirect would send the code to somebody else. */
async function postForm(url: string, body: URLSearchParams): Promise<Response | null> {
  try {
    const headers = { Accept: "application/json" };
    const signal = AbortSignal.timeout(RELAY_TIMEOUT_MS);
    const answer = await fetch(url, { method: "POST", body, headers, redirect: "manual", signal });
    return answer.status >= 300 && answer.status < 400 ? null : answer;
  } catch {
    return null;
  }
}

async function asksTooOften(c: Context<AppEnv>): Promise<boolean> {
  const address = c.req.header("CF-Connecting-IP");
  if (address === undefined) return false;
  const { success } = await c.env.STRANGER_LIMIT.limit({ key: `signin ${countedAddress(address)}` });
  return !success;
}

function tooManyRequests(): Response {
  return refuse(429, { error: "too_many_requests", message: "This address asks too often. Wait for Retry-After." });
}
