import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { importSecrets, type SigningKeys } from "../../protocol/signature.ts";

/** How long a secret read once is believed: a rotation is noticed by then, or at the hub's first 401. */
const TTL_MS = 5 * 60_000;
const REQUEST_TIMEOUT_MS = 3000;

interface Cached {
  keys: Promise<SigningKeys>;
  readAt: number;
}

/** The only thing kept between invocations: keys, no data of any call. */
const cache = new Map<string, Cached>();

export interface KeyRing {
  /** The hub's signing keys, newest first. `fresh` reads them again whatever their age. */
  keys(fresh?: boolean): Promise<SigningKeys>;
}

/**
 * The signing keys in Secrets Manager under `secretId`: the secret's text is a space-separated list of `whsec_…`.
 * Reading throws the SDK's error, or TypeError when the text is no such list; a failed read is not kept.
 */
export function keyRing(secretId: string): KeyRing {
  return {
    keys(fresh = false) {
      const known = cache.get(secretId);
      if (!fresh && known !== undefined && Date.now() - known.readAt < TTL_MS) return known.keys;
      const entry: Cached = { keys: readKeys(secretId), readAt: Date.now() };
      cache.set(secretId, entry);
      entry.keys.catch(() => {
        if (cache.get(secretId) === entry) cache.delete(secretId);
      });
      return entry.keys;
    },
  };
}

async function readKeys(secretId: string): Promise<SigningKeys> {
  const client = new SecretsManagerClient({
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (!SecretString) throw new TypeError("The hub's secret has no text; expected whsec_ and base64.");
    return await importSecrets(SecretString);
  } finally {
    client.destroy();
  }
}
