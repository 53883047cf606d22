import { setTimeout as sleep } from "node:timers/promises";
import type { Update } from "../../protocol/updates.ts";
import { ChannelInterleaver } from "../media/channel-interleaver.ts";
import { CallArchive } from "./call-archive.ts";
import { type MediaEnd, type MediaPort, MediaSource } from "./media-source.ts";
import { type HubPort, Poster } from "./poster.ts";
import type { RecordingStore } from "./recording.ts";
import { ReplayBuffer } from "./replay-buffer.ts";
import { SAMPLE_RATE, type SpeechFailure } from "./speech.ts";
import type { CallState, TranscriberJob } from "./transcriber-job.ts";
import { runTranscriptionSession, type SentimentPort, type SpeechPort } from "./transcription-session.ts";
import { TurnTracker } from "./turn-tracker.ts";

/** Sessions and hand-overs begin on whole seconds of the contact's interleaver. */
const ALIGN_SAMPLES = SAMPLE_RATE;
const BACKOFF_MS = 400;
const BACKOFF_MAX_MS = 15_000;
/** While the call goes on its sound waits for the recogniser; after the call, this many failures in a row are enough. */
const MAX_FAILURES_AFTER_CALL = 8;

export interface CallPorts {
  media: MediaPort;
  speech: SpeechPort;
  sentiment: SentimentPort;
  hub: HubPort;
  /** Starts the next invocation for the same call; null = this one has all the time there is. */
  handOver: ((job: TranscriberJob) => Promise<void>) | null;
  observer: CallObserver;
  /** Where recordings and transcripts are kept; null = nowhere. */
  recordings: RecordingStore | null;
}

/** Told what is going on, for metrics and logs. */
export interface CallObserver {
  /** A fragment was read that is so many ms behind the stream's newest. */
  behind(ms: number): void;
  /** A recogniser session is over into which so many ms of audio went; what is heard again counts again. */
  sent(ms: number): void;
  /** A recogniser session broke off and is begun again. */
  restarted(reason: string, code: string): void;
}

export interface CallSettings {
  handoverAfterMs: number;
  maxHandovers: number;
  catchUpSpeed: number;
  idleMs: number;
}

/**
 * How it went. `ended`: the contact's audio is over and told; `handed-over`: the next invocation goes on; `superseded`: another
 * transcriber of the same contact has taken over; `failed`: the recogniser or the hand-over would not have it.
 */
export interface CallOutcome {
  result: "ended" | "handed-over" | "superseded" | "failed";
  /** Scored turns of the call so far, and those of this invocation. */
  turns: number;
  newTurns: number;
  /** Audio of the call so far, and what this invocation read of it. */
  audioMs: number;
  newAudioMs: number;
  /** Why some of it is missing; empty = complete. */
  incompleteReasons: string[];
  undelivered: number;
}

/** One invocation's part of a call: its sound from the stream to the recogniser, its turns and score to the hub. */
export async function runCall(job: TranscriberJob, ports: CallPorts, settings: CallSettings): Promise<CallOutcome> {
  return new Call(job, ports, settings).run();
}

const START: CallState = {
  handoverCount: 0,
  t0Ms: null,
  transcribedUntil: { customer: 0, agent: 0 },
  afterFragment: null,
  lateSamples: 0,
  pendingTurns: [],
  turns: [],
  categories: [],
  newestSentiment: 0,
  recording: null,
  transcript: null,
  incompleteReasons: [],
};

class Call {
  readonly #job: TranscriberJob;
  readonly #ports: CallPorts;
  readonly #settings: CallSettings;
  readonly #state: CallState;
  readonly #turns: TurnTracker;
  readonly #buffer: ReplayBuffer;
  readonly #interleaver: ChannelInterleaver;
  readonly #source: MediaSource;
  readonly #poster: Poster;
  readonly #incompleteReasons: Set<string>;
  readonly #archive: CallArchive | null;
  /** Ends reading and listening: time to hand over, or somebody else has taken over. */
  readonly #stop = new AbortController();

  constructor(job: TranscriberJob, ports: CallPorts, settings: CallSettings) {
    this.#job = job;
    this.#ports = ports;
    this.#settings = settings;
    this.#state = job.state ?? START;
    this.#incompleteReasons = new Set(this.#state.incompleteReasons);
    this.#turns = new TurnTracker(job, this.#state);
    const { recordings } = ports;
    this.#archive = job.record && recordings !== null ? new CallArchive(recordings, job, this.#incompleteReasons) : null;
    const heardFrom = alignedStart(this.#state.transcribedUntil);
    this.#buffer = new ReplayBuffer(heardFrom);
    const nextSample = Math.min(heardFrom, this.#archive?.keepFrom ?? heardFrom);
    const { t0Ms, afterFragment, lateSamples } = this.#state;
    this.#interleaver = new ChannelInterleaver({ t0Ms, nextSample, afterFragment, lateSamples });
    this.#poster = new Poster(ports.hub, job.contactId);
    this.#source = new MediaSource({
      media: ports.media,
      interleaver: this.#interleaver,
      buffer: this.#buffer,
      contactIds: job.initialContactId === null ? [job.contactId] : [job.contactId, job.initialContactId],
      startTimestamp: job.startTimestamp,
      startFragment: job.startFragment,
      idleMs: settings.idleMs,
      signal: this.#stop.signal,
      onChunk: (chunk) => this.#archive?.recordChunk(chunk),
      keepFrom: () => this.#archive?.keepFrom ?? Number.POSITIVE_INFINITY,
      onStartKnown: (t0Ms) => this.#turns.setStart(t0Ms),
      onBehind: (ms) => ports.observer.behind(ms),
    });
  }

  async run(): Promise<CallOutcome> {
    const mayHandOver = this.#ports.handOver !== null;
    const timer = mayHandOver ? setTimeout(() => this.#stop.abort(), this.#settings.handoverAfterMs) : undefined;
    const reading = this.#source.run();
    try {
      const end = await this.#listen();
      this.#stop.abort();
      const media = await reading;
      return await this.#finish(end, media);
    } finally {
      clearTimeout(timer);
      this.#stop.abort();
    }
  }

  /** Sessions of the recogniser, one after another, until the sound is over, time is up, or there is no use. */
  async #listen(): Promise<"finished" | "stopped" | "superseded" | "rejected"> {
    let failures = 0;
    let from = this.#buffer.endFrame;
    let heardBefore = -1;
    let suspicious = true;
    for (;;) {
      const ready = await this.#buffer.waitForFrames(from, 1, Number.POSITIVE_INFINITY, this.#stop.signal);
      if (ready === "aborted") return "stopped";
      if (ready === "closed") return "finished";
      const end = await runTranscriptionSession({
        contactId: this.#job.contactId,
        plan: this.#job.language,
        buffer: this.#buffer,
        turns: this.#turns,
        speech: this.#ports.speech,
        sentiment: this.#ports.sentiment,
        catchUpSpeed: this.#settings.catchUpSpeed,
        suspicious,
        stop: this.#stop.signal,
        post: (updates) => this.#post(updates),
        sent: (ms) => this.#ports.observer.sent(ms),
      });
      if (end.why === "finished" || end.why === "stopped") return end.why;
      if (end.why === "paused") {
        this.#post(this.#turns.releaseUnsureTurns());
        from = this.#buffer.endFrame;
        failures = 0;
        continue;
      }
      if (end.failure.reason === "superseded") return "superseded";
      if (end.failure.reason === "rejected") return this.#rejected(end.failure);
      const heard = Math.min(this.#turns.transcribedUntil.customer, this.#turns.transcribedUntil.agent);
      failures = heard > heardBefore ? 1 : failures + 1;
      heardBefore = heard;
      suspicious = end.failure.code !== "Deaf";
      this.#ports.observer.restarted(end.failure.reason, end.failure.code);
      if (this.#buffer.closed && failures >= MAX_FAILURES_AFTER_CALL) return this.#rejected(end.failure);
      // What was forgotten in the meantime cannot be said again.
      const keptMs = (this.#buffer.firstFrame * 1000) / SAMPLE_RATE;
      if (keptMs > heard) {
        this.#incompleteReasons.add("recogniser_away_too_long");
        this.#turns.skipBefore(keptMs);
      }
      from = Math.round((Math.max(heard, keptMs) * SAMPLE_RATE) / 1000);
      const backoff = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** failures) * Math.random();
      await sleep(backoff, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  #post(updates: readonly Update[]): void {
    this.#poster.post(updates);
    this.#archive?.note(updates);
  }

  #rejected(failure: SpeechFailure): "rejected" {
    this.#incompleteReasons.add(`recogniser_${failure.reason}_${failure.code}`);
    return "rejected";
  }

  async #finish(end: "finished" | "stopped" | "superseded" | "rejected", media: MediaEnd): Promise<CallOutcome> {
    if (media.why === "failed") this.#incompleteReasons.add(`media_${media.fault}`);
    if (this.#interleaver.state().lateSamples > 0) this.#incompleteReasons.add("late_audio");
    if (end === "superseded") {
      await this.#archive?.abandon();
      return this.#outcome("superseded");
    }
    if (end === "stopped" && this.#state.handoverCount < this.#settings.maxHandovers) return this.#handOver();
    if (end === "stopped") this.#incompleteReasons.add("handover_limit");
    return this.#over(end === "finished" && media.why !== "failed" ? "ended" : "failed");
  }

  /** A call to which nobody could listen, or no longer, may go on: it is not said to be over. */
  async #over(result: "ended" | "failed"): Promise<CallOutcome> {
    this.#post([...this.#turns.releaseUnsureTurns(), ...(result === "ended" ? [this.#turns.endContact(this.#audioMs())] : [])]);
    const startedAt = Math.round(this.#interleaver.state().t0Ms ?? this.#job.startTimestamp);
    const { score, categories } = this.#turns;
    await this.#archive?.finish({ startedAt, audioMs: this.#audioMs(), score, categories });
    return this.#outcome(result);
  }

  async #handOver(): Promise<CallOutcome> {
    const handoverCount = this.#state.handoverCount + 1;
    const progress = this.#turns.state();
    const { t0Ms, lateSamples } = this.#interleaver.state();
    // What is still to be posted waits for nobody: order does not matter, and a hub that is away must not cost the call.
    const kept = this.#archive === null ? { recording: null, transcript: null } : await this.#archive.suspend(handoverCount);
    const { afterFragment } = this.#source.markFor(
      Math.min(alignedStart(progress.transcribedUntil), this.#archive?.keepFrom ?? Infinity),
    );
    const incompleteReasons = [...this.#incompleteReasons];
    const state: CallState = { ...progress, ...kept, handoverCount, t0Ms, afterFragment, lateSamples, incompleteReasons };
    try {
      await this.#ports.handOver?.({ ...this.#job, state });
      return await this.#outcome("handed-over");
    } catch (error) {
      this.#incompleteReasons.add(`handover_${error instanceof Error ? error.name : "unknown"}`);
      return this.#over("failed");
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
      newAudioMs: this.#audioMs() - (alignedStart(this.#state.transcribedUntil) * 1000) / SAMPLE_RATE,
      incompleteReasons: [...this.#incompleteReasons],
      undelivered,
    };
  }

  #audioMs(): number {
    return (this.#buffer.endFrame * 1000) / SAMPLE_RATE;
  }
}

function alignedStart(heard: CallState["transcribedUntil"]): number {
  const sample = Math.floor((Math.min(heard.customer, heard.agent) * SAMPLE_RATE) / 1000);
  return sample - (sample % ALIGN_SAMPLES);
}
