import { randomUUID } from "node:crypto";
import { importSecrets, sign } from "../../protocol/signature.ts";
import type { Update } from "../../protocol/updates.ts";

export interface SignedPostOptions {
  /** The instance's secret, `whsec_…`. */
  secret: string;
  /** The `webhook-id`. A new one for each post unless set. */
  id?: string;
  /** The time of the signature, epoch ms. The current time unless set. */
  now?: number;
}

/** Signs updates and posts them to `url` (`…/v1/instances/{id}/updates`), as the AWS side does. */
export async function signedPost(url: string, updates: readonly Update[], options: SignedPostOptions): Promise<Response> {
  const body = JSON.stringify({ updates });
  const keys = await importSecrets(options.secret);
  const seconds = Math.floor((options.now ?? Date.now()) / 1000);
  const headers = await sign(keys, options.id ?? randomUUID(), seconds, body);
  return fetch(url, { method: "POST", headers: { ...headers, "content-type": "application/json" }, body });
}
