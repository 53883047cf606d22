/** An IPv6 address has eight groups of 16 bits. One customer of a provider has at least the lower four to itself. */
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * Returns under which name a client is counted: its IPv4 address, or the network of its IPv6 address, because a stranger can
 * choose among 2^64 of those.
 */
export function countedAddress(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, "") || "0")
    .join(":");
}
