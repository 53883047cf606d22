import { MatroskaError } from "./ebml-reader.ts";
import { framesOfLace, LACING_MASK } from "./lacing.ts";

export interface RawBlock {
  trackNumber: number;
  /** Signed, relative to the Cluster's timestamp, in TimecodeScale units. */
  relativeTime: number;
  payload: Uint8Array;
}

/** Relative time (2 bytes) and flags (1 byte) behind the track number. */
const FIXED_BYTES = 3;

/**
 * Splits a SimpleBlock or Block: track number (a VINT), relative time (signed, big-endian), flags, payload. The payload of a
 * laced block is the sound of all its frames.
 * @throws MatroskaError for an incomplete header or frame sizes that do not fit.
 */
export function parseBlock(data: Uint8Array, offset: number): RawBlock {
  const first = data[0] ?? 0;
  const vintBytes = Math.clz32(first) - 23;
  const headerBytes = vintBytes + FIXED_BYTES;
  if (vintBytes > 8 || data.length < headerBytes) throw new MatroskaError("A block has an incomplete header", offset);
  let trackNumber = first & ((1 << (8 - vintBytes)) - 1);
  for (let i = 1; i < vintBytes; i += 1) trackNumber = trackNumber * 256 + (data[i] ?? 0);
  const unsigned = ((data[vintBytes] ?? 0) << 8) | (data[vintBytes + 1] ?? 0);
  const lacing = (data[vintBytes + 2] ?? 0) & LACING_MASK;
  const rest = data.subarray(headerBytes);
  const payload = lacing === 0 ? rest : framesOfLace(lacing, rest, offset);
  return { trackNumber, relativeTime: (unsigned << 16) >> 16, payload };
}

/** Reads a big-endian unsigned integer of 0 to 8 bytes. @throws MatroskaError above 2^53, which no time or track number reaches. */
export function parseUint(data: Uint8Array, name: string, offset: number): number {
  let value = 0;
  for (const byte of data) value = value * 256 + byte;
  if (!Number.isSafeInteger(value)) throw new MatroskaError(`${name} is larger than 2^53`, offset);
  return value;
}

/** Reads a float of 4 or 8 bytes. An empty one stands for the default: null. @throws MatroskaError for any other length (RFC 8794 §7.3) */
export function parseFloatingPoint(data: Uint8Array, name: string, offset: number): number | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length === 0) return null;
  if (data.length === 4) return view.getFloat32(0);
  if (data.length === 8) return view.getFloat64(0);
  throw new MatroskaError(`${name} has ${data.length} bytes, and a floating-point number has 4 or 8`, offset);
}

const utf8 = new TextDecoder();

/** Reads a string up to the first NUL byte, because some producers pad with NUL bytes (RFC 8794 §7.4). */
export function parseString(data: Uint8Array): string {
  const end = data.indexOf(0);
  return utf8.decode(end === -1 ? data : data.subarray(0, end));
}
