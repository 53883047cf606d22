import type { Text } from "../text/text.ts";

/**
 * Returns the board's own words, and after them the server's sentence where it is in the reader's language. The server writes
 * English.
 * @param own what the board says in every language
 */
export function withServerWords(own: string, message: string, text: Text): string {
  return text.locale === "en" && message !== "" ? `${own} ${message}` : own;
}
