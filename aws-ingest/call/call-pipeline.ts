import type { Update } from "../../protocol/updates.ts";
import { frames, framesToMs } from "../media/audio-units.ts";
import { ChannelInterleaver } from "../media/channel-interleaver.ts";
import { CallArchive } from "./call-archive.ts";
import type { CallOutcome, CallSettings } from "./call-outcome.ts";
import type { CallPorts, CheckpointPort, CheckpointResult } from "./call-ports.ts";
import { type CallParts, resumeFrame, snapshotOf, suspendCall } from "./call-snapshot.ts";
import { type CheckpointPhase, streamsOf } from "./checkpoint.ts";
import { type ConversationBegin, waitForConversation } from "./conversation-begin.ts";
import { MediaSource, type MediaSourceEnd } from "./media-source.ts";
import { mayReadOn } from "./passing-fault.ts";
import { Poster } from "./poster.ts";
import { RefusedOptions } from "./refused-options.ts";
import { ReplayBuffer } from "./replay-buffer.ts";
import type { SpeechFailure } from "./speech.ts";
import { type CallState, INITIAL_STATE, type TranscriberJob } from "./transcriber-job.ts";
import { type TranscriptionEnd, transcribeAudio } from "./transcription.ts";
import { TranscriptionHeartbeat } from "./transcription-heartbeat.ts";
import { TurnTracker } from "./turn-tracker.ts";
import { recordUntranscribed } from "./untranscribed-call.ts";

/** After so many runs that got no further, a call is closed with what there is. */
const MAX_FRUITLESS_RUNS = 3;

/** Runs one invocation's part of a call: audio from the stream to the speech service, turns and score to the hub. */
export async function runCall(job: TranscriberJob, ports: CallPorts, settings: CallSettings): Promise<CallOutcome> {
  return new Call(job, ports, settings).run();
}

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
  readonly #checkpoints: CheckpointPort | null;
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
    this.#checkpoints = ports.checkpoints ?? null;
    const bucket = job.record && ports.recordings;
    const masking = { text: settings.redactPii ?? false, recording: settings.maskRecordings ?? false };
    const transcribeFrom = resumeFrame(this.#state.transcribedUntil);
    const stored = () => this.#checkpoints?.noteChange();
    this.#archive = bucket ? new CallArchive(bucket, job, this.#incompleteReasons, masking, transcribeFrom, stored) : null;
    this.#buffer = new ReplayBuffer(transcribeFrom);
    const nextFrame = frames(Math.min(transcribeFrom, this.#archive?.keepFrom ?? transcribeFrom));
    const { t0Ms, afterFragment, joinAt, lateSamples } = this.#state;
    this.#interleaver = new ChannelInterleaver({ t0Ms, nextFrame, afterFragment, joinAt, lateSamples });
    const checkpoints = this.#checkpoints;
    this.#poster = new Poster(ports.hub, job.contactId, checkpoints && (() => checkpoints.writeNow()));
    this.#heartbeat = new TranscriptionHeartbeat(job, this.#poster);
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
      ...(job.sides && { sides: job.sides }),
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
      refused: { options: this.#refused.dropped, session: this.#sessionRefused },
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
    if (!this.#sessionRefused) this.#heartbeat.start();
    const reading = this.#source.run();
    try {
      const end = await this.#transcribe();
      const call = { archive: this.#sessionRefused ? this.#archive : null, turns: this.#turns, buffer: this.#buffer };
      const stopped = (await recordUntranscribed(call, this.#stop.signal)) === "stopped";
      this.#stop.abort();
      return await this.#finish(stopped ? { why: "stopped" } : end, await reading);
    } finally {
      timeToHandOver.removeEventListener("abort", stop);
      this.#checkpoints?.stop();
      this.#heartbeat.stop();
      this.#stop.abort();
    }
  }

  /** Runs the sessions. Returns null when an earlier invocation found that the service refuses the call. */
  async #transcribe(): Promise<TranscriptionEnd | null> {
    if (this.#sessionRefused) return null;
    const begin = await this.#waitForConversation();
    if (begin !== "begun") return { why: begin === "over" ? "finished" : "stopped" };
    const end = await transcribeAudio({
      job: this.#job,
      ports: this.#ports,
      settings: this.#settings,
      buffer: this.#buffer,
      turns: this.#turns,
      refused: this.#refused,
      archive: this.#archive,
      heartbeat: this.#heartbeat,
      checkpoints: this.#checkpoints,
      incompleteReasons: this.#incompleteReasons,
      stop: this.#stop.signal,
      postUpdates: (updates) => this.#postUpdates(updates),
    });
    if (end.why === "rejected") this.#reject(end.failure);
    return end;
  }

  /** Waits for an agent, unless one has joined before or nobody can say so. */
  async #waitForConversation(): Promise<ConversationBegin["why"]> {
    if (this.#turns.conversationMs !== null) return "begun";
    const agents = this.#ports.agents ?? null;
    if (agents === null) this.#turns.beginConversation(0);
    if (agents === null) return "begun";
    const begin = await waitForConversation({
      agents,
      buffer: this.#buffer,
      startedAt: () => this.#interleaver.state().t0Ms,
      waitPassed: (fromMs, untilMs) => {
        this.#turns.skipBefore(untilMs);
        this.#archive?.passWait(fromMs, untilMs);
      },
      stop: this.#stop.signal,
    });
    if (begin.why === "begun") this.#turns.beginConversation(begin.beginMs);
    return begin.why;
  }

  #postUpdates(updates: readonly Update[]): void {
    this.#poster.addUpdates(updates);
    this.#archive?.addUpdates(updates);
  }

  #reject(failure: SpeechFailure): void {
    this.#incompleteReasons.add(`recogniser_${failure.reason}_${failure.code}`);
    this.#sessionRefused = true;
    // The recording goes on, but nobody listens any more.
    this.#heartbeat.postEnd("failed");
    this.#ports.observer.transcriptionFailed?.(failure.code);
  }

  async #finish(end: TranscriptionEnd | null, media: MediaSourceEnd): Promise<CallOutcome> {
    const why = end?.why ?? "rejected";
    if (why === "superseded" || this.#checkpoints?.lost.aborted) return this.#leave();
    if ((why === "gave-up" || mayReadOn(media)) && this.#mayTryAgain) return this.#interrupt();
    if (end?.why === "gave-up") this.#reject(end.failure);
    if (media.why === "failed") this.#incompleteReasons.add(`media_${media.fault}`);
    if (this.#interleaver.state().lateSamples > 0) this.#incompleteReasons.add("late_audio");
    if (why === "stopped" && this.#state.handoverCount < this.#settings.maxHandovers) return this.#handOver();
    if (why === "stopped") this.#incompleteReasons.add("handover_limit");
    return this.#complete(why === "finished" && media.why !== "failed" ? "ended" : "failed");
  }

  /** Posts the contact's end only when its audio is over. A failed transcription says nothing about the call itself. */
  async #complete(result: "ended" | "failed"): Promise<CallOutcome> {
    await this.#archive?.prepareFinish();
    // Another transcriber that has the call may know better how it ends.
    if ((await this.#writeCheckpoint("running")) === "lost") return this.#leave();
    const lastTurns = this.#turns.releaseUnsureTurns();
    this.#heartbeat.postEnd(result);
    this.#postUpdates(result === "ended" ? [...lastTurns, this.#turns.endContact(this.#audioMs())] : lastTurns);
    const startedAt = Math.round(this.#interleaver.state().t0Ms ?? this.#job.startTimestamp);
    const [{ score, categories, conversationMs }, { dropped: refusedOptions }] = [this.#turns, this.#refused];
    await this.#archive?.finish({ startedAt, audioMs: this.#audioMs(), conversationMs, score, categories, refusedOptions });
    await this.#poster.drained();
    this.#checkpoints?.stop();
    // Who has taken the call over meanwhile also has its place.
    return (await this.#writeCheckpoint("done")) === "lost" ? this.#leave() : this.#outcome(result);
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
    const recording = this.#archive?.place ?? null;
    return {
      result,
      turns: this.#turns.turnCount,
      newTurns: this.#turns.turnCount - this.#state.turns.length,
      audioMs: this.#audioMs(),
      newAudioMs: this.#audioMs() - framesToMs(resumeFrame(this.#state.transcribedUntil)),
      incompleteReasons: [...this.#incompleteReasons],
      undelivered,
      ...(this.#turns.conversationMs === null && { agentJoined: false }),
      ...(recording && { recording }),
    };
  }

  #audioMs(): number {
    return framesToMs(this.#buffer.endFrame);
  }
}
