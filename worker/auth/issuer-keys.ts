import { createRemoteJWKSet, errors, type FlattenedJWSInput, type JWSHeaderParameters } from "jose";
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
  readonly #keySet: ReturnType<typeof createRemoteJWKSet>;
  #refreshAt = 0;

  constructor(jwksUrl: string) {
    this.#keySet = createRemoteJWKSet(new URL(jwksUrl), {
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: TIMEOUT_MS,
      cacheMaxAge: KEEP_MS,
    });
  }

  /** Finds the key of a token, as `jwtVerify` asks for it. Rejects when the issuer is out of reach and its keys are not known. */
  readonly find = async (header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
    await this.#refresh(Date.now());
    return this.#keySet(header, token);
  };

  async #refresh(now: number): Promise<void> {
    const known = this.#keySet.jwks() !== undefined;
    if (known && now < this.#refreshAt) return;
    this.#refreshAt = now + (known ? RETRY_MS : REFRESH_MS);
    // The first fetch is the key set's own.
    if (!known) return;
    try {
      await this.#keySet.reload();
      this.#refreshAt = now + REFRESH_MS;
    } catch (error) {
      log("issuer_unreachable", { reason: error instanceof errors.JWKSTimeout ? "timeout" : "no_key_set" });
    }
  }
}
