import type { Issue, Role, SentimentLabel } from "../../protocol/updates.ts";
import type { LanguagePlan } from "./languages.ts";

/** A feature that the operator asked for and that a session can do without. */
export type SpeechOption = "redaction" | "vocabulary" | "vocabulary-filter" | "identification" | "call-analytics";

/** A part of a turn on the session's timeline, in ms. */
export interface SpeechSpan {
  beginMs: number;
  endMs: number;
}

/** A request for one transcription session, independent of the speech service. */
export interface SpeechRequest {
  /** A UUID. A second session with the same id ends the first. */
  sessionId: string;
  plan: LanguagePlan;
  /** Options that the service refused before, so the request leaves them out. Absent = none. */
  without?: ReadonlySet<SpeechOption>;
  sampleRateHz: number;
  /** Two-channel 16-bit PCM, customer first, in chunks of up to a second. The session ends when the audio ends. */
  audio: AsyncIterable<Uint8Array>;
  signal: AbortSignal;
}

/** A result of a session. Times are milliseconds from the session's first frame. */
export type SpeechEvent =
  | {
      kind: "turn";
      utteranceId: string;
      role: Role;
      beginMs: number;
      endMs: number;
      /** Empty in a final turn: nothing was said, and the partial turn with this id is withdrawn. */
      text: string;
      /** A partial turn comes again, longer or corrected. */
      final: boolean;
      /** null when the service does not label turns, or not this one. */
      sentiment: SentimentLabel | null;
      /** Positions in `text`. Absent means none. */
      issues?: readonly Issue[];
      /** The service confirmed that it masks personal data in this session's final turns. Absent = it did not. */
      redacted?: boolean;
      /** When the masked words were spoken. Absent = none. */
      maskedSpans?: readonly SpeechSpan[];
      /** The identified language. null means the one that was asked for. */
      languageCode: string | null;
    }
  | { kind: "category"; name: string; endMs: number | null };

/**
 * Why a session broke off. `superseded`: another session took over its id. `rejected`: the service would refuse it again.
 * `throttled`, `unavailable` and `starved` (15 s without audio) are worth another session.
 */
export type SpeechFailureReason = "superseded" | "throttled" | "unavailable" | "starved" | "rejected";

/** Carries the service's error name and never its message, which may quote the request. */
export class SpeechFailure extends Error {
  override name = "SpeechFailure";
  readonly reason: SpeechFailureReason;
  readonly code: string;
  /** The options of the request that was rejected. The one that the service seems to mean comes first. */
  readonly options: readonly SpeechOption[];

  constructor(reason: SpeechFailureReason, code: string, options: readonly SpeechOption[] = []) {
    super(`The transcription session broke off: ${reason} (${code}).`);
    this.reason = reason;
    this.code = code;
    this.options = options;
  }
}
