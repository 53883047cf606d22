import { type Choice, writeAddress } from "./address.ts";

/** Safari refuses more than 100 changes of the address in 30 s, and every letter of a search is one. */
const SETTLE_MS = 300;

/** Writes the reader's choices into the page's address, once they have settled, without adding to the history. */
export class AddressBar {
  #query = new URLSearchParams(location.search);
  #timer: ReturnType<typeof setTimeout> | null = null;

  remember(choice: Choice): void {
    this.#query = writeAddress(this.#query, choice);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const query = this.#query.toString();
      history.replaceState(null, "", query === "" ? location.pathname : `?${query}`);
    }, SETTLE_MS);
  }
}
