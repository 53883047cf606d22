import { MatroskaError } from "../../../aws-ingest/media/ebml-reader.ts";
import type { Fragment } from "../../../aws-ingest/media/fragment.ts";
import { FragmentReader, type FragmentReaderOptions } from "../../../aws-ingest/media/fragments.ts";
import { type FragmentVariation, writeFragment, writeTrailer } from "../../../local/aws/kinesis-video-fragment.ts";
import { join, type TagList, type WrittenBlock, type WrittenSegment } from "../../../local/aws/matroska-writer.ts";

export const CONTACT = "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9";
export const T0 = 1714363529673;
const FIRST = 91343852333181432392682062662105165711654869872n;

export function fragmentNumber(index: number): string {
  return String(FIRST + BigInt(index) * 4951760157141521099n);
}

/** Samples that show their side and place: the customer's count up, the agent's count down. */
export function voice(side: "customer" | "agent", from: number, samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => (side === "customer" ? 1 : -1) * (((from + i) % 32_000) + 1));
}

/** Returns the index-th fragment (1,024 ms each) of a call, as GetMedia sends it. */
export function connectFragment(index: number, variation: FragmentVariation = {}, contactId = CONTACT): Uint8Array {
  const audio = {
    contactId,
    atMs: T0 + index * 1024,
    fromCustomer: voice("customer", index * 8192, 8192),
    toCustomer: voice("agent", index * 8192, 8192),
  };
  const identity = { fragmentNumber: fragmentNumber(index), serverMs: audio.atMs + 1500, instanceId: "instance" };
  return join([writeFragment(audio, identity, variation), writeTrailer(fragmentNumber(index), 0)]);
}

/** The tags that Kinesis puts before a Cluster. */
export function numbered(index: number): TagList {
  return [
    ["AWS_KINESISVIDEO_FRAGMENT_NUMBER", fragmentNumber(index)],
    ["AWS_KINESISVIDEO_PRODUCER_TIMESTAMP", "1714363529.673"],
  ];
}

export function trailing(index: number): TagList {
  return [
    ["AWS_KINESISVIDEO_MILLIS_BEHIND_NOW", "0"],
    ["AWS_KINESISVIDEO_CONTINUATION_TOKEN", fragmentNumber(index)],
  ];
}

export function block(track: number, relativeTime: number, bytes: readonly number[] = [1, 2, 3, 4]): WrittenBlock {
  return { track, relativeTime, payload: new Uint8Array(bytes) };
}

export function segment(part: Partial<WrittenSegment>): WrittenSegment {
  return { tracks: [{ number: 1, name: "AUDIO_FROM_CUSTOMER" }], tagsBefore: [], clusters: [], tagsAfter: [], ...part };
}

/** The fragments of one reading in plain form, and the message of the error that ended it. */
export interface Reading {
  fragments: ReturnType<typeof plain>[];
  error: string | null;
}

export function plain(fragment: Fragment) {
  const { tags, tracks, ...rest } = fragment;
  return {
    ...rest,
    tags: Object.fromEntries(tags),
    tracks: Object.fromEntries(
      [...tracks].map(([name, track]) => [
        name,
        {
          number: track.number,
          blocks: track.blocks.map(({ timeMs, payload }) => ({ timeMs, hex: Buffer.from(payload).toString("hex") })),
        },
      ]),
    ),
  };
}

/** Reads chunk by chunk. Every chunk is a copy of its own, so that no view can reach beyond it. */
export function read(chunks: Iterable<Uint8Array>, options?: FragmentReaderOptions): Reading {
  const reader = new FragmentReader(options);
  const fragments: ReturnType<typeof plain>[] = [];
  try {
    for (const chunk of chunks) for (const fragment of reader.addBytes(chunk.slice())) fragments.push(plain(fragment));
    for (const fragment of reader.endBytes()) fragments.push(plain(fragment));
    return { fragments, error: null };
  } catch (error) {
    if (!(error instanceof MatroskaError)) throw error;
    return { fragments, error: error.message };
  }
}

export function* inChunks(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export const CHUNK_SIZES = [1, 2, 3, 7, Number.POSITIVE_INFINITY];
