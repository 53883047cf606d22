/** Writes a ratio: `1/46` up to a fifth, `1.12` above. */
export function ratioText(ratio: number): string {
  if (!Number.isFinite(ratio) || ratio === 0) return "-";
  return ratio <= 0.2 ? `1/${Math.round(1 / ratio).toLocaleString("en")}` : ratio.toFixed(2);
}

/** Writes three significant digits, or the whole number from 1,000 on. Mexico groups digits as English does. */
export function number(value: number): string {
  if (Number.isNaN(value)) return "-";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return Number(value.toPrecision(3)).toString();
}

/** Writes seconds as `12 s` or `2 min 5 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
