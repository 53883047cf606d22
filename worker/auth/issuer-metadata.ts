import * as v from "valibot";
import { log } from "../log.ts";
import { isSafeAddress } from "./sign-in-settings.ts";

/** What the issuer says about itself (OpenID Connect Discovery 1.0 §3), as far as the page needs it. */
export interface IssuerMetadata {
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  endSessionEndpoint: string | null;
}

/** Endpoints change with a new version of the issuer, and it keeps the old ones for much longer than this. */
const REFRESH_MS = 60 * 60_000;
/** While the issuer is away, one request in so much time waits for it. */
const RETRY_MS = 30_000;
/** Opening the page waits for this answer, so it is shorter than for keys. */
const TIMEOUT_MS = 3_000;
/** Known endpoints outlive an outage of the issuer for so long in the cache of the data center. */
const KEEP_SECONDS = 24 * 3_600;

const address = v.pipe(v.string(), v.check(isSafeAddress));
const discoverySchema = v.object({
  issuer: v.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  end_session_endpoint: v.optional(address),
});

interface Known {
  metadata: IssuerMetadata | null;
  refreshAt: number;
}
/** By issuer, kept by the isolate. */
const known = new Map<string, Known>();

/** Returns the endpoints of the issuer. They are read once an hour. Null = they are not known, and the issuer is out of reach. */
export async function issuerMetadata(issuer: string, now: number): Promise<IssuerMetadata | null> {
  const entry = known.get(issuer) ?? { metadata: null, refreshAt: 0 };
  if (now < entry.refreshAt) return entry.metadata;
  // Only this request waits for the issuer. The others go on with what is known.
  known.set(issuer, { metadata: entry.metadata, refreshAt: entry.metadata === null ? 0 : now + RETRY_MS });
  try {
    const found = await discover(issuer);
    known.set(issuer, { metadata: readDiscovery(found, issuer), refreshAt: now + REFRESH_MS });
    await keep(issuer, found);
  } catch (error) {
    const kept = entry.metadata ?? (await readKept(issuer));
    known.set(issuer, { metadata: kept, refreshAt: now + (kept === null ? 0 : RETRY_MS) });
    log("issuer_unreachable", { reason: error instanceof v.ValiError ? "no_discovery" : "no_answer" });
  }
  return known.get(issuer)?.metadata ?? null;
}

async function discover(issuer: string): Promise<unknown> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  return answer.json();
}

/** Discovery §4.3: the document must name the issuer that was asked, to the letter. @throws ValiError */
function readDiscovery(found: unknown, issuer: string): IssuerMetadata {
  const document = v.parse(v.intersect([discoverySchema, v.object({ issuer: v.literal(issuer) })]), found);
  return {
    issuer,
    authorizationEndpoint: document.authorization_endpoint,
    tokenEndpoint: document.token_endpoint,
    endSessionEndpoint: document.end_session_endpoint ?? null,
  };
}

/** The place of the document in the cache of the data center. Nobody can ask for a name below `.invalid` (RFC 6761 §6.4). */
const cacheKey = (issuer: string) => `https://issuers.vigia.invalid/${encodeURIComponent(issuer)}`;

/** Cloudflare's cache works on custom domains only (Workers docs, Cache, 2026). Elsewhere endpoints live as long as their isolate. */
async function keep(issuer: string, found: unknown): Promise<void> {
  try {
    await caches.default.put(cacheKey(issuer), Response.json(found, { headers: { "Cache-Control": `max-age=${KEEP_SECONDS}` } }));
  } catch {
    // There is no cache here.
  }
}

async function readKept(issuer: string): Promise<IssuerMetadata | null> {
  try {
    const kept = await caches.default.match(cacheKey(issuer));
    return kept === undefined ? null : readDiscovery(await kept.json(), issuer);
  } catch {
    return null;
  }
}
