import { describe, expect, it } from "vitest";
import { wavHeader } from "../../../aws-ingest/media/wav.ts";

describe("The WAV header", () => {
  it("states 8 kHz, two channels, 16 bits and the length of the audio.", () => {
    const header = wavHeader(32_000);
    const view = new DataView(header.buffer);
    expect(header.length).toBe(44);
    expect(new TextDecoder().decode(header.subarray(0, 4))).toBe("RIFF");
    expect(view.getUint32(4, true)).toBe(32_036);
    expect(new TextDecoder().decode(header.subarray(8, 16))).toBe("WAVEfmt ");
    expect([view.getUint32(16, true), view.getUint16(20, true), view.getUint16(22, true)]).toEqual([16, 1, 2]);
    expect([view.getUint32(24, true), view.getUint32(28, true)]).toEqual([8000, 32_000]);
    expect([view.getUint16(32, true), view.getUint16(34, true)]).toEqual([4, 16]);
    expect(new TextDecoder().decode(header.subarray(36, 40))).toBe("data");
    expect(view.getUint32(40, true)).toBe(32_000);
  });

  it("leaves the length open while it is not known.", () => {
    const view = new DataView(wavHeader(null).buffer);
    expect([view.getUint32(4, true), view.getUint32(40, true)]).toEqual([0xffffffff, 0xffffffff]);
  });

  it.each([-1, 2 ** 32, Number.NaN])("refuses a length of %s bytes.", (bytes) => {
    expect(() => wavHeader(bytes)).toThrow(`A WAV file cannot hold ${bytes} bytes of audio.`);
  });
});
