/** 16-bit little-endian stereo at 8 kHz, as the clock cuts it. */
const SAMPLE_RATE = 8000;
const CHANNELS = 2;
const BYTES_PER_SAMPLE = 2;
const WAV_HEADER_BYTES = 44;
/** RIFF sizes have 32 bits; all ones is what streaming writers put when the length is not known yet. */
const UNKNOWN = 0xffffffff;

/**
 * The header of a WAV file of the stereo sound that follows it (RIFF/WAVE, format 1).
 * @param dataBytes length of the sound in bytes; null while it is not known (readers then take the file to its end).
 * @throws RangeError above 4 GiB, 37 hours.
 */
export function wavHeader(dataBytes: number | null): Uint8Array {
  if (dataBytes !== null && !(dataBytes >= 0 && dataBytes <= UNKNOWN - WAV_HEADER_BYTES)) {
    throw new RangeError(`a WAV file cannot hold ${dataBytes} bytes`);
  }
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(header.buffer);
  const ascii = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  ascii(0, "RIFF");
  view.setUint32(4, dataBytes === null ? UNKNOWN : dataBytes + WAV_HEADER_BYTES - 8, true);
  ascii(8, "WAVE");
  ascii(12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, CHANNELS, true);
  view.setUint32(24, SAMPLE_RATE, true);
  view.setUint32(28, SAMPLE_RATE * CHANNELS * BYTES_PER_SAMPLE, true);
  view.setUint16(32, CHANNELS * BYTES_PER_SAMPLE, true);
  view.setUint16(34, BYTES_PER_SAMPLE * 8, true);
  ascii(36, "data");
  view.setUint32(40, dataBytes ?? UNKNOWN, true);
  return header;
}
