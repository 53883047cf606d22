import type { QuietWindow } from "../../protocol/alert-rules.ts";

const MINUTE_MS = 60_000;
/** All time zones of today differ from UTC by whole quarters of an hour, so the clocks show a window's ends at whole steps. */
const STEPS_MIN = [15, 5];
/** Quiet hours that do not end within eight days never end. */
const LONGEST_MS = 8 * 24 * 60 * MINUTE_MS;
const WEEK = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
type Day = (typeof WEEK)[number];

/** Zone -> how to read its clocks. To make a format takes as long as many questions to it. A hub has one zone. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Tells the day and the minute on the clocks of a time zone. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;

  /** @param timeZone an IANA name. Throws a RangeError if the runtime does not know it. */
  constructor(timeZone: string) {
    this.#format = FORMATS.get(timeZone) ?? clockFormat(timeZone);
    FORMATS.set(timeZone, this.#format);
  }

  /** @param at epoch ms */
  read(at: number): { day: Day; minute: number } {
    let [day, hour, minute] = ["", 0, 0];
    for (const { type, value } of this.#format.formatToParts(at)) {
      if (type === "weekday") day = value.toLowerCase();
      if (type === "hour") hour = Number(value);
      if (type === "minute") minute = Number(value);
    }
    return { day: WEEK.find((name) => name === day) ?? "sun", minute: hour * 60 + minute };
  }
}

/**
 * The quiet hours of one rule. They go by the clocks on the wall: in the night of a clock change they are an hour longer or
 * shorter, and an hour that comes twice is quiet twice.
 */
export class QuietHours {
  readonly #windows: readonly { days: readonly Day[]; from: number; to: number }[];
  readonly #clock: WallClock;
  /** To ask a clock takes long, and a window of a weekend has 2,880 minutes. */
  readonly #stepMs: number;
  /** The newest answer: every instant of it has the same end. */
  #known = { from: 0, until: 0 };

  constructor(windows: readonly QuietWindow[], clock: WallClock) {
    this.#windows = windows.map(({ days, from, to }) => ({ days: days ?? WEEK, from: minuteOf(from), to: minuteOf(to) }));
    this.#clock = clock;
    const ends = this.#windows.flatMap(({ from, to }) => [from, to]);
    this.#stepMs = (STEPS_MIN.find((step) => ends.every((end) => end % step === 0)) ?? 1) * MINUTE_MS;
  }

  /** Returns when it is no longer quiet, epoch ms: `at` itself when it is not quiet then. */
  endAfter(at: number): number {
    if (this.#windows.length === 0) return at;
    if (at >= this.#known.from && at < this.#known.until) return this.#known.until;
    if (!this.#isQuiet(at)) return at;
    let until = Math.floor(at / this.#stepMs) * this.#stepMs + this.#stepMs;
    while (until < at + LONGEST_MS && this.#isQuiet(until)) until += this.#stepMs;
    this.#known = { from: at, until };
    return until;
  }

  #isQuiet(at: number): boolean {
    const { day, minute } = this.#clock.read(at);
    const dayBefore = WEEK[(WEEK.indexOf(day) + 6) % 7] ?? day;
    return this.#windows.some(({ days, from, to }) => {
      if (from < to) return days.includes(day) && minute >= from && minute < to;
      return (days.includes(day) && minute >= from) || (days.includes(dayBefore) && minute < to);
    });
  }
}

/** "07:30" -> 450 */
function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function clockFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}
