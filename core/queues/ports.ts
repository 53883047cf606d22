import type { BoardRow, RowChange } from "../board/collection.ts";
import type { QueueLeg } from "./queue-leg.ts";
import type { StoredQuarter } from "./queue-quarters.ts";
import type { ListedProfiles, QueueRecord } from "./queue-record.ts";
import type { QueueRow } from "./queue-row.ts";

/** A queue as it is kept: the public row, and beside it the record that it is derived from. */
export interface StoredQueue {
  record: QueueRecord;
  row: BoardRow<QueueRow> | null;
}

/** Some queues that are kept together, because their figures change together and each row that is written costs money. */
export interface StoredQueueChunk {
  chunk: number;
  queues: StoredQueue[];
}

/** Where the hub keeps its queues. Every call is synchronous and part of the caller's transaction. */
export interface QueueStore {
  /** The leg of a contact, also one that is over; null = none is kept. */
  queueLeg(contactId: string): QueueLeg | null;
  saveQueueLeg(leg: QueueLeg): void;
  /** Deletes the legs that were over before `before`, epoch ms on the hub's clock. */
  deleteQueueLegs(before: number): void;
  saveQuarter(quarter: StoredQuarter): void;
  /** Deletes the quarters that began before `before`, epoch ms. */
  deleteQuarters(before: number): void;
  saveQueueChunk(chunk: StoredQueueChunk): void;
  saveProfiles(profiles: ListedProfiles): void;
  deleteProfiles(): void;
  /** Positions before it can no longer resume. */
  saveOldestResumableSeq(seq: number): void;
}

/** The queues with which a hub begins when its object wakes up. */
export interface StoredQueues {
  /** Legs that are not over, in any order. Others are read when there is news of them. */
  legs: Iterable<QueueLeg>;
  /** When the newest leg that is over was found to be over, epoch ms; 0 = none is kept. */
  lastOverAt: number;
  quarters: Iterable<StoredQuarter>;
  chunks: Iterable<StoredQueueChunk>;
  /** null = no snapshot has told yet. */
  profiles: ListedProfiles | null;
}

export interface QueueEvents {
  /** A row of the board changed. */
  rowChanged(change: RowChange): void;
}
