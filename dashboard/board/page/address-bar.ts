import { type Choice, writeAddress } from "./address.ts";

/**
 * Milliseconds without a change before the address is written. Safari allows 100 changes in 30 s, and each letter of a search is
 * one.
 */
const SETTLE_MS = 300;

/** Writes the reader's changes into the page's address. It waits for a pause and adds nothing to the history. */
export class AddressBar {
  #query = new URLSearchParams(location.search);
  #timer: ReturnType<typeof setTimeout> | null = null;

  remember(choice: Choice): void {
    this.#query = writeAddress(this.#query, choice);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.write(), SETTLE_MS);
  }

  /** Writes what waits, before the page leaves. */
  write(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    const query = this.#query.toString();
    history.replaceState(null, "", query === "" ? location.pathname : `?${query}`);
  }
}
