import { isoInZone } from "./local-iso.ts";

/** A whole path of Windows has 260 characters, so that much is left for folders. */
const MAX_CENTER = 60;

/**
 * Returns the name of a file of the board, such as `vigia-Ventas-México-2026-01-05-090000.csv`, with the time on the center's
 * clocks. Of the center's name only letters and digits stay, because every system forbids other signs.
 * @param now epoch milliseconds
 * @param timeZone IANA name
 */
export function csvFileName(center: string, now: number, timeZone: string): string {
  const word = center.normalize().replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, "-");
  const part = [...word].slice(0, MAX_CENTER).join("").replaceAll(/^-|-$/g, "");
  const time = isoInZone(now, timeZone).slice(0, "2026-01-05T09:00:00".length).replace("T", "-").replaceAll(":", "");
  return ["vigia", ...(part === "" ? [] : [part]), `${time}.csv`].join("-");
}
