import { type SentimentArc, writeCall } from "../phrases/call-script.ts";
import type { Phrase, PhraseLanguage, Topic } from "../phrases/phrase.ts";
import { cachedPhraseAudio } from "./phrase-audio.ts";
import type { RandomSource } from "./random.ts";

/** The utterances and holds of a call. Times count from the moment in which the agent answers. */
export interface CallPlan {
  utterances: readonly PlannedUtterance[];
  /** The times on hold, at most one. */
  holds: readonly Hold[];
  /** The length of the conversation. */
  durationMs: number;
}

export interface PlannedUtterance {
  phrase: Phrase;
  beginMs: number;
}

export interface Hold {
  beginMs: number;
  endMs: number;
}

export interface CallTheme {
  language: PhraseLanguage;
  topic: Topic;
  arc: SentimentArc;
  /** Divides the pauses. Speech keeps its natural speed. */
  speed: number;
}

const SAMPLES_PER_MS = 8;
/** Gives 40 s to three minutes of conversation. */
const TURNS = { min: 8, max: 40 };
const HOLD_CHANCE = 0.35;

/** Plans the phrases and pauses of a call, and perhaps a hold in the middle. */
export function planCall(random: RandomSource, { language, topic, arc, speed }: CallTheme): CallPlan {
  const turns = Math.round(random.between(TURNS.min, TURNS.max));
  const script = writeCall({ language, topic, arc, turns, random: random.next });
  const holdAfter = random.chance(HOLD_CHANCE) ? holdPlace(script, random) : -1;
  const utterances: PlannedUtterance[] = [];
  const holds: Hold[] = [];
  let now = random.between(300, 900) / speed;
  for (const [index, phrase] of script.entries()) {
    utterances.push({ phrase, beginMs: Math.round(now) });
    now += cachedPhraseAudio(phrase).length / SAMPLES_PER_MS + random.between(400, 1_600) / speed;
    if (index === holdAfter) {
      const endMs = now + random.between(8_000, 25_000) / speed;
      holds.push({ beginMs: Math.round(now), endMs: Math.round(endMs) });
      now = endMs + random.between(300, 900) / speed;
    }
  }
  return { utterances, holds, durationMs: Math.round(now) };
}

/** Returns the index of the agent's phrase in the middle of the call after which a hold begins. */
function holdPlace(script: readonly Phrase[], random: RandomSource): number {
  const middle = Math.floor(script.length * random.between(0.3, 0.7));
  return script.findIndex((phrase, index) => index >= middle && phrase.role === "agent" && index < script.length - 2);
}
