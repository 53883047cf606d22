/** Host names that cannot be reached from another machine (RFC 6761 §6.3, RFC 5735, RFC 4291). */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** Whether a page of this origin runs on this machine, on any port. */
export function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname);
}

/**
 * Headers with which proxies, tunnels and content delivery networks say on whose behalf they ask. nginx adds none by itself:
 * docs/proxies.md says which to set.
 */
const PROXY_HEADER =
  /^(forwarded|via|true-client-ip|cdn-loop|(fastly|fly)-client-ip|x-(forwarded|real|client|cluster|original|proxy|envoy|amz|arr|azure|appengine)[\w-]*|tailscale-[\w-]+)$/i;
/** A development server of Cloudflare's adds this header with the address of its client. */
const CLIENT_ADDRESS = "CF-Connecting-IP";
const LOOPBACK_ADDRESS = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i;

/** The ways in which a request is not of this machine, as a word for the log. */
export type Stranger = "other_host" | "came_through_proxy" | "foreign_origin";

/**
 * Whether a request comes from a program or page of this machine: to a loopback host name, through no proxy, and from no page of
 * elsewhere. Returns what speaks against it, or null.
 */
export function strangerReason(request: Request): Stranger | null {
  if (!isLoopback(new URL(request.url).hostname)) return "other_host";
  const address = request.headers.get(CLIENT_ADDRESS);
  if (address !== null && !LOOPBACK_ADDRESS.test(address)) return "came_through_proxy";
  for (const name of request.headers.keys()) if (PROXY_HEADER.test(name)) return "came_through_proxy";
  const origin = request.headers.get("Origin");
  return origin === null || isLoopbackOrigin(origin) ? null : "foreign_origin";
}
