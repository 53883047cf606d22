export type Listener<Args extends unknown[] = []> = (...args: Args) => void;

/** The callbacks of one subject. If a callback throws, the others are still called, and the error is thrown separately. */
export class Listeners<Args extends unknown[] = []> {
  readonly #all = new Set<Listener<Args>>();

  get size(): number {
    return this.#all.size;
  }

  /** Adds a listener. A function that is added twice is called twice. Returns the function that removes it. */
  add(listener: Listener<Args>): () => void {
    const entry: Listener<Args> = (...args) => listener(...args);
    this.#all.add(entry);
    return () => {
      this.#all.delete(entry);
    };
  }

  notify(...args: Args): void {
    for (const call of [...this.#all]) {
      try {
        call(...args);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
