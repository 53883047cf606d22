import { knownZone } from "../../text/known-zone.ts";
import type { Locale } from "../../text/text.ts";

const MINUTE_MS = 60_000;
/** Minutes between two marks of an axis. More than seven marks do not fit below the strip of a panel. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360];
const LONGEST_STEP = 720;
const MAX_MARKS = 7;

/** Times as a contact center's clocks show them. */
export interface ZoneTime {
  /** `14:03` */
  minute(at: number): string;
  /** `14:03:22` */
  second(at: number): string;
  /** YYYY-MM-DD */
  date(at: number): string;
}

/** @param timeZone IANA name. A browser that does not know it shows its own time. */
export function zoneTime(locale: Locale, timeZone: string): ZoneTime {
  const zone = knownZone(timeZone);
  const minute = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const minutes = new Intl.DateTimeFormat(locale, { ...zone, ...minute });
  const seconds = new Intl.DateTimeFormat(locale, { ...zone, ...minute, second: "2-digit" });
  const dates = new Intl.DateTimeFormat("en", { ...zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return {
    minute: (at) => minutes.format(at),
    second: (at) => seconds.format(at),
    date: (at) => {
      const part = new Map(dates.formatToParts(at).map(({ type, value }) => [type, value]));
      return `${part.get("year")}-${part.get("month")}-${part.get("day")}`;
    },
  };
}

/** Whether the clocks of the zone show another time than those of the reader, anywhere between two moments. */
export function isOtherZone(timeZone: string, from: number, to: number): boolean {
  const there = new Intl.DateTimeFormat("en", { ...knownZone(timeZone), dateStyle: "short", timeStyle: "short" });
  const here = new Intl.DateTimeFormat("en", { dateStyle: "short", timeStyle: "short" });
  return [from, to].some((at) => there.format(at) !== here.format(at));
}

/**
 * Returns the times to mark in a window, epoch milliseconds: full hours where it is long, else some minutes apart. They are counted
 * from the beginning of the day, so a day of 23 or 25 hours has as many marks as hours.
 * @param dayFrom local midnight
 */
export function axisMarks(window: { from: number; to: number }, dayFrom: number): number[] {
  const minutes = (window.to - window.from) / MINUTE_MS;
  const step = (STEPS.find((each) => minutes / each <= MAX_MARKS) ?? LONGEST_STEP) * MINUTE_MS;
  const marks: number[] = [];
  for (let at = dayFrom + Math.ceil((window.from - dayFrom) / step) * step; at <= window.to; at += step) marks.push(at);
  return marks;
}

/** Returns the date some days later, `YYYY-MM-DD`; `days` may be negative. */
export function dateAfter(date: string, days: number): string {
  const at = new Date(`${date}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
