import type { QueueQuarter, WaitingContact } from "../../protocol/queue.ts";
import type { QueueSnapshot } from "../../protocol/queue-updates.ts";
import type { AgentContact, Update } from "../../protocol/updates.ts";
import type { Board } from "../board/board.ts";
import type { Collection } from "../board/collection.ts";
import type { AgentRow } from "../state/agent-row.ts";
import { talksOfUpdate } from "./agent-contacts.ts";
import { KeptQueues } from "./kept-queues.ts";
import { type LocalDay, LocalDays } from "./local-day.ts";
import type { QueueEvents, QueueStore, StoredQueues } from "./ports.ts";
import { deriveQueue } from "./public-queue.ts";
import { publicQuarter, queueDay, type ServiceLevelFormula } from "./queue-day.ts";
import { CLEAN_EVERY_MS, ESTIMATE_EXPIRES_MS, isQueueGone, queueDeadline } from "./queue-expiry.ts";
import { estimatedWaitMs, foldQueueFigures, foldUse, type ListedProfiles, type QueueRecord } from "./queue-record.ts";
import { QUEUES, type QueueRow } from "./queue-row.ts";
import { QueueTraffic } from "./queue-traffic.ts";
import { SnapshotHealing } from "./snapshot-healing.ts";
import { Staffing } from "./staffing.ts";

/** Viewers that watch a queue get the quarters of so many hours. */
const QUARTERS_SHOWN_MS = 12 * 60 * 60_000;

/** How the hub counts. */
export interface QueueSettings {
  /** IANA name: what "today" means. */
  timeZone: string;
  formula: ServiceLevelFormula;
}

/** An agent, as far as the queues need it. */
export interface QueueAgent {
  agentId: string;
  /** null = it is not on the board. */
  row: AgentRow | null;
  /** The contacts that it holds. */
  contacts: readonly AgentContact[];
  /** Whether its own status is a custom one, also while it talks. */
  isInCustomStatus: boolean;
}

/** What became of the queue updates of a batch. */
export interface AppliedQueueUpdates {
  /** How many updates of queues were news. */
  accepted: number;
  /** Contacts that the sender of a snapshot should ask Amazon Connect about; null = there is no snapshot among them. */
  suspects: string[] | null;
}

/** The numbers of the queues for the metrics. */
export interface QueueCounts {
  openLegs: number;
  /** By how many waiting contacts the hub and the newest snapshots differ. */
  snapshotDifference: number;
}

/** The queues of a contact center. It holds no clock: `now` is epoch milliseconds. */
export class CenterQueues {
  readonly #board: Board;
  readonly #rows: Collection<QueueRow>;
  readonly #store: QueueStore;
  readonly #events: QueueEvents;
  readonly #formula: ServiceLevelFormula;
  readonly #days: LocalDays;
  readonly #kept: KeptQueues;
  readonly #traffic: QueueTraffic;
  readonly #healing: SnapshotHealing;
  readonly #staffing = new Staffing();
  readonly #touched = new Set<string>();
  /** Queues whose waiting contacts or quarters changed, for the viewers that watch them. */
  readonly #changedContacts = new Set<string>();
  #profiles: ListedProfiles | null;
  /** When the newest snapshot with an estimated wait was taken; 0 = no estimate is shown. */
  #estimatedAt = 0;
  /** The day that the rows show; it is unknown until the first batch. */
  #day: LocalDay = { from: 0, until: 0 };
  /** When the hub looks next for what has expired; 0 = at once. */
  #cleanAt = 0;

  constructor(stored: StoredQueues, board: Board, store: QueueStore, events: QueueEvents, settings: QueueSettings) {
    this.#board = board;
    this.#store = store;
    this.#events = events;
    this.#formula = settings.formula;
    this.#days = new LocalDays(settings.timeZone);
    this.#rows = board.addCollection(QUEUES);
    const chunks = [...stored.chunks];
    this.#kept = new KeptQueues(chunks);
    for (const { row } of chunks.flatMap(({ queues }) => queues)) if (row !== null) this.#rows.restoreRow(row);
    this.#traffic = new QueueTraffic(store, stored);
    this.#healing = new SnapshotHealing(this.#traffic);
    this.#profiles = stored.profiles;
    if (stored.profiles !== null) this.#staffing.setProfiles(stored.profiles.profiles);
    for (const record of this.#kept.records()) this.#noteEstimate(record);
    this.#touchAll();
  }

  /** Folds the updates of queues, and what those of agents say about contacts. Call {@link settle} afterwards. */
  applyUpdates(updates: readonly Update[], now: number): AppliedQueueUpdates {
    let accepted = 0;
    for (const update of updates) {
      if (update.type === "contact.queue") accepted += this.#traffic.foldContact(update, now) ? 1 : 0;
      else if (update.type === "queue.snapshot") accepted += this.#foldSnapshot(update, now) ? 1 : 0;
      else for (const talk of talksOfUpdate(update)) this.#traffic.noteTalk(talk, now);
    }
    const hasSnapshot = updates.some(({ type }) => type === "queue.snapshot");
    return { accepted, suspects: hasSnapshot ? this.#healing.drainSuspects(now) : null };
  }

  /** Notes an agent as it is now. Call {@link settle} afterwards. */
  noteAgent({ agentId, row, contacts, isInCustomStatus }: QueueAgent, now: number): void {
    this.#traffic.assignContacts(agentId, contacts, now);
    for (const queueId of this.#staffing.noteAgent(agentId, row, isInCustomStatus)) this.#touched.add(queueId);
  }

  /** Brings the rows of the board up to date and writes what changed. */
  settle(now: number): void {
    this.#beginDay(now);
    if (this.#cleanAt === 0) this.#cleanAt = now + CLEAN_EVERY_MS;
    for (const [queueId, usedAt] of this.#traffic.drainChanged()) {
      const record = this.#kept.record(queueId);
      const used = foldUse(record ?? this.#kept.recordOrNew(queueId), usedAt);
      if (used !== record) this.#kept.saveRecord(used);
      this.#touched.add(queueId);
      this.#changedContacts.add(queueId);
    }
    for (const queueId of this.#touched) this.#settleQueue(queueId, now);
    this.#touched.clear();
    this.#traffic.save();
    this.#kept.save(this.#store, (queueId) => this.#rows.row(queueId));
  }

  /** Begins a new day, gives up contacts and estimates, and forgets what no longer counts. */
  expire(now: number): void {
    if (now >= this.#cleanAt) {
      this.#cleanAt = now + CLEAN_EVERY_MS;
      this.#traffic.expire(now);
      this.#forgetQueues(now);
    }
    if (this.#estimatedAt + ESTIMATE_EXPIRES_MS <= now) {
      this.#estimatedAt = 0;
      for (const { key, value } of this.#rows.rows())
        if (value !== null && value.estimatedWaitMs !== null) this.#touched.add(key);
    }
    this.settle(now);
  }

  /** When {@link expire} has something to do next, epoch ms; null = never. */
  nextWake(): number | null {
    const due: number[] = [];
    if (!this.#traffic.quarters.isEmpty) due.push(this.#day.until);
    // Otherwise the hub looks once an hour.
    if (!this.#traffic.isEmpty) due.push(this.#cleanAt);
    else for (const record of this.#kept.records()) due.push(queueDeadline(record));
    if (this.#estimatedAt > 0) due.push(this.#estimatedAt + ESTIMATE_EXPIRES_MS);
    return due.length === 0 ? null : due.reduce((first, at) => Math.min(first, at));
  }

  /** The contacts that wait in the queue, the oldest 200. */
  waitingContacts(queueId: string): WaitingContact[] {
    return this.#traffic.waitingContacts(queueId);
  }

  /** The last hours of the queue by quarters, oldest first. A quarter in which nobody was queued is left out. */
  quarters(queueId: string, now: number): QueueQuarter[] {
    const { serviceLevelSeconds } = this.#kept.recordOrNew(queueId);
    const shown = this.#traffic.quarters.since(queueId, now - QUARTERS_SHOWN_MS);
    return shown.map(([from, quarter]) => publicQuarter(from, quarter, serviceLevelSeconds, this.#formula));
  }

  /** The groups of the agents who serve the queue; null = it is not on the board. */
  groupsOf(queueId: string): readonly string[] | null {
    return this.#rows.row(queueId)?.value?.groups ?? null;
  }

  /** Returns the queues whose waiting contacts or quarters changed since the last call. */
  drainChangedContacts(): string[] {
    const changed = [...this.#changedContacts];
    this.#changedContacts.clear();
    return changed;
  }

  get counts(): QueueCounts {
    return { openLegs: this.#traffic.legs.openCount, snapshotDifference: this.#healing.difference };
  }

  #foldSnapshot(snapshot: QueueSnapshot, now: number): boolean {
    const { takenAt } = snapshot;
    let news = this.#foldProfiles(snapshot);
    for (const figures of snapshot.queues) {
      const folded = foldQueueFigures(this.#kept.recordOrNew(figures.queueId), figures, takenAt);
      if (folded === null) continue;
      this.#saveRecord(folded);
      this.#noteEstimate(folded);
      this.#healing.compareQueue(folded, now);
      news = true;
    }
    return (snapshot.complete && this.#removeUnlisted(snapshot, now)) || news;
  }

  #foldProfiles({ takenAt, profiles }: QueueSnapshot): boolean {
    const before = this.#profiles;
    if (profiles === undefined || (before !== null && takenAt < before.takenAt)) return false;
    if (before?.takenAt === takenAt && JSON.stringify(profiles) <= JSON.stringify(before.profiles)) return false;
    this.#profiles = { takenAt, profiles };
    this.#staffing.setProfiles(profiles);
    // The first list also says that nobody serves the queues that it does not name.
    this.#touchAll();
    this.#store.saveProfiles(this.#profiles);
    return true;
  }

  #removeUnlisted({ queues, takenAt }: QueueSnapshot, now: number): boolean {
    const listed = new Set(queues.map(({ queueId }) => queueId));
    let news = false;
    for (const record of [...this.#kept.records()]) {
      if (listed.has(record.queueId) || !isQueueGone(record, takenAt, this.#isInUse(record.queueId))) continue;
      this.#saveRecord({ ...record, goneAt: now });
      this.#healing.forgetQueue(record.queueId);
      news = true;
    }
    return news;
  }

  #isInUse(queueId: string): boolean {
    return this.#traffic.legs.isWaitedIn(queueId) || this.#traffic.legs.scheduledIn(queueId) > 0;
  }

  #noteEstimate(record: QueueRecord): void {
    if (estimatedWaitMs(record) !== null) this.#estimatedAt = Math.max(this.#estimatedAt, record.takenAt);
  }

  #saveRecord(record: QueueRecord): void {
    this.#kept.saveRecord(record);
    this.#touched.add(record.queueId);
  }

  #settleQueue(queueId: string, now: number): void {
    const record = this.#kept.record(queueId);
    if (record === undefined) return;
    const change = this.#rows.change(queueId, record.goneAt === null ? this.#derive(record, now) : null);
    if (change === undefined) return;
    this.#events.rowChanged(change);
    this.#kept.noteChanged(queueId);
  }

  #derive(record: QueueRecord, now: number): QueueRow {
    const { legs, quarters } = this.#traffic;
    const { queueId, serviceLevelSeconds } = record;
    const today = quarters.since(queueId, this.#day.from).map(([, quarter]) => quarter);
    return deriveQueue(
      {
        record,
        waiting: legs.waitingIn(queueId),
        isRinging: (contactId) => this.#traffic.isRinging(contactId),
        scheduled: legs.scheduledIn(queueId),
        staffing: this.#staffing.staffingOf(queueId),
        today: queueDay(today, serviceLevelSeconds, this.#formula),
      },
      now,
    );
  }

  #beginDay(now: number): void {
    const day = this.#days.dayOf(now);
    if (day.from === this.#day.from) return;
    this.#day = day;
    this.#touchAll();
  }

  #touchAll(): void {
    for (const { queueId } of this.#kept.records()) this.#touched.add(queueId);
  }

  /** Takes queues off the board that nobody mentions, and deletes tombstones that nobody needs any more. */
  #forgetQueues(now: number): void {
    for (const record of [...this.#kept.records()]) {
      const { queueId, goneAt } = record;
      if (queueDeadline(record) > now || this.#isInUse(queueId)) continue;
      if (goneAt === null) this.#saveRecord({ ...record, goneAt: now });
      else {
        this.#rows.deleteTombstone(queueId);
        this.#kept.deleteRecord(queueId);
        this.#store.saveOldestResumableSeq(this.#board.oldestResumableSeq);
      }
    }
    if (!this.#kept.isEmpty || this.#profiles === null) return;
    this.#profiles = null;
    this.#store.deleteProfiles();
  }
}
