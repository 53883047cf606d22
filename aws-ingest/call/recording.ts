import { bytesToFrames, type Frames, frames, framesToBytes } from "../media/audio-units.ts";
import type { StereoChunk } from "../media/channel-interleaver.ts";
import { wavHeader } from "../media/wav.ts";
import type { RecordingStore, UploadedPart } from "./call-ports.ts";
import type { CallState } from "./transcriber-job.ts";

export type RecordingState = NonNullable<CallState["recording"]>;

/** S3 accepts no part below 5 MiB, except the last. This is 164 s of audio. */
const PART_BYTES = 3200 * 1640;
/** Part 1 is the WAV header, whose sizes are known only at the end. */
const HEADER_PART = 1;
/** Part 2 holds the first audio. The invocation that began the recording joins it with the header instead, if it lives so long. */
const FIRST_AUDIO_PART = 2;
const CONTENT_TYPE = "audio/wav";

/** Returns the state of a recording that begins at this frame of the call. */
export function recordingFrom(firstFrame: Frames, finished: string[] = []): RecordingState {
  return {
    uploadId: null,
    parts: [],
    nextFrame: firstFrame,
    broken: false,
    ...(firstFrame > 0 && { firstFrame }),
    ...(finished.length > 0 && { finished }),
  };
}

/** The state of a recording at the start of a call. */
export const NO_RECORDING: RecordingState = recordingFrom(frames(0));

/**
 * Records a call as one WAV object, by multipart upload while the call goes on, through any number of invocations. Audio that
 * is too short for a part stays with the invocation. The next one reads it again from the stream ({@link keepFrom}). A store
 * that fails ends the recording and leaves the transcription alone.
 */
export class Recording {
  readonly #store: RecordingStore;
  readonly #key: string;
  #uploadId: string | null;
  #parts: UploadedPart[];
  #nextPart: number;
  /** The first part's worth of audio, kept for the header's part, so that a call of one process needs no filler. */
  #firstPart: Uint8Array | null = null;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  /** Audio from here on is not uploaded yet. */
  #keptFrom: Frames;
  #nextFrame: Frames;
  #uploading: Promise<void> = Promise.resolve();
  #broken: boolean;
  readonly #onBroken: (error: unknown) => void;
  /** Called when a part is uploaded, or the upload begun. */
  readonly #onProgress: () => void;
  /** An upload that another process knows of, by a hand-over or a checkpoint. */
  #sharedUploadId: string | null;
  readonly #firstFrame: Frames;
  #completing: boolean;
  readonly #finished: readonly string[];

  /** @param base the key of the contact's first recording, without the ending. A second recording gets a number. */
  constructor(
    store: RecordingStore,
    base: string,
    state: RecordingState,
    onBroken: (error: unknown) => void,
    onProgress: () => void = () => {},
  ) {
    this.#store = store;
    this.#finished = state.finished ?? [];
    this.#key = `${base}${this.#finished.length > 0 ? `-${this.#finished.length + 1}` : ""}.wav`;
    this.#uploadId = state.uploadId;
    this.#sharedUploadId = state.uploadId;
    this.#firstFrame = state.firstFrame ?? frames(0);
    this.#completing = state.completing ?? false;
    this.#onProgress = onProgress;
    this.#parts = [...state.parts];
    this.#nextPart = Math.max(FIRST_AUDIO_PART, ...state.parts.map(([number]) => number)) + 1;
    this.#keptFrom = state.nextFrame;
    this.#nextFrame = state.nextFrame;
    this.#broken = state.broken;
    this.#onBroken = onBroken;
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** The first frame that a next invocation would need again, or infinity when nothing is recorded any more. */
  get keepFrom(): number {
    return this.#broken ? Number.POSITIVE_INFINITY : this.#keptFrom;
  }

  /** Appends the part of the chunk that is not recorded yet. Chunks come in order and without gaps. */
  appendChunk({ firstFrame, pcm }: StereoChunk): void {
    const known = frames(Math.max(0, this.#nextFrame - firstFrame));
    const news = pcm.subarray(framesToBytes(known));
    if (this.#broken || news.length === 0) return;
    this.#nextFrame = frames(firstFrame + bytesToFrames(pcm.length));
    this.#pieces.push(news);
    this.#bytes += news.length;
    if (this.#bytes < PART_BYTES) return;
    const body = this.#takePieces();
    const isFirst = this.#firstPart === null && this.#parts.length === 0;
    if (isFirst) this.#firstPart = body;
    this.#uploadLater(isFirst ? FIRST_AUDIO_PART : this.#nextPart++, body);
  }

  /** Uploads all whole parts and returns the state with which the next invocation goes on. */
  async suspend(): Promise<RecordingState> {
    await this.#uploading;
    this.#firstPart = null;
    return this.snapshot();
  }

  /** Returns the state with which another process goes on if this one dies now. What is not uploaded is read again. */
  snapshot(): RecordingState {
    this.#sharedUploadId = this.#uploadId;
    return {
      ...recordingFrom(this.#firstFrame, [...this.#finished]),
      uploadId: this.#uploadId,
      parts: [...this.#parts],
      nextFrame: this.#keptFrom,
      broken: this.#broken,
      ...(this.#completing && { completing: true }),
    };
  }

  /** Waits for the uploads of whole parts. From now on a snapshot says that the upload is being completed. */
  async prepareFinish(): Promise<void> {
    await this.#uploading;
    this.#completing = this.#uploadId !== null;
  }

  /** Returns the state of a contact that may be recorded again, behind the end of this recording. */
  finishedState(key: string | null): RecordingState {
    return recordingFrom(this.#nextFrame, key === null ? [...this.#finished] : [...this.#finished, key]);
  }

  /** Makes the object at the end of the call. Returns its key, or null when there is none. */
  async finish(): Promise<string | null> {
    await this.#uploading;
    if (this.#broken || this.#nextFrame === this.#firstFrame) return null;
    const wasCompleting = this.#completing;
    const rest = this.#takePieces();
    const header = wavHeader(framesToBytes(frames(this.#nextFrame - this.#firstFrame)));
    try {
      if (this.#uploadId === null) {
        const whole = Buffer.concat([header, this.#firstPart ?? new Uint8Array(), rest]);
        await this.#store.putObject(this.#key, whole, CONTENT_TYPE);
        return this.#key;
      }
      const beginning = this.#firstPart === null ? withFiller(header) : Buffer.concat([header, this.#firstPart]);
      const audio = this.#parts.filter(([number]) => this.#firstPart === null || number !== FIRST_AUDIO_PART);
      const parts = [await this.#uploadPart(this.#uploadId, HEADER_PART, beginning), ...audio];
      if (rest.length > 0) parts.push(await this.#uploadPart(this.#uploadId, this.#nextPart, rest));
      parts.sort(([a], [b]) => a - b);
      await this.#store.completeUpload(this.#key, this.#uploadId, parts);
      return this.#key;
    } catch (error) {
      // Another process completed the upload and died before it could say so.
      if (wasCompleting && error instanceof Error && error.name === "NoSuchUpload") return this.#key;
      this.#break(error);
      return null;
    }
  }

  /** Call when another transcriber records this call. Aborts the upload, unless the other one may know of it. */
  async abandon(): Promise<void> {
    await this.#uploading;
    if (this.#uploadId !== null && this.#uploadId !== this.#sharedUploadId)
      await this.#store.abortUpload(this.#key, this.#uploadId).catch(() => {});
  }

  #takePieces(): Uint8Array {
    const body = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    return body;
  }

  /** Uploads one part after the other while the call goes on. */
  #uploadLater(number: number, body: Uint8Array): void {
    this.#uploading = this.#uploading.then(async () => {
      if (this.#broken) return;
      try {
        if (this.#uploadId === null) {
          this.#uploadId = await this.#store.beginUpload(this.#key, CONTENT_TYPE);
          this.#onProgress();
        }
        this.#parts.push(await this.#uploadPart(this.#uploadId, number, body));
        this.#keptFrom = frames(this.#keptFrom + bytesToFrames(body.length));
        this.#onProgress();
      } catch (error) {
        this.#break(error);
      }
    });
  }

  async #uploadPart(uploadId: string, number: number, body: Uint8Array): Promise<UploadedPart> {
    return [number, await this.#store.uploadPart(this.#key, uploadId, number, body)];
  }

  #break(error: unknown): void {
    this.#broken = true;
    this.#pieces = [];
    this.#firstPart = null;
    this.#onBroken(error);
  }
}

/** Returns the header as a part of its own. A RIFF "JUNK" chunk, which players skip, fills it up to the least size of a part. */
function withFiller(header: Uint8Array): Uint8Array {
  const chunkHeaderBytes = 8;
  const beforeData = header.subarray(0, -chunkHeaderBytes);
  const filler = new Uint8Array(PART_BYTES);
  const view = new DataView(filler.buffer);
  filler.set(new TextEncoder().encode("JUNK"), 0);
  view.setUint32(4, filler.length - chunkHeaderBytes, true);
  const whole = Buffer.concat([beforeData, filler, header.subarray(-chunkHeaderBytes)]);
  const sizes = new DataView(whole.buffer, whole.byteOffset);
  sizes.setUint32(4, sizes.getUint32(4, true) + filler.length, true);
  return whole;
}
