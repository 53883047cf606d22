import { createHash } from "node:crypto";
import { SAMPLE_RATE } from "../phrases/dtmf.ts";
import type { Speaker } from "../phrases/phrase.ts";
import { FrameSplitter, readClientEvent, type TranscribeException, writeEvent, writeException } from "./transcribe-frames.ts";
import { BadRequest, readConfiguration, type TranscribeRequest } from "./transcribe-request.ts";
import { resultEvents } from "./transcribe-results.ts";
import { type TranscribedUtterance, TranscribeSession } from "./transcribe-session.ts";

/** A fault that a stream has after this much audio. */
export interface TranscriptionFault {
  afterMs: number;
  /** "cut" breaks the connection. "stall" sends no more results. */
  kind: TranscribeException | "cut" | "stall";
}

/** Observes every stream, so that a benchmark can measure times around Transcribe. */
export interface TranscribeTap {
  /** Called for each chunk with the milliseconds of audio so far. */
  onAudio(sessionId: string, audioMs: number): void;
  /** Called after a final result was written. */
  onFinalResult(sessionId: string, utterance: TranscribedUtterance): void;
}

export interface StreamOptions {
  request: TranscribeRequest;
  idleTimeoutMs: number;
  maxAudioMs: number;
  /** The delay of every result. */
  answerDelayMs: number;
  fault: TranscriptionFault | null;
  tap: TranscribeTap | null;
  newId: () => string;
  write: (frame: Uint8Array) => void;
  /** Called after the last frame was written. */
  endStream: () => void;
  /** Breaks the connection. */
  cutConnection: () => void;
}

/** A stream's data for tests. */
export interface SessionReport {
  sessionId: string;
  operation: TranscribeRequest["operation"];
  languageCode: string;
  /** Whether the client asked for masked personal data. */
  redaction: boolean;
  /** "open", "complete", "cut", or the exception that ended the stream. */
  outcome: string;
  chunks: number;
  audioMs: number;
  /** The bytes of PCM on each channel, and their SHA-256 in hex. */
  channels: { bytes: number; sha256: string }[];
  /** The number of final utterances so far. */
  utterances: number;
}

const BYTES_PER_SAMPLE = 2;
/** "Your chunks should be no longer than one second" (developer guide, best practices). */
const MAX_CHUNK_MS = 1000;

/** One stream from its first frame to its end. It adds the service's rules for a stream to a TranscribeSession. */
export class TranscribeStream {
  readonly #options: StreamOptions;
  readonly #splitter = new FrameSplitter();
  readonly #hashes;
  /** The bytes of one PCM frame: one sample of every channel. */
  readonly #frameBytes: number;
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
    this.#frameBytes = options.request.channels * BYTES_PER_SAMPLE;
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

  /** Call when the client has ended its side. Sends the remaining results and then ends the stream. */
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

  /** Call when the connection is closed. */
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
      redaction: request.personalData?.handling === "redact",
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
        if (this.#session !== null)
          throw new BadRequest("The configuration event must be the first event, and the only configuration event.");
        this.#begin(readConfiguration(event.json));
        break;
      case "audio":
        if (this.#session === null) throw new BadRequest("A configuration event must be the first event of the stream.");
        this.#receiveAudio(this.#session, event.chunk);
        break;
      case "unknown":
        throw new BadRequest(`The event type ${event.name} is unknown.`);
    }
  }

  #begin(roles: readonly [Speaker, Speaker] | null): void {
    const { request, newId } = this.#options;
    this.#session = new TranscribeSession({ request, roles, newId });
  }

  #receiveAudio(session: TranscribeSession, chunk: Uint8Array): void {
    if (chunk.length % this.#frameBytes !== 0) {
      throw new BadRequest(
        `An audio chunk must hold whole PCM frames of ${this.#frameBytes} bytes. This chunk has ${chunk.length} bytes.`,
      );
    }
    if (chunk.length > (MAX_CHUNK_MS * SAMPLE_RATE * this.#frameBytes) / 1000) {
      throw new BadRequest(`An audio chunk must not be longer than one second. This chunk has ${chunk.length} bytes.`);
    }
    this.#restartIdleTimer();
    this.#chunks += 1;
    this.#bytes += chunk.length;
    this.#options.tap?.onAudio(this.sessionId, this.#audioMs());
    const channels = separateChannels(chunk, this.#hashes.length);
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
      this.fail(fault.kind, "A test ordered this failure of the stream.");
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

  /** Acts now or after the delay. The order stays, because timers with the same delay fire in order. */
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
    return (this.#bytes * 1000) / this.#frameBytes / SAMPLE_RATE;
  }
}

/** Splits interleaved audio into one array of samples for each channel. */
function separateChannels(chunk: Uint8Array, count: number): Int16Array[] {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const frames = chunk.length / BYTES_PER_SAMPLE / count;
  return Array.from({ length: count }, (_, channel) => {
    const samples = new Int16Array(frames);
    for (let frame = 0; frame < frames; frame += 1) {
      samples[frame] = view.getInt16((frame * count + channel) * BYTES_PER_SAMPLE, true);
    }
    return samples;
  });
}
