import type { HttpOutcome } from "../../core/alerts/delivery-answer.ts";

/** What a receiver answered to one attempt. */
export interface ReceiverAnswer {
  readonly outcome: HttpOutcome;
  /** What it said, for the operator who tests a target. It holds no address, no secret and no long number; "" = nothing. */
  readonly said: string;
}

/** Receivers say in a line what is wrong. More is a page for people. */
const MAX_BYTES = 2_048;
const MAX_TEXT = 200;

/** Reads the beginning of a body as text, and cancels the rest. @throws when the connection breaks */
export async function readBeginning(response: Response, maxBytes = MAX_BYTES): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < maxBytes) {
    const { done, value } = await reader.read();
    if (done) return decode(chunks);
    chunks.push(value.subarray(0, maxBytes - bytes));
    bytes += value.length;
  }
  await reader.cancel();
  return decode(chunks);
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
}

/**
 * Masks what a receiver said. Some repeat the address, whose path is the secret, or the request. So words that look like addresses,
 * keys and numbers go, and tags of a page with them.
 */
export function maskedText(text: string): string {
  const plain = text
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "…")
    .replaceAll(/\S+@\S+/g, "…")
    // Names of errors are words of letters and underscores. Keys mix letters with digits, or are longer than any word.
    .replaceAll(/\S+/g, (word) => ((word.length >= 6 && /\d/.test(word)) || word.length >= 40 ? "…" : word))
    // Telephone numbers, however they are grouped.
    .replaceAll(/[+(]*\d(?:[\s().\-/]*\d){5,}/g, "…")
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return [...plain].length > MAX_TEXT ? `${[...plain].slice(0, MAX_TEXT).join("")}…` : plain;
}
