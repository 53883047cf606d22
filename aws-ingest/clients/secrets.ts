import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { importSecrets, type SigningKeys } from "../../protocol/signature.ts";

/** How long a secret is used before it is read again. The hub's first 401 makes a client read it earlier. */
const TTL_MS = 5 * 60_000;
const REQUEST_TIMEOUT_MS = 3000;

interface Cached {
  keys: Promise<SigningKeys>;
  readAt: number;
}

/** Keys stay in memory between invocations. They are no data of a call. */
const cache = new Map<string, Cached>();

export interface KeyRing {
  /** Returns the hub's signing keys, newest first. With `fresh` it reads them again at any age. */
  keys(fresh?: boolean): Promise<SigningKeys>;
}

/**
 * Returns the key ring of the secret `secretId` in Secrets Manager. Its text is a space-separated list of `whsec_…` values.
 * Reading throws the SDK's error, or TypeError if the text is no such list. A failed read is not kept.
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
    if (!SecretString) throw new TypeError("The signing secret in Secrets Manager has no text. Run npm run secret -- add.");
    return await importSecrets(SecretString);
  } finally {
    client.destroy();
  }
}
