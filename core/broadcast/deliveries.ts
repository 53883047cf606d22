import type { GroupView } from "../board/group-view.ts";
import type { BoardText, TextKind } from "./board-text.ts";
import type { SharedTexts } from "./shared-texts.ts";
import type { ViewerPort } from "./viewer.ts";

/**
 * Unsent bytes of all lists on their way. A list is one message: 20,000 agents take 11 MB for each viewer that joins, and an
 * object has 128 MB (Cloudflare docs, Workers limits). A viewer beyond that waits until others have drained.
 */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
/** A connection that holds at most so many bytes has its list. */
const SENT_BYTES = 64 * 1024;
/** Smaller texts do not wait for others to drain. */
const SMALL_TEXT_BYTES = 64 * 1024;
/** A connection that has not drained for so long no longer keeps the others waiting. It is a slow consumer. */
const PATIENCE_MS = 3_000;
/** How often the hub looks whether lists have drained, while others wait. */
const LOOK_AGAIN_MS = 10;

/** One long text on its way to one receiver. */
export interface TextDelivery {
  view: GroupView;
  kind: TextKind;
  /** The receiver knows the board up to this seq, and must not be sent back. */
  knows: number;
  /** It begins no earlier, epoch ms. */
  notBefore: number;
  /** null = not begun yet. */
  text: BoardText | null;
  /** The socket that holds the bytes until they have left; null = they leave with an answer. */
  port: ViewerPort | null;
  /** Prepares the complete text a step at a time. Returns whether there is more to do. */
  prepare?(text: BoardText): boolean;
  /** Called once, with the complete text, when it is prepared. */
  send(text: BoardText, now: number): void;
}

/** Lists and resumes on their way. They are written and sent a step at a time, so that no post waits for all of them. */
export class Deliveries {
  readonly #texts: SharedTexts;
  readonly #waiting = new Set<TextDelivery>();
  /** Sockets that may still hold some of their list -> when it was sent, epoch ms. */
  readonly #draining = new Map<ViewerPort, number>();

  constructor(texts: SharedTexts) {
    this.#texts = texts;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Adds a delivery and takes its first step. A short text is sent at once. */
  begin(delivery: TextDelivery, now: number): void {
    this.#waiting.add(delivery);
    if (delivery.notBefore <= now) this.#step(delivery, now);
  }

  cancel(delivery: TextDelivery): void {
    this.#waiting.delete(delivery);
  }

  /** Forgets a socket that is closed. */
  forgetPort(port: ViewerPort): void {
    this.#draining.delete(port);
  }

  /** Takes one step: writes a part of one text, or sends one. Call it when {@link nextStepAt} is over. */
  takeStep(now: number): void {
    for (const delivery of this.#waiting) {
      if (delivery.notBefore <= now && this.#step(delivery, now)) return;
    }
  }

  /** When the next step is due, epoch ms; null = nothing waits. */
  nextStepAt(now: number): number | null {
    let next: number | null = null;
    for (const delivery of this.#waiting) {
      const at = Math.max(now, delivery.notBefore) + (delivery.text?.done === true ? LOOK_AGAIN_MS : 0);
      if (next === null || at < next) next = at;
    }
    return next !== null && next > now && this.#hasRoom(now) && this.#isReady(now) ? now : next;
  }

  /** Returns whether it did anything. A complete text may have to wait for room. */
  #step(delivery: TextDelivery, now: number): boolean {
    delivery.text ??= this.#texts.textFor(delivery.view, delivery.kind, delivery.knows, now);
    if (!delivery.text.done && !delivery.text.writeRows()) return true;
    const { text, port } = delivery;
    if (delivery.prepare?.(text) === true) return true;
    if (port !== null && text.frame.bytes > SMALL_TEXT_BYTES && !this.#hasRoom(now)) return false;
    this.#waiting.delete(delivery);
    delivery.send(text, now);
    if (port !== null && text.frame.bytes > SMALL_TEXT_BYTES) this.#draining.set(port, now);
    return true;
  }

  #isReady(now: number): boolean {
    for (const { notBefore, text } of this.#waiting) if (notBefore <= now && text?.done === true) return true;
    return false;
  }

  #hasRoom(now: number): boolean {
    let unsent = 0;
    for (const [port, sentAt] of this.#draining) {
      const bytes = port.bufferedBytes();
      if (bytes <= SENT_BYTES || Math.abs(now - sentAt) >= PATIENCE_MS) this.#draining.delete(port);
      else unsent += bytes;
    }
    return unsent < MAX_UNSENT_BYTES;
  }
}
