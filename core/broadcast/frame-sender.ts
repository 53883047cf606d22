import type { Frame } from "./frame.ts";
import { type Compression, FramePacker } from "./frame-packer.ts";
import type { Subscriber } from "./subscriber.ts";
import type { BroadcastCounters } from "./viewer.ts";

/** Sends frames to subscribers as text, and larger ones packed to those who speak `hub.v1.z`. */
export class FrameSender {
  readonly counters: BroadcastCounters;
  readonly #packer: FramePacker | null;

  /** Without `compression` every frame travels as text. */
  constructor(counters: BroadcastCounters, compression: Compression | null) {
    this.counters = counters;
    this.#packer = compression === null ? null : new FramePacker(compression);
  }

  /** How many bytes of text were compressed so far. */
  get deflatedBytes(): number {
    return this.#packer?.deflatedBytes ?? 0;
  }

  beginFlush(): void {
    this.#packer?.beginFlush();
  }

  /** Compresses one part of a long frame before it is sent to this subscriber. Returns whether there are more. */
  packNext({ viewer }: Subscriber, frame: Frame): boolean {
    return viewer.compact === true && this.#packer?.packNext(frame) === true;
  }

  /** Sends one frame. Of a flush, `viewers` get the very same one: there may be many such frames, each for a handful. */
  send({ viewer, port }: Subscriber, frame: Frame, viewers = Number.POSITIVE_INFINITY): void {
    const packed = viewer.compact === true ? (this.#packer?.pack(frame, viewers) ?? null) : null;
    this.counters.frames += 1;
    this.counters.bytes += packed === null ? frame.bytes : packed.length;
    port.send(packed ?? frame.text);
  }
}
