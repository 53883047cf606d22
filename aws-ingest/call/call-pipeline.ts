import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../protocol/backoff.ts";
import type { Update } from "../../protocol/updates.ts";
import { type Frames, frames, framesToMs, framesToWholeMs, msToFrames, startOfSecond } from "../media/audio-units.ts";
import { ChannelInterleaver } from "../media/channel-interleaver.ts";
import { CallArchive, type RecordingPlace } from "./call-archive.ts";
import type { CallPorts } from "./call-ports.ts";
import { MediaSource, type MediaSourceEnd } from "./media-source.ts";
import { Poster } from "./poster.ts";
import { planWithout, RefusedOptions } from "./refused-options.ts";
import { ReplayBuffer } from "./replay-buffer.ts";
import type { SpeechFailure } from "./speech.ts";
import { type CallState, INITIAL_STATE, type TranscriberJob } from "./transcriber-job.ts";
import { TranscriptionHeartbeat } from "./transcription-heartbeat.ts";
import { runTranscriptionSession } from "./transcription-session.ts";
import { TurnTracker } from "./turn-tracker.ts";
import { recordUntranscribed } from "./untranscribed-call.ts";

/** Between two sessions after a failure. The first wait is short, because live audio piles up meanwhile. */
const SESSION_BACKOFF = { firstMs: 800, longestMs: 15_000 };
/** While the call goes on, its audio waits for the speech service. After the call, so many failures in a row end it. */
const MAX_FAILURES_AFTER_CALL = 8;
/** The service rejects a session that it had accepted. So many times in a row without progress, it will not stop doing so. */
const MAX_REJECTIONS = 4;

export interface CallSettings {
  /** Aborts when it is time to hand over. */
  timeToHandOver: AbortSignal;
  maxHandovers: number;
  /** How many times faster than real time piled-up audio may be sent. */
  catchUpSpeed: number;
  /** How long a media connection stays silent before the port ends it. */
  idleMs: number;
  /** Personal data is masked: only text that the service confirmed to mask leaves the function. Absent = false. */
  redactPii?: boolean;
  /** The recording is silenced where the transcript is masked. Absent = false. */
  maskRecordings?: boolean;
}

/** The result of one invocation. */
export interface CallOutcome {
  /**
   * `ended`: the contact's audio is over, and its end is posted. `handed-over`: the next invocation goes on. `superseded`:
   * another transcriber of the same contact took over. `failed`: the stream, the speech service or the hand-over gave up.
   */
  result: "ended" | "handed-over" | "superseded" | "failed";
  /** Scored turns of the call so far. */
  turns: number;
  /** Those of this invocation. */
  newTurns: number;
  /** Audio of the call so far, in ms. */
  audioMs: number;
  /** The part that this invocation read. */
  newAudioMs: number;
  /** Why some audio is missing. Empty means complete. The codes are in docs/operate.md. */
  incompleteReasons: string[];
  /** Updates that the hub did not accept. */
  undelivered: number;
  /** Where the recording is. Absent before the end of the call, and when there is none. */
  recording?: RecordingPlace;
}

/** Runs one invocation's part of a call: audio from the stream to the speech service, turns and score to the hub. */
export async function runCall(job: TranscriberJob, ports: CallPorts, settings: CallSettings): Promise<CallOutcome> {
  return new Call(job, ports, settings).run();
}

type TranscriptionEnd = "finished" | "stopped" | "superseded" | "rejected";

class Call {
  readonly #job: TranscriberJob;
  readonly #ports: CallPorts;
  readonly #settings: CallSettings;
  /** The state at the beginning of this invocation. */
  readonly #state: CallState;
  readonly #turns: TurnTracker;
  readonly #buffer: ReplayBuffer;
  readonly #interleaver: ChannelInterleaver;
  readonly #source: MediaSource;
  readonly #poster: Poster;
  readonly #heartbeat: TranscriptionHeartbeat;
  readonly #incompleteReasons: Set<string>;
  readonly #archive: CallArchive | null;
  readonly #refused: RefusedOptions;
  #sessionRefused: boolean;
  /** Ends reading and transcribing, for a hand-over or because the call is over. */
  readonly #stop = new AbortController();

  constructor(job: TranscriberJob, ports: CallPorts, settings: CallSettings) {
    this.#job = job;
    this.#ports = ports;
    this.#settings = settings;
    this.#state = job.state ?? INITIAL_STATE;
    this.#incompleteReasons = new Set(this.#state.incompleteReasons);
    this.#turns = new TurnTracker(job, this.#state);
    this.#refused = new RefusedOptions(this.#state.refused?.options ?? []);
    this.#sessionRefused = this.#state.refused?.session ?? false;
    const bucket = job.record && ports.recordings;
    const masking = { text: settings.redactPii ?? false, recording: settings.maskRecordings ?? false };
    this.#archive = bucket ? new CallArchive(bucket, job, this.#incompleteReasons, masking) : null;
    const transcribeFrom = resumeFrame(this.#state.transcribedUntil);
    this.#buffer = new ReplayBuffer(transcribeFrom);
    const nextFrame = frames(Math.min(transcribeFrom, this.#archive?.keepFrom ?? transcribeFrom));
    const { t0Ms, afterFragment, joinAt, lateSamples } = this.#state;
    this.#interleaver = new ChannelInterleaver({ t0Ms, nextFrame, afterFragment, joinAt, lateSamples });
    this.#poster = new Poster(ports.hub, job.contactId);
    this.#heartbeat = new TranscriptionHeartbeat(job, (updates) => this.#poster.addUpdates(updates));
    this.#source = new MediaSource({
      media: ports.media,
      interleaver: this.#interleaver,
      buffer: this.#buffer,
      contactIds: job.initialContactId === null ? [job.contactId] : [job.contactId, job.initialContactId],
      startTimestamp: job.startTimestamp,
      startFragment: job.startFragment,
      idleMs: settings.idleMs,
      signal: this.#stop.signal,
      ...(job.sides && { sides: job.sides }),
      onChunk: (chunk) => this.#archive?.recordChunk(chunk),
      keepFrom: () => this.#archive?.keepFrom ?? Number.POSITIVE_INFINITY,
      onStartKnown: (t0Ms) => this.#turns.setStart(t0Ms),
      onFragmentRead: (msBehindLive) => ports.observer.fragmentRead(msBehindLive),
    });
  }

  async run(): Promise<CallOutcome> {
    const { timeToHandOver } = this.#settings;
    const stop = () => this.#stop.abort();
    if (this.#ports.handOver !== null) {
      timeToHandOver.addEventListener("abort", stop, { once: true });
      if (timeToHandOver.aborted) stop();
    }
    if (!this.#sessionRefused) this.#heartbeat.start();
    const reading = this.#source.run();
    try {
      const end = this.#sessionRefused ? "rejected" : await this.#transcribe();
      const call = { archive: end === "rejected" ? this.#archive : null, turns: this.#turns, buffer: this.#buffer };
      const stopped = (await recordUntranscribed(call, this.#stop.signal)) === "stopped";
      this.#stop.abort();
      return await this.#finish(stopped ? "stopped" : end, await reading);
    } finally {
      timeToHandOver.removeEventListener("abort", stop);
      this.#heartbeat.stop();
      this.#stop.abort();
    }
  }

  /** Runs one session after another. */
  async #transcribe(): Promise<TranscriptionEnd> {
    const { observer } = this.#ports;
    let failures = 0;
    let from = this.#buffer.endFrame;
    let transcribedBefore = -1;
    let failWithoutResult = true;
    for (;;) {
      const ready = await this.#buffer.waitForFrames(from, frames(1), Number.POSITIVE_INFINITY, this.#stop.signal);
      if (ready === "aborted") return "stopped";
      if (ready === "closed") return "finished";
      let accepted = false;
      const end = await runTranscriptionSession({
        contactId: this.#job.contactId,
        plan: planWithout(this.#job.language, this.#refused.without),
        without: this.#refused.without,
        maskPersonalData: this.#settings.redactPii ?? false,
        buffer: this.#buffer,
        turns: this.#turns,
        speech: this.#ports.speech,
        sentiment: this.#ports.sentiment,
        catchUpSpeed: this.#settings.catchUpSpeed,
        failWithoutResult,
        stop: this.#stop.signal,
        postUpdates: (updates) => this.#postUpdates(updates),
        accepted: () => {
          accepted = true;
          for (const option of this.#refused.noteAccepted()) observer.optionRefused?.(option);
        },
        textWithheld: () => {
          this.#archive?.noteTextWithheld();
          observer.textWithheld?.();
        },
        wordsMasked: (role, spans) => this.#archive?.maskWords(role, spans),
        settledUntil: (ms) => this.#archive?.settleUntil(ms),
        audioSent: (ms) => observer.audioSent(ms),
      });
      const transcribedMs = Math.min(this.#turns.transcribedUntil.customer, this.#turns.transcribedUntil.agent);
      this.#archive?.settleUntil(transcribedMs);
      if (end.why === "finished" || end.why === "stopped") return end.why;
      if (end.why === "paused") {
        this.#postUpdates(this.#turns.releaseUnsureTurns());
        from = this.#buffer.endFrame;
        failures = 0;
        continue;
      }
      const { failure } = end;
      if (failure.reason === "superseded") return "superseded";
      const rejectedAtOnce = failure.reason === "rejected" && !accepted;
      if (rejectedAtOnce && this.#refused.noteRejected(failure)) continue;
      if (rejectedAtOnce) return this.#reject(failure);
      failures = transcribedMs > transcribedBefore ? 1 : failures + 1;
      transcribedBefore = transcribedMs;
      failWithoutResult = failure.code !== "NoResult";
      this.#heartbeat.sessionFailed();
      observer.sessionRestarted(failure.reason, failure.code);
      const tooMany = failure.reason === "rejected" ? MAX_REJECTIONS : this.#buffer.closed ? MAX_FAILURES_AFTER_CALL : Infinity;
      if (failures >= tooMany) return this.#reject(failure);
      // The buffer no longer holds audio before this time, so no session can repeat it.
      const keptFromMs = framesToWholeMs(this.#buffer.firstFrame);
      if (keptFromMs > transcribedMs) {
        this.#incompleteReasons.add("recogniser_away_too_long");
        this.#archive?.noteSpeechGivenUp();
        this.#turns.skipBefore(keptFromMs);
      }
      from = msToFrames(Math.max(transcribedMs, keptFromMs));
      const wait = backoffMs(failures - 1, SESSION_BACKOFF, Math.random());
      await sleep(wait, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  #postUpdates(updates: readonly Update[]): void {
    this.#poster.addUpdates(updates);
    this.#archive?.addUpdates(updates);
  }

  #reject(failure: SpeechFailure): "rejected" {
    this.#incompleteReasons.add(`recogniser_${failure.reason}_${failure.code}`);
    this.#sessionRefused = true;
    // The recording goes on, but nobody listens any more.
    this.#heartbeat.postEnd("failed");
    this.#ports.observer.transcriptionFailed?.(failure.code);
    return "rejected";
  }

  async #finish(end: TranscriptionEnd, media: MediaSourceEnd): Promise<CallOutcome> {
    if (media.why === "failed") this.#incompleteReasons.add(`media_${media.fault}`);
    if (this.#interleaver.state().lateSamples > 0) this.#incompleteReasons.add("late_audio");
    if (end === "superseded") {
      await this.#archive?.abandon();
      return this.#outcome("superseded");
    }
    if (end === "stopped" && this.#state.handoverCount < this.#settings.maxHandovers) return this.#handOver();
    if (end === "stopped") this.#incompleteReasons.add("handover_limit");
    return this.#complete(end === "finished" && media.why !== "failed" ? "ended" : "failed");
  }

  /** Posts the contact's end only when its audio is over. A failed transcription says nothing about the call itself. */
  async #complete(result: "ended" | "failed"): Promise<CallOutcome> {
    const lastTurns = this.#turns.releaseUnsureTurns();
    this.#heartbeat.postEnd(result);
    this.#postUpdates(result === "ended" ? [...lastTurns, this.#turns.endContact(this.#audioMs())] : lastTurns);
    const startedAt = Math.round(this.#interleaver.state().t0Ms ?? this.#job.startTimestamp);
    const [{ score, categories }, { dropped: refusedOptions }] = [this.#turns, this.#refused];
    await this.#archive?.finish({ startedAt, audioMs: this.#audioMs(), score, categories, refusedOptions });
    return this.#outcome(result);
  }

  async #handOver(): Promise<CallOutcome> {
    const handoverCount = this.#state.handoverCount + 1;
    const progress = this.#turns.state();
    const { t0Ms, lateSamples } = this.#interleaver.state();
    // The hand-over does not wait for the posts. Their order does not matter, and a hub that is down must not cost the call.
    const kept = this.#archive === null ? { recording: null, transcript: null } : await this.#archive.suspend(handoverCount);
    const readAgainFrom = Math.min(resumeFrame(progress.transcribedUntil), this.#archive?.keepFrom ?? Infinity);
    const { afterFragment, joinAt } = this.#source.readMarkFor(frames(readAgainFrom));
    const incompleteReasons = [...this.#incompleteReasons];
    const place = { t0Ms, afterFragment, joinAt, lateSamples };
    const refused = { options: this.#refused.dropped, session: this.#sessionRefused };
    const state: CallState = { ...progress, ...kept, ...place, handoverCount, incompleteReasons, refused };
    try {
      await this.#ports.handOver?.({ ...this.#job, state });
      return await this.#outcome("handed-over");
    } catch (error) {
      this.#incompleteReasons.add(`handover_${error instanceof Error ? error.name : "unknown"}`);
      return this.#complete("failed");
    }
  }

  async #outcome(result: CallOutcome["result"]): Promise<CallOutcome> {
    await this.#poster.drained();
    const { undelivered } = this.#poster;
    const recording = this.#archive?.place ?? null;
    return {
      result,
      turns: this.#turns.turnCount,
      newTurns: this.#turns.turnCount - this.#state.turns.length,
      audioMs: this.#audioMs(),
      newAudioMs: this.#audioMs() - framesToMs(resumeFrame(this.#state.transcribedUntil)),
      incompleteReasons: [...this.#incompleteReasons],
      undelivered,
      ...(recording && { recording }),
    };
  }

  #audioMs(): number {
    return framesToMs(this.#buffer.endFrame);
  }
}

/** Returns the frame at which transcription goes on: the last whole second that both sides have reached. */
function resumeFrame({ customer, agent }: CallState["transcribedUntil"]): Frames {
  return startOfSecond(msToFrames(Math.min(customer, agent)));
}
