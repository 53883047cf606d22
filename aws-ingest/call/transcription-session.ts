import type { SentimentLabel, Update } from "../../protocol/updates.ts";
import type { LanguagePlan } from "./languages.ts";
import type { MuteRange, ReplayBuffer } from "./replay-buffer.ts";
import { SAMPLE_RATE, type SpeechEvent, SpeechFailure, type SpeechRequest } from "./speech.ts";
import { SpeechFeed } from "./speech-feed.ts";
import type { RecognisedTurn, TurnTracker } from "./turn-tracker.ts";

/** Sessions begin on whole seconds: whole milliseconds too, so that their times add up to the same ones wherever they begin. */
const ALIGN_SAMPLES = SAMPLE_RATE;
/** What a session that breaks off may leave to be said again; older sound is forgotten (4 MB). */
const MAX_REPEAT_SAMPLES = 120 * SAMPLE_RATE;
const WATCH_INTERVAL_MS = 500;

export interface SpeechPort {
  transcribe(request: SpeechRequest): AsyncIterable<SpeechEvent>;
}

export interface SentimentPort {
  /** The sentiment of words whose recogniser does not say it; null when nobody can. */
  sentimentOf(text: string, languageCode: string): Promise<SentimentLabel | null>;
}

export interface TranscriptionSessionContext {
  contactId: string;
  plan: LanguagePlan;
  buffer: ReplayBuffer;
  turns: TurnTracker;
  speech: SpeechPort;
  sentiment: SentimentPort;
  catchUpSpeed: number;
  /** Whether much sound without a word back is taken for a fault. */
  suspicious: boolean;
  post(updates: readonly Update[]): void;
  /** The session is over; so much audio went into it. */
  sent(ms: number): void;
  /** Ends the session before the buffer's end. */
  stop: AbortSignal;
}

/** Why a session of the recogniser ended: all audio said, told to stop, a pause in the audio, or a failure. */
export type TranscriptionSessionEnd =
  | { why: "finished" }
  | { why: "stopped" }
  | { why: "paused" }
  | { why: "failed"; failure: SpeechFailure };

/** One session of the recogniser, from where the turns has heard everything to the buffer's end or the first reason to stop. */
export async function runTranscriptionSession(context: TranscriptionSessionContext): Promise<TranscriptionSessionEnd> {
  const { buffer, turns } = context;
  const mute: MuteRange = {
    customerUntil: toSample(turns.transcribedUntil.customer),
    agentUntil: toSample(turns.transcribedUntil.agent),
  };
  const from = Math.min(mute.customerUntil, mute.agentUntil);
  const base = from - (from % ALIGN_SAMPLES);
  turns.beginSession(toMs(base));

  const session = new AbortController();
  const feed = new SpeechFeed({ ...context, from: base, mute });
  let broken: string | null = null;
  const watchdog = setInterval(() => {
    turns.noteSilence(toMs(feed.quietUntil));
    buffer.dropBefore(Math.max(toSample(turns.safeUntilMs) - ALIGN_SAMPLES, feed.sent - MAX_REPEAT_SAMPLES));
    broken = feed.complaint(Date.now());
    if (broken !== null) session.abort();
  }, WATCH_INTERVAL_MS);
  try {
    const request = {
      sessionId: context.contactId,
      plan: context.plan,
      audio: feed.audio(session.signal),
      signal: session.signal,
    };
    for await (const event of context.speech.transcribe(request)) {
      feed.answered();
      if (feed.ending === "stopped" || feed.ending === "paused") turns.cutSession(toMs(feed.sent));
      context.post(
        event.kind === "category"
          ? turns.addCategory(event.name, event.endMs)
          : turns.addTurn(await withSentiment(event, context)),
      );
    }
    // An aborted session may end like one that is done.
    if (broken !== null) throw new SpeechFailure("unavailable", broken);
    if (feed.ending === null || turns.hasOpenTurn) throw new SpeechFailure("unavailable", "EndedEarly");
    if (feed.ending !== "finished") turns.cutSession(toMs(feed.sent));
    turns.endSession(true, toMs(feed.sent));
    return { why: feed.ending };
  } catch (error) {
    turns.endSession(false, toMs(feed.sent));
    if (broken !== null) return { why: "failed", failure: new SpeechFailure("unavailable", broken) };
    return { why: "failed", failure: error instanceof SpeechFailure ? error : new SpeechFailure("unavailable", nameOf(error)) };
  } finally {
    clearInterval(watchdog);
    session.abort();
    context.sent(toMs(feed.sent - base));
  }
}

async function withSentiment(turn: RecognisedTurn, context: TranscriptionSessionContext): Promise<RecognisedTurn> {
  if (!turn.final || turn.text === "" || turn.sentiment !== null || context.plan.service === "call-analytics") return turn;
  return { ...turn, sentiment: await context.sentiment.sentimentOf(turn.text, turn.languageCode ?? context.plan.languageCode) };
}

function toSample(ms: number): number {
  return Math.round((ms * SAMPLE_RATE) / 1000);
}

function toMs(sample: number): number {
  return Math.round((sample * 1000) / SAMPLE_RATE);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
