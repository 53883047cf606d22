import { ELEMENT, ELEMENT_RULES, type ElementRule, isGlobal, MAX_FRAGMENT_BYTES, ROOT } from "./matroska-elements.ts";

/** The bytes are not Matroska, or state a size that no real stream has. The message names the element and its offset. */
export class MatroskaError extends Error {
  override name = "MatroskaError";
  readonly offset: number;

  /** @param message a sentence without its full stop. @param offset counted from the first byte of the stream. */
  constructor(message: string, offset: number) {
    super(`${message} (at byte ${offset}).`);
    this.offset = offset;
  }
}

/** A step of the reader. `offset` is where the element's identifier begins, counted from the first byte of the stream. */
export type EbmlElement =
  | { kind: "open"; id: number; offset: number }
  /** `whole` is false when the bytes ended, or a new document began, before the element had its announced size. */
  | { kind: "close"; id: number; offset: number; whole: boolean }
  /** `data` may be a view of the bytes that were added, so do not reuse their memory. */
  | { kind: "value"; id: number; offset: number; data: Uint8Array };

/** Where the bytes stopped. `clean`: between two elements. `cut`: inside one. `begun`: inside the header of a further document. */
export type EndOfBytes = "clean" | "cut" | "begun";

interface OpenElement {
  id: number;
  rule: ElementRule;
  offset: number;
  /** Offset behind the element. For an element of unknown size, the latest possible offset: its parent's end, or infinity. */
  end: number;
  sized: boolean;
}

/** Four bytes of identifier and eight of size (RFC 8794 §4, §5; EBMLMaxIDLength 4). */
const MAX_HEADER_BYTES = 12;
const MAX_ID_BYTES = 4;
const MAGIC = [0x1a, 0x45, 0xdf, 0xa3];

/**
 * Reads EBML as it arrives, in chunks of any size. The elements do not depend on how the bytes were cut. The reader follows sizes
 * and never searches for the EBML magic, because audio may contain it. It holds the bytes of one value at most.
 */
export class EbmlReader {
  /** Offset of the next byte to read. */
  #offset = 0;
  #open: OpenElement[] = [];
  #header = new Uint8Array(MAX_HEADER_BYTES);
  #headerBytes = 0;
  #id = 0;
  #size = 0;
  #skip = 0;
  #value: { id: number; offset: number; data: Uint8Array; filled: number } | null = null;
  #begun = false;

  /**
   * Yields the elements that these bytes complete. Iterate to the end before you add more bytes.
   * @throws MatroskaError at bytes that it cannot follow, after it has yielded everything before them.
   */
  *addBytes(bytes: Uint8Array): Generator<EbmlElement, void> {
    let at = 0;
    for (;;) {
      if (this.#value) {
        const { id, offset, data, filled } = this.#value;
        const taken = Math.min(data.length - filled, bytes.length - at);
        data.set(bytes.subarray(at, at + taken), filled);
        this.#value.filled += taken;
        this.#offset += taken;
        at += taken;
        if (this.#value.filled < data.length) return;
        this.#value = null;
        yield { kind: "value", id, offset, data };
      }
      if (this.#skip > 0) {
        const taken = Math.min(this.#skip, bytes.length - at);
        this.#skip -= taken;
        this.#offset += taken;
        at += taken;
        if (this.#skip > 0) return;
      }
      yield* this.#closeFinished();
      if (at >= bytes.length) return;

      const start = this.#offset - this.#headerBytes;
      const taken = this.#readHeader(bytes, at, start);
      this.#offset += taken;
      at += taken;
      if (this.#headerBytes > 0) return;

      const value = yield* this.#enter(start);
      if (!value) continue;
      if (bytes.length - at >= this.#size) {
        const data = bytes.subarray(at, at + this.#size);
        this.#offset += this.#size;
        at += this.#size;
        yield { kind: "value", id: this.#id, offset: start, data };
      } else {
        this.#value = { id: this.#id, offset: start, data: new Uint8Array(this.#size), filled: 0 };
      }
    }
  }

  /** Call when the bytes are over. Closes the open elements (those that lack bytes as not whole) and returns where the bytes stopped. */
  *endBytes(): Generator<EbmlElement, EndOfBytes> {
    const begun = this.#headerBytes > 0 && this.#startsMagic() && this.#open.every(({ sized }) => !sized);
    if (!this.#begun && this.#headerBytes > 0 && !begun) throw notMatroska(this.#offset - this.#headerBytes);
    const cut = this.#headerBytes > 0 || this.#value !== null || this.#skip > 0;
    while (this.#open.length > 0) yield* this.#close();
    return begun ? "begun" : cut ? "cut" : "clean";
  }

  /** Reads identifier and size. Returns how many of these bytes it used. `#headerBytes` stays above 0 until the header is complete. */
  #readHeader(bytes: Uint8Array, at: number, start: number): number {
    if (this.#headerBytes === 0) {
      const length = this.#parseHeader(bytes, at, bytes.length, start);
      if (length > 0) return length;
    }
    let taken = 0;
    while (at + taken < bytes.length) {
      this.#header[this.#headerBytes] = bytes[at + taken] ?? 0;
      this.#headerBytes += 1;
      taken += 1;
      if (this.#parseHeader(this.#header, 0, this.#headerBytes, start) > 0) {
        this.#headerBytes = 0;
        break;
      }
    }
    return taken;
  }

  /** Sets `#id` and `#size` (-1 = unknown) from the header at `at`. Returns its length, or 0 if the bytes up to `to` are too few. */
  #parseHeader(bytes: Uint8Array, at: number, to: number, start: number): number {
    const first = bytes[at] ?? 0;
    const idLength = Math.clz32(first) - 23;
    if (idLength > MAX_ID_BYTES) throw this.#begun ? new MatroskaError("No EBML element begins here", start) : notMatroska(start);
    if (at + idLength >= to) return 0;
    let id = 0;
    for (let i = 0; i < idLength; i += 1) id = id * 256 + (bytes[at + i] ?? 0);

    const sizeAt = at + idLength;
    const sizeFirst = bytes[sizeAt] ?? 0;
    const sizeLength = Math.clz32(sizeFirst) - 23;
    if (sizeLength > 8) {
      const isMatroska = this.#begun || id === ELEMENT.ebmlHeader;
      throw isMatroska ? new MatroskaError(`${nameOf(id)} has no valid size`, start) : notMatroska(start);
    }
    if (sizeAt + sizeLength > to) return 0;
    const dataBits = (1 << (8 - sizeLength)) - 1;
    let size = sizeFirst & dataBits;
    let unknown = size === dataBits;
    for (let i = 1; i < sizeLength; i += 1) {
      const byte = bytes[sizeAt + i] ?? 0;
      size = size * 256 + byte;
      unknown &&= byte === 0xff;
    }
    this.#id = id;
    this.#size = unknown ? -1 : size;
    return idLength + sizeLength;
  }

  /** Handles the element that has just begun. Returns true if its value is wanted. Otherwise the element is opened or skipped. */
  *#enter(start: number): Generator<EbmlElement, boolean> {
    const id = this.#id;
    const rule = isGlobal(id) ? undefined : ELEMENT_RULES.get(id);
    if (id === ELEMENT.ebmlHeader) {
      this.#begun = true;
      while (this.#open.length > 0) yield* this.#close(start);
    }
    if (!this.#begun || (this.#open.length === 0 && !rule && !isGlobal(id))) throw notMatroska(start);
    if (rule) while (this.#endsUnknownSize(rule)) yield* this.#close(start);

    const parent = this.#open.at(-1);
    const known = rule?.parents.includes(parent?.id ?? ROOT) ? rule : undefined;
    const maxBytes = known?.maxBytes ?? MAX_FRAGMENT_BYTES;
    if (this.#size === -1 && !known?.unknownSize)
      throw new MatroskaError(`${nameOf(id)} has an unknown size, which only Segment and Cluster may have`, start);
    if (this.#size > maxBytes)
      throw new MatroskaError(`${nameOf(id)} states ${this.#size} bytes, but the limit is ${maxBytes}`, start);
    if (parent && this.#offset + Math.max(this.#size, 0) > parent.end) {
      throw new MatroskaError(`${nameOf(id)} reaches beyond the end of ${parent.rule.name}`, start);
    }
    if (known?.kind === "keep") return true;
    if (known?.kind === "enter") {
      const sized = this.#size !== -1;
      const end = sized ? this.#offset + this.#size : (parent?.end ?? Number.POSITIVE_INFINITY);
      this.#open.push({ id, rule: known, offset: start, end, sized });
      yield { kind: "open", id, offset: start };
    } else {
      this.#skip = this.#size;
    }
    return false;
  }

  /** An element of unknown size ends where a sibling, a parent or a root element begins (RFC 8794 §6.2). An unknown element is its child. */
  #endsUnknownSize(next: ElementRule): boolean {
    const top = this.#open.at(-1);
    if (!top || top.sized || next.parents.includes(top.id)) return false;
    return next.parents.includes(ROOT) || next.parents.some((parent) => top.rule.parents.includes(parent));
  }

  *#closeFinished(): Generator<EbmlElement, void> {
    for (let top = this.#open.at(-1); top && top.end === this.#offset; top = this.#open.at(-1)) yield* this.#close();
  }

  *#close(at = this.#offset): Generator<EbmlElement, void> {
    const element = this.#open.pop();
    if (!element) return;
    const whole = !element.sized || element.end === at;
    yield { kind: "close", id: element.id, offset: element.offset, whole };
  }

  #startsMagic(): boolean {
    return this.#header.subarray(0, Math.min(this.#headerBytes, MAGIC.length)).every((byte, i) => byte === MAGIC[i]);
  }
}

function notMatroska(offset: number): MatroskaError {
  return new MatroskaError("The data is not Matroska: it has no EBML header", offset);
}

function nameOf(id: number): string {
  return ELEMENT_RULES.get(id)?.name ?? `Element 0x${id.toString(16).toUpperCase()}`;
}
