import { MatroskaError } from "./ebml-reader.ts";

/** The two bits of a block's flags that say how its frames share it (RFC 9559 §10.3). */
export const LACING_MASK = 0x06;
const XIPH = 0x02;
const FIXED_SIZE = 0x04;

/**
 * Returns the frames of a laced block without their sizes. Frames of PCM are continuous, so their bytes in a row are the sound.
 * @param lacing the lacing bits of the block's flags, not 0
 * @throws MatroskaError when the sizes do not fit the block.
 */
export function framesOfLace(lacing: number, data: Uint8Array, offset: number): Uint8Array {
  const frameCount = (data[0] ?? 0) + 1;
  const lace = new LaceSizes(data);
  let sum = 0;
  // The size of the last frame is what is left, so only the others are written.
  if (lacing === XIPH) for (let i = 1; i < frameCount; i += 1) sum += lace.readXiphSize();
  else if (lacing !== FIXED_SIZE) {
    let size = 0;
    for (let i = 1; i < frameCount; i += 1) {
      size = i === 1 ? lace.readVint() : size + lace.readSignedVint();
      if (size < 0) throw misfit(offset);
      sum += size;
    }
  }
  const left = data.length - lace.at - sum;
  if (data.length === 0 || left < 0 || (lacing === FIXED_SIZE && left % frameCount !== 0)) throw misfit(offset);
  return data.subarray(lace.at);
}

function misfit(offset: number): MatroskaError {
  return new MatroskaError("A block is laced, and its frame sizes do not fit its length", offset);
}

/** Reads the sizes behind the frame count. Behind the end it reads zeros, and the sum then does not fit. */
class LaceSizes {
  /** The next byte. */
  at = 1;
  readonly #data: Uint8Array;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** Adds up bytes until one is below 255. */
  readXiphSize(): number {
    let size = 0;
    for (;;) {
      const byte = this.#nextByte();
      size += byte;
      if (byte < 255) return size;
    }
  }

  readVint(): number {
    return this.#readVint().value;
  }

  /** Reads a difference: a VINT less half of its range (RFC 9559 §10.3.3). */
  readSignedVint(): number {
    const { value, bytes } = this.#readVint();
    return value - (2 ** (7 * bytes - 1) - 1);
  }

  #readVint(): { value: number; bytes: number } {
    const first = this.#nextByte();
    const bytes = Math.clz32(first) - 23;
    let value = first & ((1 << (8 - bytes)) - 1);
    for (let i = 1; i < bytes; i += 1) value = value * 256 + this.#nextByte();
    return { value, bytes };
  }

  #nextByte(): number {
    const byte = this.#data[this.at] ?? 0;
    this.at += 1;
    return byte;
  }
}
