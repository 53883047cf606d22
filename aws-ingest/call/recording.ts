import type { StereoChunk } from "../media/channel-interleaver.ts";
import { wavHeader } from "../media/wav.ts";
import { BYTES_PER_SAMPLE } from "./speech.ts";
import type { CallState } from "./transcriber-job.ts";

export type RecordingState = NonNullable<CallState["recording"]>;
type Part = RecordingState["parts"][number];

export interface RecordingStore {
  put(key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /** Begins a multipart upload and returns its id. */
  begin(key: string, contentType: string): Promise<string>;
  /** Returns the part's tag. */
  part(key: string, uploadId: string, number: number, body: Uint8Array): Promise<string>;
  complete(key: string, uploadId: string, parts: readonly Part[]): Promise<void>;
  abort(key: string, uploadId: string): Promise<void>;
}

/** S3 takes no part below 5 MiB but the last: 164 s of stereo sound. */
const PART_BYTES = 3200 * 1640;
/** Part 1 is the header, whose sizes are known at the end only; part 2 the first sound, if an earlier invocation left it there. */
const FIRST_SOUND_PART = 2;
const CONTENT_TYPE = "audio/wav";

/** A recording that has begun nowhere. */
export const NO_RECORDING: RecordingState = { uploadId: null, parts: [], nextFrame: 0, broken: false };

/**
 * Records a call's stereo sound as one WAV object, by multipart upload while the call goes on, through any number of
 * invocations. What an invocation could not upload at its end is shorter than a part; the next one reads it again from the
 * stream ({@link keepFrom}). A store that fails ends the recording, never the transcription.
 */
export class Recording {
  readonly #store: RecordingStore;
  readonly #key: string;
  #uploadId: string | null;
  #parts: Part[];
  #nextPart: number;
  /** The first part's worth of sound waits for the header as long as it can, so that most recordings need no filler. */
  #first: Uint8Array | null = null;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  /** Sound from here on is not uploaded yet. */
  #keptFrom: number;
  #nextSample: number;
  #uploading: Promise<void> = Promise.resolve();
  #broken: boolean;
  readonly #onBroken: (error: unknown) => void;
  readonly #inherited: string | null;

  constructor(store: RecordingStore, key: string, state: RecordingState, onBroken: (error: unknown) => void) {
    this.#store = store;
    this.#key = key;
    this.#uploadId = state.uploadId;
    this.#inherited = state.uploadId;
    this.#parts = [...state.parts];
    this.#nextPart = Math.max(FIRST_SOUND_PART, ...state.parts.map(([number]) => number)) + 1;
    this.#keptFrom = state.nextFrame;
    this.#nextSample = state.nextFrame;
    this.#broken = state.broken;
    this.#onBroken = onBroken;
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** The first sample that a next invocation would need again. */
  get keepFrom(): number {
    return this.#broken ? Number.POSITIVE_INFINITY : this.#keptFrom;
  }

  /** The next sound, without gaps; what is known already is passed over. */
  appendChunk({ firstSample: sample, pcm }: StereoChunk): void {
    const news = pcm.subarray(Math.max(0, this.#nextSample - sample) * BYTES_PER_SAMPLE);
    if (this.#broken || news.length === 0) return;
    this.#nextSample = sample + pcm.length / BYTES_PER_SAMPLE;
    this.#pieces.push(news);
    this.#bytes += news.length;
    if (this.#bytes < PART_BYTES) return;
    const body = this.#take();
    if (this.#first === null && this.#parts.length === 0) this.#first = body;
    else this.#upload(this.#nextPart++, body);
  }

  /** Uploads what is enough for a part; the next invocation continues with the state. */
  async suspend(): Promise<RecordingState> {
    if (this.#first !== null) this.#upload(FIRST_SOUND_PART, this.#first);
    this.#first = null;
    await this.#uploading;
    return { uploadId: this.#uploadId, parts: this.#parts, nextFrame: this.#keptFrom, broken: this.#broken };
  }

  /** The call is over: makes the object. Returns its key, or null when there is none. */
  async finish(): Promise<string | null> {
    await this.#uploading;
    if (this.#broken || this.#nextSample === 0) return null;
    const rest = this.#take();
    const header = wavHeader(this.#nextSample * BYTES_PER_SAMPLE);
    try {
      if (this.#uploadId === null) {
        await this.#store.put(this.#key, Buffer.concat([header, this.#first ?? new Uint8Array(), rest]), CONTENT_TYPE);
        return this.#key;
      }
      const beginning = this.#first === null ? withFiller(header) : Buffer.concat([header, this.#first]);
      const parts: Part[] = [[1, await this.#store.part(this.#key, this.#uploadId, 1, beginning)], ...this.#parts];
      if (rest.length > 0) {
        const number = this.#nextPart;
        parts.push([number, await this.#store.part(this.#key, this.#uploadId, number, rest)]);
      }
      parts.sort(([a], [b]) => a - b);
      await this.#store.complete(this.#key, this.#uploadId, parts);
      return this.#key;
    } catch (error) {
      this.#break(error);
      return null;
    }
  }

  /** Somebody else records this call. */
  async abandon(): Promise<void> {
    await this.#uploading;
    // An upload that an earlier invocation began is the other one's as well.
    if (this.#uploadId !== null && this.#uploadId !== this.#inherited)
      await this.#store.abort(this.#key, this.#uploadId).catch(() => {});
  }

  #take(): Uint8Array {
    const body = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    return body;
  }

  /** One part after the other; the sound goes on meanwhile. */
  #upload(number: number, body: Uint8Array): void {
    this.#uploading = this.#uploading.then(async () => {
      if (this.#broken) return;
      try {
        this.#uploadId ??= await this.#store.begin(this.#key, CONTENT_TYPE);
        this.#parts.push([number, await this.#store.part(this.#key, this.#uploadId, number, body)]);
        this.#keptFrom += body.length / BYTES_PER_SAMPLE;
      } catch (error) {
        this.#break(error);
      }
    });
  }

  #break(error: unknown): void {
    this.#broken = true;
    this.#pieces = [];
    this.#first = null;
    this.#onBroken(error);
  }
}

/** The header as a part of its own: blown up to the least size of a part by a chunk that players pass over (RIFF "JUNK"). */
function withFiller(header: Uint8Array): Uint8Array {
  const dataHeaderBytes = 8;
  const beforeData = header.subarray(0, -dataHeaderBytes);
  const filler = new Uint8Array(PART_BYTES);
  const view = new DataView(filler.buffer);
  filler.set(new TextEncoder().encode("JUNK"), 0);
  view.setUint32(4, filler.length - 8, true);
  const whole = Buffer.concat([beforeData, filler, header.subarray(-dataHeaderBytes)]);
  const sizes = new DataView(whole.buffer, whole.byteOffset);
  sizes.setUint32(4, sizes.getUint32(4, true) + filler.length, true);
  return whole;
}
