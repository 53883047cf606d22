import { isLoopback } from "../auth/loopback.ts";

/** Slack and Teams have addresses of some 500 characters. */
const MAX_LENGTH = 2_000;

/** Names that no public server has (RFC 6761, RFC 6762, RFC 8375, and ICANN's reservation of `internal` of 2024). */
const PRIVATE_SUFFIX =
  /(^|\.)(localhost|local|internal|intranet|private|corp|home|lan|home\.arpa|in-addr\.arpa|ip6\.arpa|test|invalid|onion)$/;

/** IPv4 blocks that are not global (IANA IPv4 Special-Purpose Address Registry, 2026), with multicast and the rest above it. */
const PRIVATE_BLOCKS: readonly (readonly [address: string, bits: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/**
 * Returns why the hub sends nothing to an address, as the rest of a sentence that begins with its place; null = it may. A name that
 * leads into a private network is not seen: a Worker cannot ask which address a name has.
 * @param allowLoopback also allows http to this machine
 */
export function addressProblem(address: string, allowLoopback: boolean): string | null {
  if (address.length > MAX_LENGTH || !URL.canParse(address)) return "is not a web address of at most 2,000 characters";
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== "" || password !== "") return "has a user or a password before the host, which no receiver needs";
  if (allowLoopback && isLoopback(hostname) && (protocol === "http:" || protocol === "https:")) return null;
  if (protocol !== "https:") return "is not an https address";
  return isPublicHost(hostname) ? null : "leads to this machine or into a private network";
}

/** @param hostname as `URL` has it: `https://2130706433`, `https://0x7f.1` and `https://127.0.0.1` are the same there */
function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return isPublicV6(hostname.slice(1, -1));
  const name = hostname.replace(/\.$/, "");
  const v4 = numberOf(name);
  if (v4 !== null) return !PRIVATE_BLOCKS.some(([address, bits]) => sameBlock(v4, numberOf(address) ?? 0, bits));
  // A name without a dot is one of the own network.
  return name.includes(".") && !PRIVATE_SUFFIX.test(name);
}

function sameBlock(a: number, b: number, bits: number): boolean {
  const size = 2 ** (32 - bits);
  return Math.floor(a / size) === Math.floor(b / size);
}

/** "10.0.0.1" -> 167772161; null = no IPv4 address */
function numberOf(text: string): number | null {
  const parts = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text.split(".").map(Number) : [];
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum * 256 + part, 0);
}

/**
 * Only 2000::/3 is global. In it, Teredo, 6to4 and the addresses of documentation are not, and the first two hold an IPv4 address
 * (IANA IPv6 Special-Purpose Address Registry, 2026). The mapped and translated forms of IPv4 lie outside.
 */
function isPublicV6(text: string): boolean {
  const [first = "", second = ""] = text.split(":");
  const head = Number.parseInt(first || "0", 16);
  const next = Number.parseInt(second || "0", 16);
  if (head < 0x2000 || head > 0x3fff) return false;
  const isSpecial = head === 0x2001 && (next < 0x0200 || next === 0x0db8);
  return !isSpecial && head !== 0x2002 && !(head === 0x3fff && next < 0x1000);
}
