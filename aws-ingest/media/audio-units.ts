/**
 * The units of a contact's audio: PCM, 8 kHz, 16 bits, little-endian, two channels. Channel 0 is the customer, channel 1 the
 * agent. A sample is one value of one channel. A frame is the two samples of one moment.
 */

/** Hertz. Amazon Connect streams 8 kHz (measured in captures), and Amazon Transcribe gets the same rate. */
export const SAMPLE_RATE_HZ = 8000;
export const CHANNELS = 2;
export const BYTES_PER_SAMPLE = 2;
export const BYTES_PER_FRAME = CHANNELS * BYTES_PER_SAMPLE;

/**
 * A number of frames, or a position in frames on the contact's timeline (frame 0 is the contact's first audio). The brand keeps
 * a count of milliseconds, bytes or samples from being passed by mistake. Times stay plain numbers, with names that end in `Ms`.
 */
export type Frames = number & { readonly unit: "frames" };

/** Marks a number that is known to count frames. */
export function frames(count: number): Frames {
  return count as Frames;
}

/** Returns the nearest whole frame. */
export function msToFrames(ms: number): Frames {
  return frames(Math.round((ms * SAMPLE_RATE_HZ) / 1000));
}

/** Returns exact milliseconds: an eighth of a millisecond per frame. */
export function framesToMs(count: Frames): number {
  return (count * 1000) / SAMPLE_RATE_HZ;
}

/** Returns whole milliseconds, the unit of turns. */
export function framesToWholeMs(count: Frames): number {
  return Math.round(framesToMs(count));
}

/** Returns how many frames the bytes of a two-channel PCM buffer hold. */
export function bytesToFrames(bytes: number): Frames {
  return frames(bytes / BYTES_PER_FRAME);
}

export function framesToBytes(count: Frames): number {
  return count * BYTES_PER_FRAME;
}

/**
 * Returns the last whole second at or before a position. Sessions and hand-overs begin there, so that session times are whole
 * milliseconds and add up to the same turn times wherever a session begins.
 */
export function startOfSecond(position: Frames): Frames {
  return frames(position - (position % SAMPLE_RATE_HZ));
}
