import type { ConfigAnswer, SignInConfig } from "../../../protocol/answers.ts";
import { TicketError } from "../../client/fetch-ticket.ts";

/** What the hub says about signing in. */
export interface HubConfig extends Pick<ConfigAnswer, "local" | "signIn"> {
  instanceKnown: boolean;
  /** How far the hub's clock is ahead of this machine's, in milliseconds. */
  skewMs: number;
}

/** A hub that knows no `/v1/config`. */
const OLD_HUB: HubConfig = { local: false, signIn: null, instanceKnown: true, skewMs: 0 };

/**
 * Asks the hub how people sign in, and whether it knows the instance.
 * @throws TicketError when the hub or its issuer is out of reach
 */
export async function fetchHubConfig(instanceId: string, signal: AbortSignal): Promise<HubConfig> {
  const answer = await fetch(`/v1/config?instance=${encodeURIComponent(instanceId)}`, { signal });
  if (answer.status === 404) return OLD_HUB;
  const parsed: unknown = await answer.json().catch(() => null);
  const body: Record<string, unknown> = { ...(typeof parsed === "object" ? parsed : null) };
  if (!answer.ok) throw new TicketError(answer.status, body, Number(answer.headers.get("retry-after") ?? 0) * 1000);
  const { serverTime } = body;
  return {
    local: body["local"] === true,
    signIn: readSignIn(body["signIn"]),
    instanceKnown: body["instanceKnown"] !== false,
    skewMs: typeof serverTime === "number" ? serverTime - Date.now() : 0,
  };
}

function readSignIn(value: unknown): SignInConfig | null {
  const fields: Record<string, unknown> = { ...(typeof value === "object" ? value : null) };
  const optional = (name: string) => (typeof fields[name] === "string" ? fields[name] : null);
  const [issuer, clientId, scopes] = [optional("issuer"), optional("clientId"), optional("scopes")];
  const [authorizationEndpoint, tokenEndpoint] = [optional("authorizationEndpoint"), optional("tokenEndpoint")];
  if (!issuer || !clientId || !scopes || !authorizationEndpoint || !tokenEndpoint) return null;
  const rest = { endSessionEndpoint: optional("endSessionEndpoint"), signOutUrl: optional("signOutUrl") };
  return { issuer, clientId, scopes, authorizationEndpoint, tokenEndpoint, ...rest, prompt: optional("prompt") };
}
