/**
 * Writes whole seconds as `0:42`, `12:04` or `1:02:03`. The digital style of `Intl` writes `0:03:07`, which makes every row
 * wider.
 */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const tail = String(whole % 60).padStart(2, "0");
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}

/** Writes a threshold of so many seconds as `3 min`, `90 s` or `1 h`. The units are the same in both languages. */
export function limitText(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}

/** Returns an ISO 8601 duration for `<time datetime>`, for example `PT4500S`. */
export function isoDuration(seconds: number): string {
  return `PT${Math.max(0, Math.floor(seconds))}S`;
}

/** Returns the whole seconds between two epoch milliseconds. Two clocks differ a little, so a negative result becomes 0. */
export function secondsSince(since: number, now: number): number {
  return Math.max(0, Math.floor((now - since) / 1000));
}
