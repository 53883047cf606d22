import type { ChangedRows } from "./kept-rows.ts";
import { type Listener, Listeners } from "./listeners.ts";

/** The rows of one collection that the page shows: those that are kept, or while paused those at the moment of the pause. */
export class ShownRows<View> {
  readonly #kept: { readonly rows: ReadonlyMap<string, View> };
  readonly #compare: ((a: View, b: View) => number) | null;
  readonly #listeners = new Listeners();
  readonly #changeListeners = new Listeners<[key: string, before: View | undefined, after: View | undefined]>();
  readonly #byKey = new Map<string, Listeners>();
  /** Each row that has changed since it was last shown, as it was shown. */
  readonly #unpublished = new Map<string, View | undefined>();
  #held: ReadonlyMap<string, View> | null = null;
  #list: readonly View[] = [];

  /** @param compare the order of the list. Without it, the order is arbitrary. */
  constructor(kept: { readonly rows: ReadonlyMap<string, View> }, compare: ((a: View, b: View) => number) | null = null) {
    this.#kept = kept;
    this.#compare = compare;
  }

  readonly list = (): readonly View[] => this.#list;

  readonly row = (key: string): View | undefined => (this.#held ?? this.#kept.rows).get(key);

  /** Calls the listener once per frame that changes a row of this collection. */
  readonly subscribe = (listener: Listener): (() => void) => this.#listeners.add(listener);

  readonly subscribeRow = (key: string, listener: Listener): (() => void) => {
    const listeners = this.#byKey.get(key) ?? new Listeners();
    this.#byKey.set(key, listeners);
    const remove = listeners.add(listener);
    return () => {
      remove();
      if (listeners.size === 0 && this.#byKey.get(key) === listeners) this.#byKey.delete(key);
    };
  };

  /** Calls the listener for every row that changes, with undefined for a row that was or is not there. */
  onChange(listener: Listener<[key: string, before: View | undefined, after: View | undefined]>): () => void {
    return this.#changeListeners.add(listener);
  }

  hold(): void {
    this.#held = new Map(this.#kept.rows);
  }

  release(): void {
    this.#held = null;
  }

  record(changed: ChangedRows<View>): void {
    for (const [key, before] of changed) {
      if (!this.#unpublished.has(key)) this.#unpublished.set(key, before);
    }
  }

  /** Call before all kept rows are dropped. Drops also what a pause shows. */
  recordEnd(): void {
    this.record(this.#held ?? this.#kept.rows);
    this.release();
  }

  /** Shows what was recorded. Returns the functions that tell the listeners of rows, and those of changes. */
  publish(): { notifyRows: () => void; notifyChanges: () => void } {
    const changed = [...this.#unpublished];
    this.#unpublished.clear();
    if (changed.length > 0) {
      const rows = [...this.#kept.rows.values()];
      this.#list = this.#compare === null ? rows : rows.sort(this.#compare);
    }
    return {
      notifyRows: () => {
        for (const [key] of changed) this.#byKey.get(key)?.notify();
        if (changed.length > 0) this.#listeners.notify();
      },
      notifyChanges: () => {
        for (const [key, before] of changed) {
          const after = this.row(key);
          if (before !== after) this.#changeListeners.notify(key, before, after);
        }
      },
    };
  }
}
