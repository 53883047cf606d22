/** A ratio as one reads it: 1/46 or 1.12. */
export function ratioText(ratio: number): string {
  if (!Number.isFinite(ratio) || ratio === 0) return "-";
  return ratio <= 0.2 ? `1/${Math.round(1 / ratio).toLocaleString("en")}` : ratio.toFixed(2);
}

/** Three digits, or all of a number from a thousand on. Mexico writes them as English does. */
export function number(value: number): string {
  if (Number.isNaN(value)) return "-";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return Number(value.toPrecision(3)).toString();
}

/** `12 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
