import type { Role, Update } from "../../protocol/updates.ts";
import { type Frames, frames, msToFrames } from "../media/audio-units.ts";
import type { StereoChunk } from "../media/channel-interleaver.ts";
import type { ContactScore } from "../scoring/sentiment-score.ts";
import type { RecordingBucket } from "./call-ports.ts";
import { type ArchivePrivacy, CallTranscript } from "./call-transcript.ts";
import { Recording, type RecordingState, recordingFrom } from "./recording.ts";
import { RecordingRedaction } from "./recording-redaction.ts";
import type { SpeechOption, SpeechSpan } from "./speech.ts";
import type { CallState, TranscriberJob } from "./transcriber-job.ts";

/** The facts of a call that are known only at its end. */
export interface CallSummary {
  startedAt: number;
  audioMs: number;
  /** When the conversation began, in ms of the audio; null when no agent joined. Absent = with the audio. */
  conversationMs?: number | null;
  score: ContactScore;
  categories: readonly string[];
  /** Options that the speech service refused. Absent = none. */
  refusedOptions?: readonly SpeechOption[];
}

/** How personal data is treated in what is stored. */
export interface ArchiveMasking {
  /** The operator wants the transcript masked. */
  text: boolean;
  /** The operator wants the recording masked like the transcript. */
  recording: boolean;
}

/** The part of a call's state that is about what is stored of it. */
type ArchiveState = Pick<CallState, "recording" | "transcript" | "masking">;

/** Where a recording is. */
export interface RecordingPlace {
  bucket: string;
  key: string;
}

/** Stores a call that asked for a recording: a WAV object, and a transcript beside it with the same name. */
export class CallArchive {
  readonly #store: RecordingBucket;
  readonly #job: TranscriberJob;
  readonly #recording: Recording;
  readonly #transcript: CallTranscript;
  /** Key of both objects, without the ending. */
  readonly #base: string;
  readonly #incompleteReasons: Set<string>;
  readonly #masking: ArchiveMasking;
  /** null when the recording keeps everything that was said. */
  readonly #redaction: RecordingRedaction | null;
  #textWithheld: boolean;
  #place: RecordingPlace | null = null;
  /** The recording is complete, and this is the state of a contact that may be recorded again. */
  #finished: RecordingState | null = null;

  /**
   * @param incompleteReasons receives `recording_<error>` when the store fails.
   * @param masking how personal data is treated; absent = nothing is masked
   * @param firstFrame where the recording begins if the call has none yet
   * @param onProgress called when a part is stored
   */
  constructor(
    store: RecordingBucket,
    job: TranscriberJob,
    incompleteReasons: Set<string>,
    masking: ArchiveMasking = { text: false, recording: false },
    firstFrame: Frames = frames(0),
    onProgress: () => void = () => {},
  ) {
    this.#masking = masking;
    this.#redaction = masking.text && masking.recording ? new RecordingRedaction(job.state?.masking) : null;
    this.#textWithheld = job.state?.masking?.textWithheld ?? false;
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

  /** Where the recording is. null before the end of the call, and when there is none. */
  get place(): RecordingPlace | null {
    return this.#place;
  }

  recordChunk(chunk: StereoChunk): void {
    if (this.#redaction === null) this.#recording.appendChunk(chunk);
    else this.#redaction.holdChunk(chunk);
  }

  /** Call with the masked words of a final turn. Times are ms on the contact's timeline. */
  maskWords(role: Role, spans: readonly SpeechSpan[]): void {
    this.#redaction?.addSpans(role, spans);
  }

  /** Records the wait before an agent joined. Nobody transcribes it, so nobody can mask words in it: where words are masked, it is silent. */
  passWait(fromMs: number, untilMs: number): void {
    for (const role of ["customer", "agent"] as const) this.maskWords(role, [{ beginMs: fromMs, endMs: untilMs }]);
    this.settleUntil(untilMs);
  }

  /** Call when the text of a turn was withheld. Its speech cannot be masked in the recording. */
  noteTextWithheld(): void {
    this.#textWithheld = true;
    this.#redaction?.noteAudioInClear();
  }

  /** Call when some speech is given up: it stays in the recording as it was spoken. */
  noteSpeechGivenUp(): void {
    this.#redaction?.noteAudioInClear();
  }

  /** Records the held audio before `ms`. All speech before it is final or given up. */
  settleUntil(ms: number): void {
    for (const chunk of this.#redaction?.releaseBefore(msToFrames(ms)) ?? []) this.#recording.appendChunk(chunk);
  }

  addUpdates(updates: readonly Update[]): void {
    this.#transcript.addUpdates(updates);
  }

  /** Returns the state for the next invocation. */
  async suspend(): Promise<ArchiveState> {
    await this.#recording.suspend();
    await this.unloadTurns();
    return this.snapshot();
  }

  /** Returns the state for another process that goes on if this one dies now. */
  snapshot(): ArchiveState {
    const recording = this.#finished ?? this.#recording.snapshot();
    return { recording, transcript: this.#transcript.state(), ...this.#maskingState() };
  }

  /** Stores the turns apart when they are too many for a checkpoint. */
  unloadTurns(): Promise<void> {
    return this.#transcript.unload(
      (number) => `${this.#base}.turns-${number}.json`,
      (key, body) => this.#putJson(key, body),
    );
  }

  /** Records what is held back, and waits for the parts. Call before the last checkpoint before {@link finish}. */
  prepareFinish(): Promise<void> {
    for (const chunk of this.#redaction?.releaseAll() ?? []) this.#recording.appendChunk(chunk);
    return this.#recording.prepareFinish();
  }

  /** Stores both objects. Never throws. */
  async finish(call: CallSummary): Promise<void> {
    for (const chunk of this.#redaction?.releaseAll() ?? []) this.#recording.appendChunk(chunk);
    const key = await this.#recording.finish();
    this.#finished = this.#recording.finishedState(key);
    this.#place = key === null ? null : { bucket: this.#store.bucket, key };
    const incompleteReasons = [...this.#incompleteReasons];
    const recordings = this.#finished.finished ?? [];
    const { bucket } = this.#store;
    const privacy = this.#privacy();
    const document = this.#transcript.document({ ...call, job: this.#job, incompleteReasons, recordings, bucket, privacy });
    await this.#putJson(`${this.#base}.json`, document);
  }

  /** Call when another transcriber stores this call. */
  abandon(): Promise<void> {
    return this.#recording.abandon();
  }

  #maskingState(): Pick<CallState, "masking"> {
    if (!this.#masking.text) return {};
    const redaction = this.#redaction?.state(this.#recording.keepFrom) ?? { spans: [], audioInClear: false };
    return { masking: { ...redaction, textWithheld: this.#textWithheld } };
  }

  /** Says how personal data is treated in the two objects, for whoever opens one of them. */
  #privacy(): ArchivePrivacy {
    return {
      text: !this.#masking.text ? "in-clear" : this.#textWithheld ? "withheld" : "masked",
      audio: this.#redaction === null ? "in-clear" : this.#redaction.audioInClear ? "partly-masked" : "masked",
    };
  }

  async #putJson(key: string, body: string): Promise<void> {
    await this.#store.putObject(key, body, "application/json").catch((error: unknown) => this.#addReason(error));
  }

  #addReason(error: unknown): void {
    this.#incompleteReasons.add(`recording_${error instanceof Error ? error.name : "unknown"}`);
  }
}
