import type { Role, Update } from "../../protocol/updates.ts";
import { msToFrames } from "../media/audio-units.ts";
import type { StereoChunk } from "../media/channel-interleaver.ts";
import type { ContactScore } from "../scoring/sentiment-score.ts";
import type { RecordingBucket } from "./call-ports.ts";
import { type ArchivePrivacy, CallTranscript } from "./call-transcript.ts";
import { NO_RECORDING, Recording } from "./recording.ts";
import { RecordingRedaction } from "./recording-redaction.ts";
import type { SpeechOption, SpeechSpan } from "./speech.ts";
import type { CallState, TranscriberJob } from "./transcriber-job.ts";

/** The facts of a call that are known only at its end. */
export interface CallSummary {
  startedAt: number;
  audioMs: number;
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

  /**
   * @param incompleteReasons receives `recording_<error>` when the store fails.
   * @param masking how personal data is treated; absent = nothing is masked
   */
  constructor(
    store: RecordingBucket,
    job: TranscriberJob,
    incompleteReasons: Set<string>,
    masking: ArchiveMasking = { text: false, recording: false },
  ) {
    this.#masking = masking;
    this.#redaction = masking.text && masking.recording ? new RecordingRedaction(job.state?.masking) : null;
    this.#textWithheld = job.state?.masking?.textWithheld ?? false;
    this.#store = store;
    this.#job = job;
    this.#incompleteReasons = incompleteReasons;
    // The date comes from the job, so every invocation of a call that passes midnight uses the same key.
    this.#base = `${new Date(job.startTimestamp).toISOString().slice(0, 10).replaceAll("-", "/")}/${job.contactId}`;
    this.#recording = new Recording(store, `${this.#base}.wav`, job.state?.recording ?? NO_RECORDING, (error) =>
      this.#addReason(error),
    );
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
  async suspend(handoverCount: number): Promise<Pick<CallState, "recording" | "transcript" | "masking">> {
    const recording = await this.#recording.suspend();
    const transcript = await this.#transcript.suspend(async (body) => {
      const key = `${this.#base}.turns-${handoverCount}.json`;
      await this.#putJson(key, body);
      return key;
    });
    return { recording, transcript, ...this.#maskingState() };
  }

  /** Stores both objects. Never throws. */
  async finish(call: CallSummary): Promise<void> {
    for (const chunk of this.#redaction?.releaseAll() ?? []) this.#recording.appendChunk(chunk);
    const recording = await this.#recording.finish();
    this.#place = recording === null ? null : { bucket: this.#store.bucket, key: recording };
    const incompleteReasons = [...this.#incompleteReasons];
    const { bucket } = this.#store;
    const privacy = this.#privacy();
    const document = this.#transcript.document({ ...call, job: this.#job, incompleteReasons, recording, bucket, privacy });
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
