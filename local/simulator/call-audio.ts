import type { Speaker } from "../phrases/phrase.ts";
import type { CallPlan } from "./call-plan.ts";
import { cachedPhraseAudio } from "./phrase-audio.ts";

/** The audio of one call on Amazon Connect's two tracks, 8 kHz and 16-bit. Positions count from the start of the stream. */
export interface SimulatedCallAudio {
  /** The agent answers `connectedMs` after the start of the audio. The plan begins there. */
  startConversation(connectedMs: number, plan: CallPlan): void;
  /** Returns the audio in [beginMs, endMs), in whole milliseconds. */
  renderAudio(beginMs: number, endMs: number): { fromCustomer: Int16Array; toCustomer: Int16Array };
}

const SAMPLES_PER_MS = 8;
/** Far below the level of speech, so that Transcribe does not take the music for words. */
const MUSIC_PEAK = 240;
/** The notes of the music in Hz: a broken chord in a loop of 1.2 s. */
const NOTES = [260, 330, 390] as const;
const NOTE_SAMPLES = 3200;
const LOOP = Int16Array.from({ length: NOTES.length * NOTE_SAMPLES }, (_, index) => {
  const note = NOTES[Math.floor(index / NOTE_SAMPLES)] ?? NOTES[0];
  return Math.round(MUSIC_PEAK * Math.sin((2 * Math.PI * note * index) / (SAMPLES_PER_MS * 1000)));
});

interface PlacedAudio {
  track: Speaker;
  at: number;
  samples: Int16Array;
}
interface Music {
  begin: number;
  end: number;
}

/** A prompt comes again and again while the caller waits. */
const PROMPT_FIRST = 400 * SAMPLES_PER_MS;
const PROMPT_PAUSE = 3_000 * SAMPLES_PER_MS;

/** @param prompt what the caller hears between the music until an agent answers: an announcement of the queue */
export function createCallAudio(prompt: Int16Array = new Int16Array(0)): SimulatedCallAudio {
  let waitEnd = Number.POSITIVE_INFINITY;
  let placed: PlacedAudio[] = [];
  /** Music plays while the caller waits and on hold. */
  let music: Music[] = [{ begin: 0, end: Number.POSITIVE_INFINITY }];
  return {
    startConversation(connectedMs, plan) {
      const begin = connectedMs * SAMPLES_PER_MS;
      waitEnd = begin;
      placed = plan.utterances.map(({ phrase, beginMs }) => ({
        track: phrase.role,
        at: begin + beginMs * SAMPLES_PER_MS,
        samples: cachedPhraseAudio(phrase),
      }));
      music = [
        { begin: 0, end: begin },
        ...plan.holds.map((hold) => ({ begin: begin + hold.beginMs * SAMPLES_PER_MS, end: begin + hold.endMs * SAMPLES_PER_MS })),
      ];
    },
    renderAudio(beginMs, endMs) {
      const begin = beginMs * SAMPLES_PER_MS;
      const fromCustomer = new Int16Array((endMs - beginMs) * SAMPLES_PER_MS);
      const toCustomer = new Int16Array(fromCustomer.length);
      for (const piece of music) playMusic(toCustomer, begin, piece);
      playPrompts(toCustomer, begin, prompt, waitEnd);
      for (const { track, at, samples } of placed) overlay(track === "customer" ? fromCustomer : toCustomer, at - begin, samples);
      return { fromCustomer, toCustomer };
    },
  };
}

/** Writes the part of `samples` that fits into `track` from `offset` on. `offset` may be negative. */
function overlay(track: Int16Array, offset: number, samples: Int16Array): void {
  const first = Math.max(0, -offset);
  const last = Math.min(samples.length, track.length - offset);
  if (last > first) track.set(samples.subarray(first, last), offset + first);
}

/** Writes the prompts of the wait, of which the last one breaks off when the agent answers. */
function playPrompts(track: Int16Array, begin: number, prompt: Int16Array, waitEnd: number): void {
  if (prompt.length === 0) return;
  const period = prompt.length + PROMPT_PAUSE;
  const end = Math.min(waitEnd, begin + track.length);
  const first = Math.max(0, Math.floor((begin - PROMPT_FIRST) / period));
  for (let at = PROMPT_FIRST + first * period; at < end; at += period) {
    overlay(track, at - begin, prompt.subarray(0, Math.max(0, waitEnd - at)));
  }
}

function playMusic(track: Int16Array, begin: number, piece: Music): void {
  const last = Math.min(track.length, piece.end - begin);
  for (let index = Math.max(0, piece.begin - begin); index < last; index += 1) {
    track[index] = LOOP[(begin + index) % LOOP.length] ?? 0;
  }
}
