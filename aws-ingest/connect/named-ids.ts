/** A name and the id that Amazon Connect has for it. */
export interface NamedId {
  name: string;
  id: string;
}

/** Names change seldom, and the account has two requests a second for most lists. */
const KEPT_MS = 10 * 60_000;
/** A name that was not found may have been added since. It is looked up again after this time. */
const MISSED_MS = 15_000;

/** Remembers ids by their names from invocation to invocation. Names are compared without case. */
export class NamedIds {
  readonly #known = new Map<string, { id: string | null; at: number }>();

  /**
   * Returns the id of the first of these names that has one, or null. Names that are not known are looked up.
   * @param lookUp returns the ids of these names, and may return others
   * @param now epoch ms
   */
  async find(
    names: readonly string[],
    lookUp: (names: readonly string[]) => Promise<readonly NamedId[]>,
    now: number,
  ): Promise<string | null> {
    const unknown = names.filter((name) => !this.#isKnown(name, now));
    if (unknown.length > 0) {
      const found = await lookUp(unknown);
      for (const name of unknown) this.#known.set(keyOf(name), { id: null, at: now });
      for (const { name, id } of found) this.#known.set(keyOf(name), { id, at: now });
    }
    for (const name of names) {
      const id = this.#known.get(keyOf(name))?.id;
      if (id) return id;
    }
    return null;
  }

  forget(name: string): void {
    this.#known.delete(keyOf(name));
  }

  #isKnown(name: string, now: number): boolean {
    const known = this.#known.get(keyOf(name));
    return known !== undefined && Math.abs(now - known.at) < (known.id === null ? MISSED_MS : KEPT_MS);
  }
}

function keyOf(name: string): string {
  return name.toLowerCase();
}
