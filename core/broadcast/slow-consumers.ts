import type { Subscriber } from "./subscriber.ts";

/** The broadcaster sends nothing that makes a connection hold more unsent bytes: the queue would grow in the hub's memory. */
export const BACKLOG_LIMIT_BYTES = 256 * 1024;
/** A slow consumer has drained when its connection holds at most so many bytes. */
const DRAINED_BYTES = BACKLOG_LIMIT_BYTES / 4;
/** The broadcaster closes a slow consumer that has not drained for so long. It may come back and resume. */
export const SLOW_LIMIT_MS = 30_000;

/** The subscribers whose connections are full, and what each of them misses. */
export class SlowConsumers {
  readonly #slow = new Set<Subscriber>();

  get size(): number {
    return this.#slow.size;
  }

  /** Whether the subscriber's connection cannot take so many bytes now. One that has drained takes any frame. */
  isFull(subscriber: Subscriber, bytes = 0): boolean {
    const unsent = subscriber.port.bufferedBytes();
    return unsent > DRAINED_BYTES && unsent + bytes > BACKLOG_LIMIT_BYTES;
  }

  /** Whether the subscriber gets no frames until it has drained, this one of so many bytes included. */
  isSlow(subscriber: Subscriber, bytes = 0): boolean {
    return subscriber.slow !== null || this.isFull(subscriber, bytes);
  }

  /** Notes that the subscriber misses the board's changes from `position` on. The earliest position counts. */
  missBoard(subscriber: Subscriber, position: number, now: number): void {
    const slow = this.#mark(subscriber, now);
    slow.missedFrom = Math.min(slow.missedFrom ?? position, position);
  }

  /** Notes that the subscriber misses turns of the contact. */
  missTurns(subscriber: Subscriber, contactId: string, now: number): void {
    this.#mark(subscriber, now).transcripts.add(contactId);
  }

  forget(subscriber: Subscriber): void {
    subscriber.slow = null;
    this.#slow.delete(subscriber);
  }

  drained(): Subscriber[] {
    return [...this.#slow].filter(({ port }) => port.bufferedBytes() <= DRAINED_BYTES);
  }

  /** Those that have been slow for too long. */
  overdue(now: number): Subscriber[] {
    return [...this.#slow].filter(({ slow }) => slow !== null && now - slow.since >= SLOW_LIMIT_MS);
  }

  #mark(subscriber: Subscriber, now: number) {
    subscriber.slow ??= { since: now, missedFrom: null, transcripts: new Set() };
    this.#slow.add(subscriber);
    return subscriber.slow;
  }
}
