import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MatroskaError } from "../../../aws-ingest/media/ebml-reader.ts";
import { FragmentReader } from "../../../aws-ingest/media/fragments.ts";
import { writeError } from "../../../local/aws/kinesis-video-fragment.ts";
import {
  CONNECT_STYLE,
  element,
  join,
  type SizeStyle,
  type WrittenBlock,
  type WrittenSegment,
  writeDocument,
} from "../../../local/aws/matroska-writer.ts";
import { block, CHUNK_SIZES, connectFragment, inChunks, read, segment, T0 } from "./capture.ts";

function bytes(...values: number[]): Uint8Array {
  return new Uint8Array(values);
}

const SEGMENT_UNKNOWN = bytes(0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
const CLUSTER_UNKNOWN = bytes(0x1f, 0x43, 0xb6, 0x75, 0xff);
const HEADER = writeDocument([]);

describe("Bytes that are not Matroska", () => {
  it.each([
    ["text", new TextEncoder().encode("this is no capture at all")],
    ["zeros", new Uint8Array(64)],
    ["ones", new Uint8Array(64).fill(0xff)],
    ["a single foreign byte", bytes(0x42)],
    ["a WAV file", new TextEncoder().encode("RIFF....WAVEfmt ")],
    ["a Segment without a header", join([SEGMENT_UNKNOWN, CLUSTER_UNKNOWN])],
    ["a foreign element where a document should begin", join([HEADER, element(0x4d80, [bytes(1)])])],
  ])("are refused with their place when they are %s.", (_name, capture) => {
    for (const size of CHUNK_SIZES) {
      const { fragments, error } = read(inChunks(capture, size));
      expect(error).toMatch(/^The data is not Matroska: it has no EBML header \(at byte \d+\)\.$/);
      expect(fragments).toEqual([]);
    }
  });

  it("are named when they are another kind of EBML.", () => {
    expect(read([writeDocument([], { ...CONNECT_STYLE, docType: "cartoon" })]).error).toMatch(
      /^The data is not Matroska: its DocType is "cartoon" \(at byte \d+\)\.$/,
    );
  });

  it("are refused only after the complete fragments before them, at every chunk size.", () => {
    const capture = join([connectFragment(0), connectFragment(1), bytes(0, 0, 0, 0)]);
    const whole = read([join([connectFragment(0), connectFragment(1)])]).fragments;
    for (const size of CHUNK_SIZES) {
      const { fragments, error } = read(inChunks(capture, size));
      expect(fragments).toEqual(whole);
      expect(error).toBe(`No EBML element begins here (at byte ${capture.length - 4}).`);
    }
  });
});

describe("A hostile element", () => {
  const huge = bytes(0x01, 0, 0, 0x10, 0, 0, 0, 0);
  it.each([
    [
      "a SimpleBlock beyond the limit",
      join([CLUSTER_UNKNOWN, bytes(0xa3), huge]),
      /^SimpleBlock states \d+ bytes, but the limit is 1048576 \(at byte \d+\)\.$/,
    ],
    ["Tags beyond the limit", join([bytes(0x12, 0x54, 0xc3, 0x67), huge]), /^Tags states/],
    ["Tags of unknown size", join([bytes(0x12, 0x54, 0xc3, 0x67, 0xff)]), /^Tags has an unknown size/],
    ["a Timecode of nine bytes", join([CLUSTER_UNKNOWN, bytes(0xe7, 0x89)]), /^Timecode states 9 bytes, but the limit is 8/],
    [
      "a Timecode above 2^53",
      join([CLUSTER_UNKNOWN, element(0xe7, [bytes(1, 0, 0, 0, 0, 0, 0, 0)])]),
      /^Timecode is larger than 2\^53/,
    ],
    ["an unknown element beyond the limit", join([bytes(0x4d, 0xbb), huge]), /^Element 0x4DBB states/],
    ["a Void beyond the limit", join([bytes(0xec), huge]), /^Element 0xEC states/],
    ["a Void whose size is not valid", join([bytes(0xec, 0x00)]), /^Element 0xEC has no valid size/],
    ["one without an identifier", bytes(0x08, 0x81, 0x00), /^No EBML element begins here/],
    ["a TimecodeScale of 0", element(0x1549a966, [element(0x2ad7b1, [bytes(0)])]), /^TimecodeScale is 0/],
    [
      "a child longer than its parent",
      join([bytes(0x15, 0x49, 0xa9, 0x66, 0x84, 0x2a, 0xd7, 0xb1, 0x83)]),
      /^TimecodeScale reaches beyond the end of Info/,
    ],
    ["a block without a header", join([CLUSTER_UNKNOWN, element(0xa3, [bytes(0x81, 0)])]), /^A block has an incomplete header/],
    [
      "a laced block whose sizes do not fit",
      join([CLUSTER_UNKNOWN, element(0xa3, [bytes(0x81, 0, 0, 0x02, 1, 9, 1, 2)])]),
      /^A block is laced, and its frame sizes do not fit its length/,
    ],
    [
      "a fixed-size lace that does not divide",
      join([CLUSTER_UNKNOWN, element(0xa3, [bytes(0x81, 0, 0, 0x04, 1, 1, 2, 3)])]),
      /^A block is laced, and its frame sizes do not fit its length/,
    ],
    [
      "a compressed track",
      element(0x1654ae6b, [element(0xae, [bytes(0xd7, 0x81, 1), element(0x6d80, [element(0x6240, [])])])]),
      /^A track has ContentEncodings \(it is compressed or encrypted\), which is not supported/,
    ],
  ])("is refused when it is %s.", (_name, tail, message) => {
    const capture = join([HEADER, SEGMENT_UNKNOWN, tail]);
    for (const size of CHUNK_SIZES) expect(read(inChunks(capture, size)).error).toMatch(message);
  });

  it("is refused when the fragment would have too many blocks, bytes of audio, tags or tracks.", () => {
    const noise = new Uint8Array(1024 * 1024 - 8);
    const large: WrittenBlock[] = Array.from({ length: 17 }, () => ({ track: 1, relativeTime: 0, payload: noise }));
    expect(read([writeDocument([segment({ clusters: [{ time: 0, blocks: large }] })])]).error).toMatch(
      /A fragment has more than \d+ bytes of audio/,
    );
    const many = Array.from({ length: 16_385 }, () => block(1, 0, []));
    expect(read([writeDocument([segment({ clusters: [{ time: 0, blocks: many }] })])]).error).toMatch(/more than 16384 blocks/);
    const tags = Array.from({ length: 513 }, (_, i) => [`t${i}`, ""] as const);
    expect(read([writeDocument([segment({ tagsBefore: [tags] })])]).error).toMatch(/more than 512 tags/);
    const tracks = Array.from({ length: 17 }, (_, i) => ({ number: i + 1, name: null }));
    expect(read([writeDocument([segment({ tracks })])]).error).toMatch(/more than 16 tracks/);
  });

  it("leaves the audio before it in a fragment that says complete: false.", () => {
    const good = writeDocument([segment({ clusters: [{ time: T0, blocks: [block(1, 0, [1, 2])] }] })]);
    for (const size of CHUNK_SIZES) {
      const { fragments, error } = read(inChunks(join([good, bytes(0xa3), huge]), size));
      expect(error).toMatch(/^Element 0xA3 states|^SimpleBlock states/);
      expect(fragments.map(({ complete, tracks }) => [complete, tracks["AUDIO_FROM_CUSTOMER"]?.blocks])).toEqual([
        [false, [{ timeMs: T0, hex: "0102" }]],
      ]);
    }
  });

  it("ends the reading: every later call throws the same error.", () => {
    const reader = new FragmentReader();
    expect(() => [...reader.addBytes(join([HEADER, SEGMENT_UNKNOWN, bytes(0xec, 0x00)]))]).toThrow(
      "Element 0xEC has no valid size",
    );
    expect(() => [...reader.addBytes(connectFragment(0))]).toThrow("Element 0xEC has no valid size");
    expect([...reader.endBytes()]).toEqual([]);
  });

  it("is named with its offset in the error.", () => {
    const error = new MatroskaError("Tags states 9 bytes, but the limit is 8", 77);
    expect([error.message, error.offset]).toEqual(["Tags states 9 bytes, but the limit is 8 (at byte 77).", 77]);
  });
});

const size = fc.constantFrom<SizeStyle>("known", "ff1", "ff8");
const style = fc.record({
  segmentSize: size,
  clusterSize: size,
  sizeBytes: fc.integer({ min: 1, max: 8 }),
  timecodeScale: fc.constantFrom(1_000_000, null),
  docType: fc.constantFrom("matroska", "webm"),
  unusedElements: fc.boolean(),
  nulPadding: fc.integer({ min: 0, max: 3 }),
});
const names = ["AUDIO_FROM_CUSTOMER", "AUDIO_TO_CUSTOMER", null];
const anyAudio = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ maxLength: 8 }).map((noise) => join([noise, bytes(0x1a, 0x45, 0xdf, 0xa3, 0x81), noise])),
);
const written: fc.Arbitrary<WrittenSegment> = fc.record({
  tracks: fc.shuffledSubarray(names, { minLength: 1 }).map((some) => some.map((name, i) => ({ number: i + 1, name }))),
  tagsBefore: fc.array(fc.array(fc.tuple(fc.constantFrom("ContactId", "Events", "x"), fc.stringMatching(/^[a-zá-ú0-9]{0,9}$/)))),
  clusters: fc.array(
    fc.record({
      time: fc.integer({ min: 0, max: 2 ** 45 }),
      blocks: fc.array(
        fc.record({
          track: fc.integer({ min: 1, max: 130 }),
          relativeTime: fc.integer({ min: -32_768, max: 32_767 }),
          payload: anyAudio,
          inGroup: fc.boolean(),
        }),
        { maxLength: 6 },
      ),
    }),
    { maxLength: 3 },
  ),
  tagsAfter: fc.constant([]),
});
const capture = fc.array(fc.record({ segments: fc.array(written, { minLength: 1, maxLength: 2 }), style }), {
  minLength: 1,
  maxLength: 4,
});

describe("A stream", () => {
  it("gives the fragments that were written, however its bytes are cut into chunks.", () => {
    fc.assert(
      fc.property(capture, fc.infiniteStream(fc.integer({ min: 1, max: 90 })), (documents, cuts) => {
        const all = join(documents.map((one) => writeDocument(one.segments, one.style)));
        const { fragments, error } = read([all]);
        expect(error).toBeNull();
        expect(fragments.length).toBe(documents.length);
        documents.forEach(({ segments }, i) => {
          const expected = segments.flatMap(({ clusters }) =>
            clusters.flatMap(({ time, blocks }) =>
              blocks.map((one) => `${time + one.relativeTime} ${Buffer.from(one.payload).toString("hex")}`),
            ),
          );
          const found = Object.values(fragments[i]?.tracks ?? {}).flatMap(({ blocks }) =>
            blocks.map((one) => `${one.timeMs} ${one.hex}`),
          );
          expect(found.toSorted()).toEqual(expected.toSorted());
          expect(fragments[i]?.clusters).toBe(segments.reduce((sum, { clusters }) => sum + clusters.length, 0));
        });

        const chunks: Uint8Array[] = [];
        for (let at = 0; at < all.length; ) {
          const length = cuts.next().value ?? 1;
          chunks.push(all.subarray(at, at + length), new Uint8Array(0));
          at += length;
        }
        expect(read(chunks)).toEqual({ fragments, error });
      }),
      { numRuns: 200 },
    );
  });

  it("gives a document that breaks off inside an element of known size as incomplete, and then the next document.", () => {
    const next = writeDocument([segment({ clusters: [{ time: 7, blocks: [block(1, 0, [7])] }] })]);
    const cluster = [element(0xe7, [bytes(5)]), element(0xa3, [bytes(0x81, 0, 0, 0x80, 1)])];
    const lacking = (id: number) => element(id, [...cluster, new Uint8Array(next.length + 20)]).subarray(0, -next.length - 20);
    for (const tail of [next, new Uint8Array(0)]) {
      const { fragments, error } = read([join([HEADER, SEGMENT_UNKNOWN, lacking(0x1f43b675), tail])]);
      expect(error).toBeNull();
      expect(fragments.map(({ complete, tracks }) => [complete, Object.values(tracks)[0]?.blocks[0]?.hex])).toEqual(
        tail === next
          ? [
              [false, "01"],
              [true, "07"],
            ]
          : [[false, "01"]],
      );
    }
  });

  it("gives a document without a fragment number as incomplete when it is cut inside a Void.", () => {
    const capture = join([
      writeDocument([segment({ clusters: [{ time: T0, blocks: [block(1, 0)] }] })]),
      element(0xec, [new Uint8Array(9)]),
    ]);
    expect(read([capture]).fragments.map(({ complete }) => complete)).toEqual([true]);
    for (let cut = 1; cut < 11; cut += 1) {
      expect(read([capture.subarray(0, -cut)]).fragments.map(({ complete }) => complete)).toEqual([false]);
    }
  });

  it("gives complete fragments, and then an incomplete one without invented audio, when it is cut at any byte.", () => {
    const small = (i: number) =>
      connectFragment(i, { style: i % 2 === 0 ? { clusterSize: "ff1" } : { unusedElements: true, segmentSize: "ff1" } });
    // These documents are shorter than real ones, so that every byte can be tried.
    const tiny = [0, 1].map((i) => {
      const blocks = [block(1, 0, [1, 2]), block(2, 0, [3, 4]), block(1, 64, [5, 6])];
      const tracks = [
        { number: 1, name: "AUDIO_FROM_CUSTOMER" },
        { number: 2, name: "AUDIO_TO_CUSTOMER" },
      ];
      return writeDocument(
        [
          segment({
            tracks,
            tagsBefore: [[["ContactId", "c"]], [["AWS_KINESISVIDEO_FRAGMENT_NUMBER", String(i)]]],
            clusters: [{ time: T0, blocks }],
            tagsAfter: [[["ContactId", "c"]], [["AWS_KINESISVIDEO_CONTINUATION_TOKEN", String(i)]]],
          }),
        ],
        { ...CONNECT_STYLE, clusterSize: i === 0 ? "ff8" : "known", unusedElements: i === 1 },
      );
    });
    const all = join(tiny);
    const [firstLength = 0] = tiny.map((one) => one.length);
    for (const options of [{ release: "token" }, { release: "document" }] as const) {
      const whole = read([all], options).fragments;
      expect(whole.map(({ complete }) => complete)).toEqual([true, true]);
      for (let end = 1; end < all.length; end += 1) {
        if (end === firstLength) continue;
        const { fragments, error } = read(inChunks(all.subarray(0, end), 5), options);
        expect(error).toBeNull();
        expect(fragments.length).toBe(end < firstLength ? 1 : 2);
        expect(fragments.at(-1)?.complete).toBe(false);
        if (end > firstLength) expect(fragments[0]).toEqual(whole[0]);
        const cutOff = fragments.at(-1)?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks ?? [];
        const model = whole.at(fragments.length - 1)?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks ?? [];
        expect(cutOff).toEqual(model.slice(0, cutOff.length));
        expect(whole.at(fragments.length - 1)?.tags).toMatchObject(fragments.at(-1)?.tags ?? {});
      }
    }
    const real = join([small(0), small(1), writeError(5000, "Internal error")]);
    expect(read(inChunks(real, 1460)).fragments.map(({ complete }) => complete)).toEqual([true, true, true]);
  });
});
