/** A whole path of Windows has 260 characters, so that much is left for folders. */
const MAX_CENTER = 60;

/**
 * Returns the name of a file of the board, such as `vigia-Ventas-México-2026-01-05T150000000Z.csv`. Of the center's name only letters
 * and digits stay, because every system forbids other signs.
 * @param now epoch milliseconds
 */
export function csvFileName(center: string, now: number): string {
  const word = center.normalize().replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, "-");
  const part = [...word].slice(0, MAX_CENTER).join("").replaceAll(/^-|-$/g, "");
  const time = new Date(now).toISOString().replaceAll(/[:.]/g, "");
  return ["vigia", ...(part === "" ? [] : [part]), `${time}.csv`].join("-");
}
