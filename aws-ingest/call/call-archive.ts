import type { Update } from "../../protocol/updates.ts";
import type { StereoChunk } from "../media/channel-interleaver.ts";
import type { ContactScore } from "../scoring/sentiment-score.ts";
import { NO_RECORDING, Recording, type RecordingStore } from "./recording.ts";
import type { CallState, TranscriberJob } from "./transcriber-job.ts";
import { Transcript } from "./transcript.ts";

/** What is known of a call when it is over. */
export interface ArchivedCall {
  startedAt: number;
  audioMs: number;
  score: ContactScore;
  categories: readonly string[];
}

/** What is kept of a call for which that was asked: the WAV object and the transcript beside it, of the same name. */
export class CallArchive {
  readonly #store: RecordingStore;
  readonly #job: TranscriberJob;
  readonly #recording: Recording;
  readonly #transcript: Transcript;
  readonly #base: string;
  readonly #incompleteReasons: Set<string>;

  /** Faults of the store are told through `incompleteReasons`. */
  constructor(store: RecordingStore, job: TranscriberJob, incompleteReasons: Set<string>) {
    this.#store = store;
    this.#job = job;
    this.#incompleteReasons = incompleteReasons;
    // The day the call began, whichever invocation asks.
    this.#base = `${new Date(job.startTimestamp).toISOString().slice(0, 10).replaceAll("-", "/")}/${job.contactId}`;
    this.#recording = new Recording(store, `${this.#base}.wav`, job.state?.recording ?? NO_RECORDING, (error) =>
      this.#lost(error),
    );
    this.#transcript = new Transcript(job.state?.transcript ?? { turns: [], earlier: [] });
  }

  /** The first sample that the next invocation needs for the recording. */
  get keepFrom(): number {
    return this.#recording.keepFrom;
  }

  recordChunk(chunk: StereoChunk): void {
    this.#recording.appendChunk(chunk);
  }

  note(updates: readonly Update[]): void {
    this.#transcript.note(updates);
  }

  async suspend(handoverCount: number): Promise<Pick<CallState, "recording" | "transcript">> {
    const recording = await this.#recording.suspend();
    const transcript = await this.#transcript.suspend(async (body) => {
      const key = `${this.#base}.turns-${handoverCount}.json`;
      await this.#store.put(key, body, "application/json").catch((error: unknown) => this.#lost(error));
      return key;
    });
    return { recording, transcript };
  }

  async finish(call: ArchivedCall): Promise<void> {
    const recording = await this.#recording.finish();
    const document = this.#transcript.document({
      ...call,
      job: this.#job,
      incompleteReasons: [...this.#incompleteReasons],
      recording,
    });
    await this.#store.put(`${this.#base}.json`, document, "application/json").catch((error: unknown) => this.#lost(error));
  }

  abandon(): Promise<void> {
    return this.#recording.abandon();
  }

  #lost(error: unknown): void {
    this.#incompleteReasons.add(`recording_${error instanceof Error ? error.name : "unknown"}`);
  }
}
