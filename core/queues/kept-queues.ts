import type { BoardRow } from "../board/collection.ts";
import type { QueueStore, StoredQueueChunk } from "./ports.ts";
import { newQueueRecord, type QueueRecord } from "./queue-record.ts";
import type { QueueRow } from "./queue-row.ts";

/**
 * So many queues are kept in one row of the storage. One agent's news changes the staffing of all queues of its profile, and each
 * row that is written costs money. A queue takes about 1 KB, so a row stays far below the 2 MB that SQLite takes.
 */
const QUEUES_PER_CHUNK = 32;

/** The records of all queues, and in which row of the storage each is kept. */
export class KeptQueues {
  readonly #records = new Map<string, QueueRecord>();
  readonly #chunkOf = new Map<string, number>();
  readonly #chunks = new Map<number, Set<string>>();
  readonly #unsaved = new Set<number>();
  /** The chunk that new queues go to. */
  #newest = 0;

  constructor(stored: Iterable<StoredQueueChunk>) {
    for (const { chunk, queues } of stored) {
      for (const { record } of queues) this.#place(record, chunk);
      this.#newest = Math.max(this.#newest, chunk);
    }
  }

  get isEmpty(): boolean {
    return this.#records.size === 0;
  }

  records(): Iterable<QueueRecord> {
    return this.#records.values();
  }

  record(queueId: string): QueueRecord | undefined {
    return this.#records.get(queueId);
  }

  recordOrNew(queueId: string): QueueRecord {
    return this.#records.get(queueId) ?? newQueueRecord(queueId);
  }

  saveRecord(record: QueueRecord): void {
    this.#place(record, this.#chunkOf.get(record.queueId) ?? this.#chunkWithRoom());
    this.noteChanged(record.queueId);
  }

  /** Notes that the row of the queue changed. */
  noteChanged(queueId: string): void {
    const chunk = this.#chunkOf.get(queueId);
    if (chunk !== undefined) this.#unsaved.add(chunk);
  }

  deleteRecord(queueId: string): void {
    this.noteChanged(queueId);
    const chunk = this.#chunkOf.get(queueId);
    if (chunk !== undefined) this.#chunks.get(chunk)?.delete(queueId);
    this.#chunkOf.delete(queueId);
    this.#records.delete(queueId);
  }

  /** Writes the chunks that changed. */
  save(store: QueueStore, rowOf: (queueId: string) => BoardRow<QueueRow> | undefined): void {
    for (const chunk of this.#unsaved) {
      const queues = [...(this.#chunks.get(chunk) ?? [])].map((queueId) => ({
        record: this.recordOrNew(queueId),
        row: rowOf(queueId) ?? null,
      }));
      store.saveQueueChunk({ chunk, queues });
    }
    this.#unsaved.clear();
  }

  #place(record: QueueRecord, chunk: number): void {
    this.#records.set(record.queueId, record);
    this.#chunkOf.set(record.queueId, chunk);
    const members = this.#chunks.get(chunk) ?? new Set<string>();
    this.#chunks.set(chunk, members.add(record.queueId));
  }

  #chunkWithRoom(): number {
    if ((this.#chunks.get(this.#newest)?.size ?? 0) >= QUEUES_PER_CHUNK) this.#newest += 1;
    return this.#newest;
  }
}
