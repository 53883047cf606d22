import { isOver } from "../../core/queues/leg-state.ts";
import type { QueueStore, StoredQueueChunk, StoredQueues } from "../../core/queues/ports.ts";
import type { QueueLeg } from "../../core/queues/queue-leg.ts";
import type { StoredQuarter } from "../../core/queues/queue-quarters.ts";
import type { ListedProfiles } from "../../core/queues/queue-record.ts";

interface QueueTexts {
  legs: Map<string, string>;
  quarters: Map<string, string>;
  chunks: Map<number, string>;
  profiles: string | null;
}

/** Keeps queues as JSON texts, so that the hub's memory shares no object with it. */
export class MemoryQueueStore implements QueueStore {
  #stored: QueueTexts = { legs: new Map(), quarters: new Map(), chunks: new Map(), profiles: null };
  readonly #noteWrite: () => void;
  oldestResumableSeq = 0;

  /** @param noteWrite runs before each row that is written, and may fail */
  constructor(noteWrite: () => void) {
    this.#noteWrite = noteWrite;
  }

  load(): StoredQueues {
    const { legs, quarters, chunks, profiles } = this.#stored;
    const all = [...legs.values()].map((text) => parsed<QueueLeg>(text));
    return {
      legs: all.filter((leg) => !isOver(leg)),
      lastOverAt: Math.max(0, ...all.map(({ overAt }) => overAt ?? 0)),
      quarters: [...quarters.values()].map((text) => parsed<StoredQuarter>(text)),
      chunks: [...chunks.values()].map((text) => parsed<StoredQueueChunk>(text)),
      profiles: profiles === null ? null : parsed<ListedProfiles>(profiles),
    };
  }

  /** How many rows each table has. */
  get sizes(): { legs: number; quarters: number; chunks: number } {
    const { legs, quarters, chunks } = this.#stored;
    return { legs: legs.size, quarters: quarters.size, chunks: chunks.size };
  }

  copy(): QueueTexts {
    return structuredClone(this.#stored);
  }

  restoreCopy(copy: QueueTexts): void {
    this.#stored = copy;
  }

  queueLeg(contactId: string): QueueLeg | null {
    const text = this.#stored.legs.get(contactId);
    return text === undefined ? null : parsed<QueueLeg>(text);
  }

  saveQueueLeg(leg: QueueLeg): void {
    this.#noteWrite();
    this.#stored.legs.set(leg.contactId, JSON.stringify(leg));
  }

  deleteQueueLegs(before: number): void {
    for (const [contactId, text] of this.#stored.legs) {
      const { overAt } = parsed<QueueLeg>(text);
      if (overAt !== null && overAt < before) this.#stored.legs.delete(contactId);
    }
  }

  saveQuarter(quarter: StoredQuarter): void {
    this.#noteWrite();
    this.#stored.quarters.set(`${quarter.queueId}/${quarter.from}`, JSON.stringify(quarter));
  }

  deleteQuarters(before: number): void {
    for (const [key, text] of this.#stored.quarters)
      if (parsed<StoredQuarter>(text).from < before) this.#stored.quarters.delete(key);
  }

  saveQueueChunk(chunk: StoredQueueChunk): void {
    this.#noteWrite();
    this.#stored.chunks.set(chunk.chunk, JSON.stringify(chunk));
  }

  saveProfiles(profiles: ListedProfiles): void {
    this.#noteWrite();
    this.#stored.profiles = JSON.stringify(profiles);
  }

  deleteProfiles(): void {
    this.#stored.profiles = null;
  }

  saveOldestResumableSeq(seq: number): void {
    this.oldestResumableSeq = seq;
  }
}

function parsed<T>(text: string): T {
  return JSON.parse(text);
}
