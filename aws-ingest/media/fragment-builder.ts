import type { RawBlock } from "./block.ts";
import { MatroskaError } from "./ebml-reader.ts";
import type { AudioBlock, Fragment } from "./fragment.ts";

/** Prefix of the tags that Kinesis Video Streams adds. They describe one fragment and are never inherited. */
const AWS_TAG_PREFIX = "AWS_KINESISVIDEO_";
/** A fragment lasts 10 s at most (PutMedia limits): 320 blocks and 320 KB as Amazon Connect writes them. These limits are over eight minutes. */
const MAX_BLOCKS = 16_384;
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
const MAX_TAGS = 512;
/** Streams have three tracks at most (PutMedia limits). */
const MAX_TRACKS = 16;
/** TimecodeScale counts nanoseconds (RFC 9559 §5.1.2.9). */
const NS_PER_MS = 1_000_000;

interface UntimedBlock {
  cluster: Readonly<{ time: number }>;
  relativeTime: number;
  payload: Uint8Array;
}

/** Collects one Matroska document. Blocks get their track names and times at the end of their Segment. */
export class FragmentBuilder {
  readonly tags = new Map<string, string>();
  readonly #tracks = new Map<string, { number: number; problem?: string; blocks: AudioBlock[] }>();
  /** Number of a track -> why its blocks cannot be heard. */
  #problems = new Map<number, string>();
  #names = new Map<number, string>();
  /** Number of a track -> its blocks, until the end of their Segment: Tracks, Info and a Cluster's Timecode may come behind them. */
  #unnamed = new Map<number, UntimedBlock[]>();
  #scaleNs = NS_PER_MS;
  #cluster = { time: 0 };
  #clusters = 0;
  #blocks = 0;
  #bytes = 0;
  #fragmentNumber: string | null = null;
  #continued = false;

  beginSegment(): void {
    this.#nameBlocks();
    this.#scaleNs = NS_PER_MS;
  }

  beginTracks(): void {
    this.#names = new Map();
    this.#problems = new Map();
  }

  /** A track without a name, or with the name of another track, is named after its number. */
  addTrack({ number, name, problem }: { number: number; name: string; problem: string | null }, offset: number): void {
    if (this.#names.size >= MAX_TRACKS) throw new MatroskaError(`A fragment has more than ${MAX_TRACKS} tracks`, offset);
    const taken = [...this.#names].some(([other, otherName]) => otherName === name && other !== number);
    this.#names.set(number, name === "" || taken ? `track-${number}` : name);
    if (problem !== null) this.#problems.set(number, problem);
  }

  setTimecodeScale(ns: number, offset: number): void {
    if (ns === 0) throw new MatroskaError("TimecodeScale is 0", offset);
    this.#scaleNs = ns;
  }

  beginCluster(): void {
    this.#clusters += 1;
    this.#cluster = { time: 0 };
  }

  setClusterTime(time: number): void {
    this.#cluster.time = time;
  }

  addBlock(block: RawBlock, offset: number): void {
    this.#blocks += 1;
    this.#bytes += block.payload.length;
    if (this.#blocks > MAX_BLOCKS) throw new MatroskaError(`A fragment has more than ${MAX_BLOCKS} blocks`, offset);
    if (this.#bytes > MAX_PAYLOAD_BYTES)
      throw new MatroskaError(`A fragment has more than ${MAX_PAYLOAD_BYTES} bytes of audio`, offset);
    const untimed = { cluster: this.#cluster, relativeTime: block.relativeTime, payload: block.payload };
    const blocks = this.#unnamed.get(block.trackNumber);
    if (blocks) blocks.push(untimed);
    else this.#unnamed.set(block.trackNumber, [untimed]);
  }

  addTag(name: string, value: string, offset: number): void {
    this.tags.set(name, value);
    if (this.tags.size > MAX_TAGS) throw new MatroskaError(`A fragment has more than ${MAX_TAGS} tags`, offset);
  }

  /** Whether something has been collected since the last release. */
  get holdsNews(): boolean {
    return !this.#continued || this.#clusters > 0 || this.#unnamed.size > 0 || errorOf(this.tags) !== null;
  }

  /** Whether there is audio, or an error that says why there is none. */
  get hasSubstance(): boolean {
    return this.#clusters > 0 || errorOf(this.tags) !== null;
  }

  get wasReleased(): boolean {
    return this.#continued;
  }

  /** Returns the collected part as a fragment, and begins the part that may follow in the same document. */
  releaseFragment(inherited: ReadonlyMap<string, string>, complete: boolean): Fragment {
    this.#nameBlocks();
    const tags = new Map(inherited);
    for (const [name, value] of this.tags) tags.set(name, value);
    this.#fragmentNumber = this.tags.get("AWS_KINESISVIDEO_FRAGMENT_NUMBER") ?? this.#fragmentNumber;
    const behind = Number(tags.get("AWS_KINESISVIDEO_MILLIS_BEHIND_NOW") ?? Number.NaN);
    const fragment: Fragment = {
      fragmentNumber: this.#fragmentNumber,
      contactId: tags.get("ContactId") ?? null,
      producerTimestamp: tags.get("AWS_KINESISVIDEO_PRODUCER_TIMESTAMP") ?? null,
      serverTimestamp: tags.get("AWS_KINESISVIDEO_SERVER_TIMESTAMP") ?? null,
      continuationToken: tags.get("AWS_KINESISVIDEO_CONTINUATION_TOKEN") ?? null,
      millisBehindNow: Number.isFinite(behind) ? behind : null,
      error: errorOf(tags),
      tags,
      tracks: new Map(this.#tracks),
      clusters: this.#clusters,
      tickMs: this.#scaleNs / NS_PER_MS,
      complete,
      continued: this.#continued,
    };
    this.tags.clear();
    this.#tracks.clear();
    this.#clusters = 0;
    this.#blocks = 0;
    this.#bytes = 0;
    this.#continued = true;
    return fragment;
  }

  #nameBlocks(): void {
    for (const [number, name] of this.#names) this.#appendBlocks(name, number, []);
    for (const [number, untimed] of this.#unnamed) {
      const blocks = untimed.map(({ cluster, relativeTime, payload }) => {
        return { timeMs: inMilliseconds(cluster.time + relativeTime, this.#scaleNs), payload };
      });
      this.#appendBlocks(this.#names.get(number) ?? `track-${number}`, number, blocks);
    }
    this.#unnamed = new Map();
  }

  #appendBlocks(name: string, number: number, blocks: AudioBlock[]): void {
    const track = this.#tracks.get(name);
    const problem = this.#problems.get(number);
    if (!track) this.#tracks.set(name, { number, ...(problem !== undefined && { problem }), blocks });
    else track.blocks = track.blocks.length === 0 ? blocks : track.blocks.concat(blocks);
  }
}

/** Returns the producer's tags, which a following fragment without its own inherits. */
export function inheritable(tags: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...tags].filter(([name]) => !name.startsWith(AWS_TAG_PREFIX)));
}

function errorOf(tags: ReadonlyMap<string, string>): Fragment["error"] {
  const id = tags.get("AWS_KINESISVIDEO_ERROR_ID") ?? null;
  const code = tags.get("AWS_KINESISVIDEO_ERROR_CODE") ?? null;
  return id === null && code === null ? null : { id, code };
}

/** Calculates with BigInt for odd scales only, because epoch milliseconds times a million are beyond 2^53. */
function inMilliseconds(time: number, scaleNs: number): number {
  if (scaleNs % NS_PER_MS === 0) return time * (scaleNs / NS_PER_MS);
  const ns = BigInt(time) * BigInt(scaleNs);
  return Number(ns / BigInt(NS_PER_MS)) + Number(ns % BigInt(NS_PER_MS)) / NS_PER_MS;
}
