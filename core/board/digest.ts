/** Returns the FNV-1a hash (32 bits, hex) of a text that nobody forges (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
