import {
  CONNECT_STYLE,
  join,
  type MatroskaStyle,
  type TagList,
  type WrittenBlock,
  type WrittenTrack,
  writeDocument,
  writeTags,
} from "./matroska-writer.ts";

/** A piece of a call's audio: 8 kHz, 16-bit, one mono track for each side. */
export interface FragmentAudio {
  contactId: string;
  /** Producer time (epoch ms) of the first sample. */
  atMs: number;
  fromCustomer: Int16Array;
  toCustomer: Int16Array;
}

/** The ways in which a fragment may differ from the usual one. */
export interface FragmentVariation {
  /** Both by default. Connect streams one side when the flow asks for one. */
  sides?: readonly ("AUDIO_FROM_CUSTOMER" | "AUDIO_TO_CUSTOMER")[];
  /** AUDIO_TO_CUSTOMER is track 1. */
  swapped?: boolean;
  /** The position of the producer's tags around the Cluster, `both` unless set. The last fragment of a call has `none`. */
  producerTags?: "both" | "before" | "after" | "none";
  /** Tracks without a name, as older streams have them. */
  unnamed?: boolean;
  /** Further producer tags. */
  extraTags?: TagList;
  style?: Partial<MatroskaStyle>;
}

export interface FragmentIdentity {
  fragmentNumber: string;
  serverMs: number;
  instanceId: string;
}

/** 64 ms, as Connect writes them (measured). */
const SAMPLES_PER_BLOCK = 512;
/** 16 blocks a side: a fragment of Connect holds about a second of audio. */
export const SAMPLES_PER_FRAGMENT = 16 * SAMPLES_PER_BLOCK;
const SAMPLES_PER_MS = 8;

/** Writes a fragment up to the producer's trailing tags. A reader also gets Kinesis' own tags, see {@link writeTrailer}. */
export function writeFragment(audio: FragmentAudio, identity: FragmentIdentity, variation: FragmentVariation = {}): Uint8Array {
  const sides = variation.sides ?? ["AUDIO_FROM_CUSTOMER", "AUDIO_TO_CUSTOMER"];
  const numbered = (variation.swapped ? [...sides].reverse() : sides).map((side, i) => ({ side, number: i + 1 }));
  const tracks: WrittenTrack[] = numbered.map(({ side, number }) => ({ number, name: variation.unnamed ? null : side }));
  const blocks: WrittenBlock[] = numbered.flatMap(({ side, number }) =>
    cutBlocks(side === "AUDIO_FROM_CUSTOMER" ? audio.fromCustomer : audio.toCustomer, number),
  );
  blocks.sort((a, b) => a.relativeTime - b.relativeTime || a.track - b.track);

  const producer: TagList = [
    ["ContactId", audio.contactId],
    ["InstanceId", identity.instanceId],
    ["MimeType", "audio/L16;rate=8000;channels=1;"],
    // Connect always writes these numbers, even when the tracks have others (measured).
    ["AUDIO_FROM_CUSTOMER", "1"],
    ["AUDIO_TO_CUSTOMER", "2"],
    ...(variation.extraTags ?? []),
  ];
  const where = variation.producerTags ?? "both";
  const aws: TagList = [
    ["AWS_KINESISVIDEO_FRAGMENT_NUMBER", identity.fragmentNumber],
    ["AWS_KINESISVIDEO_SERVER_TIMESTAMP", seconds(identity.serverMs)],
    ["AWS_KINESISVIDEO_PRODUCER_TIMESTAMP", seconds(audio.atMs)],
  ];
  return writeDocument(
    [
      {
        tracks,
        tagsBefore: where === "both" || where === "before" ? [producer, aws] : [aws],
        clusters: [{ time: Math.round(audio.atMs), blocks }],
        tagsAfter: where === "both" || where === "after" ? [producer] : [],
      },
    ],
    { ...CONNECT_STYLE, ...variation.style },
  );
}

/** Writes the tags that Kinesis sends after each fragment. */
export function writeTrailer(fragmentNumber: string, millisBehindNow: number): Uint8Array {
  return writeTags([
    ["AWS_KINESISVIDEO_MILLIS_BEHIND_NOW", String(millisBehindNow)],
    ["AWS_KINESISVIDEO_CONTINUATION_TOKEN", fragmentNumber],
  ]);
}

/** Writes the document with which Kinesis ends an HTTP 200 answer after an error. */
export function writeError(id: number, code: string): Uint8Array {
  const segment = { tracks: null, tagsBefore: [], clusters: [], tagsAfter: [] };
  return join([
    writeDocument([segment]),
    writeTags([
      ["AWS_KINESISVIDEO_ERROR_CODE", code],
      ["AWS_KINESISVIDEO_ERROR_ID", String(id)],
    ]),
  ]);
}

function cutBlocks(samples: Int16Array, track: number): WrittenBlock[] {
  const blocks: WrittenBlock[] = [];
  for (let at = 0; at < samples.length; at += SAMPLES_PER_BLOCK) {
    const part = samples.subarray(at, at + SAMPLES_PER_BLOCK);
    blocks.push({ track, relativeTime: at / SAMPLES_PER_MS, payload: littleEndian(part) });
  }
  return blocks;
}

/** Returns the samples' own bytes. Works on little-endian machines only. */
function littleEndian(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
