/** Midnight begins a quarter in every time zone of today: all differ from UTC by whole quarters of an hour. */
export const QUARTER_MS = 15 * 60_000;
/** A day has at most 25 hours, on the day on which the clocks go back. */
export const LONGEST_DAY_MS = 25 * 60 * 60_000;

/** A day on the clocks of a time zone: from its first instant to that of the next day, epoch ms. */
export interface LocalDay {
  from: number;
  until: number;
}

/** The beginning of the quarter of an hour in which `at` lies, epoch ms. Quarters are aligned to the epoch. */
export function quarterOf(at: number): number {
  return Math.floor(at / QUARTER_MS) * QUARTER_MS;
}

/** What is known of a time zone: how to tell its date, and the days that were found last. */
interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly known: LocalDay[];
}

/** Today, the oldest day that is kept, and the days that somebody asks for meanwhile. */
const KNOWN_DAYS = 8;

/** To make a format takes as long as many questions to it, and to find a day takes a hundred of them. A hub has one zone. */
const ZONES = new Map<string, Zone>();

/** Tells which day it is in a time zone. A day may have 23 or 25 hours, and may begin at one o'clock. */
export class LocalDays {
  readonly #zone: Zone;

  /** @param timeZone an IANA name. Throws a RangeError if the runtime does not know it. */
  constructor(timeZone: string) {
    const known = ZONES.get(timeZone);
    this.#zone = known ?? { format: dateFormat(timeZone), known: [] };
    if (known === undefined) ZONES.set(timeZone, this.#zone);
  }

  /** The day in which `at` (epoch ms) lies. */
  dayOf(at: number): LocalDay {
    const { format, known } = this.#zone;
    const found = known.find((day) => at >= day.from && at < day.until);
    if (found !== undefined) return found;
    const date = format.format(at);
    let from = quarterOf(at);
    let until = from + QUARTER_MS;
    while (format.format(from - QUARTER_MS) === date) from -= QUARTER_MS;
    while (format.format(until) === date) until += QUARTER_MS;
    const day = { from, until };
    known.unshift(day);
    known.splice(KNOWN_DAYS);
    return day;
  }

  /** The date of the day in which `at` (epoch ms) lies: YYYY-MM-DD. */
  dateOf(at: number): string {
    const part = (name: string) => this.#zone.format.formatToParts(at).find(({ type }) => type === name)?.value ?? "";
    return `${part("year")}-${part("month")}-${part("day")}`;
  }

  /** The day of a date (YYYY-MM-DD). null = there is no such day: no such date, or the zone left it out. */
  dayOfDate(date: string): LocalDay | null {
    const noon = Date.parse(`${date}T12:00:00Z`);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(noon)) return null;
    // Zones are between UTC-12 and UTC+14, so noon there is within a day of noon in UTC.
    const at = [0, -12, 12, -14, 14].map((hours) => noon + hours * 60 * 60_000).find((each) => this.dateOf(each) === date);
    return at === undefined ? null : this.dayOf(at);
  }
}

function dateFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
}
