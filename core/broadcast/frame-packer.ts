import type { Frame } from "./frame.ts";

/** What the core needs of the platform to pack frames. */
export interface Compression {
  /** Returns the text as UTF-8. */
  encode(text: string): Uint8Array;
  /** Returns blocks of raw deflate (RFC 1951) that hold the text as UTF-8: none of them is the last, and they end at a whole byte. */
  deflate(text: string): Uint8Array;
}

/** A frame of at most so many bytes travels as text, also to a compact viewer: compression would win less than it costs. */
const LARGEST_TEXT_BYTES = 1024;
/** A smaller part of a frame, such as its head, is not worth a compression of its own. */
const SMALLEST_PART_BYTES = 256;
/** A stored block of deflate holds so much (RFC 1951 section 3.2.4). */
const STORED_BLOCK_BYTES = 0xffff;
/** An empty stored block that is the last one. */
const END = Uint8Array.of(1, 0, 0, 0xff, 0xff);
/** A group of fewer viewers need not have its frames compressed when there are many such groups. */
const HANDFUL = 3;
/** So many compressions of a flush are for handfuls: 100 µs each for 10 KB. Each further filter would hold up the others. */
const HANDFULS_PER_FLUSH = 64;

/**
 * Makes binary messages of frames. Each is one stream of raw deflate: small parts as stored blocks, so that the head of a frame
 * can be read without decompression, and large parts compressed. A part is compressed once, whichever frames share it.
 */
export class FramePacker {
  readonly #compression: Compression;
  readonly #parts = new WeakMap<Frame, Uint8Array>();
  readonly #packed = new WeakMap<Frame, Uint8Array>();
  #handfulsLeft = HANDFULS_PER_FLUSH;
  #deflatedBytes = 0;

  constructor(compression: Compression) {
    this.#compression = compression;
  }

  /** How many bytes of text it has compressed so far. */
  get deflatedBytes(): number {
    return this.#deflatedBytes;
  }

  beginFlush(): void {
    this.#handfulsLeft = HANDFULS_PER_FLUSH;
  }

  /** Compresses one part of a frame that is not compressed yet: 600 rows take some 4 ms. Returns whether there are more. */
  packNext({ bytes, parts = [] }: Frame): boolean {
    if (bytes <= LARGEST_TEXT_BYTES) return false;
    const waiting = parts.filter((part) => isLarge(part) && !this.#parts.has(part));
    if (waiting[0] !== undefined) this.#deflated(waiting[0]);
    return waiting.length > 1;
  }

  /** Returns the binary message; null = the frame travels as text. `viewers` get the very same frame. */
  pack(frame: Frame, viewers: number): Uint8Array | null {
    if (frame.bytes <= LARGEST_TEXT_BYTES) return null;
    const known = this.#packed.get(frame);
    if (known !== undefined) return known;
    const parts = frame.parts ?? [frame];
    if (viewers < HANDFUL && parts.some((part) => isLarge(part) && !this.#parts.has(part))) {
      if (this.#handfulsLeft === 0) return null;
      this.#handfulsLeft -= 1;
    }
    const packed = joinBytes([...this.#blocksOf(parts), END]);
    this.#packed.set(frame, packed);
    return packed;
  }

  *#blocksOf(parts: readonly Frame[]): Generator<Uint8Array> {
    let small = "";
    for (const part of parts) {
      if (!isLarge(part)) {
        small += part.text;
        continue;
      }
      yield* storedBlocks(this.#compression.encode(small));
      small = "";
      yield this.#deflated(part);
    }
    yield* storedBlocks(this.#compression.encode(small));
  }

  #deflated(part: Frame): Uint8Array {
    const known = this.#parts.get(part);
    if (known !== undefined) return known;
    const deflated = this.#compression.deflate(part.text);
    this.#deflatedBytes += part.bytes;
    this.#parts.set(part, deflated);
    return deflated;
  }
}

function isLarge(part: Frame): boolean {
  return part.bytes >= SMALLEST_PART_BYTES;
}

/** Blocks that hold the bytes as they are, none of them the last (RFC 1951 section 3.2.4). */
function* storedBlocks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += STORED_BLOCK_BYTES) {
    const block = bytes.subarray(from, from + STORED_BLOCK_BYTES);
    const { length } = block;
    yield Uint8Array.of(0, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff);
    yield block;
  }
}

function joinBytes(blocks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(blocks.reduce((length, block) => length + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    joined.set(block, at);
    at += block.length;
  }
  return joined;
}
