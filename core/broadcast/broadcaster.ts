import { CLOSE, type CloseReason } from "../../protocol/close-codes.ts";
import type { Turn } from "../../protocol/messages.ts";
import type { Board, Position } from "../board/board.ts";
import type { RowChange } from "../board/collection.ts";
import { filterKey, type GroupFilter, mayView, viewEpoch } from "../board/visibility.ts";
import { comeBackWithinMs } from "./come-back.ts";
import { ConflationBuffer } from "./conflation-buffer.ts";
import { FAN_OUT_BATCH, FanOut, type FanOutJob } from "./fan-out.ts";
import { type Frame, frameOf } from "./frame.ts";
import { errorFrame, FrameWriter, type SessionFields, transcriptFrame } from "./frames.ts";
import { SlowConsumers } from "./slow-consumers.ts";
import type { Subscriber } from "./subscriber.ts";
import { Subscribers } from "./subscribers.ts";
import { newCounters, type Viewer, type ViewerPort } from "./viewer.ts";

/** How often the broadcaster looks at slow consumers. */
const SLOW_CHECK_MS = 1000;
/** No position: the hub can prove nothing from here, so the viewer gets the whole list. */
const UNKNOWN_POSITION = -1;

/** Decides which viewer is sent what, and when: groups of viewers with one filter, changes conflated between flushes. */
export class Broadcaster {
  readonly #board: Board;
  readonly #frames: FrameWriter;
  readonly #buffer = new ConflationBuffer();
  readonly #subscribers: Subscribers;
  readonly #slow = new SlowConsumers();
  readonly #fanOut: FanOut;
  readonly counters = newCounters();
  /** Viewers of the same contact center that other objects serve: an end that hits everybody hits them too. */
  viewersElsewhere = 0;

  constructor(board: Board, batchSize = FAN_OUT_BATCH) {
    this.#board = board;
    this.#fanOut = new FanOut(batchSize);
    this.#frames = new FrameWriter(board);
    this.#subscribers = new Subscribers((filter) => board.newestVisible(filter));
  }

  get size(): number {
    return this.#subscribers.size;
  }

  /** Whether changes wait for the next flush. */
  get hasPendingChanges(): boolean {
    return this.#buffer.size > 0;
  }

  /** Whether viewers wait for frames of the last flush. */
  get isFanningOut(): boolean {
    return this.#fanOut.pending;
  }

  get hasSlowConsumers(): boolean {
    return this.#slow.size > 0;
  }

  viewer(id: string): Viewer | undefined {
    return this.#subscribers.find(id)?.viewer;
  }

  viewers(): Viewer[] {
    return [...this.#subscribers.all()].map(({ viewer }) => viewer);
  }

  /** Takes back a viewer that was here before the object slept, or a new one that gets its frame from {@link sendFirstFrame}. */
  addSubscriber(viewer: Viewer, port: ViewerPort): void {
    this.#subscribers.addViewer(viewer, port);
  }

  /** Sends a new viewer what it missed since `position` if that can be proven, and everything otherwise. */
  sendFirstFrame(id: string, position: Position | null, now: number): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber === undefined) return;
    const { viewer } = subscriber;
    const resumed =
      viewer.legacy || position === null ? null : this.#frames.resumed(position, viewer.groupFilter, now, this.#session(viewer));
    this.counters[resumed === null ? "snapshots" : "resumed"] += 1;
    subscriber.seen = this.#board.seq;
    this.#send(subscriber, resumed ?? this.#wholeList(subscriber, now));
  }

  removeSubscriber(id: string): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber === undefined) return;
    this.#subscribers.remove(subscriber);
    this.#slow.forget(subscriber);
  }

  /** The body of the polling endpoint. */
  poll(filter: GroupFilter, now: number): string {
    return this.#frames.poll(filter, now);
  }

  /** Sends the whole list anew. */
  resync(id: string, now: number): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber === undefined) return;
    if (this.#startAnew(subscriber, now)) this.counters.resyncs += 1;
  }

  /** Extends a session, perhaps with another filter. Then the viewer's board starts anew. */
  renewSession(id: string, expiresAt: number, groupFilter: GroupFilter, now: number): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber === undefined) return;
    subscriber.viewer = { ...subscriber.viewer, expiresAt, groupFilter };
    this.#send(subscriber, frameOf(JSON.stringify({ type: "refreshed", sessionExpiresAt: expiresAt })));
    if (filterKey(groupFilter) === filterKey(subscriber.group.groupFilter)) return;
    this.#subscribers.moveToGroup(subscriber, groupFilter);
    this.#startAnew(subscriber, now);
  }

  setWatching(id: string, contactId: string, watching: boolean): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber !== undefined) this.#subscribers.setWatching(subscriber, contactId, watching);
  }

  /** The contacts that some viewer watches. */
  watchedContacts(): Iterable<string> {
    return this.#subscribers.watchedContacts();
  }

  /** Sends new turns to the viewers that watch the contact and may see it. A slow consumer gets them when it has drained. */
  sendTurns(contactId: string, turns: readonly Turn[], complete: boolean, groups: readonly string[], now: number): void {
    let frame: Frame | null = null;
    for (const subscriber of this.#subscribers.subscribersOfContact(contactId)) {
      if (!mayView(subscriber.viewer.groupFilter, groups)) continue;
      frame ??= transcriptFrame(contactId, turns, complete);
      this.#sendTurnsTo(subscriber, contactId, frame, now);
    }
  }

  /** Sends one viewer the turns so far of a contact that it watches. */
  sendTranscript(
    id: string,
    contactId: string,
    turns: readonly Turn[],
    complete: boolean,
    groups: readonly string[],
    now: number,
  ): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber === undefined || !subscriber.viewer.watching.has(contactId)) return;
    if (!mayView(subscriber.viewer.groupFilter, groups)) return;
    this.#sendTurnsTo(subscriber, contactId, transcriptFrame(contactId, turns, complete), now);
  }

  /** Tells one viewer that its message was refused, and of which contact if the message named one. */
  sendError(id: string, code: string, message: string, contactId?: string): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber !== undefined && !subscriber.viewer.legacy) this.#send(subscriber, errorFrame(code, message, contactId));
  }

  /** Notes a change for the next flush. */
  noteChange(change: RowChange): void {
    this.#buffer.addChange(change);
  }

  /**
   * Makes the frames of all changes since the last flush, one text per group, and sends the first batch. {@link continueFanOut}
   * sends the rest. Frames of the flush before go first.
   */
  flush(now: number): void {
    while (this.isFanningOut) this.continueFanOut(now);
    this.#serveSlowConsumers(now);
    if (!this.hasPendingChanges) return;
    this.counters.flushes += 1;
    this.counters.flushedAgents += this.#buffer.size;
    const flush = this.#frames.flush(this.#buffer.drainChanges(), now);
    for (const group of this.#subscribers.groups()) {
      const frames = flush.framesFor(group.groupFilter, group.position);
      if (frames.batch === null) continue;
      this.#fanOut.addJob({ from: group.position, to: flush.to, frames, subscribers: group.members.values() });
      group.position = flush.to;
    }
    this.continueFanOut(now);
  }

  /** Sends the next batch of a flush. */
  continueFanOut(now: number): void {
    this.#fanOut.sendNextBatch((subscriber, job) => this.#serve(subscriber, job, now));
  }

  /** Closes the sessions that are over. */
  expireSessions(now: number): void {
    this.#serveSlowConsumers(now);
    for (const subscriber of [...this.#subscribers.all()]) {
      if (subscriber.viewer.expiresAt <= now) this.#close(subscriber, CLOSE.ticketExpired);
    }
  }

  /** Closes every socket of a subject. Returns how many there were. */
  revoke(subject: string): number {
    const subscribers = [...this.#subscribers.all()].filter(({ viewer }) => viewer.subject === subject);
    for (const subscriber of subscribers) this.#close(subscriber, CLOSE.revoked);
    return subscribers.length;
  }

  closeViewer(id: string, reason: CloseReason): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber !== undefined) this.#close(subscriber, reason);
  }

  /** When {@link expireSessions} has something to do next, epoch ms; null = never. */
  nextWake(now: number): number | null {
    let next: number | null = null;
    for (const { viewer, slow } of this.#subscribers.all()) {
      const at = slow === null ? viewer.expiresAt : Math.min(viewer.expiresAt, now + SLOW_CHECK_MS);
      if (next === null || at < next) next = at;
    }
    return next;
  }

  /** Sends one subscriber its frames of a flush. Returns how many it sent. */
  #serve(subscriber: Subscriber, { from, to, frames }: FanOutJob, now: number): number {
    if (subscriber.seen >= to || frames.batch === null) return 0;
    if (this.#slow.isSlow(subscriber)) {
      this.#slow.missBoard(subscriber, from, now);
      return 0;
    }
    const before = this.counters.frames;
    if (!subscriber.viewer.legacy) this.#send(subscriber, frames.batch);
    else for (const frame of frames.legacy()) if (frame.seq > subscriber.seen) this.#send(subscriber, frame);
    return this.counters.frames - before;
  }

  #sendTurnsTo(subscriber: Subscriber, contactId: string, frame: Frame, now: number): void {
    if (this.#slow.isSlow(subscriber)) this.#slow.missTurns(subscriber, contactId, now);
    else this.#send(subscriber, frame);
  }

  /** Sends a drained viewer all that it missed, and closes one that has not drained for too long. */
  #serveSlowConsumers(now: number): void {
    for (const subscriber of this.#slow.drained()) this.#catchUp(subscriber, now);
    for (const subscriber of this.#slow.overdue(now)) {
      this.counters.slowCloses += 1;
      this.#close(subscriber, CLOSE.slowConsumer);
    }
  }

  #catchUp(subscriber: Subscriber, now: number): void {
    const { slow, viewer, port } = subscriber;
    this.#slow.forget(subscriber);
    if (slow === null) return;
    if (slow.missedFrom !== null) {
      subscriber.seen = this.#board.seq;
      this.counters.resyncs += 1;
      const at = { epoch: viewEpoch(this.#board.epoch, viewer.groupFilter), seq: slow.missedFrom };
      const missed = viewer.legacy ? null : this.#frames.resumed(at, viewer.groupFilter, now, this.#session(viewer));
      this.#send(subscriber, missed ?? this.#wholeList(subscriber, now));
    }
    for (const contactId of slow.transcripts) port.resendTranscript(contactId);
  }

  /** Sends the whole list, or notes that a slow consumer needs it. Returns whether it was sent. */
  #startAnew(subscriber: Subscriber, now: number): boolean {
    // A viewer that asks again and again must neither fill its queue nor begin its 30 s anew.
    if (this.#slow.isFull(subscriber)) {
      this.#slow.missBoard(subscriber, UNKNOWN_POSITION, now);
      return false;
    }
    const transcripts = subscriber.slow?.transcripts ?? [];
    this.#slow.forget(subscriber);
    this.#send(subscriber, this.#wholeList(subscriber, now));
    for (const contactId of transcripts) subscriber.port.resendTranscript(contactId);
    return true;
  }

  #wholeList(subscriber: Subscriber, now: number): Frame {
    subscriber.seen = this.#board.seq;
    const { viewer } = subscriber;
    if (viewer.legacy) return this.#frames.legacyInitial(viewer.groupFilter, now);
    return this.#frames.initial(viewer.groupFilter, now, this.#session(viewer));
  }

  #session({ expiresAt }: Viewer): SessionFields {
    return { sessionExpiresAt: expiresAt, comeBackWithinMs: comeBackWithinMs(this.size + this.viewersElsewhere) };
  }

  #close(subscriber: Subscriber, reason: CloseReason): void {
    this.removeSubscriber(subscriber.viewer.id);
    subscriber.port.close(reason);
  }

  #send(subscriber: Subscriber, frame: Frame): void {
    this.counters.frames += 1;
    this.counters.bytes += frame.bytes;
    subscriber.port.send(frame.text);
  }
}
