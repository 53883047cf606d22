import { randomUUID } from "node:crypto";
import { importSecrets, sign } from "../../protocol/signature.ts";

/** A hub answers in milliseconds. The limit leaves time for a slow network. */
const TIMEOUT_MS = 10_000;
/** A signed post without updates. A hub that knows the secret answers 400 and changes nothing. Any other hub answers 401. */
const PROBE = '{"updates":[]}';

/** What the hub says about a signing secret. `guarded` = something in front of the hub asks people to log in. */
export type HubAnswer =
  | { state: "known" }
  | { state: "refused" }
  | { state: "guarded"; reason: string }
  | { state: "unknown"; reason: string };

/** Asks a hub whether it knows at least one of these signing secrets. Changes nothing there. */
export async function askHub(hubUrl: string, instanceId: string, secrets: string): Promise<HubAnswer> {
  const url = `${hubUrl}/v1/instances/${instanceId}/updates`;
  const headers = await sign(await importSecrets(secrets), `preflight-${randomUUID()}`, Math.floor(Date.now() / 1000), PROBE);
  const init = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: PROBE };
  const answer = await askUrl(url, init);
  if (answer === null) return { state: "unknown", reason: `The hub did not answer at ${hubUrl} within ${TIMEOUT_MS / 1000} s.` };
  if (answer.status === 400) return { state: "known" };
  const guard = guardOf(answer);
  if (guard !== null) return { state: "guarded", reason: `${guard} answered instead of the hub.` };
  if (answer.status === 401) return { state: "refused" };
  return { state: "unknown", reason: `The hub answered ${answer.status}.` };
}

/** Returns the answer, or null when none came. A redirect is an answer. */
export async function askUrl(url: string, init: RequestInit = {}): Promise<Response | null> {
  try {
    return await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    return null;
  }
}

/**
 * Returns what guards a hub, if the answer is that of a guard: a redirect to a login, or a refusal with the header of Cloudflare
 * Access. The hub itself never redirects.
 */
export function guardOf({ status, headers }: Response): string | null {
  const location = headers.get("location");
  const host = location === null ? null : URL.parse(location)?.hostname;
  if (host?.endsWith(".cloudflareaccess.com") || headers.get("www-authenticate")?.includes("Cloudflare-Access")) {
    return `Cloudflare Access${host === null || host === undefined ? "" : ` (${host})`}`;
  }
  if (status >= 300 && status < 400) return `A redirect${host === null || host === undefined ? "" : ` to ${host}`}`;
  return null;
}
