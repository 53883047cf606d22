import type { Update } from "../../protocol/updates.ts";
import { type Frames, frames } from "../media/audio-units.ts";
import type { StereoChunk } from "../media/channel-interleaver.ts";
import type { ContactScore } from "../scoring/sentiment-score.ts";
import type { RecordingStore } from "./call-ports.ts";
import { CallTranscript } from "./call-transcript.ts";
import { Recording, type RecordingState, recordingFrom } from "./recording.ts";
import type { CallState, TranscriberJob } from "./transcriber-job.ts";

/** The facts of a call that are known only at its end. */
export interface CallSummary {
  startedAt: number;
  audioMs: number;
  score: ContactScore;
  categories: readonly string[];
}

/** Stores a call that asked for a recording: a WAV object, and a transcript beside it with the same name. */
export class CallArchive {
  readonly #store: RecordingStore;
  readonly #job: TranscriberJob;
  readonly #recording: Recording;
  readonly #transcript: CallTranscript;
  /** Key of both objects, without the ending. */
  readonly #base: string;
  readonly #incompleteReasons: Set<string>;
  /** The recording is complete, and this is the state of a contact that may be recorded again. */
  #finished: RecordingState | null = null;

  /**
   * @param incompleteReasons receives `recording_<error>` when the store fails.
   * @param firstFrame where the recording begins if the call has none yet
   * @param onProgress called when a part is stored
   */
  constructor(
    store: RecordingStore,
    job: TranscriberJob,
    incompleteReasons: Set<string>,
    firstFrame: Frames = frames(0),
    onProgress: () => void = () => {},
  ) {
    this.#store = store;
    this.#job = job;
    this.#incompleteReasons = incompleteReasons;
    // The date comes from the job, so every invocation of a call that passes midnight uses the same key.
    this.#base = `${new Date(job.startTimestamp).toISOString().slice(0, 10).replaceAll("-", "/")}/${job.contactId}`;
    const state = job.state?.recording ?? recordingFrom(firstFrame);
    this.#recording = new Recording(store, this.#base, state, (error) => this.#addReason(error), onProgress);
    this.#transcript = new CallTranscript(job.state?.transcript ?? { turns: [], earlier: [] });
  }

  /** The first frame that the next invocation needs for the recording, or infinity. */
  get keepFrom(): number {
    return this.#recording.keepFrom;
  }

  recordChunk(chunk: StereoChunk): void {
    this.#recording.appendChunk(chunk);
  }

  addUpdates(updates: readonly Update[]): void {
    this.#transcript.addUpdates(updates);
  }

  /** Returns the state for the next invocation. */
  async suspend(): Promise<Pick<CallState, "recording" | "transcript">> {
    const recording = await this.#recording.suspend();
    await this.unloadTurns();
    return { recording, transcript: this.#transcript.state() };
  }

  /** Returns the state for another process that goes on if this one dies now. */
  snapshot(): Pick<CallState, "recording" | "transcript"> {
    return { recording: this.#finished ?? this.#recording.snapshot(), transcript: this.#transcript.state() };
  }

  /** Stores the turns apart when they are too many for a checkpoint. */
  unloadTurns(): Promise<void> {
    return this.#transcript.unload(
      (number) => `${this.#base}.turns-${number}.json`,
      (key, body) => this.#putJson(key, body),
    );
  }

  /** Waits for the parts. Call before the last checkpoint before {@link finish}. */
  prepareFinish(): Promise<void> {
    return this.#recording.prepareFinish();
  }

  /** Stores both objects. Never throws. */
  async finish(call: CallSummary): Promise<void> {
    this.#finished = this.#recording.finishedState(await this.#recording.finish());
    const incompleteReasons = [...this.#incompleteReasons];
    const recordings = this.#finished.finished ?? [];
    const document = this.#transcript.document({ ...call, job: this.#job, incompleteReasons, recordings });
    await this.#putJson(`${this.#base}.json`, document);
  }

  /** Call when another transcriber stores this call. */
  abandon(): Promise<void> {
    return this.#recording.abandon();
  }

  async #putJson(key: string, body: string): Promise<void> {
    await this.#store.putObject(key, body, "application/json").catch((error: unknown) => this.#addReason(error));
  }

  #addReason(error: unknown): void {
    this.#incompleteReasons.add(`recording_${error instanceof Error ? error.name : "unknown"}`);
  }
}
