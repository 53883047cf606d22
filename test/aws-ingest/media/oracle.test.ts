import fc from "fast-check";
import { Decoder, tools } from "ts-ebml";
import { expect, it } from "vitest";
import { CONNECT_STYLE, join, writeDocument } from "../../../local/aws/matroska-writer.ts";
import { connectFragment, read, segment, T0 } from "./capture.ts";

/**
 * Reads the same bytes with ts-ebml, an independent reader. It closes elements of unknown size wrongly, but that changes neither
 * the order nor the content of the values. So names, numbers and payload bytes must be equal.
 */
function oracle(bytes: Uint8Array) {
  const tags: string[] = [];
  const tracks: (string | number)[] = [];
  const blocks: { track: number; timeMs: number; hex: string }[] = [];
  let clusterMs = 0;
  for (const element of new Decoder().decode(new Uint8Array(bytes).buffer)) {
    if (element.type === "m") continue;
    if (element.name === "TrackNumber" && element.type === "u") tracks.push(element.value);
    if (element.name === "Name" && element.type === "8") tracks.push(element.value);
    if ((element.name === "TagName" || element.name === "TagString") && element.type === "8") tags.push(element.value);
    if (element.name === "Timestamp" && element.type === "u") clusterMs = element.value;
    if ((element.name === "SimpleBlock" || element.name === "Block") && element.type === "b") {
      const { trackNumber, timecode, frames } = tools.ebmlBlock(element.data);
      blocks.push({ track: trackNumber, timeMs: clusterMs + timecode, hex: Buffer.concat(frames).toString("hex") });
    }
  }
  return { tags, tracks, blocks };
}

function ours(bytes: Uint8Array) {
  const { fragments, error } = read([bytes]);
  expect(error).toBeNull();
  return fragments;
}

it("The reader finds the same tracks, tags and payload bytes in an Amazon Connect call as ts-ebml.", () => {
  const capture = [0, 1, 2].map((i) =>
    connectFragment(i, { swapped: i === 1, style: { segmentSize: i === 2 ? "known" : "ff8" } }),
  );
  capture.forEach((bytes) => {
    const expected = oracle(bytes);
    const [fragment] = ours(bytes);
    const found = Object.values(fragment?.tracks ?? {}).flatMap((track) =>
      track.blocks.map((one) => ({ track: track.number, ...one })),
    );
    const byPlace = (a: { track: number; timeMs: number }, b: { track: number; timeMs: number }) =>
      a.timeMs - b.timeMs || a.track - b.track;
    expect(expected.blocks).toHaveLength(32);
    expect(found.toSorted(byPlace)).toEqual(expected.blocks.toSorted(byPlace));
    expect(Object.entries(fragment?.tracks ?? {}).flatMap(([name, { number }]) => [number, name])).toEqual(expected.tracks);
    const tags = Object.fromEntries(expected.tags.flatMap((name, i) => (i % 2 === 0 ? [[name, expected.tags[i + 1]]] : [])));
    expect(fragment?.tags).toEqual(tags);
  });
});

/** Writes the frame count and the sizes of a lace (RFC 9559 §10.3) before its frames. */
function laced(kind: "xiph" | "ebml" | "fixed", frames: readonly Uint8Array[]): { flags: number; payload: Uint8Array } {
  const sizes = frames.slice(0, -1).map(({ length }) => length);
  const head: number[] = [frames.length - 1];
  if (kind === "xiph") for (const size of sizes) head.push(...Array<number>(Math.floor(size / 255)).fill(255), size % 255);
  if (kind === "ebml") {
    sizes.forEach((size, i) => {
      // Two-byte VINTs. A difference is stored with 2^13 - 1 added.
      const value = i === 0 ? size : size - (sizes[i - 1] ?? 0) + 8191;
      head.push(0x40 | (value >> 8), value & 0xff);
    });
  }
  return { flags: { xiph: 0x02, fixed: 0x04, ebml: 0x06 }[kind], payload: join([new Uint8Array(head), ...frames]) };
}

it("The reader finds the sound of laced blocks as ts-ebml does.", () => {
  const lace = fc.oneof(
    fc.tuple(
      fc.constantFrom("xiph" as const, "ebml" as const),
      fc.array(fc.uint8Array({ maxLength: 700 }), { minLength: 2, maxLength: 9 }),
    ),
    fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.uint8Array({ minLength: 1, maxLength: 60 }))
      .map(([count, frame]) => ["fixed" as const, Array.from({ length: count }, () => frame)] as const),
  );
  fc.assert(
    fc.property(lace, ([kind, frames]) => {
      const written = { track: 1, relativeTime: 0, ...laced(kind, frames) };
      const bytes = writeDocument([segment({ clusters: [{ time: T0, blocks: [written] }] })]);
      const [fragment] = ours(bytes);
      const found = Object.values(fragment?.tracks ?? {}).flatMap(({ blocks }) => blocks.map(({ hex }) => hex));
      expect(found).toEqual([Buffer.concat(frames).toString("hex")]);
      expect(found).toEqual(oracle(bytes).blocks.map(({ hex }) => hex));
    }),
    { numRuns: 200 },
  );
});

it("The reader finds the same track numbers, times and bytes in any blocks as ts-ebml.", () => {
  const block = fc.record({
    track: fc.integer({ min: 1, max: 16_000 }),
    relativeTime: fc.integer({ min: -32_768, max: 32_767 }),
    payload: fc.uint8Array({ maxLength: 300 }),
    inGroup: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(block, { maxLength: 20 }), fc.constantFrom("known", "ff8"), (blocks, segmentSize) => {
      const bytes = join([writeDocument([segment({ clusters: [{ time: T0, blocks }] })], { ...CONNECT_STYLE, segmentSize })]);
      const [fragment] = ours(bytes);
      const found = Object.values(fragment?.tracks ?? {}).flatMap((track) =>
        track.blocks.map((one) => ({ track: track.number, ...one })),
      );
      const expected = oracle(bytes).blocks;
      expect(expected).toHaveLength(blocks.length);
      const bySize = (a: object, b: object) => JSON.stringify(a).localeCompare(JSON.stringify(b));
      expect(found.toSorted(bySize)).toEqual(expected.toSorted(bySize));
    }),
    { numRuns: 100 },
  );
});
