import { log } from "./log.ts";
import type { SqliteStore } from "./sqlite-store.ts";
import { storageCause } from "./storage-cause.ts";

/** The hub looks so often whether its storage takes a row, when nobody posts and somebody asks. */
const PROBE_EVERY_MS = 60_000;

/** Runs transactions, and knows whether the storage takes writes. */
export class StorageGuard {
  readonly #storage: DurableObjectStorage;
  readonly #store: SqliteStore;
  readonly #instance: string;
  readonly #restoreMemory: (now: number) => void;
  #problem: string | null = null;
  /** When a write succeeded last, epoch ms. */
  #storedAt = 0;
  #isMemoryAhead = false;
  /** How often a write failed. */
  failures = 0;

  /** `restoreMemory` reads the state from storage again. It runs when a failed transaction had changed the state in memory. */
  constructor(storage: DurableObjectStorage, store: SqliteStore, instance: string, restoreMemory: (now: number) => void) {
    this.#storage = storage;
    this.#store = store;
    this.#instance = instance;
    this.#restoreMemory = restoreMemory;
  }

  /** Why the last write failed, as a stable word; null = it succeeded. */
  get problem(): string | null {
    return this.#problem;
  }

  /**
   * Writes what `change` decides, all or nothing. `change` calls its argument before it changes memory.
   * @throws Error when it cannot be stored. Memory and storage are as before then, and the log names the cause.
   */
  transaction<Result>(now: number, change: (changesMemory: () => void) => Result): Result {
    this.#isMemoryAhead = false;
    try {
      const result = this.#storage.transactionSync(() =>
        change(() => {
          this.#isMemoryAhead = true;
        }),
      );
      this.#noteSuccess(now);
      return result;
    } catch (error) {
      this.#noteFailure(error);
      if (this.#isMemoryAhead) this.#restoreMemory(now);
      throw new Error("The storage did not take the change. Nothing of it is applied.");
    }
  }

  /** As {@link transaction}, for a change of the storage alone. The memory is read anew after it. */
  replaceStored<Result>(now: number, change: () => Result): Result {
    const result = this.transaction(now, change);
    this.#restoreMemory(now);
    return result;
  }

  /** Returns {@link problem}, and tries a write before if the last one failed or is long ago. */
  check(now: number): string | null {
    if (this.#problem === null && Math.abs(now - this.#storedAt) < PROBE_EVERY_MS) return null;
    try {
      this.#store.probe(now);
      this.#noteSuccess(now);
    } catch (error) {
      this.#noteFailure(error);
    }
    return this.#problem;
  }

  #noteSuccess(now: number): void {
    this.#storedAt = now;
    if (this.#problem !== null) log("storage_works_again", { instance: this.#instance });
    this.#problem = null;
  }

  #noteFailure(error: unknown): void {
    const cause = storageCause(error);
    this.failures += 1;
    this.#problem = cause === "SQLITE_FULL" ? "storage_full" : "storage_failed";
    log("storage_failed", { instance: this.#instance, cause });
  }
}
