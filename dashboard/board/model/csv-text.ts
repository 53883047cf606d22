/** Excel reads a file as UTF-8 only when it begins with this mark. */
const BYTE_ORDER_MARK = "\uFEFF";

/** Returns a table as CSV (RFC 4180: CRLF, quotes doubled) that Excel reads, and that no spreadsheet runs as formulas. */
export function csvText(table: readonly (readonly string[])[]): string {
  return `${BYTE_ORDER_MARK}${table.map((line) => `${line.map(escaped).join(",")}\r\n`).join("")}`;
}

/** Blanks, line ends, control characters, and characters without a width. Spreadsheets and the programs before them cut them off. */
const UNSEEN = /^[\s\p{C}\p{Z}\p{M}\u115F\u1160\u3164\uFFA0\u2800]+/u;
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * Puts an apostrophe before text that a spreadsheet would run as a formula (OWASP, CSV injection), also where the sign stands after
 * blanks or is a full-width form, which Excel takes for the plain one. Numbers stay numbers.
 */
function escaped(text: string): string {
  const safe = isFormula(text) ? `'${text}` : text;
  // Some spreadsheets split at semicolons or tabs, by the settings of the country.
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isFormula(text: string): boolean {
  if (NUMBER.test(text)) return false;
  return /^[\t\r\n]/.test(text) || /^[=+\-@\u2212]/.test(text.replace(UNSEEN, "").normalize("NFKC"));
}
