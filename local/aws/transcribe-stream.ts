import { createHash } from "node:crypto";
import { SAMPLE_RATE } from "../phrases/dtmf.ts";
import type { Speaker } from "../phrases/phrase.ts";
import { FrameSplitter, readClientEvent, type TranscribeException, writeEvent, writeException } from "./transcribe-frames.ts";
import { BadRequest, readConfiguration, type TranscribeRequest } from "./transcribe-request.ts";
import { resultEvents } from "./transcribe-results.ts";
import { type TranscribedUtterance, TranscribeSession } from "./transcribe-session.ts";

/** How a stream went wrong, if it is to: after that much audio. */
export interface TranscriptionFault {
  afterMs: number;
  /** "cut" breaks the connection without a word; "stall" says nothing from there on. */
  kind: TranscribeException | "cut" | "stall";
}

/** Looks on at every stream, to time what is around the recogniser; changes nothing. */
export interface TranscribeTap {
  /** A chunk has come in; with it the session has so much audio. */
  onAudio(sessionId: string, audioMs: number): void;
  /** A final result has been written. */
  onFinalResult(sessionId: string, utterance: TranscribedUtterance): void;
}

export interface StreamOptions {
  request: TranscribeRequest;
  idleTimeoutMs: number;
  maxAudioMs: number;
  /** Every result waits so long. */
  answerDelayMs: number;
  fault: TranscriptionFault | null;
  tap: TranscribeTap | null;
  newId: () => string;
  write: (frame: Uint8Array) => void;
  /** The last frame has been written. */
  endStream: () => void;
  /** Break the connection. */
  cutConnection: () => void;
}

/** What a stream has received, as far as a test wants to know it. */
export interface SessionReport {
  sessionId: string;
  operation: TranscribeRequest["operation"];
  languageCode: string;
  /** "open", "complete", "cut", or the exception it ended with. */
  outcome: string;
  chunks: number;
  audioMs: number;
  /** Per channel: bytes of PCM and their SHA-256 in hex. */
  channels: { bytes: number; sha256: string }[];
  /** Final utterances so far. */
  utterances: number;
}

const BYTES_PER_SAMPLE = 2;
/** "Your chunks should be no longer than one second" (developer guide, best practices). */
const MAX_CHUNK_MS = 1000;

/** One stream of audio from its first frame to its end: the rules of the service around a TranscribeSession. */
export class TranscribeStream {
  readonly #options: StreamOptions;
  readonly #splitter = new FrameSplitter();
  readonly #hashes;
  readonly #channelBytes: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #session: TranscribeSession | null = null;
  #idle: NodeJS.Timeout | null = null;
  #outcome = "open";
  #stalled = false;
  #chunks = 0;
  #bytes = 0;
  #utterances = 0;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#hashes = Array.from({ length: options.request.channels }, () => createHash("sha256"));
    this.#channelBytes = options.request.channels * BYTES_PER_SAMPLE;
    if (options.request.operation === "standard") this.#begin(null);
    this.#restartIdleTimer();
  }

  get sessionId(): string {
    return this.#options.request.sessionId;
  }

  get open(): boolean {
    return this.#outcome === "open";
  }

  receiveBytes(bytes: Uint8Array): void {
    if (!this.open) return;
    try {
      for (const frame of this.#splitter.splitFrames(bytes)) {
        if (this.open) this.#handleFrame(frame);
      }
    } catch (error) {
      const reason = error instanceof BadRequest ? error.message : "The request frame can't be read.";
      this.fail("BadRequestException", reason);
    }
  }

  /** The client has ended its side: the results still due, then the end. */
  finish(): void {
    if (!this.open) return;
    if (this.#session !== null) this.#sendResults(this.#session.endAudio());
    this.#close("complete");
    this.#afterDelay(() => this.#options.endStream());
  }

  fail(exception: TranscribeException, message: string): void {
    if (!this.open) return;
    this.#close(exception);
    this.#afterDelay(() => {
      this.#options.write(writeException(exception, message));
      this.#options.endStream();
    });
  }

  /** The connection is gone. */
  abandon(): void {
    if (this.open) this.#close("cut");
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  report(): SessionReport {
    const { request } = this.#options;
    const channels = this.#hashes.map((hash) => ({
      bytes: this.#bytes / this.#hashes.length,
      sha256: hash.copy().digest("hex"),
    }));
    return {
      sessionId: request.sessionId,
      operation: request.operation,
      languageCode: request.languages.join(","),
      outcome: this.#outcome,
      chunks: this.#chunks,
      audioMs: this.#audioMs(),
      channels,
      utterances: this.#utterances,
    };
  }

  #handleFrame(frame: Uint8Array): void {
    const event = readClientEvent(frame);
    switch (event.type) {
      case "end":
        this.finish();
        break;
      case "configuration":
        if (this.#session !== null) throw new BadRequest("The configuration event must be the first one, and only one.");
        this.#begin(readConfiguration(event.json));
        break;
      case "audio":
        if (this.#session === null) throw new BadRequest("A configuration event must be the first event of the stream.");
        this.#receiveAudio(this.#session, event.chunk);
        break;
      case "unknown":
        throw new BadRequest(`The event type ${event.name} isn't known.`);
    }
  }

  #begin(roles: readonly [Speaker, Speaker] | null): void {
    const { request, newId } = this.#options;
    this.#session = new TranscribeSession({ request, roles, newId });
  }

  #receiveAudio(session: TranscribeSession, chunk: Uint8Array): void {
    if (chunk.length % this.#channelBytes !== 0) {
      throw new BadRequest(`An audio chunk must hold whole samples of every channel: ${chunk.length} bytes don't.`);
    }
    if (chunk.length > (MAX_CHUNK_MS * SAMPLE_RATE * this.#channelBytes) / 1000) {
      throw new BadRequest(`An audio chunk must not be longer than one second: ${chunk.length} bytes are.`);
    }
    this.#restartIdleTimer();
    this.#chunks += 1;
    this.#bytes += chunk.length;
    this.#options.tap?.onAudio(this.sessionId, this.#audioMs());
    const channels = separate(chunk, this.#hashes.length);
    channels.forEach((channel, index) => {
      this.#hashes[index]?.update(new Uint8Array(channel.buffer));
    });
    this.#sendResults(session.receiveAudio(channels));
    if (this.#audioMs() > this.#options.maxAudioMs)
      this.fail("LimitExceededException", "The stream is longer than the service allows.");
    this.#applyFault();
  }

  #applyFault(): void {
    const { fault, cutConnection } = this.#options;
    if (fault === null || this.#audioMs() < fault.afterMs) return;
    if (fault.kind === "stall") {
      this.#stalled = true;
    } else if (fault.kind === "cut") {
      this.abandon();
      cutConnection();
    } else {
      this.fail(fault.kind, "The stream failed as it was told to.");
    }
  }

  #sendResults(utterances: readonly TranscribedUtterance[]): void {
    for (const utterance of utterances) {
      if (!utterance.partial) this.#utterances += 1;
      for (const { name, body } of resultEvents(this.#options.request, utterance)) {
        this.#afterDelay(() => this.#options.write(writeEvent(name, body)));
      }
      if (!utterance.partial) this.#afterDelay(() => this.#options.tap?.onFinalResult(this.sessionId, utterance));
    }
  }

  /** Now, or after the delay; in order either way, because timers of one delay fire in order. */
  #afterDelay(act: () => void): void {
    if (this.#stalled) return;
    if (this.#options.answerDelayMs === 0) {
      act();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, this.#options.answerDelayMs);
    this.#timers.add(timer);
  }

  #restartIdleTimer(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const { idleTimeoutMs } = this.#options;
    this.#idle = setTimeout(() => {
      const seconds = idleTimeoutMs / 1000;
      this.fail("BadRequestException", `The request timed out because no new audio was received for ${seconds} seconds.`);
    }, idleTimeoutMs);
  }

  #close(outcome: string): void {
    this.#outcome = outcome;
    if (this.#idle !== null) clearTimeout(this.#idle);
  }

  #audioMs(): number {
    return (this.#bytes * 1000) / this.#channelBytes / SAMPLE_RATE;
  }
}

function separate(chunk: Uint8Array, count: number): Int16Array[] {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const length = chunk.length / BYTES_PER_SAMPLE / count;
  return Array.from({ length: count }, (_, channel) => {
    const samples = new Int16Array(length);
    for (let index = 0; index < length; index += 1) {
      samples[index] = view.getInt16((index * count + channel) * BYTES_PER_SAMPLE, true);
    }
    return samples;
  });
}
