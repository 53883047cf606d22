import { describe, expect, it } from "vitest";
import { ChannelInterleaver } from "../../../aws-ingest/media/channel-interleaver.ts";
import { FragmentReader } from "../../../aws-ingest/media/fragments.ts";
import { formatProblem, UNKNOWN_FORMAT } from "../../../aws-ingest/media/track-format.ts";
import { element, join } from "../../../local/aws/matroska-writer.ts";
import { CHUNK_SIZES, inChunks, read } from "./capture.ts";

const uint = (id: number, value: number) => element(id, [Buffer.from(value.toString(16).padStart(12, "0"), "hex")]);
const text = (id: number, value: string) => element(id, [new TextEncoder().encode(value)]);
const float = (hertz: number, bytes: 4 | 8) => {
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes === 4) view.setFloat32(0, hertz);
  else view.setFloat64(0, hertz);
  return element(0xb5, [new Uint8Array(view.buffer)]);
};
const audio = (...children: Uint8Array[]) => element(0xe1, children);
const codec = (id: string) => text(0x86, id);
const CONNECT_PRIVATE = element(0x63a2, [new Uint8Array([0x11, 0x90])]);
const AAC_PRIVATE = element(0x63a2, [new Uint8Array([0x15, 0x88, 0x56, 0xe5, 0x00])]);

/** A document with one track of this description and one block of ten samples. */
function documentWith(name: string | null, ...description: Uint8Array[]): Uint8Array {
  const entry = element(0xae, [uint(0xd7, 1), uint(0x83, 2), ...(name === null ? [] : [text(0x536e, name)]), ...description]);
  const block = element(0xa3, [new Uint8Array([0x81, 0, 0, 0x80]), new Uint8Array(20).fill(1)]);
  const cluster = element(0x1f43b675, [uint(0xe7, 1_714_363_529_673), block]);
  const header = element(0x1a45dfa3, [text(0x4282, "matroska")]);
  return join([header, element(0x18538067, [element(0x1654ae6b, [entry]), cluster])]);
}

describe("A track of Amazon Connect", () => {
  it.each([
    ["Opus", [codec("A_OPUS"), audio(float(48_000, 8))], 'the codec "A_OPUS"'],
    ["real AAC", [codec("A_AAC"), AAC_PRIVATE, audio(float(8000, 8), uint(0x9f, 1))], 'the codec "A_AAC"'],
    ["FLAC", [codec("A_FLAC")], 'the codec "A_FLAC"'],
    ["MP3", [codec("A_MPEG/L3")], 'the codec "A_MPEG/L3"'],
    ["G.711 or ADPCM", [codec("A_MS/ACM")], 'the codec "A_MS/ACM"'],
    ["big-endian PCM", [codec("A_PCM/INT/BIG"), audio(float(8000, 8))], 'the codec "A_PCM/INT/BIG"'],
    ["floating-point PCM", [codec("A_PCM/FLOAT/IEEE")], 'the codec "A_PCM/FLOAT/IEEE"'],
    ["PCM at 16 kHz", [codec("A_PCM/INT/LIT"), audio(float(16_000, 4))], "16000 samples a second"],
    ["stereo PCM", [codec("A_PCM/INT/LIT"), audio(float(8000, 4), uint(0x9f, 2))], "2 channels"],
    ["24-bit PCM", [codec("A_PCM/INT/LIT"), audio(float(8000, 4), uint(0x6264, 24))], "24 bits a sample"],
  ])("is refused by name when it has %s.", (_name, description, problem) => {
    for (const side of ["AUDIO_FROM_CUSTOMER", "AUDIO_TO_CUSTOMER", "Track_audio/L16"]) {
      const bytes = documentWith(side, ...description);
      const message = `The track ${side} has ${problem}. Only 16-bit PCM at 8 kHz, mono, can be heard`;
      for (const size of CHUNK_SIZES) expect(read(inChunks(bytes, size)).error).toContain(message);
    }
  });

  it.each([
    ["says nothing of its format", []],
    ["says AAC as Amazon Connect does", [codec("A_AAC"), CONNECT_PRIVATE]],
    ["says AAC as Amazon Connect does, with a description of AAC", [codec("A_AAC"), CONNECT_PRIVATE, audio(float(48_000, 8))]],
    ["says AAC and describes nothing", [codec("A_AAC")]],
    ["says AAC with a NUL byte behind it", [codec("A_AAC\0"), CONNECT_PRIVATE]],
    ["says what it is", [codec("A_PCM/INT/LIT"), audio(float(8000, 8), uint(0x9f, 1), uint(0x6264, 16))]],
    ["leaves its numbers empty", [codec("A_PCM/INT/LIT"), audio(element(0xb5, []))]],
    ["leaves the depth out", [codec("A_PCM/INT/LIT"), audio(float(8000, 4))]],
  ])("is heard when it %s.", (_name, description) => {
    const { fragments, error } = read([documentWith("AUDIO_FROM_CUSTOMER", ...description)]);
    expect(error).toBeNull();
    expect(fragments[0]?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks).toHaveLength(1);
  });

  it("is refused when its sampling frequency is no number.", () => {
    const odd = documentWith("AUDIO_FROM_CUSTOMER", audio(element(0xb5, [new Uint8Array(3)])));
    expect(read([odd]).error).toContain("SamplingFrequency has 3 bytes, and a floating-point number has 4 or 8");
  });
});

it("A track without a name is listed whatever its codec is, and its sound is heard only if it is PCM.", () => {
  const fragmentOf = (...description: Uint8Array[]) => {
    const reader = new FragmentReader({ release: "document" });
    const bytes = documentWith(null, ...description);
    const [fragment] = [...reader.addBytes(bytes), ...reader.endBytes()];
    if (fragment === undefined) throw new Error("The document has no fragment.");
    return fragment;
  };
  const opus = fragmentOf(codec("A_OPUS"));
  expect(opus.tracks.get("track-1")?.blocks).toHaveLength(1);
  expect(() => new ChannelInterleaver().addFragment(opus)).toThrow(
    'The track track-1 has the codec "A_OPUS". Its audio is left out.',
  );
  expect(() => new ChannelInterleaver().addFragment(fragmentOf(codec("A_PCM/INT/LIT")))).not.toThrow();
});

it("A codec that is longer than any real one is cut in the message.", () => {
  expect(formatProblem({ ...UNKNOWN_FORMAT, codecId: "x".repeat(500) })).toBe(`the codec "${"x".repeat(32)}"`);
});
