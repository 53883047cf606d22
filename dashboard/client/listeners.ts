export type Listener = () => void;

/** The callbacks of one subject. If a callback throws, the others are still called, and the error is thrown separately. */
export class Listeners {
  readonly #all = new Set<Listener>();

  get size(): number {
    return this.#all.size;
  }

  /** Adds a listener. A function that is added twice is called twice. Returns the function that removes it. */
  add(listener: Listener): () => void {
    const entry = () => listener();
    this.#all.add(entry);
    return () => {
      this.#all.delete(entry);
    };
  }

  notify(): void {
    for (const call of [...this.#all]) {
      try {
        call();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
