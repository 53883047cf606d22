import { knownZone } from "../../text/known-zone.ts";

/** A setting of a year is more than a hub keeps, and still a list. */
const MOST_DAYS = 400;
const DAY_MS = 24 * 60 * 60_000;
const SECOND_MS = 1_000;

/** The days that can be replayed, by the clocks of a contact center. Times are epoch ms. */
export class ZoneDays {
  readonly #clock: Intl.DateTimeFormat;
  /** The days that were listed last. While the past plays, each picture asks for them. */
  #listed: { oldest: number; newest: number; days: readonly number[] } | null = null;

  /** @param timeZone IANA name. A browser that does not know it counts by its own clock. */
  constructor(timeZone: string) {
    const digits = "2-digit";
    this.#clock = new Intl.DateTimeFormat("en", {
      ...knownZone(timeZone),
      ...{ year: "numeric", month: digits, day: digits, hour: digits, minute: digits, second: digits, hourCycle: "h23" },
    });
  }

  /** Returns when the day of a moment begins. Where the clocks skip midnight, it begins later. */
  startOfDay(at: number): number {
    return this.#momentOf(midnightOf(this.#face(at)));
  }

  /** Returns when the next day begins: a day may have 23 or 25 hours. */
  endOfDay(at: number): number {
    return this.#momentOf(midnightOf(this.#face(at)) + DAY_MS);
  }

  /** Returns the beginnings of all days from the oldest moment to the newest one, the newest day first. */
  daysOf(oldest: number, newest: number): readonly number[] {
    const [from, to] = [midnightOf(this.#face(oldest)), midnightOf(this.#face(newest))];
    const listed = this.#listed;
    if (listed !== null && listed.oldest === from && listed.newest === to) return listed.days;
    const days: number[] = [];
    for (let day = to; day >= from && days.length < MOST_DAYS; day -= DAY_MS) days.push(this.#momentOf(day));
    this.#listed = { oldest: from, newest: to, days };
    return days;
  }

  /** Returns the same time of the clock on another day. */
  onDay(at: number, day: number): number {
    const time = this.#face(at);
    return this.#momentOf(midnightOf(this.#face(day)) + (time - midnightOf(time)));
  }

  /** Writes the time of day as a field for times has it: `10:40:12`. */
  timeField(at: number): string {
    return new Date(this.#face(at)).toISOString().slice(11, 19);
  }

  /** Reads what a field for times has, on the day of `at`. Returns null when it is no time. */
  readTimeField(value: string, at: number): number | null {
    const found = /^(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(value);
    if (found === null) return null;
    const [hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
    return this.#momentOf(midnightOf(this.#face(at)) + (hours * 3600 + minutes * 60 + seconds) * SECOND_MS);
  }

  /** The face of the clock at a moment, as the epoch ms at which a clock of UTC shows the same. */
  #face(at: number): number {
    const part = new Map(this.#clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes) => part.get(type) ?? 0;
    return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  }

  /** The first moment at which the clock shows `face`. Where the clocks skip it, the moment after they went forward. */
  #momentOf(face: number): number {
    const moments = [face - DAY_MS, face + DAY_MS].map((near) => face - (this.#face(near) - near));
    const [before = face] = moments;
    const shown = moments.filter((moment) => this.#face(moment) === face);
    return shown.length === 0 ? before : Math.min(...shown);
  }
}

function midnightOf(face: number): number {
  return Math.floor(face / DAY_MS) * DAY_MS;
}
