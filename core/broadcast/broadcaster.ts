import type { CenterFacts } from "../../protocol/center.ts";
import { CLOSE, type CloseReason } from "../../protocol/close-codes.ts";
import { FASTEST_PACE_MS } from "../../protocol/messages.ts";
import type { Board, Position } from "../board/board.ts";
import type { RowChange } from "../board/collection.ts";
import { filterKey, type GroupFilter } from "../board/visibility.ts";
import { BoardSender } from "./board-sender.ts";
import { comeBackWithinMs } from "./come-back.ts";
import { FAN_OUT_BATCH } from "./fan-out.ts";
import { FirstPositions } from "./first-positions.ts";
import type { Frame } from "./frame.ts";
import type { Compression } from "./frame-packer.ts";
import { FrameSender } from "./frame-sender.ts";
import { errorFrame, refreshedFrame } from "./frames.ts";
import { PacedFlushes } from "./paced-flushes.ts";
import { SlowConsumers } from "./slow-consumers.ts";
import type { Subscriber } from "./subscriber.ts";
import { Subscribers } from "./subscribers.ts";
import { TurnSender } from "./turn-sender.ts";
import { type MessageSubject, newCounters, type Person, type Viewer, type ViewerPort } from "./viewer.ts";

/** How often the broadcaster looks at slow consumers. */
const SLOW_CHECK_MS = 1000;
/** Decides which viewer is sent what, and when: groups of viewers with one filter, changes conflated between flushes. */
export class Broadcaster {
  #board: Board;
  readonly #subscribers: Subscribers;
  readonly #slow = new SlowConsumers();
  readonly #flushes: PacedFlushes;
  readonly #turns: TurnSender;
  readonly #sender: FrameSender;
  #boards: BoardSender;
  /** Every viewer has every change up to here, or waits for it. */
  #flushedUpTo: number;
  readonly counters = newCounters();
  /** Viewers of the same contact center that other objects serve: an end that hits everybody hits them too. */
  viewersElsewhere = 0;
  /** What whole lists and resumes say of the contact center; null = nothing. */
  center: CenterFacts | null = null;
  #firstPositions: FirstPositions;

  /** Without `compression` compact viewers get texts alone. A pace of at most `flushIntervalMs` is that of every flush. */
  constructor(
    board: Board,
    compression: Compression | null = null,
    batchSize = FAN_OUT_BATCH,
    flushIntervalMs = FASTEST_PACE_MS,
  ) {
    this.#board = board;
    this.#sender = new FrameSender(this.counters, compression);
    this.#firstPositions = new FirstPositions(board);
    this.#subscribers = new Subscribers((view) => this.#firstPositions.positionFor(view));
    const closeIfOver = (subscriber: Subscriber, now: number) => this.#closeIfOver(subscriber, now);
    this.#flushes = new PacedFlushes(batchSize, flushIntervalMs, this.#subscribers, this.#slow, this.#sender, closeIfOver);
    const sendFrame = (subscriber: Subscriber, frame: Frame) => this.#sender.send(subscriber, frame);
    this.#turns = new TurnSender(this.#subscribers, this.#slow, { closeIfOver, sendFrame });
    this.#boards = this.#senderOf(board);
    this.#flushedUpTo = board.seq;
  }

  /**
   * Goes on with a board that was read from storage again, because a batch could not be stored and memory was ahead. The viewers
   * stay. They get what was stored and not yet flushed. A board of another epoch is sent whole.
   */
  replaceBoard(board: Board, now: number): void {
    while (this.isFanningOut) this.continueFanOut(now);
    const waiting = this.#boards;
    this.#flushes.changes.clear();
    const isAnother = board.epoch !== this.#board.epoch;
    this.#board = board;
    // Positions of another epoch mean nothing here.
    if (isAnother) for (const group of this.#subscribers.groups()) group.position = 0;
    this.#boards = this.#senderOf(board);
    this.#firstPositions = new FirstPositions(board);
    for (const subscriber of this.#subscribers.all()) {
      const { awaited } = subscriber;
      waiting.cancel(subscriber);
      if (awaited?.isFirst === true) this.#boards.sendFirst(subscriber, null, now);
      else if (awaited !== null || isAnother) this.#boards.startAnew(subscriber, now);
      // A slower pace may miss what was flushed for the others.
      else if (board.seq > this.#flushedUpTo || subscriber.group.pace > 0)
        this.#boards.sendMissed(subscriber, subscriber.group.position, now);
    }
    for (const group of this.#subscribers.groups())
      group.position = Math.max(group.position, this.#board.newestVisible(group.view));
    this.#flushedUpTo = board.seq;
  }

  get size(): number {
    return this.#subscribers.size;
  }

  /** Whether changes wait for the next flush. */
  get hasPendingChanges(): boolean {
    return this.#flushes.changes.size > 0;
  }

  /** Whether viewers wait for frames of the last flush. */
  get isFanningOut(): boolean {
    return this.#flushes.isFanningOut;
  }

  get hasSlowConsumers(): boolean {
    return this.#slow.size > 0;
  }

  /** When {@link takeStep} has something to do, epoch ms; null = nothing waits. */
  nextStepAt(now: number): number | null {
    return this.isFanningOut ? now : this.#boards.nextStepAt(now);
  }

  /** Takes one short step of the work that waits: a batch of the fan-out, and a part of a list or one list. */
  takeStep(now: number): void {
    this.continueFanOut(now);
    this.#boards.takeStep(now);
  }

  viewer(id: string): Viewer | undefined {
    return this.#subscribers.find(id)?.viewer;
  }

  viewers(): Viewer[] {
    return [...this.#subscribers.all()].map(({ viewer }) => viewer);
  }

  /** Takes back a viewer that was here before the object slept, or a new one that gets its frame from {@link sendFirstFrame}. */
  addSubscriber(viewer: Viewer, port: ViewerPort): void {
    this.#flushes.changes.openPace(viewer.pace ?? 0);
    this.#subscribers.addViewer(viewer, port);
  }

  /** Sends a new viewer what it missed since `position` if that can be proven, and everything otherwise. */
  sendFirstFrame(id: string, position: Position | null, now: number): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber !== undefined) this.#boards.sendFirst(subscriber, position, now);
  }

  removeSubscriber(id: string): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber === undefined) return;
    this.#subscribers.remove(subscriber);
    this.#slow.forget(subscriber);
    this.#boards.cancel(subscriber);
  }

  /** Passes the body of the polling endpoint to `answer`, at once or later. Returns the seq that the body stands for. */
  poll(filter: GroupFilter, now: number, answer: (body: string) => void): number {
    return this.#boards.poll(filter, now, answer);
  }

  /** Sends the whole list anew, at most once in two seconds. */
  resync(id: string, now: number): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber !== undefined) this.#boards.startAnew(subscriber, now);
  }

  /** Extends a session, perhaps with other rights. With another filter the viewer's board starts anew. */
  renewSession(id: string, expiresAt: number, groupFilter: GroupFilter, now: number, { roles, name }: Person = {}): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber === undefined) return;
    subscriber.viewer = { ...subscriber.viewer, expiresAt, groupFilter, roles, name };
    this.#sender.send(subscriber, refreshedFrame(expiresAt));
    if (filterKey(groupFilter) === subscriber.group.view.key) return;
    this.#boards.cancel(subscriber);
    this.#subscribers.moveToGroup(subscriber);
    this.#boards.startAnew(subscriber, now);
  }

  /** Serves the viewer at most once in `intervalMs` from now on. What it missed by the change comes at once. */
  setPace(id: string, intervalMs: number, now: number): void {
    const subscriber = this.#subscribers.find(id);
    const pace = this.#flushes.paceFor(intervalMs);
    if (subscriber === undefined || subscriber.group.pace === pace) return;
    const knows = this.#flushes.servedUpTo(subscriber.group);
    subscriber.viewer = { ...subscriber.viewer, pace };
    this.#flushes.changes.openPace(pace);
    this.#subscribers.moveToGroup(subscriber);
    if (subscriber.awaited === null && subscriber.group.position > knows) this.#boards.sendMissed(subscriber, knows, now);
  }

  setWatching(id: string, contactId: string, watching: boolean): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber !== undefined) this.#subscribers.setWatching(subscriber, contactId, watching);
  }

  /** The contacts that some viewer watches. */
  watchedContacts(): Iterable<string> {
    return this.#subscribers.watchedContacts();
  }

  /** Sends new turns to the viewers that watch the contact and may see it. */
  sendTurns(...turns: Parameters<TurnSender["sendTurns"]>): void {
    this.#turns.sendTurns(...turns);
  }

  /** Sends one viewer the turns so far of a contact that it watches. */
  sendTranscript(...transcript: Parameters<TurnSender["sendTranscript"]>): void {
    this.#turns.sendTranscript(...transcript);
  }

  /** Sends one viewer a frame of its own. Returns false when the viewer cannot get one now: send a newer one later. */
  sendFrame(id: string, frame: Frame, now: number): boolean {
    const subscriber = this.#subscribers.find(id);
    if (subscriber === undefined || this.#closeIfOver(subscriber, now)) return true;
    if (subscriber.awaited?.isFirst === true || this.#slow.isSlow(subscriber)) return false;
    this.#sender.send(subscriber, frame);
    return true;
  }

  /** Tells one viewer that its message was refused, and what the message was about. */
  sendError(id: string, code: string, message: string, about: MessageSubject = {}): void {
    const subscriber = this.#subscribers.find(id);
    if (subscriber !== undefined && !subscriber.viewer.legacy) this.#sender.send(subscriber, errorFrame(code, message, about));
  }

  /** Notes a change for the next flush. */
  noteChange(change: RowChange): void {
    this.#flushes.changes.addChange(change);
  }

  /**
   * Begins to send all changes since the last flush, and those of slower paces that are due: the first batch at once, the rest with
   * {@link takeStep}. Frames of the flush before go first. With `slowPacesOnly` the others wait.
   */
  flush(now: number, slowPacesOnly = false): void {
    while (this.isFanningOut) this.continueFanOut(now);
    this.#serveSlowConsumers(now);
    this.#boards.dropOldTexts(now);
    this.#sender.beginFlush();
    if (!slowPacesOnly) this.#flushedUpTo = this.#board.seq;
    this.#flushes.begin(this.#board, now, slowPacesOnly);
    this.takeStep(now);
  }

  /** When a slower pace is due, epoch ms; null = nothing waits at any. */
  nextSlowFlush(now: number): number | null {
    return this.#flushes.changes.nextDue(now);
  }

  /** Sends the next batch of a flush. */
  continueFanOut(now: number): void {
    this.#flushes.continueFanOut(now);
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
    return this.#subscribers.nextEnd(now + SLOW_CHECK_MS);
  }

  /** Closes a viewer whose session is over. The alarm may be late, and nothing may be sent after the end. */
  #closeIfOver(subscriber: Subscriber, now: number): boolean {
    if (subscriber.viewer.expiresAt > now) return false;
    this.#close(subscriber, CLOSE.ticketExpired);
    return true;
  }

  /** Sends a drained viewer all that it missed, and closes one that has not drained for too long. */
  #serveSlowConsumers(now: number): void {
    for (const subscriber of this.#slow.drained()) this.#boards.catchUp(subscriber, now);
    for (const subscriber of this.#slow.overdue(now)) {
      this.counters.slowCloses += 1;
      this.#close(subscriber, CLOSE.slowConsumer);
    }
  }

  #close(subscriber: Subscriber, reason: CloseReason): void {
    this.removeSubscriber(subscriber.viewer.id);
    subscriber.port.close(reason);
  }

  #senderOf(board: Board): BoardSender {
    return new BoardSender(board, this.#slow, this.counters, {
      sendFrame: (subscriber, frame) => this.#sender.send(subscriber, frame),
      comeBackWithinMs: () => comeBackWithinMs(this.size + this.viewersElsewhere),
      center: () => this.center,
    });
  }
}
