import {
  createRemoteJWKSet,
  errors,
  type FlattenedJWSInput,
  type JWKSCacheInput,
  type JWSHeaderParameters,
  jwksCache,
} from "jose";
import * as v from "valibot";
import { log } from "../log.ts";

/** Minimum time between two fetches for unknown key ids. The hub sees rotated keys at once, and forged key ids cost no fetch each. */
const COOLDOWN_MS = 2_000;
const TIMEOUT_MS = 5_000;
/** Known keys are fetched again after this time, so that a key that the issuer withdrew ends. */
const REFRESH_MS = 10 * 60_000;
/** While the issuer is away, one request in so much time waits for it. The others use the keys that are known. */
const RETRY_MS = 30_000;
/** Known keys outlive an outage of the issuer for so long. */
const KEEP_MS = 24 * 3_600_000;

/** One key set per address, kept by the isolate. */
const keySets = new Map<string, IssuerKeys>();

/** Returns the keys of the issuer whose key set has this address. */
export function issuerKeys(jwksUrl: string): IssuerKeys {
  const known = keySets.get(jwksUrl);
  if (known !== undefined) return known;
  const keys = new IssuerKeys(jwksUrl);
  keySets.set(jwksUrl, keys);
  return keys;
}

/** The public keys of one issuer. Keys that are known outlive an outage of the issuer. */
class IssuerKeys {
  readonly #jwksUrl: string;
  #keySet: ReturnType<typeof createRemoteJWKSet>;
  #refreshAt = 0;

  constructor(jwksUrl: string) {
    this.#jwksUrl = jwksUrl;
    this.#keySet = keySetOf(jwksUrl, {});
  }

  /**
   * Finds the key of a token, as `jwtVerify` asks for it. Rejects when the issuer is out of reach and its keys are not known, or when
   * nobody can use the key.
   */
  readonly find = async (header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
    try {
      return await this.#find(header, token);
    } catch (error) {
      if (error instanceof errors.JOSEError) throw error;
      // Each runtime has errors of its own for a connection that fails (workerd: Error) and for a key that cannot be imported.
      throw new errors.JOSEError("The issuer gives no key that works.", { cause: error });
    }
  };

  async #find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const now = Date.now();
    if (this.#keySet.jwks() === undefined) await this.#fetchFirst(now);
    else if (now >= this.#refreshAt) await this.#refresh(now);
    return this.#keySet(header, token);
  }

  async #fetchFirst(now: number): Promise<void> {
    try {
      await this.#fetch(now);
    } catch (error) {
      // An isolate that began during the outage has the keys that another one of this data center put into the cache.
      const kept = await keptKeys(this.#jwksUrl);
      if (kept === null) throw error;
      this.#keySet = keySetOf(this.#jwksUrl, kept);
      this.#refreshAt = now + RETRY_MS;
      noteOutage(error);
    }
  }

  async #refresh(now: number): Promise<void> {
    this.#refreshAt = now + RETRY_MS;
    await this.#fetch(now).catch(noteOutage);
  }

  async #fetch(now: number): Promise<void> {
    await this.#keySet.reload();
    this.#refreshAt = now + REFRESH_MS;
    await keepKeys(this.#jwksUrl, { uat: now, jwks: this.#keySet.jwks() });
  }
}

function keySetOf(jwksUrl: string, kept: JWKSCacheInput): ReturnType<typeof createRemoteJWKSet> {
  const times = { cooldownDuration: COOLDOWN_MS, timeoutDuration: TIMEOUT_MS, cacheMaxAge: KEEP_MS };
  return createRemoteJWKSet(new URL(jwksUrl), { ...times, [jwksCache]: kept });
}

function noteOutage(error: unknown): void {
  log("issuer_unreachable", { reason: error instanceof errors.JWKSTimeout ? "timeout" : "no_key_set" });
}

/** The place of a key set in the cache of the data center. Nobody can ask for a name below `.invalid` (RFC 6761 §6.4). */
const cacheKey = (jwksUrl: string) => `https://keys.vigia.invalid/${encodeURIComponent(jwksUrl)}`;
const keptSchema = v.object({ uat: v.number(), jwks: v.object({ keys: v.array(v.looseObject({ kty: v.string() })) }) });

/** Cloudflare's cache works on custom domains only (Workers docs, Cache, 2026). Elsewhere keys live as long as their isolate. */
async function keepKeys(jwksUrl: string, keys: object): Promise<void> {
  try {
    const headers = { "Cache-Control": `max-age=${KEEP_MS / 1000}` };
    await caches.default.put(cacheKey(jwksUrl), Response.json(keys, { headers }));
  } catch {
    // There is no cache here. The keys of this isolate are enough for this request.
  }
}

async function keptKeys(jwksUrl: string): Promise<JWKSCacheInput | null> {
  try {
    const kept = await caches.default.match(cacheKey(jwksUrl));
    const parsed = v.safeParse(keptSchema, await kept?.json());
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
