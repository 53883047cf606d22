import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { STRICT_TRANSPORT_SECURITY } from "../../worker/strict-transport.ts";

/**
 * Lets the files of a built dashboard carry HSTS on the domain of their stage, and on no other address. Cloudflare serves them
 * without the Worker, by the rules in `_headers` (developers.cloudflare.com, Workers, static assets, headers, 2026-11).
 */
export function addDomainHeaders(folder: string, domain: string | null): void {
  if (domain === null) return;
  appendFileSync(join(folder, "_headers"), `\nhttps://${domain}/*\n  Strict-Transport-Security: ${STRICT_TRANSPORT_SECURITY}\n`);
}
