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

/** Tells which day it is in a time zone. A day may have 23 or 25 hours, and may begin at one o'clock. */
export class LocalDays {
  readonly #format: Intl.DateTimeFormat;
  #known: LocalDay = { from: 0, until: 0 };

  /** @param timeZone an IANA name. Throws a RangeError if the runtime does not know it. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  }

  /** The day in which `at` (epoch ms) lies. */
  dayOf(at: number): LocalDay {
    if (at >= this.#known.from && at < this.#known.until) return this.#known;
    const date = this.#format.format(at);
    let from = quarterOf(at);
    let until = from + QUARTER_MS;
    while (this.#format.format(from - QUARTER_MS) === date) from -= QUARTER_MS;
    while (this.#format.format(until) === date) until += QUARTER_MS;
    this.#known = { from, until };
    return this.#known;
  }

  /** The date of the day in which `at` (epoch ms) lies: YYYY-MM-DD. */
  dateOf(at: number): string {
    const part = (name: string) => this.#format.formatToParts(at).find(({ type }) => type === name)?.value ?? "";
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
