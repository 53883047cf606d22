import { CLOSE, type CloseReason } from "../../protocol/close-codes.ts";
import type { Turn } from "../../protocol/messages.ts";
import type { Board, BoardAgent, BoardRow } from "../board/board.ts";
import { filterKey, type GroupFilter, mayView, viewEpoch } from "../board/visibility.ts";
import { ChangeWindow } from "./conflation-buffer.ts";
import { ContactSubscriptions } from "./contact-subscriptions.ts";
import { errorFrame, FrameWriter, transcriptFrame } from "./frames.ts";
import type { Round, Subscriber } from "./subscriber.ts";
import { SubscriberGroups } from "./subscriber-groups.ts";
import { newCounters, type Position, type Viewer, type ViewerPort } from "./viewer.ts";

/** Stop sending to a viewer whose connection holds this much unsent: the queue would grow in the hub's own memory. */
export const BACKLOG_LIMIT_BYTES = 256 * 1024;
/** A viewer that has not drained for so long is closed (it may come back and resume). */
export const LAG_LIMIT_MS = 30_000;
/** How often lagging viewers are looked at. */
const LAG_CHECK_MS = 1000;
/**
 * Sends in a row before a post that has come meanwhile gets its turn: some 0.5 ms at what a frame costs (`npm run bench --
 * --match 'what a frame costs'`), however many viewers there are.
 */
export const SLICE_SENDS = 16;
/** No position: nothing can be proven from here, so the whole list comes. */
const UNKNOWN = -1;

/** Who is told what, and when: viewers grouped by what they may see, changes conflated between flushes. */
export class Broadcaster {
  readonly #board: Board;
  readonly #frames: FrameWriter;
  readonly #window = new ChangeWindow();
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #groups: SubscriberGroups<Subscriber>;
  /** Watched contact -> who watches: neither a post nor a turn may cost by the number of viewers. */
  readonly #contactSubscriptions = new ContactSubscriptions<Subscriber>();
  readonly #laggards = new Set<Subscriber>();
  readonly #slice: number;
  /** Of the last flush, what has not been sent yet. */
  #rounds: Round[] = [];
  readonly counters = newCounters();

  constructor(board: Board, slice = SLICE_SENDS) {
    this.#board = board;
    this.#slice = slice;
    this.#frames = new FrameWriter(board);
    this.#groups = new SubscriberGroups((groupFilter) => board.newestVisible(groupFilter));
  }

  get size(): number {
    return this.#subscribers.size;
  }

  /** Whether changes wait for the next flush. */
  get dirty(): boolean {
    return this.#window.size > 0;
  }

  /** Whether viewers wait for frames of the last flush. */
  get delivering(): boolean {
    return this.#rounds.length > 0;
  }

  viewer(id: string): Viewer | undefined {
    return this.#subscribers.get(id)?.viewer;
  }

  viewers(): Viewer[] {
    return [...this.#subscribers.values()].map((subscriber) => subscriber.viewer);
  }

  /** Takes back a viewer who was here before the object slept, or a new one who gets the first frame from {@link sendFirstFrame}. */
  addSubscriber(viewer: Viewer, port: ViewerPort): void {
    const group = this.#groups.of(viewer.groupFilter);
    const subscriber: Subscriber = { viewer, port, group, lag: null, seen: 0 };
    group.members.add(subscriber);
    this.#subscribers.set(viewer.id, subscriber);
    for (const contactId of viewer.watching) this.#contactSubscriptions.add(contactId, subscriber);
  }

  /** The first frame of a new viewer: what it missed since `position` if that can be proven, else everything. */
  sendFirstFrame(id: string, position: Position | null, now: number): void {
    const subscriber = this.#subscribers.get(id);
    if (subscriber === undefined) return;
    const { viewer } = subscriber;
    const resumed =
      viewer.plain || position === null
        ? null
        : this.#frames.resumed(position.epoch, position.seq, viewer.groupFilter, now, viewer.expiresAt);
    this.counters[resumed === null ? "snapshots" : "resumed"] += 1;
    subscriber.seen = this.#board.seq;
    this.#send(subscriber, resumed ?? this.#initial(subscriber, now));
  }

  removeSubscriber(id: string): void {
    const subscriber = this.#subscribers.get(id);
    if (subscriber === undefined) return;
    this.#subscribers.delete(id);
    this.#laggards.delete(subscriber);
    for (const contactId of subscriber.viewer.watching) this.#contactSubscriptions.delete(contactId, subscriber);
    this.#groups.leave(subscriber.group, subscriber);
  }

  /** The body of the polling endpoint. */
  poll(groupFilter: GroupFilter, now: number): string {
    return this.#frames.poll(groupFilter, now);
  }

  resync(id: string, now: number): void {
    const subscriber = this.#subscribers.get(id);
    if (subscriber === undefined) return;
    // It could not take the list now; asking again and again must neither fill the queue nor begin the lag anew.
    if (subscriber.port.backlog() > BACKLOG_LIMIT_BYTES) {
      this.#lagBehind(subscriber, subscriber.lag?.since ?? now, UNKNOWN);
      return;
    }
    this.#catchUp(subscriber);
    this.counters.resyncs += 1;
    this.#send(subscriber, this.#initial(subscriber, now));
  }

  /** A longer session, perhaps with another group filter; then the viewer's board starts anew. */
  renew(id: string, expiresAt: number, groupFilter: GroupFilter, now: number): void {
    const subscriber = this.#subscribers.get(id);
    if (subscriber === undefined) return;
    subscriber.viewer = { ...subscriber.viewer, expiresAt, groupFilter };
    this.#send(subscriber, JSON.stringify({ type: "refreshed", sessionExpiresAt: expiresAt }));
    if (filterKey(groupFilter) === filterKey(subscriber.group.groupFilter)) return;
    this.#groups.leave(subscriber.group, subscriber);
    subscriber.group = this.#groups.of(groupFilter);
    subscriber.group.members.add(subscriber);
    this.#send(subscriber, this.#initial(subscriber, now));
  }

  watch(id: string, contactId: string, watching: boolean): void {
    const subscriber = this.#subscribers.get(id);
    if (subscriber === undefined) return;
    const set = new Set(subscriber.viewer.watching);
    if (watching) {
      set.add(contactId);
      this.#contactSubscriptions.add(contactId, subscriber);
    } else {
      set.delete(contactId);
      this.#contactSubscriptions.delete(contactId, subscriber);
    }
    subscriber.viewer = { ...subscriber.viewer, watching: set };
  }

  /** The contacts that somebody watches. */
  watched(): Iterable<string> {
    return this.#contactSubscriptions.contactIds();
  }

  /** Tells those who watch the contact and may see it. `only` limits it to one viewer. */
  transcript(contactId: string, turns: readonly Turn[], complete: boolean, groups: readonly string[], only?: string): void {
    let text: string | null = null;
    for (const subscriber of this.#contactSubscriptions.of(contactId)) {
      const { viewer } = subscriber;
      if ((only !== undefined && viewer.id !== only) || !mayView(viewer.groupFilter, groups)) continue;
      text ??= transcriptFrame(contactId, turns, complete);
      this.#send(subscriber, text);
    }
  }

  error(id: string, code: string, message: string): void {
    const subscriber = this.#subscribers.get(id);
    if (subscriber !== undefined && !subscriber.viewer.plain) this.#send(subscriber, errorFrame(code, message));
  }

  /** Notes a change for the next flush. */
  changed(before: BoardAgent | null, row: BoardRow): void {
    this.#window.add(before, row);
  }

  /**
   * Makes the frames of what has changed since the last flush, each agent once, one text per group, and sends the first slice;
   * {@link deliver} sends the rest. What the flush before has not sent goes first.
   */
  flush(now: number): void {
    while (this.delivering) this.deliver(now);
    this.#tendLagging(now);
    if (this.#window.size === 0) return;
    this.counters.flushes += 1;
    this.counters.flushedAgents += this.#window.size;
    const framesFor = this.#frames.flush(this.#window.take(), now);
    for (const group of this.#groups.all()) {
      const frames = framesFor(group.groupFilter, group.position);
      if (frames.batch === null) continue;
      const to = this.#board.seq;
      this.#rounds.push({ from: group.position, to, frames, subscribers: group.members.values() });
      group.position = to;
    }
    this.deliver(now);
  }

  /** Sends the next slice of a flush. */
  deliver(now: number): void {
    let sent = 0;
    for (let round = this.#rounds[0]; round !== undefined && sent < this.#slice; round = this.#rounds[0]) {
      const { value: subscriber, done } = round.subscribers.next();
      if (done === true) this.#rounds.shift();
      else sent += this.#tell(subscriber, round, now);
    }
  }

  /** Closes what has run out. */
  expire(now: number): void {
    this.#tendLagging(now);
    for (const subscriber of [...this.#subscribers.values()]) {
      if (subscriber.viewer.expiresAt <= now) this.#close(subscriber, CLOSE.ticketExpired);
    }
  }

  /** Closes every socket of a viewer; returns how many there were. */
  revoke(subject: string): number {
    const subscribers = [...this.#subscribers.values()].filter((subscriber) => subscriber.viewer.subject === subject);
    for (const subscriber of subscribers) this.#close(subscriber, CLOSE.revoked);
    return subscribers.length;
  }

  /** Closes one socket for a reason of its own. */
  dismiss(id: string, reason: CloseReason): void {
    const subscriber = this.#subscribers.get(id);
    if (subscriber !== undefined) this.#close(subscriber, reason);
  }

  /** When {@link expire} has something to do next; null = never. */
  nextWake(now: number): number | null {
    let next: number | null = null;
    for (const { viewer, lag } of this.#subscribers.values()) {
      const at = lag === null ? viewer.expiresAt : Math.min(viewer.expiresAt, now + LAG_CHECK_MS);
      if (next === null || at < next) next = at;
    }
    return next;
  }

  get lagging(): boolean {
    return this.#laggards.size > 0;
  }

  /** Returns how many frames were sent. */
  #tell(subscriber: Subscriber, { from, to, frames }: Round, now: number): number {
    if (subscriber.lag !== null || subscriber.seen >= to || frames.batch === null) return 0;
    if (subscriber.port.backlog() > BACKLOG_LIMIT_BYTES) {
      this.#lagBehind(subscriber, now, from);
      return 0;
    }
    const before = this.counters.frames;
    if (!subscriber.viewer.plain) this.#send(subscriber, frames.batch);
    else for (const { seq, text } of frames.plain()) if (seq > subscriber.seen) this.#send(subscriber, text);
    return this.counters.frames - before;
  }

  /** A drained viewer gets one frame with all it missed; one that does not drain is closed. */
  #tendLagging(now: number): void {
    for (const subscriber of [...this.#laggards]) {
      const { lag, viewer, port } = subscriber;
      if (lag === null) continue;
      if (port.backlog() <= BACKLOG_LIMIT_BYTES / 4) {
        this.#catchUp(subscriber);
        subscriber.seen = this.#board.seq;
        this.counters.resyncs += 1;
        const missed = viewer.plain
          ? null
          : this.#frames.resumed(
              viewEpoch(this.#board.epoch, viewer.groupFilter),
              lag.seq,
              viewer.groupFilter,
              now,
              viewer.expiresAt,
            );
        this.#send(subscriber, missed ?? this.#initial(subscriber, now));
      } else if (now - lag.since >= LAG_LIMIT_MS) {
        this.counters.slowCloses += 1;
        this.#close(subscriber, CLOSE.tooSlow);
      }
    }
  }

  #lagBehind(subscriber: Subscriber, since: number, seq: number): void {
    subscriber.lag = { since, seq };
    this.#laggards.add(subscriber);
  }

  #catchUp(subscriber: Subscriber): void {
    subscriber.lag = null;
    this.#laggards.delete(subscriber);
  }

  #initial(subscriber: Subscriber, now: number): string {
    subscriber.seen = this.#board.seq;
    return this.#frames.initial(subscriber.viewer.groupFilter, now, subscriber.viewer.plain ? null : subscriber.viewer.expiresAt);
  }

  #close(subscriber: Subscriber, reason: CloseReason): void {
    this.removeSubscriber(subscriber.viewer.id);
    subscriber.port.close(reason);
  }

  #send(subscriber: Subscriber, text: string): void {
    this.counters.frames += 1;
    this.counters.bytes += text.length;
    subscriber.port.send(text);
  }
}
