/** Writes Matroska as Kinesis Video Streams sends it for Amazon Connect, with every deviation that a reader must handle. */

export interface WrittenTrack {
  number: number;
  /** null = no Name element, as in older streams. */
  name: string | null;
}

export interface WrittenBlock {
  track: number;
  /** In TimecodeScale units, relative to the Cluster. May be negative. */
  relativeTime: number;
  payload: Uint8Array;
  /** Writes a BlockGroup instead of a SimpleBlock. */
  inGroup?: boolean;
  /** The flags byte: 0x80 is the key frame, 0x06 are the lacing bits. */
  flags?: number;
}

export interface WrittenCluster {
  /** In TimecodeScale units: epoch ms in Connect's streams. */
  time: number;
  blocks: readonly WrittenBlock[];
}

export type TagList = readonly (readonly [name: string, value: string])[];

export interface WrittenSegment {
  tracks: readonly WrittenTrack[] | null;
  /** Each list becomes one Tags element. */
  tagsBefore: readonly TagList[];
  clusters: readonly WrittenCluster[];
  tagsAfter: readonly TagList[];
}

/** Two ways to write an unknown size: `ff8` is 01 FF FF FF FF FF FF FF, as Kinesis writes it. `ff1` is the byte FF. */
export type SizeStyle = "known" | "ff1" | "ff8";

export interface MatroskaStyle {
  segmentSize: SizeStyle;
  clusterSize: SizeStyle;
  /** The number of bytes of a known size. Kinesis uses 8 for Cluster and 4 in its own tags. Readers must accept any number. */
  sizeBytes: number;
  /** Nanoseconds. null = no TimecodeScale element. */
  timecodeScale: number | null;
  docType: string;
  /** Adds elements that a reader must skip: SeekHead, Void, CRC-32, Cues and one that no specification knows. */
  unusedElements: boolean;
  /** The number of NUL bytes after every string. */
  nulPadding: number;
}

export const CONNECT_STYLE: MatroskaStyle = {
  segmentSize: "ff8",
  clusterSize: "known",
  sizeBytes: 8,
  timecodeScale: 1_000_000,
  docType: "matroska",
  unusedElements: false,
  nulPadding: 0,
};

/** Writes one document: the EBML header and its Segments. */
export function writeDocument(segments: readonly WrittenSegment[], style: MatroskaStyle = CONNECT_STYLE): Uint8Array {
  const header = element(0x1a45dfa3, [
    uint(0x4286, 1),
    uint(0x42f7, 1),
    uint(0x42f2, 4),
    uint(0x42f3, 8),
    element(0x4282, [text(style.docType, style)]),
    uint(0x4287, 4),
    uint(0x4285, 2),
  ]);
  return join([header, ...segments.map((segment) => writeSegment(segment, style))]);
}

/** Writes a Tags element, which has its place in a Segment before or after the Cluster. */
export function writeTags(tags: TagList, style: MatroskaStyle = CONNECT_STYLE): Uint8Array {
  const entries = tags.map(([name, value]) =>
    element(0x67c8, [element(0x45a3, [text(name, style)], 4), element(0x4487, [text(value, style)], 4)], 4),
  );
  return element(0x1254c367, [element(0x7373, [element(0x63c0, []), ...entries], 4)], 4);
}

function writeSegment(segment: WrittenSegment, style: MatroskaStyle): Uint8Array {
  const info = element(0x1549a966, [
    element(0x73a4, [new Uint8Array(16).fill(0x5a)]),
    ...(style.timecodeScale === null ? [] : [uint(0x2ad7b1, style.timecodeScale)]),
    element(0x7ba9, [text("Kinesis Video", style)]),
    element(0x4d80, [text("stand-in", style)]),
    element(0x5741, [text("stand-in", style)]),
  ]);
  const children = [
    ...(style.unusedElements ? [element(0x114d9b74, [new Uint8Array(9)]), element(0xec, [new Uint8Array(31)])] : []),
    info,
    ...(segment.tracks === null
      ? []
      : [
          element(
            0x1654ae6b,
            segment.tracks.map((track) => writeTrack(track, style)),
          ),
        ]),
    ...(style.unusedElements ? [element(0x1f8a5b11, [new Uint8Array([0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3])])] : []),
    ...segment.tagsBefore.map((tags) => writeTags(tags, style)),
    ...segment.clusters.map((cluster) => writeCluster(cluster, style)),
    ...(style.unusedElements ? [element(0x1c53bb6b, [new Uint8Array(5)])] : []),
    ...segment.tagsAfter.map((tags) => writeTags(tags, style)),
  ];
  return master(0x18538067, children, style.segmentSize, style);
}

function writeTrack(track: WrittenTrack, style: MatroskaStyle): Uint8Array {
  return element(0xae, [
    uint(0xd7, track.number),
    uint(0x73c5, track.number),
    uint(0x83, 2),
    // Connect declares AAC with this private data (measured), but the payload is 16-bit PCM.
    element(0x86, [text("A_AAC", style)]),
    element(0x63a2, [new Uint8Array([0x11, 0x90])]),
    ...(track.name === null ? [] : [element(0x536e, [text(track.name, style)])]),
  ]);
}

function writeCluster(cluster: WrittenCluster, style: MatroskaStyle): Uint8Array {
  const children = [
    ...(style.unusedElements ? [element(0xbf, [new Uint8Array(4)])] : []),
    uint(0xe7, cluster.time),
    ...(style.unusedElements ? [element(0xa7, [new Uint8Array(1)]), element(0xec, [new Uint8Array(3)])] : []),
    ...cluster.blocks.map(writeBlock),
  ];
  return master(0x1f43b675, children, style.clusterSize, style);
}

function writeBlock(block: WrittenBlock): Uint8Array {
  const number = vint(block.track, block.track < 127 ? 1 : 2);
  const head = new Uint8Array([
    ...number,
    (block.relativeTime >> 8) & 0xff,
    block.relativeTime & 0xff,
    block.flags ?? (block.inGroup ? 0x00 : 0x80),
  ]);
  if (!block.inGroup) return element(0xa3, [head, block.payload]);
  return element(0xa0, [element(0xa1, [head, block.payload]), uint(0x9b, 64)]);
}

function master(id: number, children: readonly Uint8Array[], size: SizeStyle, style: MatroskaStyle): Uint8Array {
  if (size === "known") return element(id, children, style.sizeBytes);
  const unknown = size === "ff1" ? [0xff] : [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  return join([idBytes(id), new Uint8Array(unknown), ...children]);
}

/** Writes an element whose size takes at least `sizeBytes` bytes. */
export function element(id: number, content: readonly Uint8Array[], sizeBytes = 1): Uint8Array {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  let width = sizeBytes;
  while (size >= 2 ** (7 * width) - 1) width += 1;
  return join([idBytes(id), vint(size, width), ...content]);
}

function uint(id: number, value: number): Uint8Array {
  return element(id, [bigEndian(value)]);
}

function text(value: string, style: MatroskaStyle): Uint8Array {
  return new TextEncoder().encode(value + "\0".repeat(style.nulPadding));
}

function idBytes(id: number): Uint8Array {
  return bigEndian(id);
}

function bigEndian(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return new Uint8Array(bytes);
}

function vint(value: number, width: number): Uint8Array {
  const bytes = new Uint8Array(width);
  for (let i = width - 1, rest = value; i >= 0; i -= 1, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  bytes[0] = (bytes[0] ?? 0) | (1 << (8 - width));
  return bytes;
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
