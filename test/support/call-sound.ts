import type { Phrase, Speaker } from "../../local/phrases/phrase.ts";
import { phraseAudio, selectPhrases } from "../../local/phrases/phrase-book.ts";

const SAMPLES_PER_MS = 8;

export interface SpokenLine {
  role: Speaker;
  atMs: number;
  phrase: Phrase;
}

export interface CallSound {
  lines: SpokenLine[];
  fromCustomer: Int16Array;
  toCustomer: Int16Array;
  lengthMs: number;
}

/** Both sides of a call in which phrases of the book are said, the two sides partly over each other. `random`: 0 up to 1. */
export function callSound(random: () => number, turns: number, language: "es" | "en" = "en"): CallSound {
  const lines: SpokenLine[] = [];
  const free: Record<Speaker, number> = { customer: 400, agent: 200 };
  for (let turn = 0; turn < turns; turn += 1) {
    const role: Speaker = random() < 0.5 ? "customer" : "agent";
    const phrases = selectPhrases({ language, role }).filter(({ personalData }) => personalData.length === 0);
    const phrase = phrases[Math.floor(random() * phrases.length)];
    if (phrase === undefined) throw new Error("The phrase book is empty.");
    const others = Math.max(free.customer, free.agent);
    const atMs = Math.floor(Math.max(free[role] + 200, others - random() * 1500) + random() * 2500);
    lines.push({ role, atMs, phrase });
    free[role] = atMs + phraseAudio(phrase).length / SAMPLES_PER_MS;
  }
  const lengthMs = Math.ceil(Math.max(free.customer, free.agent)) + 700;
  const tracks: Record<Speaker, Int16Array> = {
    customer: new Int16Array(lengthMs * SAMPLES_PER_MS),
    agent: new Int16Array(lengthMs * SAMPLES_PER_MS),
  };
  for (const { role, atMs, phrase } of lines) tracks[role].set(phraseAudio(phrase), atMs * SAMPLES_PER_MS);
  return { lines, fromCustomer: tracks.customer, toCustomer: tracks.agent, lengthMs };
}

/** A small generator (mulberry32), so that a seed names a call. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
