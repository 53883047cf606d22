import { Multimap } from "../core/board/multimap.ts";
import { mayView } from "../core/board/visibility.ts";
import type { Broadcaster } from "../core/broadcast/broadcaster.ts";
import type { Frame } from "../core/broadcast/frame.ts";
import { queueContactsFrame } from "../core/broadcast/frames.ts";
import { saveQueues, storedQueues, type WatchedQueue } from "./watched-queue.ts";

/** The board shows one queue, and a wall of queues is far below this. The limit bounds the attachment of the socket, too. */
const MAX_WATCHED_QUEUES = 20;
/** A viewer gets the contacts of one queue so often: 200 contacts are 26 KB. */
const SEND_EVERY_MS = 1000;
/** A viewer that watches one queue after the other gets each so soon after the last. */
const ANSWER_EVERY_MS = 200;
/** A slow consumer is looked at again so soon. */
const SLOW_CHECK_MS = 1000;
/** So many frames go out in a row. Then waiting posts run. */
const FRAMES_PER_STEP = 16;

/** What a viewer was sent of a queue that it watches. */
interface Watch {
  socket: WebSocket;
  /** null = nothing yet. */
  text: string | null;
  /** Epoch ms. */
  sentAt: number;
  /** When it is sent next, epoch ms; null = when something changes. */
  dueAt: number | null;
}

type ReadQueue = (queueId: string) => WatchedQueue | null | Promise<WatchedQueue | null>;

/** The queues that the viewers of one object watch. Each viewer gets the waiting contacts when they change, at most once a second. */
export class QueueWatches {
  readonly #broadcaster: Broadcaster;
  readonly #readQueue: ReadQueue;
  /** Viewer -> queue. */
  readonly #watches = new Map<string, Map<string, Watch>>();
  readonly #viewersOf = new Multimap<string, string>();
  /** Viewer -> when it was answered last, epoch ms. */
  readonly #answeredAt = new Map<string, number>();
  #timer: { handle: ReturnType<typeof setTimeout>; at: number } | null = null;
  #isSending = false;

  /** `readQueue` returns null when there is no such queue. */
  constructor(broadcaster: Broadcaster, readQueue: ReadQueue) {
    this.#broadcaster = broadcaster;
    this.#readQueue = readQueue;
  }

  /** The queues that some viewer watches. */
  watchedQueues(): Iterable<string> {
    return this.#viewersOf.keys();
  }

  /** Goes on with the queues that the socket of a viewer kept while the object slept. */
  restore(id: string, socket: WebSocket): void {
    for (const queueId of storedQueues(socket)) this.#addWatch(id, queueId, socket, null);
  }

  watch(id: string, queueId: string, socket: WebSocket, now: number): void {
    const known = this.#watches.get(id);
    if (known?.has(queueId) !== true && (known?.size ?? 0) >= MAX_WATCHED_QUEUES) {
      const message = `A viewer can watch at most ${MAX_WATCHED_QUEUES} queues at a time. Send unwatchQueue for one of them first.`;
      this.#broadcaster.sendError(id, "too_many_watched", message, { queueId });
      return;
    }
    if (!saveQueues(socket, [...new Set([...(known?.keys() ?? []), queueId])])) {
      const message =
        "The groups and watches of this viewer take too much room. Send unwatch or unwatchQueue for one of them first.";
      this.#broadcaster.sendError(id, "too_many_watched", message, { queueId });
      return;
    }
    const dueAt = Math.max(now, (this.#answeredAt.get(id) ?? 0) + ANSWER_EVERY_MS);
    this.#answeredAt.set(id, dueAt);
    this.#addWatch(id, queueId, socket, dueAt);
    this.#runBy(dueAt, now);
  }

  unwatch(id: string, queueId: string): void {
    const watch = this.#watches.get(id)?.get(queueId);
    if (watch === undefined) return;
    this.#dropWatch(id, queueId);
    saveQueues(watch.socket, [...(this.#watches.get(id)?.keys() ?? [])]);
  }

  /** Forgets a viewer that left. */
  forget(id: string): void {
    for (const queueId of [...(this.#watches.get(id)?.keys() ?? [])]) this.#dropWatch(id, queueId);
    this.#answeredAt.delete(id);
  }

  /** Sends a viewer what it watches once more, because it may see other queues now. */
  startAnew(id: string, now: number): void {
    for (const watch of this.#watches.get(id)?.values() ?? []) Object.assign(watch, { text: null, dueAt: now });
    this.#runBy(now, now);
  }

  /** Notes that the contacts of these queues may have changed. */
  noteChanged(queueIds: Iterable<string>, now: number): void {
    for (const queueId of queueIds) {
      for (const id of this.#viewersOf.valuesOf(queueId)) {
        const watch = this.#watches.get(id)?.get(queueId);
        if (watch === undefined || watch.dueAt !== null) continue;
        // A clock that was set back must not hold the next frame back for as long.
        watch.dueAt = Math.max(now, Math.min(watch.sentAt, now) + SEND_EVERY_MS);
        this.#runBy(watch.dueAt, now);
      }
    }
  }

  #addWatch(id: string, queueId: string, socket: WebSocket, dueAt: number | null): void {
    const watches = this.#watches.get(id) ?? new Map<string, Watch>();
    this.#watches.set(id, watches.set(queueId, { socket, text: null, sentAt: 0, dueAt }));
    this.#viewersOf.addValue(queueId, id);
  }

  #dropWatch(id: string, queueId: string): void {
    const watches = this.#watches.get(id);
    watches?.delete(queueId);
    if (watches?.size === 0) this.#watches.delete(id);
    this.#viewersOf.deleteValue(queueId, id);
  }

  #runBy(at: number, now: number): void {
    if (this.#timer !== null && this.#timer.at <= at) return;
    if (this.#timer !== null) clearTimeout(this.#timer.handle);
    const handle = setTimeout(() => {
      this.#timer = null;
      void this.#sendDue();
    }, at - now);
    this.#timer = { handle, at };
  }

  /** Sends all that is due: each queue is read once, and its frame is made once. */
  async #sendDue(): Promise<void> {
    // The run that is on its way ends with another look.
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      let sent = 0;
      for (const [queueId, ids] of this.#dueViewers(Date.now())) {
        const read = await this.#read(queueId);
        for (const id of ids) {
          this.#sendTo(id, queueId, read);
          sent += 1;
          if (sent % FRAMES_PER_STEP === 0) await scheduler.wait(0);
        }
      }
    } finally {
      this.#isSending = false;
    }
    const next = this.#nextDue();
    if (next !== null) this.#runBy(Math.max(next, Date.now()), Date.now());
  }

  async #read(queueId: string): Promise<{ queue: WatchedQueue; frame: Frame } | "unknown" | "unavailable"> {
    try {
      const queue = await this.#readQueue(queueId);
      return queue === null ? "unknown" : { queue, frame: queueContactsFrame(queueId, queue.contacts, queue.quarters) };
    } catch {
      return "unavailable";
    }
  }

  #sendTo(id: string, queueId: string, read: { queue: WatchedQueue; frame: Frame } | "unknown" | "unavailable"): void {
    const watch = this.#watches.get(id)?.get(queueId);
    const viewer = this.#broadcaster.viewer(id);
    if (watch === undefined || viewer === undefined) return;
    watch.dueAt = null;
    if (read === "unavailable") {
      // A viewer that has the contacts keeps them until the next change.
      if (watch.text !== null) return;
      this.unwatch(id, queueId);
      const message = "The hub cannot read this queue now. Send watchQueue again.";
      this.#broadcaster.sendError(id, "unavailable", message, { queueId });
    } else if (read === "unknown" || !mayView(viewer.groupFilter, read.queue.groups)) {
      this.unwatch(id, queueId);
      this.#broadcaster.sendError(
        id,
        "not_allowed",
        "This queue is not among those you may see. Watch one of the list of queues.",
        { queueId },
      );
    } else if (watch.text !== read.frame.text) {
      const now = Date.now();
      if (!this.#broadcaster.sendFrame(id, read.frame, now)) {
        watch.dueAt = now + SLOW_CHECK_MS;
        return;
      }
      watch.text = read.frame.text;
      watch.sentAt = now;
    }
  }

  #dueViewers(now: number): Map<string, string[]> {
    const due = new Map<string, string[]>();
    for (const [id, watches] of this.#watches) {
      for (const [queueId, { dueAt }] of watches) {
        if (dueAt !== null && dueAt <= now) due.set(queueId, [...(due.get(queueId) ?? []), id]);
      }
    }
    return due;
  }

  #nextDue(): number | null {
    let next: number | null = null;
    for (const watches of this.#watches.values()) {
      for (const { dueAt } of watches.values()) if (dueAt !== null && (next === null || dueAt < next)) next = dueAt;
    }
    return next;
  }
}
