export type Listener = () => void;

/** The callbacks of one subject. One that throws does not keep the others from being called: its error is thrown on its own. */
export class Listeners {
  readonly #all = new Set<Listener>();

  get size(): number {
    return this.#all.size;
  }

  /** Adding the same function twice counts twice. The returned function may be called more than once. */
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
