import { isLoopback } from "./auth/loopback.ts";

/**
 * The value of `Strict-Transport-Security` (RFC 6797): a browser that has seen it asks for the hub over https only, for a year.
 * Without `includeSubDomains`, because other hosts below the domain are not ours.
 */
export const STRICT_TRANSPORT_SECURITY = "max-age=31536000";

/**
 * Whether an address is a domain of the deployer's. Browsers know that all of `.dev` is https. On a loopback or plain address
 * the header would lock out other programs of the same machine.
 */
export function isOwnDomain({ protocol, hostname }: URL): boolean {
  const isAddress = /^[\d.]+$|^\[/.test(hostname);
  return protocol === "https:" && !isLoopback(hostname) && !isAddress && !hostname.endsWith(".workers.dev");
}
