import type { Role, Update } from "../../protocol/updates.ts";
import { type Frames, frames, framesToWholeMs, msToFrames, SAMPLE_RATE_HZ, startOfSecond } from "../media/audio-units.ts";
import type { SentimentPort, SpeechPort } from "./call-ports.ts";
import type { LanguagePlan } from "./languages.ts";
import type { MuteRange, ReplayBuffer } from "./replay-buffer.ts";
import { SpeechFailure, type SpeechOption, type SpeechSpan } from "./speech.ts";
import { SpeechFeed } from "./speech-feed.ts";
import { finalTurnsOnly, guardedTurn, isWithheld } from "./text-guard.ts";
import type { RecognisedTurn, TurnTracker } from "./turn-tracker.ts";

/** The longest audio that is kept for the repetition of a broken session (4 MB). */
const MAX_REPEAT = msToFrames(120_000);
/** The buffer keeps a second more than the next session needs, because sessions begin on whole seconds. */
const ALIGNMENT = msToFrames(1000);
const WATCH_INTERVAL_MS = 500;

export interface TranscriptionSessionContext {
  contactId: string;
  plan: LanguagePlan;
  /** Options that the service has refused. Absent = none. */
  without?: ReadonlySet<SpeechOption>;
  /** The operator wants personal data masked. Absent = not wanted. */
  maskPersonalData?: boolean;
  buffer: ReplayBuffer;
  turns: TurnTracker;
  speech: SpeechPort;
  sentiment: SentimentPort;
  catchUpSpeed: number;
  /** If true, a session that sends speech but gets no result is treated as failed. */
  failWithoutResult: boolean;
  postUpdates(updates: readonly Update[]): void;
  /** Called at the first result. */
  accepted?(): void;
  /** Called when the text of a final turn was withheld, because the service does not mask it. */
  textWithheld?(): void;
  /** Called with the masked words of a final turn, in ms on the contact's timeline. */
  wordsMasked?(role: Role, spans: readonly SpeechSpan[]): void;
  /** Called when all speech before `ms` on the contact's timeline is final. */
  settledUntil?(ms: number): void;
  /** Called when the session is over, with the ms of audio that it received. */
  audioSent(ms: number): void;
  /** Ends the session before the end of the buffer. */
  stop: AbortSignal;
}

/** `finished`: all audio is transcribed. `stopped`: `stop` aborted. `paused`: no audio came for some seconds. */
export type TranscriptionSessionEnd =
  | { why: "finished" }
  | { why: "stopped" }
  | { why: "paused" }
  | { why: "failed"; failure: SpeechFailure };

/** Runs one session, from the first audio without a final turn to the end of the buffer or the first reason to stop. Never throws. */
export async function runTranscriptionSession(context: TranscriptionSessionContext): Promise<TranscriptionSessionEnd> {
  const { buffer, turns } = context;
  const mute: MuteRange = {
    customerUntil: msToFrames(turns.transcribedUntil.customer),
    agentUntil: msToFrames(turns.transcribedUntil.agent),
  };
  const from = startOfSecond(frames(Math.min(mute.customerUntil, mute.agentUntil)));
  turns.beginSession(framesToWholeMs(from));

  const session = new AbortController();
  const feed = new SpeechFeed({ ...context, from, mute });
  let fault: string | null = null;
  const watchdog = setInterval(() => {
    turns.noteSilence(framesToWholeMs(feed.silentUntil));
    buffer.dropBefore(repeatableFrom(turns.safeUntilMs, feed.sent));
    context.settledUntil?.(turns.safeUntilMs);
    fault = feed.faultAt(Date.now());
    if (fault !== null) session.abort();
  }, WATCH_INTERVAL_MS);
  try {
    const request = {
      sessionId: context.contactId,
      plan: context.plan,
      ...(context.without && { without: context.without }),
      sampleRateHz: SAMPLE_RATE_HZ,
      audio: feed.audio(session.signal),
      signal: session.signal,
    };
    for await (const event of context.speech.transcribe(request)) {
      feed.noteResult();
      buffer.noteResult();
      context.accepted?.();
      if (feed.ending === "stopped" || feed.ending === "paused") turns.cutSession(framesToWholeMs(feed.sent));
      context.postUpdates(
        event.kind === "category"
          ? turns.addCategory(event.name, event.endMs)
          : turnUpdates(await withSentiment(event, context), context, framesToWholeMs(from)),
      );
    }
    // An aborted session may look like one that ended properly.
    if (fault !== null) throw new SpeechFailure("unavailable", fault);
    if (feed.ending === null || turns.hasOpenTurn) throw new SpeechFailure("unavailable", "EndedEarly");
    if (feed.ending !== "finished") turns.cutSession(framesToWholeMs(feed.sent));
    turns.endSession(true, framesToWholeMs(feed.sent));
    return { why: feed.ending };
  } catch (error) {
    buffer.noteFailure();
    turns.endSession(false, framesToWholeMs(feed.sent));
    if (fault !== null) return { why: "failed", failure: new SpeechFailure("unavailable", fault) };
    return { why: "failed", failure: error instanceof SpeechFailure ? error : new SpeechFailure("unavailable", nameOf(error)) };
  } finally {
    clearInterval(watchdog);
    session.abort();
    context.audioSent(framesToWholeMs(frames(feed.sent - from)));
  }
}

/** Returns the updates for a turn. Where personal data is to be masked, nothing that is not masked is among them. */
function turnUpdates(turn: RecognisedTurn, context: TranscriptionSessionContext, baseMs: number): Update[] {
  if (context.maskPersonalData !== true) return context.turns.addTurn(turn);
  if (isWithheld(turn)) context.textWithheld?.();
  const spans = (turn.maskedSpans ?? []).map(({ beginMs, endMs }) => ({ beginMs: beginMs + baseMs, endMs: endMs + baseMs }));
  if (spans.length > 0) context.wordsMasked?.(turn.role, spans);
  return finalTurnsOnly(context.turns.addTurn(guardedTurn(turn)));
}

/** Returns the first frame that a repetition of the running session would need. */
function repeatableFrom(safeUntilMs: number, sent: Frames): Frames {
  return frames(Math.max(msToFrames(safeUntilMs) - ALIGNMENT, sent - MAX_REPEAT));
}

async function withSentiment(turn: RecognisedTurn, context: TranscriptionSessionContext): Promise<RecognisedTurn> {
  if (!turn.final || turn.text === "" || turn.sentiment !== null || context.plan.service === "call-analytics") return turn;
  return { ...turn, sentiment: await context.sentiment.sentimentOf(turn.text, turn.languageCode ?? context.plan.languageCode) };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
