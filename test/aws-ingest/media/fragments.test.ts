import { describe, expect, it } from "vitest";
import { belongsTo } from "../../../aws-ingest/media/fragment.ts";
import { writeError } from "../../../local/aws/kinesis-video-fragment.ts";
import {
  CONNECT_STYLE,
  element,
  join,
  type MatroskaStyle,
  writeDocument,
  writeTags,
} from "../../../local/aws/matroska-writer.ts";
import {
  block,
  CHUNK_SIZES,
  CONTACT,
  connectFragment,
  fragmentNumber,
  inChunks,
  numbered,
  type Reading,
  read,
  segment,
  T0,
  trailing,
} from "./capture.ts";

const OTHER = "11111111-2222-3333-4444-555555555555";

function document(part: Parameters<typeof segment>[0], style: Partial<MatroskaStyle> = {}): Uint8Array {
  return writeDocument([segment(part)], { ...CONNECT_STYLE, ...style });
}

function hexOf(samples: Int16Array): string {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString("hex");
}

const PCM_MAGIC = [0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x86, 0x81, 0x01, 0x1f, 0x43, 0xb6, 0x75, 0xff, 0x12, 0x54, 0xc3, 0x67];

/** Each case has a name, the bytes, and a check of the fragments. Every case is read at every chunk size. */
const CASES: [name: string, bytes: Uint8Array, check: (reading: Reading) => void][] = [
  [
    "A fragment as Amazon Connect writes it",
    connectFragment(0),
    ({ fragments, error }) => {
      expect(error).toBeNull();
      expect(fragments).toHaveLength(1);
      const [fragment] = fragments;
      expect(fragment).toMatchObject({
        fragmentNumber: fragmentNumber(0),
        contactId: CONTACT,
        producerTimestamp: "1714363529.673",
        serverTimestamp: "1714363531.173",
        continuationToken: fragmentNumber(0),
        millisBehindNow: 0,
        error: null,
        clusters: 1,
        complete: true,
        continued: false,
      });
      expect(fragment?.tags["MimeType"]).toBe("audio/L16;rate=8000;channels=1;");
      const customer = fragment?.tracks["AUDIO_FROM_CUSTOMER"];
      expect(customer?.number).toBe(1);
      expect(customer?.blocks.map(({ timeMs }) => timeMs - T0)).toEqual(Array.from({ length: 16 }, (_, i) => i * 64));
      expect(customer?.blocks[0]?.hex).toBe(hexOf(Int16Array.from({ length: 512 }, (_, i) => i + 1)));
      expect(fragment?.tracks["AUDIO_TO_CUSTOMER"]?.blocks[0]?.hex).toBe(
        hexOf(Int16Array.from({ length: 512 }, (_, i) => -i - 1)),
      );
    },
  ],
  [
    "A stream with unknown sizes of eight bytes and of one byte",
    join([
      connectFragment(0, { style: { segmentSize: "ff8", clusterSize: "ff8" } }),
      connectFragment(1, { style: { segmentSize: "ff1", clusterSize: "ff1" } }),
      connectFragment(2, { style: { segmentSize: "ff1", clusterSize: "known" } }),
    ]),
    ({ fragments, error }) => {
      expect(error).toBeNull();
      expect(fragments.map(({ fragmentNumber }) => fragmentNumber)).toEqual([0, 1, 2].map(fragmentNumber));
      for (const fragment of fragments) {
        expect(fragment).toMatchObject({ contactId: CONTACT, clusters: 1, complete: true });
        expect(fragment.tracks["AUDIO_TO_CUSTOMER"]?.blocks).toHaveLength(16);
      }
    },
  ],
  [
    "A stream with known sizes of every width",
    join(
      [1, 2, 4, 8].map((sizeBytes) =>
        document(
          {
            tagsBefore: [numbered(sizeBytes)],
            clusters: [{ time: T0, blocks: [block(1, 0)] }],
            tagsAfter: [trailing(sizeBytes)],
          },
          { segmentSize: "known", clusterSize: "known", sizeBytes },
        ),
      ),
    ),
    ({ fragments, error }) => {
      expect(error).toBeNull();
      expect(fragments.map(({ continuationToken, complete }) => [continuationToken, complete])).toEqual(
        [1, 2, 4, 8].map((i) => [fragmentNumber(i), true]),
      );
    },
  ],
  [
    "A Cluster of known size with a misplaced element, which is skipped,",
    join([
      writeDocument([]),
      element(0x18538067, [
        element(0x1f43b675, [
          element(0xe7, [new Uint8Array([5])]),
          element(0xa3, [new Uint8Array([0x81, 0, 0, 0x80, 1])]),
          writeTags([["ContactId", "misplaced"]]),
          element(0xa3, [new Uint8Array([0x81, 0, 1, 0x80, 2])]),
        ]),
      ]),
    ]),
    ({ fragments, error }) => {
      expect(error).toBeNull();
      expect(fragments[0]).toMatchObject({ contactId: null, complete: true });
      expect(fragments[0]?.tracks["track-1"]?.blocks.map(({ hex }) => hex)).toEqual(["01", "02"]);
    },
  ],
  [
    "A stream with trailing tags behind Segments of known size",
    join([0, 1].map((i) => connectFragment(i, { style: { segmentSize: "known" } }))),
    ({ fragments }) =>
      expect(fragments.map(({ continuationToken, complete }) => [continuationToken, complete])).toEqual([
        [fragmentNumber(0), true],
        [fragmentNumber(1), true],
      ]),
  ],
  [
    "A document with several Clusters and Segments",
    writeDocument([
      segment({
        tagsBefore: [numbered(0)],
        clusters: [
          { time: T0, blocks: [block(1, 0)] },
          { time: T0 + 500, blocks: [block(1, 12)] },
        ],
      }),
      segment({
        tracks: [{ number: 4, name: "AUDIO_FROM_CUSTOMER" }],
        clusters: [{ time: T0 + 1000, blocks: [block(4, 0)] }],
        tagsAfter: [trailing(0)],
      }),
    ]),
    ({ fragments }) => {
      expect(fragments).toHaveLength(1);
      expect(fragments[0]?.clusters).toBe(3);
      expect(fragments[0]?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks.map(({ timeMs }) => timeMs - T0)).toEqual([0, 512, 1000]);
    },
  ],
  [
    "A stream with other TimecodeScales and exact absolute times",
    join([
      document({ clusters: [{ time: T0 * 8, blocks: [block(1, 1)] }] }, { timecodeScale: 125_000 }),
      document({ clusters: [{ time: T0 * 10, blocks: [block(1, 3)] }] }, { timecodeScale: 100_000 }),
      document({ clusters: [{ time: Math.floor(T0 / 2), blocks: [block(1, 1)] }] }, { timecodeScale: 2_000_000 }),
      document({ clusters: [{ time: 3, blocks: [block(1, 0)] }] }, { timecodeScale: 333_333 }),
      document({ clusters: [{ time: T0, blocks: [block(1, 7)] }] }, { timecodeScale: null }),
    ]),
    ({ fragments }) => {
      const times = fragments.map(({ tracks }) => tracks["AUDIO_FROM_CUSTOMER"]?.blocks[0]?.timeMs);
      expect(times).toEqual([T0 + 0.125, T0 + 0.3, Math.floor(T0 / 2) * 2 + 2, 0.999999, T0 + 7]);
    },
  ],
  [
    "A document whose Segments and Clusters have times of their own",
    join([
      document({ clusters: [{ time: 800, blocks: [block(1, 8)] }] }, { timecodeScale: 125_000, segmentSize: "known" }),
      element(0x18538067, [
        element(0x1f43b675, [element(0xe7, [new Uint8Array([7])]), element(0xa3, [new Uint8Array([0x81, 0, 1, 0x80])])]),
        element(0x1f43b675, [element(0xa3, [new Uint8Array([0x81, 0, 2, 0x80])])]),
      ]),
    ]),
    ({ fragments }) =>
      expect(fragments[0]?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks.map(({ timeMs }) => timeMs)).toEqual([101, 8, 2]),
  ],
  [
    "A document whose Timecode and Info come behind the blocks",
    join([
      document({}),
      element(0x18538067, [
        element(0x1f43b675, [element(0xa3, [new Uint8Array([0x81, 0, 8, 0x80])]), element(0xe7, [new Uint8Array([80])])]),
        element(0x1549a966, [element(0x2ad7b1, [new Uint8Array([0x01, 0xe8, 0x48])])]),
      ]),
    ]),
    ({ fragments }) => expect(fragments[0]?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks.map(({ timeMs }) => timeMs)).toEqual([11]),
  ],
  [
    "A Cluster with negative relative times",
    document({ clusters: [{ time: T0, blocks: [block(1, -1), block(1, -32_768), block(1, 32_767)] }] }),
    ({ fragments }) =>
      expect(fragments[0]?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks.map(({ timeMs }) => timeMs - T0)).toEqual([-1, -32_768, 32_767]),
  ],
  [
    "A stream with swapped track numbers and one above 127",
    join([
      connectFragment(0, { swapped: true }),
      document({
        tracks: [{ number: 300, name: "AUDIO_TO_CUSTOMER" }],
        clusters: [{ time: T0, blocks: [block(300, 0, [9, 8])] }],
      }),
    ]),
    ({ fragments }) => {
      expect(fragments[0]?.tracks["AUDIO_FROM_CUSTOMER"]).toMatchObject({ number: 2 });
      expect(fragments[0]?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks[0]?.hex.slice(0, 8)).toBe("01000200");
      expect(fragments[0]?.tracks["AUDIO_TO_CUSTOMER"]).toMatchObject({ number: 1 });
      expect(fragments[1]?.tracks["AUDIO_TO_CUSTOMER"]).toEqual({ number: 300, blocks: [{ timeMs: T0, hex: "0908" }] });
    },
  ],
  [
    "A stream with one side only",
    join([connectFragment(0, { sides: ["AUDIO_FROM_CUSTOMER"] }), connectFragment(1, { sides: ["AUDIO_TO_CUSTOMER"] })]),
    ({ fragments }) =>
      expect(fragments.map(({ tracks }) => Object.keys(tracks))).toEqual([["AUDIO_FROM_CUSTOMER"], ["AUDIO_TO_CUSTOMER"]]),
  ],
  [
    "A stream with tracks that are unnamed, named alike, silent or never announced",
    join([
      connectFragment(0, { unnamed: true, sides: ["AUDIO_FROM_CUSTOMER"] }),
      document({
        tracks: [
          { number: 1, name: "A" },
          { number: 2, name: "A" },
          { number: 3, name: "B" },
        ],
        clusters: [{ time: 0, blocks: [block(1, 0, [1]), block(2, 0, [2]), block(9, 0, [9])] }],
      }),
      document({ tracks: null, clusters: [{ time: 0, blocks: [block(1, 0, [1])] }] }),
    ]),
    ({ fragments }) => {
      expect(Object.keys(fragments[0]?.tracks ?? {})).toEqual(["track-1"]);
      expect(fragments[1]?.tracks).toEqual({
        A: { number: 1, blocks: [{ timeMs: 0, hex: "01" }] },
        "track-2": { number: 2, blocks: [{ timeMs: 0, hex: "02" }] },
        B: { number: 3, blocks: [] },
        "track-9": { number: 9, blocks: [{ timeMs: 0, hex: "09" }] },
      });
      expect(Object.keys(fragments[2]?.tracks ?? {})).toEqual(["track-1"]);
    },
  ],
  [
    "A stream whose fragments inherit missing producer tags, but no tags of Kinesis,",
    join([
      connectFragment(0, { producerTags: "before" }),
      connectFragment(1, { producerTags: "after", extraTags: [["Events", "stop"]] }),
      connectFragment(2, { producerTags: "none" }),
      document({ clusters: [{ time: T0, blocks: [block(1, 0)] }] }),
    ]),
    ({ fragments }) => {
      expect(fragments.map(({ contactId }) => contactId)).toEqual([CONTACT, CONTACT, CONTACT, CONTACT]);
      expect(fragments.map(({ fragmentNumber }) => fragmentNumber)).toEqual([
        fragmentNumber(0),
        fragmentNumber(1),
        fragmentNumber(2),
        null,
      ]);
      expect(fragments[2]?.tags).toMatchObject({ InstanceId: "instance", Events: "stop" });
      expect(fragments[3]).toMatchObject({ producerTimestamp: null, continuationToken: null, millisBehindNow: null });
    },
  ],
  [
    "A stream with a second contact",
    join([connectFragment(0), connectFragment(1, {}, OTHER), connectFragment(2, { producerTags: "none" })]),
    ({ fragments }) => {
      expect(fragments.map(({ contactId }) => contactId)).toEqual([CONTACT, OTHER, OTHER]);
      expect(fragments.map((fragment) => belongsTo([CONTACT], fragment))).toEqual([true, false, false]);
    },
  ],
  [
    "A fragment whose audio contains the EBML magic and other element headers",
    document({
      tagsBefore: [numbered(0)],
      clusters: [{ time: T0, blocks: [block(1, 0, PCM_MAGIC), block(1, 64, [...PCM_MAGIC, ...PCM_MAGIC])] }],
      tagsAfter: [trailing(0)],
    }),
    ({ fragments, error }) => {
      expect(error).toBeNull();
      expect(fragments).toHaveLength(1);
      const hex = Buffer.from(PCM_MAGIC).toString("hex");
      expect(fragments[0]?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks.map((one) => one.hex)).toEqual([hex, hex + hex]);
    },
  ],
  [
    "A stream with unknown elements, NUL padding, BlockGroups and a short block",
    join([
      connectFragment(0, { style: { unusedElements: true, nulPadding: 5, clusterSize: "ff1" } }),
      document(
        { clusters: [{ time: T0, blocks: [{ ...block(1, 3, [7, 7]), inGroup: true }, block(1, 67, [])] }] },
        { unusedElements: true },
      ),
    ]),
    ({ fragments, error }) => {
      expect(error).toBeNull();
      expect(fragments[0]).toMatchObject({ contactId: CONTACT, continuationToken: fragmentNumber(0) });
      expect(fragments[0]?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks).toHaveLength(16);
      expect(fragments[1]?.tracks["AUDIO_FROM_CUSTOMER"]?.blocks).toEqual([
        { timeMs: T0 + 3, hex: "0707" },
        { timeMs: T0 + 67, hex: "" },
      ]);
    },
  ],
  [
    "An in-band error behind a fragment",
    join([connectFragment(0), writeError(4000, "Requested fragment is not found")]),
    ({ fragments }) =>
      expect(fragments[1]).toMatchObject({
        error: { id: "4000", code: "Requested fragment is not found" },
        fragmentNumber: null,
        clusters: 0,
        complete: true,
        contactId: CONTACT,
      }),
  ],
  [
    "An in-band error in the document of a released fragment",
    join([
      document({ tagsBefore: [numbered(0)], clusters: [{ time: T0, blocks: [block(1, 0)] }], tagsAfter: [trailing(0)] }),
      writeTags([["AWS_KINESISVIDEO_ERROR_ID", "5000"]]),
    ]),
    ({ fragments }) => {
      expect(fragments.map(({ error, continued }) => [error?.id, continued])).toEqual([
        [undefined, false],
        ["5000", true],
      ]);
      expect(fragments[1]?.fragmentNumber).toBe(fragmentNumber(0));
    },
  ],
  [
    "A fragment whose continuation token stands before its audio",
    document({
      tagsBefore: [numbered(0), trailing(0)],
      clusters: [
        { time: T0, blocks: [block(1, 0)] },
        { time: T0, blocks: [block(1, 64)] },
      ],
      tagsAfter: [trailing(0)],
    }),
    ({ fragments }) => {
      expect(fragments).toHaveLength(1);
      expect(fragments[0]).toMatchObject({ complete: true, clusters: 2, continued: false });
    },
  ],
  [
    "A fragment that is continued behind its continuation token",
    join([
      document({ tagsBefore: [numbered(0)], clusters: [{ time: T0, blocks: [block(1, 0, [1])] }], tagsAfter: [trailing(0)] }),
      element(0x1f43b675, [element(0xe7, [new Uint8Array([5])]), element(0xa3, [new Uint8Array([0x81, 0, 1, 0x80, 2])])]),
      connectFragment(1),
    ]),
    ({ fragments }) => {
      expect(fragments.map(({ fragmentNumber, continued }) => [fragmentNumber, continued])).toEqual([
        [fragmentNumber(0), false],
        [fragmentNumber(0), true],
        [fragmentNumber(1), false],
      ]);
      expect(fragments.slice(0, 2).map(({ tracks }) => tracks["AUDIO_FROM_CUSTOMER"]?.blocks)).toEqual([
        [{ timeMs: T0, hex: "01" }],
        [{ timeMs: 6, hex: "02" }],
      ]);
    },
  ],
];

describe.each(CASES)("%s", (_name, bytes, check) => {
  it.each(CHUNK_SIZES)("is read in chunks of %s bytes.", (size) => check(read(inChunks(bytes, size))));
});

describe("The fragment reader", () => {
  it("releases a fragment with its continuation token, before any byte of the next one.", () => {
    const { fragments } = read([connectFragment(0)]);
    expect(fragments).toHaveLength(1);
    const withoutLastByte = connectFragment(0).subarray(0, -1);
    expect(read([withoutLastByte]).fragments.map(({ complete }) => complete)).toEqual([false]);
  });

  it("releases a fragment at the end of its document with the option `document`.", () => {
    const bytes = join([connectFragment(0), writeTags([["Events", "late"]]), connectFragment(1)]);
    const { fragments } = read([bytes], { release: "document" });
    expect(fragments.map(({ tags }) => tags["Events"])).toEqual(["late", "late"]);
    expect(fragments.map(({ complete }) => complete)).toEqual([true, true]);
  });

  it("lets a new connection inherit the producer tags of the last one.", () => {
    const tagless = connectFragment(1, { producerTags: "none" });
    expect(read([tagless]).fragments[0]?.contactId).toBeNull();
    expect(read([tagless], { inherited: new Map([["ContactId", CONTACT]]) }).fragments[0]?.contactId).toBe(CONTACT);
  });
});
