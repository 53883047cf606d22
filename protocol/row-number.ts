/** 24 bits: of 500 ids two share a number once in a hundred boards. Eight digits compress to three bytes. */
const NUMBERS = 0x1000000;

/** Returns the FNV-1a hash (32 bits) of the UTF-16 units of a text that nobody forges (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/**
 * Returns the number by which compact rows name a key: its hash, folded to 24 bits. Both sides compute it, so nobody has to keep a
 * table of numbers through sleep, restarts and another relay. Two keys may share a number: then the hub sends the key itself.
 */
export function rowNumber(key: string): number {
  const hash = fnv1a(key);
  return ((hash >>> 24) ^ hash) & (NUMBERS - 1);
}
