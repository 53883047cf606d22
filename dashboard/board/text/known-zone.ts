/** Returns the zone as an option of a format. A zone that the browser does not know is left out, which means its own. */
export function knownZone(timeZone: string): { timeZone?: string } {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return { timeZone };
  } catch {
    return {};
  }
}
