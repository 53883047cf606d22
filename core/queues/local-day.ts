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
}
