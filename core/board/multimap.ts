/** A map from each key to a set of values. A key whose last value leaves is gone. */
export class Multimap<Key, Value> {
  readonly #sets = new Map<Key, Set<Value>>();

  addValue(key: Key, value: Value): void {
    const values = this.#sets.get(key);
    if (values === undefined) this.#sets.set(key, new Set([value]));
    else values.add(value);
  }

  deleteValue(key: Key, value: Value): void {
    const values = this.#sets.get(key);
    if (values === undefined) return;
    values.delete(value);
    if (values.size === 0) this.#sets.delete(key);
  }

  /** The values of the key, in the order in which they came. */
  valuesOf(key: Key): Iterable<Value> {
    return this.#sets.get(key) ?? [];
  }

  keys(): Iterable<Key> {
    return this.#sets.keys();
  }
}
