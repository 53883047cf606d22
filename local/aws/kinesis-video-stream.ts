import { type FragmentAudio, type FragmentVariation, SAMPLES_PER_FRAGMENT, writeFragment } from "./kinesis-video-fragment.ts";

export interface StoredFragment {
  /** Position on the stream, counted from the first fragment that it ever had. */
  index: number;
  number: string;
  producerMs: number;
  endMs: number;
  serverMs: number;
  bytes: Uint8Array;
}

/** A fault of one GetMedia call. Byte counts refer to the answer's body. */
export type MediaFault =
  /** The connection breaks. */
  | { kind: "cut"; afterBytes: number }
  /** The connection stays open and sends nothing more. */
  | { kind: "stall"; afterBytes: number }
  /** The answer ends as if the stream had ended. */
  | { kind: "end"; afterBytes: number }
  /** The answer has an error after this many fragments and ends. Ids: 3002, 4000, 4500-4506, 5000. */
  | { kind: "error"; afterFragments: number; id: number }
  /** Kinesis refuses the call. */
  | { kind: "refuse"; error: "ClientLimitExceededException" | "ConnectionLimitExceededException" | "NotAuthorizedException" };

/** One open GetMedia answer. */
export interface MediaReader {
  /** Sends the fragments that are stored, as far as the reader keeps up. */
  sendAvailable(): void;
  /** Ends (`end`) or breaks (`cut`) the answer. */
  interrupt(how: "end" | "cut"): void;
}

/** A Kinesis video stream as Connect uses it: it carries the audio of one call after another. */
export interface StandInStream {
  readonly name: string;
  readonly arn: string;
  /** How many GetMedia answers are open now. */
  readonly connections: number;
  /**
   * Writes audio to the stream in fragments of 1.024 s, because Connect writes about a second at a time. Readers get it at once.
   * @returns the number of the first fragment
   * @throws RangeError when both sides are empty
   */
  write(audio: FragmentAudio, variation?: FragmentVariation): string;
  /** Writes ready-made bytes as one fragment, for damage that no variation can describe. */
  writeBytes(bytes: Uint8Array, atMs: number, durationMs: number): string;
  /** Orders a fault for the next `times` GetMedia calls on this stream. Several orders form a queue. */
  failNext(fault: MediaFault, times?: number): void;
  /** Ends (`end`) or breaks (`cut`) the answers that are open now. */
  interrupt(how: "end" | "cut"): void;
}

/** Kinesis' fragment numbers have 47 digits and grow. The size of a step has no meaning. */
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

  /** The index of the next fragment to be written. */
  get nextIndex(): number {
    return this.#written;
  }

  get fragments(): readonly StoredFragment[] {
    return this.#fragments;
  }

  /** Returns null for a fragment that has expired or is not written yet. */
  fragmentAt(index: number): StoredFragment | null {
    return this.#fragments[index - (this.#fragments[0]?.index ?? 0)] ?? null;
  }

  write(audio: FragmentAudio, variation?: FragmentVariation): string {
    const samples = Math.max(audio.fromCustomer.length, audio.toCustomer.length);
    if (samples === 0) throw new RangeError("write: both sides have no samples");
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

  /** Deletes the oldest fragment and returns the number of its bytes. */
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
