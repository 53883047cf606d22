import type { Update } from "../../protocol/updates.ts";
import type { StereoChunk } from "../media/channel-interleaver.ts";
import type { ContactScore } from "../scoring/sentiment-score.ts";
import type { RecordingStore } from "./call-ports.ts";
import { CallTranscript } from "./call-transcript.ts";
import { NO_RECORDING, Recording } from "./recording.ts";
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

  /** @param incompleteReasons receives `recording_<error>` when the store fails. */
  constructor(store: RecordingStore, job: TranscriberJob, incompleteReasons: Set<string>) {
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

  recordChunk(chunk: StereoChunk): void {
    this.#recording.appendChunk(chunk);
  }

  addUpdates(updates: readonly Update[]): void {
    this.#transcript.addUpdates(updates);
  }

  /** Returns the state for the next invocation. */
  async suspend(handoverCount: number): Promise<Pick<CallState, "recording" | "transcript">> {
    const recording = await this.#recording.suspend();
    const transcript = await this.#transcript.suspend(async (body) => {
      const key = `${this.#base}.turns-${handoverCount}.json`;
      await this.#putJson(key, body);
      return key;
    });
    return { recording, transcript };
  }

  /** Stores both objects. Never throws. */
  async finish(call: CallSummary): Promise<void> {
    const recording = await this.#recording.finish();
    const incompleteReasons = [...this.#incompleteReasons];
    const document = this.#transcript.document({ ...call, job: this.#job, incompleteReasons, recording });
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
