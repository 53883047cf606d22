/** The elements of Matroska (RFC 9559) that Kinesis Video Streams puts around audio: identifiers, parents and size limits. */

export const ELEMENT = {
  ebmlHeader: 0x1a45dfa3,
  docType: 0x4282,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  info: 0x1549a966,
  timecodeScale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackName: 0x536e,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  audio: 0xe1,
  samplingFrequency: 0xb5,
  channels: 0x9f,
  bitDepth: 0x6264,
  contentEncodings: 0x6d80,
  cluster: 0x1f43b675,
  timecode: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  cues: 0x1c53bb6b,
  chapters: 0x1043a770,
  attachments: 0x1941a469,
  tags: 0x1254c367,
  tag: 0x7373,
  simpleTag: 0x67c8,
  tagName: 0x45a3,
  tagString: 0x4487,
  void: 0xec,
  crc32: 0xbf,
} as const;

/** The parent of elements that have none. */
export const ROOT = 0;

export interface ElementRule {
  name: string;
  /** Identifiers of the elements that may contain it. */
  parents: readonly number[];
  /** `enter`: the children are read. `keep`: the value is handed out. `skip`: the element is of no use here. */
  kind: "enter" | "keep" | "skip";
  /** Largest accepted size in bytes, so that a corrupt or hostile size cannot fill the memory. */
  maxBytes: number;
  /** Matroska allows an unknown size for these two only (RFC 9559 §4.5). */
  unknownSize?: boolean;
}

/** Kinesis Video Streams accepts no fragment above 50 MB (PutMedia limits), so no element is larger. */
export const MAX_FRAGMENT_BYTES = 50 * 1024 * 1024;
/** Tags and track tables of real streams take less than 2 KB. */
const MAX_DESCRIPTION_BYTES = 256 * 1024;
const MAX_STRING_BYTES = 64 * 1024;
/** A block of an Amazon Connect stream is 1 KB (64 ms). 1 MB would be a minute of audio. */
const MAX_BLOCK_BYTES = 1024 * 1024;
const MAX_NUMBER_BYTES = 8;

const E = ELEMENT;

export const ELEMENT_RULES: ReadonlyMap<number, ElementRule> = new Map<number, ElementRule>([
  [E.ebmlHeader, { name: "EBML", parents: [ROOT], kind: "enter", maxBytes: MAX_STRING_BYTES }],
  [E.docType, { name: "DocType", parents: [E.ebmlHeader], kind: "keep", maxBytes: MAX_STRING_BYTES }],
  [E.segment, { name: "Segment", parents: [ROOT], kind: "enter", maxBytes: MAX_FRAGMENT_BYTES, unknownSize: true }],
  [E.seekHead, { name: "SeekHead", parents: [E.segment], kind: "skip", maxBytes: MAX_FRAGMENT_BYTES }],
  [E.info, { name: "Info", parents: [E.segment], kind: "enter", maxBytes: MAX_DESCRIPTION_BYTES }],
  [E.timecodeScale, { name: "TimecodeScale", parents: [E.info], kind: "keep", maxBytes: MAX_NUMBER_BYTES }],
  [E.tracks, { name: "Tracks", parents: [E.segment], kind: "enter", maxBytes: MAX_DESCRIPTION_BYTES }],
  [E.trackEntry, { name: "TrackEntry", parents: [E.tracks], kind: "enter", maxBytes: MAX_DESCRIPTION_BYTES }],
  [E.trackNumber, { name: "TrackNumber", parents: [E.trackEntry], kind: "keep", maxBytes: MAX_NUMBER_BYTES }],
  [E.trackName, { name: "Name", parents: [E.trackEntry], kind: "keep", maxBytes: MAX_STRING_BYTES }],
  [E.codecId, { name: "CodecID", parents: [E.trackEntry], kind: "keep", maxBytes: MAX_STRING_BYTES }],
  [E.codecPrivate, { name: "CodecPrivate", parents: [E.trackEntry], kind: "keep", maxBytes: MAX_DESCRIPTION_BYTES }],
  [E.audio, { name: "Audio", parents: [E.trackEntry], kind: "enter", maxBytes: MAX_DESCRIPTION_BYTES }],
  [E.samplingFrequency, { name: "SamplingFrequency", parents: [E.audio], kind: "keep", maxBytes: MAX_NUMBER_BYTES }],
  [E.channels, { name: "Channels", parents: [E.audio], kind: "keep", maxBytes: MAX_NUMBER_BYTES }],
  [E.bitDepth, { name: "BitDepth", parents: [E.audio], kind: "keep", maxBytes: MAX_NUMBER_BYTES }],
  [E.contentEncodings, { name: "ContentEncodings", parents: [E.trackEntry], kind: "keep", maxBytes: MAX_DESCRIPTION_BYTES }],
  [E.cluster, { name: "Cluster", parents: [E.segment], kind: "enter", maxBytes: MAX_FRAGMENT_BYTES, unknownSize: true }],
  [E.timecode, { name: "Timecode", parents: [E.cluster], kind: "keep", maxBytes: MAX_NUMBER_BYTES }],
  [E.simpleBlock, { name: "SimpleBlock", parents: [E.cluster], kind: "keep", maxBytes: MAX_BLOCK_BYTES }],
  [E.blockGroup, { name: "BlockGroup", parents: [E.cluster], kind: "enter", maxBytes: MAX_BLOCK_BYTES }],
  [E.block, { name: "Block", parents: [E.blockGroup], kind: "keep", maxBytes: MAX_BLOCK_BYTES }],
  [E.cues, { name: "Cues", parents: [E.segment], kind: "skip", maxBytes: MAX_FRAGMENT_BYTES }],
  [E.chapters, { name: "Chapters", parents: [E.segment], kind: "skip", maxBytes: MAX_FRAGMENT_BYTES }],
  [E.attachments, { name: "Attachments", parents: [E.segment], kind: "skip", maxBytes: MAX_FRAGMENT_BYTES }],
  // Tags may also stand at the root: behind a Segment of known size, they describe the same fragment.
  [E.tags, { name: "Tags", parents: [E.segment, ROOT], kind: "enter", maxBytes: MAX_DESCRIPTION_BYTES }],
  [E.tag, { name: "Tag", parents: [E.tags], kind: "enter", maxBytes: MAX_DESCRIPTION_BYTES }],
  [E.simpleTag, { name: "SimpleTag", parents: [E.tag, E.simpleTag], kind: "enter", maxBytes: MAX_DESCRIPTION_BYTES }],
  [E.tagName, { name: "TagName", parents: [E.simpleTag], kind: "keep", maxBytes: MAX_STRING_BYTES }],
  [E.tagString, { name: "TagString", parents: [E.simpleTag], kind: "keep", maxBytes: MAX_STRING_BYTES }],
]);

/** Whether an element may stand anywhere: Void and CRC-32 never end an element of unknown size (RFC 8794 §6.2). */
export function isGlobal(id: number): boolean {
  return id === ELEMENT.void || id === ELEMENT.crc32;
}
