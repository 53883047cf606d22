import { MatroskaError } from "./ebml-reader.ts";

/** A track of Amazon Connect has sound that would be noise as PCM. */
export class UnsupportedSound extends MatroskaError {
  override name = "UnsupportedSound";
}

/** What a TrackEntry says of the sound in its blocks. null: it does not say. */
export interface TrackFormat {
  codecId: string | null;
  /** Hexadecimal. */
  codecPrivate: string | null;
  samplingHz: number | null;
  channels: number | null;
  bitDepth: number | null;
  /** Whether it has an `Audio` element. */
  describesAudio: boolean;
}

export const UNKNOWN_FORMAT: TrackFormat = {
  codecId: null,
  codecPrivate: null,
  samplingHz: null,
  channels: null,
  bitDepth: null,
  describesAudio: false,
};

/**
 * Amazon Connect says AAC with this private data and sends 16-bit PCM (measured in captures of 2023 to 2026). Its tracks have no
 * `Audio` element, and a real AAC track has one.
 */
const CONNECT_CODEC = "A_AAC";
const CONNECT_PRIVATE = "1190";
/** Linear PCM, little-endian (Matroska codec mappings, RFC 9559). */
const PCM_CODEC = "A_PCM/INT/LIT";
const SAMPLING_HZ = 8000;
const BIT_DEPTH = 16;

/**
 * Says why the blocks of a track cannot be heard as 16-bit little-endian PCM at 8 kHz, mono, or returns null if nothing speaks
 * against it. Any other sound would be noise in the transcription and the recording.
 */
export function formatProblem(format: TrackFormat): string | null {
  const { codecId, codecPrivate, samplingHz, channels, bitDepth, describesAudio } = format;
  if (codecId === CONNECT_CODEC && (codecPrivate === CONNECT_PRIVATE || !describesAudio)) return null;
  // Stated texts come from outside, so they are cut.
  if (codecId !== null && codecId !== PCM_CODEC) return `the codec ${JSON.stringify(codecId.slice(0, 32))}`;
  if (samplingHz !== null && samplingHz !== SAMPLING_HZ) return `${samplingHz} samples a second`;
  if (channels !== null && channels !== 1) return `${channels} channels`;
  if (bitDepth !== null && bitDepth !== BIT_DEPTH) return `${bitDepth} bits a sample`;
  return null;
}
