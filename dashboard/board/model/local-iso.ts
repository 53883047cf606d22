/**
 * Writes a moment as ISO 8601 on the clocks of a time zone, with its distance from UTC, for example `2026-01-05T11:58:58-06:00`.
 * @param at epoch milliseconds
 * @param timeZone IANA name. A browser that does not know it writes UTC.
 */
export function isoInZone(at: number, timeZone: string): string {
  const part = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${part.get("year")}-${part.get("month")}-${part.get("day")}`;
  const time = `${part.get("hour")}:${part.get("minute")}:${part.get("second")}`;
  // The name is `GMT-06:00`, and `GMT` alone where the clocks show UTC.
  const offset = (part.get("timeZoneName") ?? "").replace("GMT", "");
  return `${date}T${time}${offset === "" ? "+00:00" : offset}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** To make a format takes as long as to write fifty moments, and a file has thousands of them. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format = formats.get(timeZone) ?? makeFormat(timeZone);
  formats.set(timeZone, format);
  return format;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat {
  const twoDigits = "2-digit";
  const options: Intl.DateTimeFormatOptions = {
    year: "numeric",
    month: twoDigits,
    day: twoDigits,
    hour: twoDigits,
    minute: twoDigits,
    second: twoDigits,
    hourCycle: "h23",
    timeZoneName: "longOffset",
  };
  try {
    return new Intl.DateTimeFormat("en", { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
  }
}
