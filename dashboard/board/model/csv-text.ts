import { spreadsheetText } from "../../../protocol/spreadsheet-text.ts";

/** Excel reads a file as UTF-8 only when it begins with this mark. */
const BYTE_ORDER_MARK = "\uFEFF";

/** Returns a table as CSV (RFC 4180: CRLF, quotes doubled) that Excel reads, and that no spreadsheet runs as formulas. */
export function csvText(table: readonly (readonly string[])[]): string {
  return `${BYTE_ORDER_MARK}${table.map((line) => `${line.map(cell).join(",")}\r\n`).join("")}`;
}

function cell(text: string): string {
  const safe = spreadsheetText(text);
  // Some spreadsheets split at semicolons or tabs, by the settings of the country.
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
