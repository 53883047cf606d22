import { expect } from "vitest";

/** Returns the audio of a WAV file, whatever chunks stand before it. Checks the sizes and the format as players do. */
export function audioInWav(wav: Uint8Array): Buffer {
  const bytes = Buffer.from(wav);
  expect(bytes.toString("latin1", 0, 4) + bytes.toString("latin1", 8, 12)).toBe("RIFFWAVE");
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  let at = 12;
  for (;;) {
    const name = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (name === "fmt ") {
      expect([bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 12)]).toEqual([1, 2, 8000]);
    }
    if (name === "data") {
      expect(at + 8 + size).toBe(bytes.length);
      return bytes.subarray(at + 8);
    }
    at += 8 + size;
  }
}
