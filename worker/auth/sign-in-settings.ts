import type { SettingsReader } from "../../protocol/settings-reader.ts";
import { isLoopback } from "./loopback.ts";

/** How the page signs people in at the issuer that `AUTH_ISSUER` names first. */
export interface SignInSettings {
  issuer: string;
  clientId: string;
  /** Separated by one space. `openid` is among them. */
  scopes: string;
  /** The `prompt` of a sign-in that a person asked for. */
  prompt: string | null;
  /** The issuer's own sign-out address, for issuers without RP-initiated logout. */
  signOutUrl: string | null;
  /** Whether the hub passes the exchange of codes on, for issuers whose token endpoint answers no page (CORS). */
  relay: boolean;
}

/** A refresh token needs `offline_access` at some issuers, but others refuse a scope that they do not know. So it is asked for by name. */
const DEFAULT_SCOPES = "openid profile";
/** OpenID Connect Core §3.1.2.1. `none` would never show the sign-in. */
const PROMPTS = ["login", "consent", "select_account"];

/** Reads how the page signs people in; null without `AUTH_CLIENT_ID`. */
export function readSignInSettings(reader: SettingsReader, advice: string): SignInSettings | null {
  const scopes = reader.words("AUTH_SCOPES");
  const prompt = reader.optionalText("AUTH_PROMPT");
  const signOutUrl = reader.optionalText("AUTH_SIGN_OUT_URL");
  const relay = reader.choice("AUTH_TOKEN_RELAY", ["false", "true"]) === "true";
  const clientId = reader.optionalText("AUTH_CLIENT_ID");
  if (clientId === null) return null;
  reader.requiredText("AUTH_JWKS_URL", "AUTH_CLIENT_ID signs people in at AUTH_ISSUER, so it needs its key set too.");
  const [issuer = ""] = reader.words("AUTH_ISSUER");
  if (!isSafeAddress(issuer)) reader.refuse("AUTH_ISSUER", "is no https address, and AUTH_CLIENT_ID needs one", advice);
  if (scopes.length > 0 && !scopes.includes("openid")) {
    reader.refuse("AUTH_SCOPES", "lacks openid, without which there is no ID token", advice);
  }
  if (prompt !== null && !prompt.split(" ").every((word) => PROMPTS.includes(word))) {
    reader.refuse("AUTH_PROMPT", `is none of ${PROMPTS.join(", ")}`, advice);
  }
  if (signOutUrl !== null && !isSafeAddress(signOutUrl)) reader.refuse("AUTH_SIGN_OUT_URL", "is no https address", advice);
  return { issuer, clientId, scopes: scopes.length === 0 ? DEFAULT_SCOPES : scopes.join(" "), prompt, signOutUrl, relay };
}

/** Whether tokens may go there: over TLS, or to this machine. */
export function isSafeAddress(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  return url !== null && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)));
}
