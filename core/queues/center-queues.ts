import type { QueueQuarter, WaitingContact } from "../../protocol/queue.ts";
import type { QueueSnapshot } from "../../protocol/queue-updates.ts";
import type { AgentContact, Update } from "../../protocol/updates.ts";
import type { Board } from "../board/board.ts";
import type { AgentRow } from "../state/agent-row.ts";
import { talksOfUpdate } from "./agent-contacts.ts";
import { KeptQueues } from "./kept-queues.ts";
import type { QueueEvents, QueueStore, StoredQueues } from "./ports.ts";
import { QueueBoard, type QueueNews } from "./queue-board.ts";
import { publicQuarter, type ServiceLevelFormula } from "./queue-day.ts";
import { CLEAN_EVERY_MS, ESTIMATE_EXPIRES_MS, isQueueGone, queueDeadline } from "./queue-expiry.ts";
import { estimatedWaitMs, foldQueueFigures, foldUse, type ListedProfiles, type QueueRecord } from "./queue-record.ts";
import { QueueTraffic } from "./queue-traffic.ts";
import { SnapshotHealing } from "./snapshot-healing.ts";
import { Staffing } from "./staffing.ts";

/** Viewers that watch a queue get the quarters of so many hours. */
const QUARTERS_SHOWN_MS = 12 * 60 * 60_000;

/** How the hub counts. */
export interface QueueSettings {
  /** IANA name: what "today" means. */
  readonly timeZone: string;
  readonly formula: ServiceLevelFormula;
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
  readonly #centerBoard: Board;
  readonly #store: QueueStore;
  readonly #formula: ServiceLevelFormula;
  readonly #kept: KeptQueues;
  readonly #traffic: QueueTraffic;
  readonly #healing: SnapshotHealing;
  readonly #staffing = new Staffing();
  readonly #board: QueueBoard;
  /** Queues whose waiting contacts or quarters changed, for the viewers that watch them. */
  readonly #changedContacts = new Set<string>();
  /** Queues of which the next {@link settle} finds out whether they are on the board. */
  readonly #unjudged = new Set<string>();
  #profiles: ListedProfiles | null;
  /** When the newest complete snapshot was taken; 0 = there was none. */
  #completeAt = 0;
  /** When the newest snapshot with an estimated wait was taken; 0 = no estimate is shown. */
  #estimatedAt = 0;
  /** When the hub looks next for what has expired; 0 = at once. */
  #cleanAt = 0;

  constructor(stored: StoredQueues, board: Board, store: QueueStore, events: QueueEvents, settings: QueueSettings) {
    this.#centerBoard = board;
    this.#store = store;
    this.#formula = settings.formula;
    const chunks = [...stored.chunks];
    this.#kept = new KeptQueues(chunks);
    this.#traffic = new QueueTraffic(store, stored);
    this.#healing = new SnapshotHealing(this.#traffic);
    const known = { kept: this.#kept, traffic: this.#traffic, staffing: this.#staffing };
    this.#board = new QueueBoard(chunks, board, known, events, settings);
    this.#profiles = stored.profiles;
    if (stored.profiles !== null) this.#staffing.setProfiles(stored.profiles.profiles);
    for (const record of this.#kept.records()) {
      this.#noteEstimate(record);
      this.#completeAt = Math.max(this.#completeAt, record.completeAt);
    }
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
    for (const queueId of this.#staffing.noteAgent(agentId, row, isInCustomStatus)) this.#board.noteNews(queueId, now);
  }

  /** Brings the rows of the board up to date and writes what changed. */
  settle(now: number): void {
    if (this.#cleanAt === 0) this.#cleanAt = now + CLEAN_EVERY_MS;
    for (const [queueId, usedAt] of this.#traffic.drainChanged()) {
      const record = this.#kept.record(queueId);
      const used = foldUse(this.#kept.recordOrNew(queueId), usedAt);
      if (used !== record) this.#kept.saveRecord(used);
      this.#board.noteNews(queueId, now);
      this.#changedContacts.add(queueId);
      this.#unjudged.add(queueId);
    }
    for (const queueId of this.#unjudged) this.#judgeQueue(queueId, now);
    this.#unjudged.clear();
    this.#traffic.save();
    this.#board.settle(this.#store, now);
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
      this.#board.touchEstimates();
    }
    this.settle(now);
  }

  /** When {@link expire} has something to do next, epoch ms; null = never. */
  nextWake(): number | null {
    const due: number[] = [];
    if (!this.#traffic.quarters.isEmpty) due.push(this.#board.dayEndsAt);
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
    return this.#board.row(queueId)?.groups ?? null;
  }

  /** Returns the queues whose waiting contacts or quarters changed since the last call. */
  drainChangedContacts(): string[] {
    const changed = [...this.#changedContacts];
    this.#changedContacts.clear();
    return changed;
  }

  /** All queues as they stand. */
  news(): QueueNews[] {
    return this.#board.news();
  }

  /** The queues with news since the last call. */
  drainNews(): QueueNews[] {
    return this.#board.drainNews();
  }

  get counts(): QueueCounts {
    return { openLegs: this.#traffic.legs.openCount, snapshotDifference: this.#healing.difference };
  }

  #foldSnapshot(snapshot: QueueSnapshot, now: number): boolean {
    const { takenAt } = snapshot;
    const isNewestList = snapshot.complete && takenAt > this.#completeAt;
    if (isNewestList) {
      this.#completeAt = takenAt;
      for (const { queueId } of this.#kept.records()) this.#unjudged.add(queueId);
    }
    let news = this.#foldProfiles(snapshot) || isNewestList;
    for (const figures of snapshot.queues) {
      const record = this.#kept.recordOrNew(figures.queueId);
      const folded = foldQueueFigures(record, figures, takenAt);
      if (folded !== null || isNewestList) this.#kept.saveRecord({ ...(folded ?? record), completeAt: this.#completeAt });
      if (folded === null) continue;
      this.#unjudged.add(figures.queueId);
      this.#board.noteNews(figures.queueId, now);
      this.#noteEstimate(folded);
      this.#healing.compareQueue(folded, now);
      news = true;
    }
    return news;
  }

  #foldProfiles({ takenAt, profiles }: QueueSnapshot): boolean {
    const before = this.#profiles;
    if (profiles === undefined || (before !== null && takenAt < before.takenAt)) return false;
    if (before?.takenAt === takenAt && JSON.stringify(profiles) <= JSON.stringify(before.profiles)) return false;
    this.#profiles = { takenAt, profiles };
    this.#staffing.setProfiles(profiles);
    // The first list also says that nobody serves the queues that it does not name.
    this.#board.touchAll();
    this.#store.saveProfiles(this.#profiles);
    return true;
  }

  /** Takes the queue off the board, or puts it back, by all that is known of it now. */
  #judgeQueue(queueId: string, now: number): void {
    const record = this.#kept.record(queueId);
    if (record === undefined) return;
    const isGone = isQueueGone(record, this.#completeAt, this.#isInUse(queueId), now);
    if (isGone === (record.goneAt !== null)) return;
    if (isGone) this.#removeQueue(record, now);
    else {
      this.#kept.saveRecord({ ...record, goneAt: null });
      this.#board.touch(queueId);
    }
  }

  #removeQueue(record: QueueRecord, now: number): void {
    this.#kept.saveRecord({ ...record, goneAt: now, completeAt: this.#completeAt });
    this.#healing.forgetQueue(record.queueId);
    this.#board.touch(record.queueId);
  }

  #isInUse(queueId: string): boolean {
    return this.#traffic.legs.isWaitedIn(queueId) || this.#traffic.legs.scheduledIn(queueId) > 0;
  }

  #noteEstimate(record: QueueRecord): void {
    if (estimatedWaitMs(record) !== null) this.#estimatedAt = Math.max(this.#estimatedAt, record.takenAt);
  }

  /** Takes queues off the board that nobody mentions, and deletes tombstones that nobody needs any more. */
  #forgetQueues(now: number): void {
    for (const record of [...this.#kept.records()]) {
      const { queueId, goneAt } = record;
      if (queueDeadline(record) > now || this.#isInUse(queueId)) continue;
      if (goneAt === null) this.#removeQueue(record, now);
      else {
        this.#board.deleteTombstone(queueId);
        this.#kept.deleteRecord(queueId);
        this.#store.saveOldestResumableSeq(this.#centerBoard.oldestResumableSeq);
      }
    }
    if (!this.#kept.isEmpty || this.#profiles === null) return;
    this.#profiles = null;
    this.#store.deleteProfiles();
  }
}
