import type { Board } from "../board/board.ts";
import type { Collection } from "../board/collection.ts";
import { type LocalDay, LocalDays } from "../board/local-day.ts";
import type { KeptQueues } from "./kept-queues.ts";
import type { QueueEvents, QueueStore, StoredQueueChunk } from "./ports.ts";
import { deriveQueue } from "./public-queue.ts";
import { queueDay, type ServiceLevelFormula } from "./queue-day.ts";
import type { QueueRecord } from "./queue-record.ts";
import { QUEUES, type QueueRow } from "./queue-row.ts";
import type { QueueTraffic } from "./queue-traffic.ts";
import type { Staffing } from "./staffing.ts";

/** What the public rows follow from. */
export interface QueueKnowledge {
  readonly kept: KeptQueues;
  readonly traffic: QueueTraffic;
  readonly staffing: Staffing;
}

/** A queue as it stands. */
export interface QueueNews {
  queueId: string;
  /** null = it is not on the board. */
  row: QueueRow | null;
  /** When the newest news of the queue arrived, epoch ms. */
  confirmedAt: number;
}

/** The public rows of the queues. A row is derived anew when anything that it follows from was touched. */
export class QueueBoard {
  readonly #rows: Collection<QueueRow>;
  readonly #known: QueueKnowledge;
  readonly #events: QueueEvents;
  readonly #formula: ServiceLevelFormula;
  readonly #days: LocalDays;
  /** The day that the rows show; it is unknown until the first batch. */
  #day: LocalDay = { from: 0, until: 0 };
  readonly #touched = new Set<string>();
  readonly #confirmedAt = new Map<string, number>();
  /** Queues with news since they were asked for. */
  readonly #news = new Set<string>();

  constructor(
    chunks: readonly StoredQueueChunk[],
    board: Board,
    known: QueueKnowledge,
    events: QueueEvents,
    settings: { timeZone: string; formula: ServiceLevelFormula },
  ) {
    this.#known = known;
    this.#events = events;
    this.#formula = settings.formula;
    this.#days = new LocalDays(settings.timeZone);
    this.#rows = board.addCollection(QUEUES);
    for (const { record, row } of chunks.flatMap(({ queues }) => queues)) {
      if (row !== null) this.#rows.restoreRow(row);
      this.#confirmedAt.set(record.queueId, Math.max(record.takenAt, record.usedAt));
    }
    this.touchAll();
  }

  /** When the day of the rows ends, epoch ms. */
  get dayEndsAt(): number {
    return this.#day.until;
  }

  row(queueId: string): QueueRow | null {
    return this.#rows.row(queueId)?.value ?? null;
  }

  /** Notes that something became known of the queue. */
  noteNews(queueId: string, now: number): void {
    this.#touched.add(queueId);
    this.#news.add(queueId);
    this.#confirmedAt.set(queueId, now);
  }

  /** Derives the row of the queue anew with the next {@link settle}. */
  touch(queueId: string): void {
    this.#touched.add(queueId);
  }

  touchAll(): void {
    for (const { queueId } of this.#known.kept.records()) this.#touched.add(queueId);
  }

  /** Derives the rows with an estimate anew. */
  touchEstimates(): void {
    for (const { key, value } of this.#rows.rows()) if (value !== null && value.estimatedWaitMs !== null) this.#touched.add(key);
  }

  /** Brings the rows up to date and writes those that changed. */
  settle(store: QueueStore, now: number): void {
    const day = this.#days.dayOf(now);
    if (day.from !== this.#day.from) this.touchAll();
    this.#day = day;
    for (const queueId of this.#touched) {
      const record = this.#known.kept.record(queueId);
      if (record !== undefined) this.#settleQueue(record, now);
    }
    this.#touched.clear();
    this.#known.kept.save(store, (queueId) => this.#rows.row(queueId));
  }

  /** All queues as they stand. */
  news(): QueueNews[] {
    return [...this.#known.kept.records()].map(({ queueId }) => this.#newsOf(queueId));
  }

  /** The queues with news since the last call. */
  drainNews(): QueueNews[] {
    const news = [...this.#news].map((queueId) => this.#newsOf(queueId));
    this.#news.clear();
    return news;
  }

  deleteTombstone(queueId: string): void {
    this.#rows.deleteTombstone(queueId);
    this.#confirmedAt.delete(queueId);
  }

  #settleQueue(record: QueueRecord, now: number): void {
    const change = this.#rows.change(record.queueId, record.goneAt === null ? this.#derive(record, now) : null);
    if (change === undefined) return;
    this.#events.rowChanged(change);
    this.#news.add(record.queueId);
    this.#known.kept.noteChanged(record.queueId);
  }

  #derive(record: QueueRecord, now: number): QueueRow {
    const { traffic, staffing } = this.#known;
    const { queueId, serviceLevelSeconds } = record;
    const today = traffic.quarters.since(queueId, this.#day.from).map(([, quarter]) => quarter);
    return deriveQueue(
      {
        record,
        waiting: traffic.legs.waitingIn(queueId),
        isRinging: (contactId) => traffic.isRinging(contactId),
        scheduled: traffic.legs.scheduledIn(queueId),
        staffing: staffing.staffingOf(queueId),
        today: queueDay(today, serviceLevelSeconds, this.#formula),
        formula: this.#formula,
      },
      now,
    );
  }

  #newsOf(queueId: string): QueueNews {
    return { queueId, row: this.row(queueId), confirmedAt: this.#confirmedAt.get(queueId) ?? 0 };
  }
}
