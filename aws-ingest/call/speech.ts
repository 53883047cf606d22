import type { Issue, Role, SentimentLabel } from "../../protocol/updates.ts";
import type { LanguagePlan } from "./languages.ts";

/** What a recogniser is asked and what it says, whichever service it is. */

/** 8 kHz, 16-bit little-endian, stereo: channel 0 the customer, channel 1 the agent. */
export const SAMPLE_RATE = 8000;
export const BYTES_PER_SAMPLE = 4;

export interface SpeechRequest {
  /** A UUID. A second session with the same id ends the first. */
  sessionId: string;
  plan: LanguagePlan;
  /** Chunks of up to a second of stereo PCM; the session ends when they end. */
  audio: AsyncIterable<Uint8Array>;
  signal: AbortSignal;
}

/** Times are milliseconds from the session's first sample. */
export type SpeechEvent =
  | {
      kind: "turn";
      utteranceId: string;
      role: Role;
      beginMs: number;
      endMs: number;
      /** Empty = nothing was said after all: final, and the partial turn of this id is taken back. */
      text: string;
      /** A turn that is not final comes again, longer or corrected. */
      final: boolean;
      /** null = the recogniser does not label turns, or not this one. */
      sentiment: SentimentLabel | null;
      /** Within `text`; absent = none. */
      issues?: readonly Issue[];
      /** The language heard; null = the one asked for. */
      languageCode: string | null;
    }
  | { kind: "category"; name: string; endMs: number | null };

/**
 * Why a session broke off. `superseded`: another session took over its id; `throttled`, `unavailable`, `starved` (15 s
 * without audio): worth another session; `rejected`: it would be refused again.
 */
export type SpeechFailureReason = "superseded" | "throttled" | "unavailable" | "starved" | "rejected";

/** Thrown by a session's event stream. Carries the service's error name, never its message: that may quote the request. */
export class SpeechFailure extends Error {
  override name = "SpeechFailure";
  readonly reason: SpeechFailureReason;
  readonly code: string;

  constructor(reason: SpeechFailureReason, code: string) {
    super(`The speech session broke off: ${reason} (${code}).`);
    this.reason = reason;
    this.code = code;
  }
}
