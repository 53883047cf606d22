/** Blanks, line ends, control characters, and characters without a width. Spreadsheets and the programs before them cut them off. */
const UNSEEN = /^[\s\p{C}\p{Z}\p{M}\u115F\u1160\u3164\uFFA0\u2800]+/u;
const NUMBER = /^-?\d+(\.\d+)?$/;
/** Where a spreadsheet may begin another cell. Some split at semicolons or tabs, by the settings of the country. */
const SEPARATORS = /([;\t\r\n])/;

/**
 * Puts an apostrophe before text that a spreadsheet would run as a formula (OWASP, CSV injection), also where the sign stands after
 * blanks or is a full-width form, which Excel takes for the plain one. Numbers stay numbers.
 *
 * The quotes of a cell in the middle of a line mean nothing to a spreadsheet that splits at semicolons, so that what follows a
 * semicolon within the text counts as another text.
 */
export function spreadsheetText(text: string): string {
  if (NUMBER.test(text)) return text;
  const before = UNSEEN.exec(text)?.[0] ?? "";
  const [first = "", ...others] = text.slice(before.length).split(SEPARATORS);
  const rest = others.map((piece) => (isFormula(piece) ? `'${piece}` : piece)).join("");
  return `${/^[\t\r\n]/.test(text) || isFormula(first) ? "'" : ""}${before}${first}${rest}`;
}

function isFormula(text: string): boolean {
  return /^[=+\-@\u2212]/.test(text.replace(UNSEEN, "").normalize("NFKC"));
}
