import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../protocol/backoff.ts";
import type { Update } from "../../protocol/updates.ts";
import { frames, framesToMs, framesToWholeMs, msToFrames } from "../media/audio-units.ts";
import { ChannelInterleaver } from "../media/channel-interleaver.ts";
import { CallArchive } from "./call-archive.ts";
import type { CallCheckpoints, CheckpointResult } from "./call-checkpoints.ts";
import type { CallOutcome, CallSettings } from "./call-outcome.ts";
import type { CallPorts } from "./call-ports.ts";
import { type CallParts, resumeFrame, snapshotOf, suspendCall } from "./call-snapshot.ts";
import { type CheckpointPhase, streamsOf } from "./checkpoint.ts";
import { skipGap } from "./gap.ts";
import { MediaSource, type MediaSourceEnd } from "./media-source.ts";
import { mayReadOn } from "./passing-fault.ts";
import { Poster } from "./poster.ts";
import { ReplayBuffer } from "./replay-buffer.ts";
import type { SpeechFailure } from "./speech.ts";
import { type CallState, INITIAL_STATE, type TranscriberJob } from "./transcriber-job.ts";
import { runTranscriptionSession } from "./transcription-session.ts";
import { TurnTracker } from "./turn-tracker.ts";

/** Between two sessions after a failure. The first wait is short, because live audio piles up meanwhile. */
const SESSION_BACKOFF = { firstMs: 800, longestMs: 15_000 };
/** After so many runs that got no further, a call is closed with what there is. */
const MAX_FRUITLESS_RUNS = 3;
/** While the call goes on, its audio waits for the speech service. After the call, so many failures in a row end it. */
const MAX_FAILURES_AFTER_CALL = 8;

/** Runs one invocation's part of a call: audio from the stream to the speech service, turns and score to the hub. */
export async function runCall(job: TranscriberJob, ports: CallPorts, settings: CallSettings): Promise<CallOutcome> {
  return new Call(job, ports, settings).run();
}

/** Why transcription stopped. */
type TranscriptionEnd = "finished" | "stopped" | "superseded" | "rejected" | "gave-up";

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
  readonly #incompleteReasons: Set<string>;
  readonly #archive: CallArchive | null;
  readonly #checkpoints: CallCheckpoints | null;
  /** Why the speech service was given up behind the end of the call. */
  #gaveUp: SpeechFailure | null = null;
  /** Ends reading and transcribing, for a hand-over or because the call is over. */
  readonly #stop = new AbortController();

  constructor(job: TranscriberJob, ports: CallPorts, settings: CallSettings) {
    this.#job = job;
    this.#ports = ports;
    this.#settings = settings;
    this.#state = job.state ?? INITIAL_STATE;
    this.#incompleteReasons = new Set(this.#state.incompleteReasons);
    this.#turns = new TurnTracker(job, this.#state);
    const { recordings } = ports;
    this.#checkpoints = ports.checkpoints ?? null;
    const transcribeFrom = resumeFrame(this.#state.transcribedUntil);
    this.#archive =
      job.record && recordings !== null
        ? new CallArchive(recordings, job, this.#incompleteReasons, transcribeFrom, () => this.#checkpoints?.noteChange())
        : null;
    this.#buffer = new ReplayBuffer(transcribeFrom);
    const nextFrame = frames(Math.min(transcribeFrom, this.#archive?.keepFrom ?? transcribeFrom));
    const { t0Ms, afterFragment, lateSamples } = this.#state;
    this.#interleaver = new ChannelInterleaver({ t0Ms, nextFrame, afterFragment, lateSamples });
    const checkpoints = this.#checkpoints;
    this.#poster = new Poster(ports.hub, job.contactId, checkpoints && (() => checkpoints.writeNow()));
    this.#source = new MediaSource({
      media: ports.media,
      interleaver: this.#interleaver,
      buffer: this.#buffer,
      contactIds: job.initialContactId === null ? [job.contactId] : [job.contactId, job.initialContactId],
      streams: streamsOf(job),
      streamIndex: this.#state.streamIndex ?? 0,
      end: ports.end ?? null,
      idleMs: settings.idleMs,
      signal: this.#stop.signal,
      onChunk: (chunk) => this.#archive?.recordChunk(chunk),
      keepFrom: () => this.#archive?.keepFrom ?? Number.POSITIVE_INFINITY,
      onStartKnown: (t0Ms) => this.#turns.setStart(t0Ms),
      onFragmentRead: (msBehindLive) => ports.observer.fragmentRead(msBehindLive),
    });
  }

  get #parts(): CallParts {
    return {
      turns: this.#turns,
      source: this.#source,
      interleaver: this.#interleaver,
      archive: this.#archive,
      poster: this.#poster,
      incompleteReasons: this.#incompleteReasons,
    };
  }

  async run(): Promise<CallOutcome> {
    const { timeToHandOver } = this.#settings;
    const stop = () => this.#stop.abort();
    if (this.#ports.handOver !== null) {
      timeToHandOver.addEventListener("abort", stop, { once: true });
      if (timeToHandOver.aborted) stop();
    }
    this.#poster.addUpdates(this.#state.unposted ?? []);
    this.#checkpoints?.lost.addEventListener("abort", stop, { once: true });
    this.#checkpoints?.start(() => snapshotOf(this.#parts, this.#state));
    const reading = this.#source.run();
    try {
      const end = await this.#transcribe();
      this.#stop.abort();
      const media = await reading;
      return await this.#finish(end, media);
    } finally {
      timeToHandOver.removeEventListener("abort", stop);
      this.#checkpoints?.stop();
      this.#stop.abort();
    }
  }

  /** Runs one session after another. */
  async #transcribe(): Promise<TranscriptionEnd> {
    let failures = 0;
    let from = this.#buffer.endFrame;
    let transcribedBefore = -1;
    let failWithoutResult = true;
    for (;;) {
      const ready = await this.#buffer.waitForFrames(from, frames(1), Number.POSITIVE_INFINITY, this.#stop.signal);
      if (ready === "aborted") return "stopped";
      if (ready === "closed") return "finished";
      const skipped = skipGap(this.#buffer, this.#turns, from);
      if (skipped !== null) {
        from = skipped;
        continue;
      }
      const end = await runTranscriptionSession({
        contactId: this.#job.contactId,
        plan: this.#job.language,
        buffer: this.#buffer,
        turns: this.#turns,
        speech: this.#ports.speech,
        sentiment: this.#ports.sentiment,
        catchUpSpeed: this.#settings.catchUpSpeed,
        failWithoutResult,
        stop: this.#stop.signal,
        postUpdates: (updates) => this.#postUpdates(updates),
        audioSent: (ms) => this.#ports.observer.audioSent(ms),
      });
      if (end.why === "finished" || end.why === "stopped") return end.why;
      if (end.why === "paused") {
        this.#postUpdates(this.#turns.releaseUnsureTurns());
        this.#checkpoints?.noteChange();
        from = this.#buffer.endFrame;
        failures = 0;
        continue;
      }
      const { failure } = end;
      if (failure.reason === "superseded") return "superseded";
      if (failure.reason === "rejected") return this.#reject(failure);
      const { customer, agent } = this.#turns.transcribedUntil;
      const transcribedMs = Math.min(customer, agent);
      failures = transcribedMs > transcribedBefore ? 1 : failures + 1;
      transcribedBefore = transcribedMs;
      failWithoutResult = failure.code !== "NoResult";
      this.#ports.observer.sessionRestarted(failure.reason, failure.code);
      if (this.#buffer.closed && failures >= MAX_FAILURES_AFTER_CALL) {
        this.#gaveUp = failure;
        return "gave-up";
      }
      // The buffer no longer holds audio before this time, so no session can repeat it.
      const keptFromMs = framesToWholeMs(this.#buffer.firstFrame);
      if (keptFromMs > transcribedMs) {
        this.#incompleteReasons.add("recogniser_away_too_long");
        this.#turns.skipBefore(keptFromMs);
      }
      from = msToFrames(Math.max(transcribedMs, keptFromMs));
      this.#checkpoints?.noteChange();
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
    return "rejected";
  }

  async #finish(end: TranscriptionEnd, media: MediaSourceEnd): Promise<CallOutcome> {
    if (end !== "superseded" && (end === "gave-up" || mayReadOn(media)) && this.#mayTryAgain) return this.#interrupt();
    if (this.#gaveUp !== null) this.#reject(this.#gaveUp);
    if (media.why === "failed") this.#incompleteReasons.add(`media_${media.fault}`);
    if (this.#interleaver.state().lateSamples > 0) this.#incompleteReasons.add("late_audio");
    if (end === "superseded" || this.#checkpoints?.lost.aborted) return this.#leave();
    if (end === "stopped" && this.#state.handoverCount < this.#settings.maxHandovers) return this.#handOver();
    if (end === "stopped") this.#incompleteReasons.add("handover_limit");
    return this.#complete(end === "finished" && media.why !== "failed" ? "ended" : "failed");
  }

  /** Posts the contact's end only when its audio is over. A failed transcription says nothing about the call itself. */
  async #complete(result: "ended" | "failed"): Promise<CallOutcome> {
    const lastTurns = this.#turns.releaseUnsureTurns();
    this.#postUpdates(result === "ended" ? [...lastTurns, this.#turns.endContact(this.#audioMs())] : lastTurns);
    const startedAt = Math.round(this.#interleaver.state().t0Ms ?? this.#job.startTimestamp);
    const { score, categories } = this.#turns;
    this.#checkpoints?.stop();
    await this.#archive?.prepareFinish();
    if ((await this.#writeCheckpoint("running")) === "lost") return this.#leave();
    await this.#archive?.finish({ startedAt, audioMs: this.#audioMs(), score, categories });
    await this.#poster.drained();
    await this.#writeCheckpoint("done");
    return this.#outcome(result);
  }

  /** Stops without a trace, because another transcriber has the call. */
  async #leave(): Promise<CallOutcome> {
    this.#checkpoints?.stop();
    await this.#archive?.abandon();
    return this.#outcome("superseded");
  }

  /** Whether another invocation can go on from the checkpoint, and this one got further than the last ones. */
  get #mayTryAgain(): boolean {
    return this.#checkpoints !== null && this.#checkpoints.fruitlessStarts < MAX_FRUITLESS_RUNS;
  }

  /** Keeps what is there for the next invocation. */
  async #interrupt(): Promise<CallOutcome> {
    this.#checkpoints?.stop();
    const result = await this.#writeCheckpoint("running");
    return result === "lost" ? this.#leave() : this.#outcome("interrupted");
  }

  async #writeCheckpoint(phase: CheckpointPhase): Promise<CheckpointResult | null> {
    return this.#checkpoints === null ? null : this.#checkpoints.write(phase, await snapshotOf(this.#parts, this.#state));
  }

  async #handOver(): Promise<CallOutcome> {
    const handoverCount = this.#state.handoverCount + 1;
    this.#checkpoints?.stop();
    // The hand-over does not wait for the posts. Their order does not matter, and a hub that is down must not cost the call.
    const state: CallState = { ...(await suspendCall(this.#parts, this.#state)), handoverCount };
    const unposted = this.#poster.unposted;
    if ((await this.#checkpoints?.write("handed-over", { ...state, unposted })) === "lost") return this.#leave();
    try {
      await this.#ports.handOver?.({ ...this.#job, state });
      return await this.#outcome("handed-over");
    } catch (error) {
      // The checkpoint says that the next invocation is to go on, whoever starts it.
      if (this.#checkpoints !== null) return this.#outcome("interrupted");
      this.#incompleteReasons.add(`handover_${error instanceof Error ? error.name : "unknown"}`);
      return this.#complete("failed");
    }
  }

  async #outcome(result: CallOutcome["result"]): Promise<CallOutcome> {
    await this.#poster.drained();
    const { undelivered } = this.#poster;
    return {
      result,
      turns: this.#turns.turnCount,
      newTurns: this.#turns.turnCount - this.#state.turns.length,
      audioMs: this.#audioMs(),
      newAudioMs: this.#audioMs() - framesToMs(resumeFrame(this.#state.transcribedUntil)),
      incompleteReasons: [...this.#incompleteReasons],
      undelivered,
    };
  }

  #audioMs(): number {
    return framesToMs(this.#buffer.endFrame);
  }
}
