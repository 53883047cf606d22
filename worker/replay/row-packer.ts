import { log } from "../log.ts";
import { gzip } from "./gzip.ts";
import { nextEvent } from "./next-event.ts";
import type { ReplayTables } from "./replay-tables.ts";

/** Compresses rows of the log that get no more lines, between posts. A row that it misses stays as it is, and can be read too. */
export class RowPacker {
  readonly #tables: ReplayTables;
  readonly #transaction: (change: () => void) => void;
  #closed: number[] = [];
  #isPacking = false;
  /** Rises when the rows that wait are not there any more. */
  #generation = 0;

  /** @param transaction runs a change of the storage, all or nothing */
  constructor(tables: ReplayTables, transaction: (change: () => void) => void) {
    this.#tables = tables;
    this.#transaction = transaction;
  }

  /** Call when a row gets no more lines, also in a transaction that may yet fail. */
  noteClosed(id: number): void {
    this.#closed.push(id);
    setTimeout(() => void this.#packAll(), 0);
  }

  /** Gives up what waits: the storage was replaced. */
  abandon(): void {
    this.#closed = [];
    this.#generation += 1;
  }

  async #packAll(): Promise<void> {
    if (this.#isPacking) return;
    this.#isPacking = true;
    try {
      for (let id = this.#closed.shift(); id !== undefined; id = this.#closed.shift()) await this.#pack(id);
    } catch {
      log("log_row_not_packed", {});
    } finally {
      this.#isPacking = false;
    }
  }

  async #pack(id: number): Promise<void> {
    const [row, next] = this.#tables.logRows(id, 2);
    // The transaction that closed the row has failed, or the row is deleted.
    if (row?.id !== id || next === undefined || typeof row.lines !== "string") return;
    const generation = this.#generation;
    const packed = await gzip([row.lines], nextEvent);
    if (generation === this.#generation) this.#transaction(() => this.#tables.packLogRow(id, packed));
  }
}
