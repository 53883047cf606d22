import { BYTES_PER_FRAME, BYTES_PER_SAMPLE, CHANNELS, SAMPLE_RATE_HZ } from "./audio-units.ts";

const WAV_HEADER_BYTES = 44;
/** The largest size that a RIFF header can state. Programs that stream write it while the size is not known. */
const UNKNOWN_SIZE = 0xffffffff;

/**
 * Returns the header of a WAV file (RIFF/WAVE, format 1) for the contact's audio, which follows it.
 * @param dataBytes length of the audio in bytes. null means unknown: readers then read to the end of the file.
 * @throws RangeError above 4 GiB, which is 37 hours.
 */
export function wavHeader(dataBytes: number | null): Uint8Array {
  if (dataBytes !== null && !(dataBytes >= 0 && dataBytes <= UNKNOWN_SIZE - WAV_HEADER_BYTES)) {
    throw new RangeError(
      `A WAV file cannot hold ${dataBytes} bytes of audio. The limit is ${UNKNOWN_SIZE - WAV_HEADER_BYTES} bytes.`,
    );
  }
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(header.buffer);
  const ascii = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  ascii(0, "RIFF");
  view.setUint32(4, dataBytes === null ? UNKNOWN_SIZE : dataBytes + WAV_HEADER_BYTES - 8, true);
  ascii(8, "WAVE");
  ascii(12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, CHANNELS, true);
  view.setUint32(24, SAMPLE_RATE_HZ, true);
  view.setUint32(28, SAMPLE_RATE_HZ * BYTES_PER_FRAME, true);
  view.setUint16(32, BYTES_PER_FRAME, true);
  view.setUint16(34, BYTES_PER_SAMPLE * 8, true);
  ascii(36, "data");
  view.setUint32(40, dataBytes ?? UNKNOWN_SIZE, true);
  return header;
}
