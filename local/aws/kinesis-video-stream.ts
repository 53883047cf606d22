import { type FragmentAudio, type FragmentVariation, SAMPLES_PER_FRAGMENT, writeFragment } from "./kinesis-video-fragment.ts";

export interface StoredFragment {
  /** Position on the stream, counted from its first fragment ever. */
  index: number;
  number: string;
  producerMs: number;
  endMs: number;
  serverMs: number;
  bytes: Uint8Array;
}

/** What happens to a GetMedia call on this stream instead of what it asked for. Byte counts are of the answer's body. */
export type MediaFault =
  /** The connection breaks. */
  | { kind: "cut"; afterBytes: number }
  /** It stays open and says nothing more. */
  | { kind: "stall"; afterBytes: number }
  /** It ends as if there were no more. */
  | { kind: "end"; afterBytes: number }
  /** In-band failure behind this many fragments, then the end. Ids: 3002, 4000, 4500-4506, 5000. */
  | { kind: "error"; afterFragments: number; id: number }
  /** Refused before any byte. */
  | { kind: "refuse"; error: "ClientLimitExceededException" | "ConnectionLimitExceededException" | "NotAuthorizedException" };

/** One open GetMedia answer. */
export interface MediaReader {
  /** Sends what can be sent now. */
  sendAvailable(): void;
  /** Ends (`end`) or breaks (`cut`) the answer. */
  interrupt(how: "end" | "cut"): void;
}

/** A Kinesis video stream as Connect uses it: one call's sound after the other. */
export interface StandInStream {
  readonly name: string;
  readonly arn: string;
  /** GetMedia answers open at this moment. */
  readonly connections: number;
  /**
   * Puts sound on the stream; readers get it at once, one fragment per 1.024 s of it (Connect writes about a second at a time).
   * Returns the number of the first fragment begun.
   */
  write(audio: FragmentAudio, variation?: FragmentVariation): string;
  /** Puts ready-made bytes on the stream as one fragment, for what no variation can say; Kinesis' own trailing tags follow them. */
  writeBytes(bytes: Uint8Array, atMs: number, durationMs: number): string;
  /** The next GetMedia calls on this stream meet this fault; several queue up. */
  failNext(fault: MediaFault, times?: number): void;
  /** Ends (`end`) or breaks (`cut`) the answers open now. */
  interrupt(how: "end" | "cut"): void;
}

/** Kinesis' fragment numbers are 47 digits and grow; the steps between them mean nothing. */
const FIRST_FRAGMENT_NUMBER = 91343852333181432392682062662105165711654869872n;
const FRAGMENT_NUMBER_STEP = 4951760157141521099n;
const SAMPLES_PER_MS = 8;

export class StoredStream implements StandInStream {
  readonly name: string;
  readonly arn: string;
  readonly faults: MediaFault[] = [];
  readonly #instanceId: string;
  readonly #now: () => number;
  readonly #onStored: (bytes: number) => void;
  #fragments: StoredFragment[] = [];
  #written = 0;
  readonly #connections = new Set<MediaReader>();

  constructor(name: string, arn: string, instanceId: string, now: () => number, onStored: (bytes: number) => void) {
    this.name = name;
    this.arn = arn;
    this.#instanceId = instanceId;
    this.#now = now;
    this.#onStored = onStored;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Index of the fragment that will be written next. */
  get nextIndex(): number {
    return this.#written;
  }

  get fragments(): readonly StoredFragment[] {
    return this.#fragments;
  }

  /** Null: not there any more, or not yet. */
  fragmentAt(index: number): StoredFragment | null {
    return this.#fragments[index - (this.#fragments[0]?.index ?? 0)] ?? null;
  }

  write(audio: FragmentAudio, variation?: FragmentVariation): string {
    const samples = Math.max(audio.fromCustomer.length, audio.toCustomer.length);
    if (samples === 0) throw new RangeError("write: no samples on either side");
    let first = "";
    for (let at = 0; at < samples; at += SAMPLES_PER_FRAGMENT) {
      const piece: FragmentAudio = {
        contactId: audio.contactId,
        atMs: audio.atMs + at / SAMPLES_PER_MS,
        fromCustomer: audio.fromCustomer.subarray(at, at + SAMPLES_PER_FRAGMENT),
        toCustomer: audio.toCustomer.subarray(at, at + SAMPLES_PER_FRAGMENT),
      };
      const identity = { fragmentNumber: this.#nextNumber(), serverMs: this.#now(), instanceId: this.#instanceId };
      const lengthMs = Math.max(piece.fromCustomer.length, piece.toCustomer.length) / SAMPLES_PER_MS;
      const number = this.#store(writeFragment(piece, identity, variation), piece.atMs, lengthMs);
      first ||= number;
    }
    return first;
  }

  writeBytes(bytes: Uint8Array, atMs: number, durationMs: number): string {
    return this.#store(bytes, atMs, durationMs);
  }

  failNext(fault: MediaFault, times = 1): void {
    for (let i = 0; i < times; i += 1) this.faults.push(fault);
  }

  interrupt(how: "end" | "cut"): void {
    for (const connection of [...this.#connections]) connection.interrupt(how);
  }

  addReader(connection: MediaReader): void {
    this.#connections.add(connection);
  }

  removeReader(connection: MediaReader): void {
    this.#connections.delete(connection);
  }

  /** Forgets the oldest fragment; returns how many bytes that frees. */
  dropOldest(): number {
    return this.#fragments.shift()?.bytes.length ?? 0;
  }

  #nextNumber(): string {
    return String(FIRST_FRAGMENT_NUMBER + BigInt(this.#written) * FRAGMENT_NUMBER_STEP);
  }

  #store(bytes: Uint8Array, producerMs: number, lengthMs: number): string {
    const number = this.#nextNumber();
    const fragment: StoredFragment = {
      index: this.#written,
      number,
      producerMs,
      endMs: producerMs + lengthMs,
      serverMs: this.#now(),
      bytes,
    };
    this.#fragments.push(fragment);
    this.#written += 1;
    for (const connection of [...this.#connections]) connection.sendAvailable();
    this.#onStored(bytes.length);
    return number;
  }
}
