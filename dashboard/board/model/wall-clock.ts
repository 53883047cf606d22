/** The clock of the wallboard. */
export interface WallClockText {
  /** `10:42` */
  time: string;
  /** `Thu, Nov 26` */
  date: string;
  /** The zone, for example `GMT-6`; null = that of this browser, which nobody has to be told. */
  zone: string | null;
}

/**
 * Writes the time of day in the center's time zone.
 * @param timeZone an IANA name; null, or one that this browser does not know = the browser's own zone
 */
export class WallboardClock {
  readonly #time: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #zone: Intl.DateTimeFormat | null;

  constructor(locale: string, timeZone: string | null) {
    const zone = knownZone(timeZone);
    const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const place = zone === null ? {} : { timeZone: zone };
    this.#time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...place });
    this.#date = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", ...place });
    this.#zone =
      zone === null || zone === own ? null : new Intl.DateTimeFormat(locale, { timeZoneName: "short", timeZone: zone });
  }

  /** @param now epoch milliseconds. */
  read(now: number): WallClockText {
    const zone = this.#zone?.formatToParts(now).find(({ type }) => type === "timeZoneName")?.value ?? null;
    return { time: this.#time.format(now), date: this.#date.format(now), zone };
  }
}

function knownZone(timeZone: string | null): string | null {
  if (timeZone === null) return null;
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
