import type { Phrase, Speaker } from "../../local/phrases/phrase.ts";
import { phraseAudio, selectPhrases } from "../../local/phrases/phrase-book.ts";

/** 8 kHz. */
const SAMPLES_PER_MS = 8;

export interface ScriptLine {
  role: Speaker;
  atMs: number;
  phrase: Phrase;
}

export interface CallSound {
  lines: ScriptLine[];
  fromCustomer: Int16Array;
  toCustomer: Int16Array;
  lengthMs: number;
}

/** Returns both sides of a call with phrases of the book. The sides partly overlap. `random` returns 0 up to 1. Without `phrases`, nobody says personal data. */
export function callSound(
  random: () => number,
  turns: number,
  language: "es" | "en" = "en",
  phrases: (phrase: Phrase) => boolean = ({ personalData }) => personalData.length === 0,
): CallSound {
  const lines: ScriptLine[] = [];
  const free: Record<Speaker, number> = { customer: 400, agent: 200 };
  for (let turn = 0; turn < turns; turn += 1) {
    const role: Speaker = random() < 0.5 ? "customer" : "agent";
    const choice = selectPhrases({ language, role }).filter(phrases);
    const phrase = choice[Math.floor(random() * choice.length)];
    if (phrase === undefined) throw new Error("The phrase book has no phrase for this language and role.");
    const others = Math.max(free.customer, free.agent);
    const atMs = Math.floor(Math.max(free[role] + 200, others - random() * 1500) + random() * 2500);
    lines.push({ role, atMs, phrase });
    free[role] = atMs + phraseAudio(phrase).length / SAMPLES_PER_MS;
  }
  return soundOf(lines);
}

/** Returns the two sides of a call with these lines. */
export function soundOf(lines: ScriptLine[]): CallSound {
  const ends = lines.map(({ atMs, phrase }) => atMs + phraseAudio(phrase).length / SAMPLES_PER_MS);
  const lengthMs = Math.ceil(Math.max(0, ...ends)) + 700;
  const tracks: Record<Speaker, Int16Array> = {
    customer: new Int16Array(lengthMs * SAMPLES_PER_MS),
    agent: new Int16Array(lengthMs * SAMPLES_PER_MS),
  };
  for (const { role, atMs, phrase } of lines) tracks[role].set(phraseAudio(phrase), atMs * SAMPLES_PER_MS);
  return { lines, fromCustomer: tracks.customer, toCustomer: tracks.agent, lengthMs };
}

/** Returns a small generator (mulberry32), so that a seed identifies a call. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
