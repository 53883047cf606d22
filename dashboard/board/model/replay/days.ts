/** The days that can be replayed, by the clock of this browser, as every time of the board. Times are epoch ms. */

/** Returns when the day of a moment begins. */
export function startOfDay(at: number): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
}

/** Returns when the next day begins: a day may have 23 or 25 hours. */
export function endOfDay(at: number): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}

/** A setting of a year is more than a hub keeps, and still a list. */
const MOST_DAYS = 400;

/** Returns the beginnings of all days from the oldest moment to the newest one, the newest day first. */
export function daysOf(oldest: number, newest: number): number[] {
  const days: number[] = [];
  for (let day = startOfDay(newest); days.length < MOST_DAYS; day = startOfDay(day - 1)) {
    days.push(day);
    if (day <= oldest) break;
  }
  return days;
}

/** Returns the same time of the clock on another day. */
export function onDay(at: number, day: number): number {
  const [time, date] = [new Date(at), new Date(day)];
  const [hours, minutes, seconds] = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return new Date(date.getFullYear(), date.getMonth(), date.getDate(), hours, minutes, seconds).getTime();
}

/** Writes the time of day as a field for times has it: `10:40:12`. */
export function timeField(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** Reads what a field for times has, on the day of `at`. Returns null when it is no time. */
export function readTimeField(value: string, at: number): number | null {
  const found = /^(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(value);
  if (found === null) return null;
  const [hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes, seconds).getTime();
}
